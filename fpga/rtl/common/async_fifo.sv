`default_nettype none
// FIFO between two clocks, 2^DEPTH_LOG2 beats (DEPTH_LOG2 >= 2), Gray pointers through cdc_sync.
// Both sides are reset together, each by a reset of its own clock held for some clocks of both.
module async_fifo #(
    parameter int unsigned WIDTH      = 8,
    parameter int unsigned DEPTH_LOG2 = 4
) (
    input  wire logic             s_clk,
    input  wire logic             s_rst,
    input  wire logic             s_valid_i,
    output logic                  s_ready_o,
    input  wire logic [WIDTH-1:0] s_data_i,
    input  wire logic             m_clk,
    input  wire logic             m_rst,
    output logic                  m_valid_o,
    input  wire logic             m_ready_i,
    output logic [WIDTH-1:0]      m_data_o
);
  localparam int unsigned Depth = 1 << DEPTH_LOG2;

  (* ram_style = "distributed" *)
  logic [WIDTH-1:0] beats[0:Depth-1];
  // Pointers in binary, and in Gray code for the other side: of that one bit changes at a time.
  logic [DEPTH_LOG2:0] tail, tail_next, head, head_next;
  logic [DEPTH_LOG2:0] cdc_tail_gray, cdc_head_gray, tail_seen, head_seen;
  logic full, empty;

  assign tail_next = tail + {{DEPTH_LOG2{1'b0}}, s_valid_i && s_ready_o};
  assign head_next = head + {{DEPTH_LOG2{1'b0}}, m_valid_o && m_ready_i};

  // Full: one lap ahead, which in Gray code inverts the upper two bits.
  assign full = cdc_tail_gray ==
      {~head_seen[DEPTH_LOG2:DEPTH_LOG2-1], head_seen[DEPTH_LOG2-2:0]};
  assign s_ready_o = !full && !s_rst;
  always_ff @(posedge s_clk) begin
    if (s_valid_i && s_ready_o) beats[tail[DEPTH_LOG2-1:0]] <= s_data_i;
    tail <= tail_next;
    cdc_tail_gray <= tail_next ^ (tail_next >> 1);
    if (s_rst) begin
      tail <= '0;
      cdc_tail_gray <= '0;
    end
  end

  assign empty = cdc_head_gray == tail_seen;
  assign m_valid_o = !empty && !m_rst;
  assign m_data_o = beats[head[DEPTH_LOG2-1:0]];
  always_ff @(posedge m_clk) begin
    head <= head_next;
    cdc_head_gray <= head_next ^ (head_next >> 1);
    if (m_rst) begin
      head <= '0;
      cdc_head_gray <= '0;
    end
  end

  cdc_sync #(.WIDTH(DEPTH_LOG2 + 1)) u_tail (
      .clk(m_clk), .async_i(cdc_tail_gray), .sync_o(tail_seen));
  cdc_sync #(.WIDTH(DEPTH_LOG2 + 1)) u_head (
      .clk(s_clk), .async_i(cdc_head_gray), .sync_o(head_seen));

`ifdef FORMAL
  // What the other side may catch in the middle changes by one bit.
  logic [DEPTH_LOG2:0] tail_before, head_before, tail_change, head_change;
  always_ff @(posedge s_clk) tail_before <= cdc_tail_gray;
  always_ff @(posedge m_clk) head_before <= cdc_head_gray;
  assign tail_change = tail_before ^ cdc_tail_gray;
  assign head_change = head_before ^ cdc_head_gray;
  always_comb begin
    tail_is_gray: assert ((tail_change & (tail_change - 1'b1)) == '0);
    head_is_gray: assert ((head_change & (head_change - 1'b1)) == '0);
  end
`endif
endmodule
`default_nettype wire

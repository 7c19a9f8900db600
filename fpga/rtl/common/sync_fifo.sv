`default_nettype none
// FIFO of one clock, 2^DEPTH_LOG2 beats, in distributed RAM: a beat can be taken in the clock after
// it came. almost_full_o leaves room for SLACK beats more.
module sync_fifo #(
    parameter int unsigned WIDTH      = 8,
    parameter int unsigned DEPTH_LOG2 = 4,
    parameter int unsigned SLACK      = 1
) (
    input  wire logic             clk,
    input  wire logic             rst,
    input  wire logic             s_valid_i,
    output logic                  s_ready_o,
    input  wire logic [WIDTH-1:0] s_data_i,
    output logic                  m_valid_o,
    input  wire logic             m_ready_i,
    output logic [WIDTH-1:0]      m_data_o,
    output logic                  almost_full_o,
    output logic [DEPTH_LOG2:0]   used_o
);
  localparam int unsigned Depth = 1 << DEPTH_LOG2;

  (* ram_style = "distributed" *)
  logic [WIDTH-1:0] beats[0:Depth-1];
  // One bit more than an address: full and empty differ in it.
  logic [DEPTH_LOG2:0] head, tail;

  assign used_o = tail - head;
  assign s_ready_o = !used_o[DEPTH_LOG2] && !rst;
  assign m_valid_o = used_o != '0;
  assign m_data_o = beats[head[DEPTH_LOG2-1:0]];
  assign almost_full_o = {{(31 - DEPTH_LOG2) {1'b0}}, used_o} + SLACK >= Depth;

  always_ff @(posedge clk) begin
    if (s_valid_i && s_ready_o) begin
      beats[tail[DEPTH_LOG2-1:0]] <= s_data_i;
      tail <= tail + 1'b1;
    end
    if (m_valid_o && m_ready_i) head <= head + 1'b1;
    if (rst) begin
      head <= '0;
      tail <= '0;
    end
  end
endmodule
`default_nettype wire

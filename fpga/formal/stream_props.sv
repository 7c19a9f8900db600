`default_nettype none
// What a stream owes its two ends, for one clock: nothing lost, duplicated, invented or reordered,
// and a beat that is offered stays until it is taken. One beat, chosen freely, is followed all the
// way; since it may be any, the property holds for each.
module stream_props #(
    parameter int unsigned WIDTH = 2,
    // Most beats inside, below 15.
    parameter int unsigned ROOM = 2
) (
    input wire logic             clk,
    input wire logic             rst,
    input wire logic             mark_i,
    input wire logic             s_valid_i,
    input wire logic             s_ready_i,
    input wire logic [WIDTH-1:0] s_data_i,
    input wire logic             m_valid_i,
    input wire logic             m_ready_i,
    input wire logic [WIDTH-1:0] m_data_i
);
  logic [3:0] inside_count, ahead;
  logic marked, stalled;
  logic started = 1'b0;
  logic [WIDTH-1:0] marked_data, stalled_data;
  logic take, give;

  assign take = s_valid_i && s_ready_i;
  assign give = m_valid_i && m_ready_i;

  always_ff @(posedge clk) begin
    started <= 1'b1;
    inside_count <= inside_count + {3'd0, take} - {3'd0, give};
    if (!marked && take && mark_i) begin
      marked <= 1'b1;
      marked_data <= s_data_i;
      ahead <= inside_count - {3'd0, give};
    end else if (marked && give) begin
      ahead <= ahead - 4'd1;
      if (ahead == '0) marked <= 1'b0;
    end
    stalled <= m_valid_i && !m_ready_i;
    stalled_data <= m_data_i;
    if (rst) begin
      inside_count <= '0;
      marked <= 1'b0;
      stalled <= 1'b0;
    end
  end

  always_comb begin
    // Every register starts with any value; the reset is what brings order.
    if (!started) assume (rst);
    if (!rst) begin
      bounded: assert (inside_count <= ROOM);
      // Nothing invented or duplicated; and nothing lost: what is inside is offered.
      offered: assert (m_valid_i == (inside_count != '0));
      in_order: assert (!(marked && ahead == '0 && m_valid_i) || m_data_i == marked_data);
      stays: assert (!stalled || (m_valid_i && m_data_i == stalled_data));
    end
  end
endmodule
`default_nettype wire

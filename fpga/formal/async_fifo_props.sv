`default_nettype none
// Two clocks that know nothing of each other, from the reset state on: nothing lost, duplicated,
// invented or reordered, no standstill, and pointers that change by one bit.
module async_fifo_props (
    input wire logic s_clk,
    input wire logic m_clk,
    input wire logic mark_i,
    input wire logic s_valid_i,
    input wire logic s_data_i,
    input wire logic m_ready_i
);
  logic s_ready, m_valid, m_data;

  async_fifo #(.WIDTH(1), .DEPTH_LOG2(2)) u_dut (
      .s_clk, .s_rst(1'b0), .s_valid_i, .s_ready_o(s_ready), .s_data_i, .m_clk, .m_rst(1'b0),
      .m_valid_o(m_valid), .m_ready_i, .m_data_o(m_data)
  );

  // Beats are numbered modulo 16; at most 4 are inside.
  logic [3:0] taken, given, marked_at, inside_count, given_seen, taken_seen;
  logic marked, marked_data, done, stalled, stalled_data;
  logic [1:0] quiet_sender, quiet_receiver;

  always_ff @(posedge s_clk) begin
    if (s_valid_i && s_ready) begin
      taken <= taken + 4'd1;
      if (mark_i && !marked) begin
        marked <= 1'b1;
        marked_at <= taken;
        marked_data <= s_data_i;
      end
    end
    // Edges since the receiver last took one.
    given_seen <= given;
    quiet_receiver <= given != given_seen ? 2'd0 : quiet_receiver + {1'b0, quiet_receiver != 2'd3};
  end
  always_ff @(posedge m_clk) begin
    if (m_valid && m_ready_i) begin
      given <= given + 4'd1;
      if (marked && given == marked_at) done <= 1'b1;
    end
    stalled <= m_valid && !m_ready_i;
    stalled_data <= m_data;
    taken_seen <= taken;
    quiet_sender <= taken != taken_seen ? 2'd0 : quiet_sender + {1'b0, quiet_sender != 2'd3};
  end
  assign inside_count = taken - given;

  always_comb begin
    bounded: assert (inside_count <= 4);
    not_invented: assert (!m_valid || inside_count != '0);
    in_order: assert (!(marked && !done && given == marked_at && m_valid) ||
                      m_data == marked_data);
    stays: assert (!stalled || (m_valid && m_data == stalled_data));
    // Three edges after the other side's last move, what is inside is offered and room is room.
    not_lost: assert (quiet_sender != 2'd3 || taken != taken_seen || inside_count == '0 ||
                      m_valid);
    no_standstill: assert (quiet_receiver != 2'd3 || given != given_seen || inside_count == 4 ||
                           s_ready);
  end
endmodule
`default_nettype wire

`default_nettype none
// Two clocks that know nothing of each other, from the reset state on: every event arrives once,
// with its own value, and the sender is never stuck.
module cdc_pulse_props (
    input wire logic s_clk,
    input wire logic m_clk,
    input wire logic s_valid_i,
    input wire logic [1:0] s_data_i
);
  logic s_ready, m_valid;
  logic [1:0] m_data;

  cdc_pulse #(.WIDTH(2)) u_dut (
      .s_clk, .s_rst(1'b0), .s_valid_i, .s_ready_o(s_ready), .s_data_i, .m_clk, .m_rst(1'b0),
      .m_valid_o(m_valid), .m_data_o(m_data)
  );

  // Events are numbered modulo 4; the values of even and odd ones are kept apart.
  logic [1:0] sent, sent_before, seen, arrived, seen_before, even_value, odd_value;
  logic [2:0] s_edges, m_edges;

  always_ff @(posedge s_clk) begin
    if (s_valid_i && s_ready) begin
      sent <= sent + 2'd1;
      if (sent[0]) odd_value <= s_data_i;
      else even_value <= s_data_i;
    end
    // Edges since the receiver's last event, as far as the sender can know.
    seen_before <= seen;
    s_edges <= seen != seen_before ? 3'd0 : s_edges + {2'd0, s_edges != 3'd7};
  end
  always_ff @(posedge m_clk) begin
    if (m_valid) seen <= seen + 2'd1;
    sent_before <= sent;
    m_edges <= sent != sent_before ? 3'd0 : m_edges + {2'd0, m_edges != 3'd7};
  end
  assign arrived = seen + {1'b0, m_valid};

  always_comb begin
    one_at_a_time: assert (sent == arrived || sent == arrived + 2'd1);
    itself: assert (!m_valid || m_data == (seen[0] ? odd_value : even_value));
    not_lost: assert (m_edges < 3'd4 || sent != sent_before || sent == seen);
    not_stuck: assert (s_edges < 3'd4 || seen != seen_before || sent != seen || s_ready);
  end
endmodule
`default_nettype wire

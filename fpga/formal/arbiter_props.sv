`default_nettype none
// Every beat that goes out is one that came in on the granted port in the same clock: nothing is
// lost, duplicated or reordered. A port that waits is served after at most PORTS - 1 others.
module arbiter_props (
    input wire logic clk,
    input wire logic rst,
    input wire logic [2:0] s_valid_i,
    input wire logic [5:0] s_data_i,
    input wire logic m_ready_i
);
  (* anyconst *) logic [1:0] port;
  logic started = 1'b0;
  logic [2:0] s_ready, m_port, stalled_in, stalled_port;
  logic [5:0] stalled_in_data;
  logic [1:0] m_data, others, stalled_data;
  logic m_valid, stalled;

  arbiter #(.PORTS(3), .WIDTH(2)) u_dut (
      .clk, .rst, .s_valid_i, .s_ready_o(s_ready), .s_data_i, .m_valid_o(m_valid), .m_ready_i,
      .m_data_o(m_data), .m_port_o(m_port)
  );

  always_ff @(posedge clk) begin
    started <= 1'b1;
    stalled_in <= s_valid_i & ~s_ready;
    stalled_in_data <= s_data_i;
    stalled <= m_valid && !m_ready_i;
    stalled_port <= m_port;
    stalled_data <= m_data;
    if (!s_valid_i[port] || s_ready[port]) others <= '0;
    else if (m_valid && m_ready_i) others <= others + 2'd1;
    if (rst) begin
      stalled_in <= '0;
      stalled <= 1'b0;
      others <= '0;
    end
  end

  always_comb begin
    if (!started) assume (rst);
    assume (port < 3);
    for (int p = 0; p < 3; p++) begin
      // A sender keeps what it offers.
      if (stalled_in[p]) begin
        assume (s_valid_i[p] && s_data_i[2*p+:2] == stalled_in_data[2*p+:2]);
      end
    end
    if (!rst) begin
      offered: assert (m_valid == (s_valid_i != '0));
      one: assert (!m_valid || m_port == 3'b001 || m_port == 3'b010 || m_port == 3'b100);
      from_a_sender: assert (!m_valid || (m_port & ~s_valid_i) == '0);
      // Taken on one side is given on the other, in the same clock, by the granted port alone.
      exactly_once: assert ((s_valid_i & s_ready) == (m_valid && m_ready_i ? m_port : 3'b000));
      value: assert (!(m_valid && m_port[port]) || m_data == s_data_i[2*port+:2]);
      stays: assert (!stalled || (m_valid && m_port == stalled_port && m_data == stalled_data));
      fair: assert (others <= 2);
    end
  end
endmodule
`default_nettype wire

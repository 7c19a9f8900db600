`default_nettype none
module sync_fifo_props (
    input wire logic clk,
    input wire logic rst,
    input wire logic mark_i,
    input wire logic s_valid_i,
    input wire logic s_data_i,
    input wire logic m_ready_i
);
  logic s_ready, m_valid, almost_full, m_data;
  logic [2:0] used;

  sync_fifo #(.WIDTH(1), .DEPTH_LOG2(2), .SLACK(2)) u_dut (
      .clk, .rst, .s_valid_i, .s_ready_o(s_ready), .s_data_i, .m_valid_o(m_valid), .m_ready_i,
      .m_data_o(m_data), .almost_full_o(almost_full), .used_o(used)
  );
  stream_props #(.WIDTH(1), .ROOM(4)) u_props (
      .clk, .rst, .mark_i, .s_valid_i, .s_ready_i(s_ready), .s_data_i, .m_valid_i(m_valid),
      .m_ready_i, .m_data_i(m_data)
  );
  always_comb begin
    if (!rst) begin
      ready: assert (s_ready == (used < 4));
      almost: assert (almost_full == (used >= 2));
    end
  end
endmodule
`default_nettype wire

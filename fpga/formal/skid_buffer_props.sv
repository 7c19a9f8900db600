`default_nettype none
module skid_buffer_props (
    input wire logic clk,
    input wire logic rst,
    input wire logic mark_i,
    input wire logic s_valid_i,
    input wire logic [1:0] s_data_i,
    input wire logic m_ready_i
);
  logic s_ready, m_valid;
  logic [1:0] m_data;

  skid_buffer #(.WIDTH(2)) u_dut (
      .clk, .rst, .s_valid_i, .s_ready_o(s_ready), .s_data_i, .m_valid_o(m_valid), .m_ready_i,
      .m_data_o(m_data)
  );
  stream_props #(.WIDTH(2), .ROOM(2)) u_props (
      .clk, .rst, .mark_i, .s_valid_i, .s_ready_i(s_ready), .s_data_i, .m_valid_i(m_valid),
      .m_ready_i, .m_data_i(m_data)
  );
endmodule
`default_nettype wire

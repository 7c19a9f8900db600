`default_nettype none
// The crossings under test, side by side.
module async_fifo_top (
    input  wire logic        s_clk,
    input  wire logic        s_rst,
    input  wire logic        m_clk,
    input  wire logic        m_rst,
    input  wire logic        s_valid_i,
    output logic             s_ready_o,
    input  wire logic [31:0] s_data_i,
    output logic             m_valid_o,
    input  wire logic        m_ready_i,
    output logic [31:0]      m_data_o,
    input  wire logic        event_valid_i,
    output logic             event_ready_o,
    input  wire logic [31:0] event_data_i,
    output logic             event_valid_o,
    output logic [31:0]      event_data_o
);
  async_fifo #(.WIDTH(32), .DEPTH_LOG2(3)) u_fifo (
      .s_clk, .s_rst, .s_valid_i, .s_ready_o, .s_data_i, .m_clk, .m_rst, .m_valid_o, .m_ready_i,
      .m_data_o
  );
  cdc_pulse #(.WIDTH(32)) u_event (
      .s_clk, .s_rst, .s_valid_i(event_valid_i), .s_ready_o(event_ready_o),
      .s_data_i(event_data_i), .m_clk, .m_rst, .m_valid_o(event_valid_o), .m_data_o(event_data_o)
  );
endmodule
`default_nettype wire

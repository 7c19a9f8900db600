`default_nettype none
// Brings events with a value into another clock domain, one at a time: the sender's ready comes
// back when the receiver has seen the last one, so that none is lost and none is seen twice.
module cdc_pulse #(
    parameter int unsigned WIDTH = 1
) (
    input  wire logic             s_clk,
    input  wire logic             s_rst,
    input  wire logic             s_valid_i,
    output logic                  s_ready_o,
    input  wire logic [WIDTH-1:0] s_data_i,
    input  wire logic             m_clk,
    input  wire logic             m_rst,
    output logic                  m_valid_o,
    output logic [WIDTH-1:0]      m_data_o
);
  // The toggle says "another one"; the value stands still from its change until the answer.
  logic toggle, answer, request, seen;
  logic [WIDTH-1:0] cdc_held;

  assign s_ready_o = toggle == answer && !s_rst;
  always_ff @(posedge s_clk) begin
    if (s_valid_i && s_ready_o) begin
      toggle <= !toggle;
      cdc_held <= s_data_i;
    end
    if (s_rst) toggle <= 1'b0;
  end

  cdc_sync u_request (.clk(m_clk), .async_i(toggle), .sync_o(request));
  cdc_sync u_answer (.clk(s_clk), .async_i(seen), .sync_o(answer));

  always_ff @(posedge m_clk) begin
    m_valid_o <= request != seen;
    if (request != seen) m_data_o <= cdc_held;
    seen <= request;
    if (m_rst) begin
      m_valid_o <= 1'b0;
      seen <= 1'b0;
    end
  end
endmodule
`default_nettype wire

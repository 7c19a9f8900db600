`default_nettype none
// Verdicts on their way out. risk_front lets no request in without room here.
module risk_verdicts #(
    parameter int unsigned DEPTH_W = 4
) (
    input  wire logic         clk,
    input  wire logic         rst,
    input  wire logic         put_i,
    input  wire logic [512:0] data_i,
    output logic              m_valid_o,
    input  wire logic         m_ready_i,
    output logic [512:0]      m_data_o
);
  (* ram_style = "distributed" *)
  logic [512:0] rows[0:(1<<DEPTH_W)-1];
  logic [DEPTH_W:0] put_count, taken_count;
  assign m_valid_o = put_count != taken_count;
  assign m_data_o  = rows[taken_count[DEPTH_W-1:0]];
  always_ff @(posedge clk) begin
    if (put_i) rows[put_count[DEPTH_W-1:0]] <= data_i;
    if (put_i) put_count <= put_count + 1'b1;
    if (m_valid_o && m_ready_i) taken_count <= taken_count + 1'b1;
    if (rst) begin
      put_count   <= '0;
      taken_count <= '0;
    end
  end
endmodule
`default_nettype wire

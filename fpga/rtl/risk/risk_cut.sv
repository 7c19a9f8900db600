`default_nettype none
// A signed value cut at +-2^60, the largest that is counted.
module risk_cut #(
    parameter int unsigned WIDTH = 66
) (
    input  wire logic [WIDTH-1:0] value_i,
    output logic [63:0]      value_o
);
  logic signed [WIDTH-1:0] value, most;
  assign value = value_i;
  assign most = $signed({{(WIDTH - 61) {1'b0}}, risk_types_pkg::ValueMax});
  always_comb begin
    value_o = value_i[63:0];
    if (value > most) value_o = most[63:0];
    if (value < -most) value_o = -most[63:0];
  end
endmodule
`default_nettype wire

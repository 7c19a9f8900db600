`default_nettype none
// Any word, any one or two wrong bits of 72.
module secded_props (
    input wire logic [63:0] data_i,
    input wire logic [6:0]  first_i,
    input wire logic [6:0]  second_i,
    input wire logic [1:0]  wrong_i
);
  logic [71:0] good, bad, flips;
  logic [63:0] data;
  logic corrected, lost;

  assign good = {secded_pkg::check_bits(data_i), data_i};
  always_comb begin
    flips = '0;
    for (int i = 0; i < 72; i++) begin
      flips[i] = (wrong_i != '0 && first_i == i) || (wrong_i == 2'd2 && second_i == i);
    end
  end
  assign bad = good ^ flips;
  secded_decode u_dut (
      .data_i(bad[63:0]), .check_i(bad[71:64]), .data_o(data), .corrected_o(corrected),
      .lost_o(lost)
  );

  always_comb begin
    assume (first_i < 72 && second_i < 72 && first_i != second_i && wrong_i != 2'd3);
    right: assert (wrong_i != 2'd0 || (data == data_i && !corrected && !lost));
    one_corrected: assert (wrong_i != 2'd1 || (data == data_i && corrected && !lost));
    two_detected: assert (wrong_i != 2'd2 || (!corrected && lost));
  end
endmodule
`default_nettype wire

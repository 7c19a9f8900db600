`default_nettype none
// a * b in two clocks: partial products of 26 by 17 bits, each one multiplier of the device, then
// their sum. A_SIGNED: a is two's complement, and so is the product.
module risk_mul #(
    parameter int unsigned A_W = 32,
    parameter int unsigned B_W = 32,
    parameter bit A_SIGNED = 0
) (
    input  wire logic               clk,
    input  wire logic [    A_W-1:0] a_i,
    input  wire logic [    B_W-1:0] b_i,
    output logic [A_W+B_W-1:0]      product_o
);
  localparam int unsigned A_PARTS = (A_W + 25) / 26;
  localparam int unsigned B_PARTS = (B_W + 16) / 17;
  logic [A_PARTS*26-1:0] a;
  logic [B_PARTS*17-1:0] b;
  logic [A_PARTS*B_PARTS*43-1:0] parts;
  logic [A_W+B_W-1:0] sum, correction;
  logic [A_W+B_W+42:0] part;

  always_comb begin
    a = '0;
    b = '0;
    a[A_W-1:0] = a_i;
    b[B_W-1:0] = b_i;
  end
  always_ff @(posedge clk) begin
    for (int i = 0; i < A_PARTS; i = i + 1) begin
      for (int j = 0; j < B_PARTS; j = j + 1)
        parts[(i*B_PARTS+j)*43+:43] <= {17'd0, a[i*26+:26]} * {26'd0, b[j*17+:17]};
    end
    // The top bit of a signed a weighs -2^(A_W-1): taken as +2^(A_W-1), the product is 2^A_W * b
    // too large.
    correction <= A_SIGNED && a_i[A_W-1] ? {b_i, {A_W{1'b0}}} : '0;
    product_o <= sum;
  end
  always_comb begin
    sum  = '0;
    part = '0;
    for (int i = 0; i < A_PARTS; i = i + 1) begin
      for (int j = 0; j < B_PARTS; j = j + 1) begin
        part = {{(A_W + B_W) {1'b0}}, parts[(i*B_PARTS+j)*43+:43]} << (i * 26 + j * 17);
        sum  = sum + part[A_W+B_W-1:0];
      end
    end
    sum = sum - correction;
  end
endmodule
`default_nettype wire

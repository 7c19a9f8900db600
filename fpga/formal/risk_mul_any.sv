`default_nettype none
// Stands for risk_mul in proofs: any product, every clock.
module risk_mul #(
    parameter int unsigned A_W = 32,
    parameter int unsigned B_W = 32,
    parameter bit A_SIGNED = 0
) (
    input  wire logic           clk,
    input  wire logic [A_W-1:0] a_i,
    input  wire logic [B_W-1:0] b_i,
    output logic [A_W+B_W-1:0]  product_o
);
  (* anyseq *) logic [A_W+B_W-1:0] any_product;
  assign product_o = any_product;
endmodule
`default_nettype wire

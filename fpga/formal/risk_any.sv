`default_nettype none
// Parts of the gate as they stand in its proof: any output, every clock. What is proved with them
// holds for the real ones, too.
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

module risk_mark (
    input  wire logic         clk,
    input  wire risk_types_pkg::move_t move2_i,
    input  wire risk_types_pkg::holding_t holding2_i,
    input  wire risk_types_pkg::open_t open2_i,
    input  wire logic [31:0]  extra_qty2_i,
    input  wire logic [32:0]  doubled2_i,
    input  wire logic [31:0]  orders_per_trade_max2_i,
    input  wire logic [74:0]  value3_i,
    output logic [63:0]       mark5_o,
    output logic [63:0]       cash5_o,
    output logic [96:0]       worst_product5_o,
    output logic [63:0]       allowed5_o
);
  (* anyseq *) logic [288:0] any;
  assign {mark5_o, cash5_o, worst_product5_o, allowed5_o} = any;
endmodule

module risk_account (
    input  wire logic        clk,
    input  wire risk_types_pkg::account_t account4_i,
    input  wire risk_types_pkg::move_t move4_i,
    input  wire logic [95:0] now_credit4_i,
    input  wire logic [8*148+2:0] recent4_i,
    input  wire logic        same_account_i,
    input  wire risk_types_pkg::account_state_t state_i,
    input  wire logic [8*148+2:0] recent_i,
    input  wire logic [63:0] allowed_i,
    input  wire logic        pays_i,
    input  wire logic        trades_i,
    input  wire logic        new_row_i,
    input  wire logic        known_before_i,
    output logic [2:0]       fails_o,
    output logic [63:0]      credit_o,
    output logic [63:0]      ratio_limit_o,
    output logic [63:0]      requests_o,
    output logic [3:0]       equal_o,
    output logic [7:0]       duplicates_max_o,
    output risk_types_pkg::account_state_t state_o,
    output logic [8*148+2:0] recent_o
);
  (* anyseq *) logic [206:0] any;
  (* anyseq *) logic [8*148+2:0] any_recent;
  (* anyseq *) logic [$bits(state_o)-1:0] any_state;
  assign {fails_o, credit_o, ratio_limit_o, requests_o, equal_o, duplicates_max_o} = any;
  assign recent_o = any_recent;
  assign state_o = any_state;
endmodule
`default_nettype wire

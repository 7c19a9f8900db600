`default_nettype none
// Profit or loss of a pair at the price of a record, cash after it, and the value of its worst
// case: stages 2 to 4. What is read here changes only with executions, which risk_front keeps
// apart.
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
  logic buys2, sells2;
  assign buys2 = move2_i.side == risk_pkg::SideBuy;
  assign sells2 = !buys2;

  // Position at the record's price; of a rebase, trades at the new ratio.
  logic [63:0] factor_a2;
  logic [32:0] factor_b2;
  always_comb begin
    factor_a2 = holding2_i.position;
    factor_b2 = move2_i.order ? doubled2_i : {1'b0, move2_i.price};
    if (move2_i.rebase) begin
      factor_a2 = move2_i.released_value;
      factor_b2 = {1'b0, orders_per_trade_max2_i};
    end
  end
  logic [96:0] product4;
  risk_mul #(.A_W(64), .B_W(33), .A_SIGNED(1)) mark_mul (
      .clk, .a_i(factor_a2), .b_i(factor_b2), .product_o(product4)
  );

  // Worst case at the reference price; of a load, what it adds at its price.
  logic signed [64:0] worst2, added2;
  logic [64:0] factor_a3;
  logic [32:0] factor_b3;
  logic [97:0] product5;
  assign worst2 = sells2
      ? $signed({open2_i.open_sell[63], open2_i.open_sell}) + $signed({33'd0, extra_qty2_i}) -
        $signed({holding2_i.position[63], holding2_i.position})
      : $signed({holding2_i.position[63], holding2_i.position}) +
        $signed({open2_i.open_buy[63], open2_i.open_buy}) + $signed({33'd0, extra_qty2_i});
  assign added2 = $signed({move2_i.released_value[63], move2_i.released_value}) -
      $signed({holding2_i.position[63], holding2_i.position});
  always_ff @(posedge clk) begin
    factor_a3 <= move2_i.holding_row ? added2 : worst2[64] ? '0 : worst2;
    factor_b3 <= move2_i.holding_row ? {1'b0, move2_i.price} : doubled2_i;
  end
  risk_mul #(.A_W(65), .B_W(33), .A_SIGNED(1)) worst_mul (
      .clk, .a_i(factor_a3), .b_i(factor_b3), .product_o(product5)
  );
  assign worst_product5_o = product5[96:0];

  // Cash after a trade: the value is cut, as in every sum of values; the mark uses the whole.
  logic up3, trade3, order3, load3, order4, load4, trade4, up4;
  logic [63:0] cash3, cash4, whole4, product_low5;
  logic signed [65:0] cash_sum3;
  logic [60:0] value3;
  assign value3 = value3_i >> 60 != '0 ? {1'b1, 60'd0} : value3_i[60:0];
  assign cash_sum3 = up3 ? $signed({{2{cash3[63]}}, cash3}) - $signed({5'd0, value3})
      : $signed({{2{cash3[63]}}, cash3}) + $signed({5'd0, value3});
  logic [63:0] cash_cut3, cash_load5;
  risk_cut #(.WIDTH(66)) cut_cash (.value_i(cash_sum3), .value_o(cash_cut3));

  logic signed [98:0] half4, mark_sum4;
  logic [63:0] mark_cut4;
  assign half4 = $signed({{2{product4[96]}}, product4}) + $signed({98'd0, product4[96]});
  always_comb begin
    // Halves are rounded towards zero.
    mark_sum4 = order4 ? half4 >>> 1 : $signed({{2{product4[96]}}, product4});
    if (trade4 && up4) mark_sum4 = mark_sum4 + $signed({35'd0, whole4});
    if (trade4 && !up4) mark_sum4 = mark_sum4 - $signed({35'd0, whole4});
    mark_sum4 = mark_sum4 + $signed({{35{cash4[63]}}, cash4});
  end
  risk_cut #(.WIDTH(99)) cut_mark (.value_i(mark_sum4), .value_o(mark_cut4));

  logic load5;
  logic [63:0] cash5;
  logic signed [98:0] load_sum5;
  assign load_sum5 = $signed({{35{cash5[63]}}, cash5}) - $signed({product5[97], product5});
  risk_cut #(.WIDTH(99)) cut_load (.value_i(load_sum5), .value_o(cash_load5));
  assign cash5_o = load5 ? cash_load5 : cash5;
  assign allowed5_o = product_low5;

  logic busted2;
  assign busted2 = move2_i.kind == risk_pkg::ExecKindBusted;
  always_ff @(posedge clk) begin
    up3 <= buys2 ^ busted2;
    trade3 <= move2_i.execution;
    order3 <= move2_i.order;
    load3 <= move2_i.holding_row;
    cash3 <= holding2_i.cash;
    trade4 <= trade3;
    order4 <= order3;
    load4 <= load3;
    up4 <= up3;
    cash4 <= trade3 ? cash_cut3 : cash3;
    whole4 <= value3_i[63:0];
    load5 <= load4;
    cash5 <= cash4;
    mark5_o <= mark_cut4;
    product_low5 <= product4[63:0];
  end
endmodule
`default_nettype wire

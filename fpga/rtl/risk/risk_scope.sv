`default_nettype none
// One scope at the commit of a record: what it would amount to, which of its limits that passes,
// and its use afterwards. Stage 4 takes the record's own value off the limits, so that stage 5 has
// one sum for each check: a check fails where what is left is below zero.
module risk_scope (
    input  wire logic        clk,
    // Stage 4.
    input  wire risk_types_pkg::scope_t limits4_i,
    input  wire logic [60:0] extra_value4_i,
    // Stage 5.
    input  wire risk_types_pkg::scope_use_t use_i,
    input  wire logic        buys_i,
    input  wire logic        sells_i,
    input  wire logic        opens_i,
    input  wire logic        reduces_i,
    // Profit or loss of the pair, new and as it counts so far; both 0 where it does not change.
    input  wire logic [63:0] mark_i,
    input  wire logic [63:0] marked_i,
    // What happens when the record takes effect.
    input  wire logic        reserves_i,
    input  wire logic        releases_i,
    input  wire logic        trades_i,
    input  wire logic        takes_back_i,
    input  wire logic        ends_i,
    input  wire logic [63:0] released_value_i,
    input  wire logic [60:0] traded_value_i,
    // Failing checks: open orders, open, gross, net value, buying power, loss.
    output logic [5:0]       fails_o,
    // In the same order, 64 bits each: the limit, and the amount it was held against; a loss is
    // negative.
    output logic [383:0]     limits_o,
    output logic [383:0]     amounts_o,
    output risk_types_pkg::scope_use_t use_o
);
  risk_types_pkg::scope_t limits;
  logic [60:0] extra_value;
  logic adds_value;
  logic signed [65:0] open_left, gross_left, net_left, buys_left;
  logic signed [65:0] extra4;
  assign extra4 = $signed({5'd0, extra_value4_i});
  always_ff @(posedge clk) begin
    limits <= limits4_i;
    extra_value <= extra_value4_i;
    adds_value <= extra_value4_i != '0;
    open_left <= $signed({5'd0, limits4_i.open_value_max}) - extra4;
    gross_left <= $signed({5'd0, limits4_i.gross_value_max}) - extra4;
    net_left <= $signed({5'd0, limits4_i.net_value_max}) - extra4;
    buys_left <= $signed({5'd0, limits4_i.buying_power}) - extra4;
  end

  // ---- checks
  logic signed [65:0] open_buy, open_sell, bought, sold, side_open, side_traded, other_traded;
  logic signed [65:0] open_rest, gross_rest, net_rest, buys_rest;
  logic signed [66:0] result, halt_rest, max_rest;
  assign open_buy = $signed({5'd0, use_i.open_buy});
  assign open_sell = $signed({5'd0, use_i.open_sell});
  assign bought = $signed({5'd0, use_i.bought});
  assign sold = $signed({5'd0, use_i.sold});
  assign side_open = sells_i ? open_sell : open_buy;
  assign side_traded = sells_i ? sold : bought;
  assign other_traded = sells_i ? bought : sold;
  assign open_rest = open_left - open_buy - open_sell;
  assign gross_rest = gross_left - open_buy - open_sell - bought - sold;
  assign net_rest = net_left - side_open - side_traded + other_traded;
  assign buys_rest = buys_left - bought - open_buy;
  assign result = $signed({{3{use_i.result[63]}}, use_i.result}) +
      $signed({{3{mark_i[63]}}, mark_i}) - $signed({{3{marked_i[63]}}, marked_i});
  assign halt_rest = $signed({{3{use_i.result[63]}}, use_i.result}) +
      $signed({{3{mark_i[63]}}, mark_i}) - $signed({{3{marked_i[63]}}, marked_i}) +
      $signed({6'd0, limits.loss_halt});
  assign max_rest = $signed({{3{use_i.result[63]}}, use_i.result}) +
      $signed({{3{mark_i[63]}}, mark_i}) - $signed({{3{marked_i[63]}}, marked_i}) +
      $signed({6'd0, limits.loss_max});

  logic loss_halt;
  assign loss_halt = !limits.loss_halt[60] && halt_rest[66];
  assign fails_o[0] = opens_i && use_i.open_orders >= limits.open_orders_max;
  assign fails_o[1] = adds_value && !limits.open_value_max[60] && open_rest[65];
  assign fails_o[2] = adds_value && !limits.gross_value_max[60] && gross_rest[65];
  assign fails_o[3] = adds_value && !limits.net_value_max[60] && net_rest[65];
  assign fails_o[4] = adds_value && buys_i && !limits.buying_power[60] && buys_rest[65];
  assign fails_o[5] = loss_halt || (!reduces_i && !limits.loss_max[60] && max_rest[66]);

  // ---- what is behind them
  logic signed [65:0] extra, net;
  logic [65:0] open, gross, buys;
  logic [32:0] open_orders;
  assign extra = $signed({5'd0, extra_value});
  assign open = open_buy + open_sell + extra;
  assign gross = open_buy + open_sell + bought + sold + extra;
  assign net = side_open + side_traded - other_traded + extra;
  assign buys = bought + open_buy + extra;
  assign open_orders = {1'b0, use_i.open_orders} + {32'd0, opens_i};
  assign amounts_o = {
    result[63:0], buys[63:0], net[63:0], gross[63:0], open[63:0], 31'd0, open_orders
  };
  assign limits_o = {
    -{3'd0, loss_halt ? limits.loss_halt : limits.loss_max}, 3'd0, limits.buying_power,
    3'd0, limits.net_value_max, 3'd0, limits.gross_value_max, 3'd0, limits.open_value_max,
    32'd0, limits.open_orders_max
  };

  // ---- use afterwards; values stay at their maximum once they reach it
  logic [61:0] more_open, more_traded;
  logic [60:0] open_before, open_more, open_less, traded_before, traded_after;
  assign open_before = side_open[60:0];
  assign more_open = {1'b0, open_before} + {1'b0, extra_value};
  assign open_more = risk_types_pkg::cut_value({2'd0, more_open});
  assign open_less = open_before[60] ? open_before
      : {3'd0, open_before} > released_value_i ? open_before - released_value_i[60:0] : '0;
  assign traded_before = side_traded[60:0];
  assign more_traded = {1'b0, traded_before} + {1'b0, traded_value_i};
  always_comb begin
    traded_after = traded_before;
    if (trades_i) traded_after = risk_types_pkg::cut_value({2'd0, more_traded});
    if (takes_back_i && !traded_before[60])
      traded_after = traded_before > traded_value_i ? traded_before - traded_value_i : '0;
  end
  always_comb begin
    use_o = use_i;
    if (reserves_i) begin
      if (buys_i) use_o.open_buy = open_more;
      if (sells_i) use_o.open_sell = open_more;
      use_o.open_orders = open_orders[31:0];
      use_o.result = result[63:0];
    end else begin
      if (buys_i) use_o.bought = traded_after;
      if (sells_i) use_o.sold = traded_after;
      if (releases_i && buys_i) use_o.open_buy = open_less;
      if (releases_i && sells_i) use_o.open_sell = open_less;
      if (ends_i && use_i.open_orders != '0) use_o.open_orders = use_i.open_orders - 1'b1;
      if (trades_i || takes_back_i) use_o.result = result[63:0];
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// One pair (account, instrument) at the commit of a record. Stage 4 takes all but the open
// quantities off the limits, so that stage 5 has one sum for each check: a check fails where what
// is left is below zero. Quantities are signed 64-bit numbers, as in the software.
module risk_pair (
    input  wire logic        clk,
    // Stage 4.
    input  wire risk_types_pkg::pair_limits_t limits4_i,
    input  wire risk_types_pkg::holding_t holding4_i,
    input  wire logic [7:0]  side4_i,
    input  wire logic [31:0] extra_qty4_i,
    // Stage 5.
    input  wire risk_types_pkg::open_t open_i,
    input  wire logic        buys_i,
    input  wire logic        sells_i,
    input  wire logic        shorts_i,
    input  wire logic [31:0] qty_i,
    input  wire logic        adds_value_i,
    input  wire logic [63:0] mark_i,  // profit or loss at the record's price
    input  wire logic [63:0] cash_i,  // cash afterwards
    input  wire logic [63:0] loaded_position_i,
    input  wire logic [96:0] worst_product_i,  // worst case, 0 or more, * twice the reference price
    // What happens when the record takes effect.
    input  wire logic        reserves_i,
    input  wire logic        marks_i,  // an order with a reference price, a trade or its bust
    input  wire logic        releases_i,
    input  wire logic        trades_i,
    input  wire logic        takes_back_i,
    input  wire logic        loads_i,
    // Failing checks: position, concentration, day, availability, locate, ownership.
    output logic [5:0]       fails_o,
    // In the same order, 64 bits each: the limit, and the amount it was held against.
    output logic [383:0]     limits_o,
    output logic [383:0]     amounts_o,
    output logic [63:0]      worst_o,
    output logic             reduces_o,
    output logic             excess_o,  // more is released than was reserved
    output risk_types_pkg::holding_t holding_o,
    output risk_types_pkg::open_t open_o
);
  // ---- stage 4
  logic buys4, sells4, shorts4, adds_qty4;
  logic signed [67:0] position4, side_position4, side_limit4, bought4, sold4, shorted4, extra4;
  logic signed [67:0] same_day4, deliverable4;
  assign buys4 = side4_i == risk_pkg::SideBuy;
  assign shorts4 = side4_i == risk_pkg::SideSellShort;
  assign sells4 = shorts4 || side4_i == risk_pkg::SideSell;
  assign adds_qty4 = extra_qty4_i != '0;
  assign position4 = $signed({{4{holding4_i.position[63]}}, holding4_i.position});
  assign side_position4 = sells4 ? -position4 : position4;
  assign side_limit4 = $signed({4'd0, sells4 ? limits4_i.max_short : limits4_i.max_long});
  assign bought4 = $signed({{4{holding4_i.bought[63]}}, holding4_i.bought});
  assign sold4 = $signed({{4{holding4_i.sold[63]}}, holding4_i.sold});
  assign shorted4 = $signed({{4{holding4_i.shorted[63]}}, holding4_i.shorted});
  assign extra4 = $signed({36'd0, extra_qty4_i});
  assign same_day4 = $signed({36'd0, limits4_i.same_day_qty_max});
  assign deliverable4 = $signed({36'd0, limits4_i.sell_qty_max}) +
      (bought4 < same_day4 ? bought4 : same_day4);

  risk_types_pkg::pair_limits_t limits;
  risk_types_pkg::holding_t holding;
  logic [31:0] extra_qty;
  logic adds_qty, sell_limited, short_limited, buy_limited, half_limited;
  logic signed [67:0] side_position, side_left, day_left, sell_left, short_left, buy_left;
  logic [63:0] side_limit, deliverable;
  always_ff @(posedge clk) begin
    limits <= limits4_i;
    holding <= holding4_i;
    extra_qty <= extra_qty4_i;
    adds_qty <= adds_qty4;
    side_position <= side_position4 + extra4;
    side_left <= side_limit4 - side_position4 - extra4;
    day_left <= $signed({4'd0, limits4_i.daily_qty_max}) - bought4 - sold4 - shorted4 - extra4;
    sell_left <= deliverable4 - sold4 - extra4;
    short_left <= $signed({36'd0, limits4_i.short_qty_max}) - shorted4 - extra4;
    buy_left <= $signed({36'd0, limits4_i.buy_qty_max}) - bought4 - extra4;
    sell_limited <= adds_qty4 && sells4 && !shorts4 &&
        limits4_i.sell_qty_max != risk_pkg::NoLimit32;
    short_limited <= adds_qty4 && shorts4 && limits4_i.short_qty_max != risk_pkg::NoLimit32;
    buy_limited <= adds_qty4 && buys4 && limits4_i.buy_qty_max != risk_pkg::NoLimit32;
    half_limited <= limits4_i.max_value < {2'b01, 59'd0};
    side_limit <= side_limit4[63:0];
    deliverable <= deliverable4[63:0];
  end

  // ---- checks
  logic signed [67:0] open_buy, open_sell, open_short, side_open;
  logic signed [67:0] side_rest, worst_rest, day_rest, sell_rest, short_rest, buy_rest;
  logic beyond_half;
  assign open_buy = $signed({{4{open_i.open_buy[63]}}, open_i.open_buy});
  assign open_sell = $signed({{4{open_i.open_sell[63]}}, open_i.open_sell});
  assign open_short = $signed({{4{open_i.open_short[63]}}, open_i.open_short});
  assign side_open = sells_i ? open_sell : open_buy;
  assign side_rest = side_left - side_open;
  assign worst_rest = -side_position - side_open;
  assign day_rest = day_left - open_buy - open_sell;
  assign sell_rest = sell_left - open_sell + open_short;
  assign short_rest = short_left - open_short;
  assign buy_rest = buy_left - open_buy;
  // The value of the worst case is cut at 2^60 before it is halved.
  assign beyond_half = worst_product_i >> 60 != '0;
  assign fails_o[0] = adds_qty && side_rest[67];
  assign fails_o[1] = adds_qty && !limits.max_value[60] &&
      (beyond_half ? half_limited : {1'b0, worst_product_i[60:1]} > limits.max_value);
  assign fails_o[2] = adds_qty && day_rest[67];
  assign fails_o[3] = sell_limited && sell_rest[67];
  assign fails_o[4] = short_limited && short_rest[67];
  assign fails_o[5] = buy_limited && buy_rest[67];
  assign reduces_o = !worst_rest[67] || (!adds_qty && !adds_value_i);

  // ---- what is behind them
  logic [63:0] qty, extra, worst, worst_value;
  assign qty = {32'd0, qty_i};
  assign extra = {32'd0, extra_qty};
  assign worst = sells_i ? holding.position - open_i.open_sell - extra
      : holding.position + open_i.open_buy + extra;
  assign worst_o = worst;
  assign worst_value = {4'd0, beyond_half ? {1'b1, 59'd0} : worst_product_i[60:1]};
  assign limits_o = {
    32'd0, limits.buy_qty_max, 32'd0, limits.short_qty_max, deliverable,
    limits.daily_qty_max[63] ? {1'b0, {63{1'b1}}} : limits.daily_qty_max,
    3'd0, limits.max_value, buys_i ? side_limit : -side_limit
  };
  assign amounts_o = {
    holding.bought + open_i.open_buy + extra,
    holding.shorted + open_i.open_short + extra,
    holding.sold + open_i.open_sell - open_i.open_short + extra,
    holding.bought + holding.sold + holding.shorted + open_i.open_buy + open_i.open_sell + extra,
    worst_value, worst
  };

  // ---- ledger afterwards
  logic signed [63:0] own_open, released, released_short;
  logic [63:0] moved;
  assign own_open = buys_i ? open_i.open_buy : open_i.open_sell;
  assign released = $signed(qty) < own_open ? qty : own_open;
  assign released_short = released < $signed(open_i.open_short) ? released : open_i.open_short;
  assign excess_o = releases_i && released != $signed(qty);
  assign moved = takes_back_i ? -qty : qty;
  always_comb begin
    holding_o = holding;
    open_o = open_i;
    if (reserves_i) begin
      if (buys_i) open_o.open_buy = open_i.open_buy + extra;
      if (sells_i) open_o.open_sell = open_i.open_sell + extra;
      if (shorts_i) open_o.open_short = open_i.open_short + extra;
    end
    if (releases_i) begin
      if (buys_i) open_o.open_buy = open_i.open_buy - released;
      else open_o.open_sell = open_i.open_sell - released;
      if (shorts_i) open_o.open_short = open_i.open_short - released_short;
    end
    if (marks_i) open_o.marked = mark_i;
    if (trades_i || takes_back_i) begin
      holding_o.position = buys_i ? holding.position + moved : holding.position - moved;
      if (buys_i) holding_o.bought = holding.bought + moved;
      else if (shorts_i) holding_o.shorted = holding.shorted + moved;
      else holding_o.sold = holding.sold + moved;
    end
    if (trades_i || takes_back_i || loads_i) holding_o.cash = cash_i;
    if (loads_i) holding_o.position = loaded_position_i;
  end
endmodule
`default_nettype wire

`default_nettype none
// One pair (account, instrument) at the commit of a record. Quantities are signed 64-bit numbers,
// as in the software. Combinational.
module risk_pair (
    input  wire risk_types_pkg::pair_limits_t limits_i,
    input  wire risk_types_pkg::holding_t holding_i,
    input  wire risk_types_pkg::open_t open_i,
    input  wire logic        buys_i,
    input  wire logic        sells_i,
    input  wire logic        shorts_i,
    input  wire logic [31:0] qty_i,
    input  wire logic [31:0] extra_qty_i,
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
    output logic [383:0]     limits_o,
    output logic [383:0]     amounts_o,
    output logic [63:0]      worst_o,
    output logic             reduces_o,
    output logic [65:0]      mark_change_o,
    output logic             excess_o,  // more is released than was reserved
    output risk_types_pkg::holding_t holding_o,
    output risk_types_pkg::open_t open_o
);
  logic [63:0] qty, extra;
  assign qty   = {32'd0, qty_i};
  assign extra = {32'd0, extra_qty_i};

  // Worst case.
  logic signed [63:0] worst, on_side, side_limit;
  logic adds_qty;
  assign adds_qty = extra_qty_i != '0;
  assign worst = sells_i ? holding_i.position - open_i.open_sell - extra
      : holding_i.position + open_i.open_buy + extra;
  assign on_side = sells_i ? -worst : worst;
  assign side_limit = sells_i ? limits_i.max_short : limits_i.max_long;
  assign worst_o = worst;
  assign reduces_o = on_side <= 0 || (!adds_qty && !adds_value_i);
  assign fails_o[0] = adds_qty && on_side > side_limit;

  logic [60:0] worst_value;
  assign worst_value = {1'b0, worst_product_i >> 60 != '0 ? {1'b1, 59'd0} : worst_product_i[60:1]};
  assign fails_o[1] = adds_qty && !limits_i.max_value[60] && worst_value > limits_i.max_value;

  // Quantities of the day.
  logic signed [63:0] day, long_sells, short_sells, buys, same_day, deliverable;
  assign day = holding_i.bought + holding_i.sold + holding_i.shorted + open_i.open_buy +
      open_i.open_sell + extra;
  assign long_sells = holding_i.sold + open_i.open_sell - open_i.open_short + extra;
  assign short_sells = holding_i.shorted + open_i.open_short + extra;
  assign buys = holding_i.bought + open_i.open_buy + extra;
  assign same_day = {32'd0, limits_i.same_day_qty_max};
  assign deliverable = {32'd0, limits_i.sell_qty_max} +
      ($signed(holding_i.bought) < same_day ? holding_i.bought : same_day);
  assign fails_o[2] = adds_qty && day > 0 && $unsigned(day) > limits_i.daily_qty_max;
  assign fails_o[3] = adds_qty && sells_i && !shorts_i &&
      limits_i.sell_qty_max != risk_pkg::NoLimit32 && long_sells > deliverable;
  assign fails_o[4] = adds_qty && shorts_i && limits_i.short_qty_max != risk_pkg::NoLimit32 &&
      short_sells > $signed({32'd0, limits_i.short_qty_max});
  assign fails_o[5] = adds_qty && buys_i && limits_i.buy_qty_max != risk_pkg::NoLimit32 &&
      buys > $signed({32'd0, limits_i.buy_qty_max});
  assign limits_o = {
    32'd0, limits_i.buy_qty_max, 32'd0, limits_i.short_qty_max, deliverable,
    limits_i.daily_qty_max[63] ? {1'b0, {63{1'b1}}} : limits_i.daily_qty_max,
    3'd0, limits_i.max_value, buys_i ? side_limit : -side_limit
  };
  assign amounts_o = {buys, short_sells, long_sells, day, 3'd0, worst_value, worst};

  // Profit or loss.
  assign mark_change_o = marks_i
      ? $signed({{2{mark_i[63]}}, mark_i}) - $signed({{2{open_i.marked[63]}}, open_i.marked}) : '0;

  // Ledger afterwards.
  logic signed [63:0] open_side, released, released_short;
  logic [63:0] moved;
  assign open_side = buys_i ? open_i.open_buy : open_i.open_sell;
  assign released = $signed(qty) < open_side ? qty : open_side;
  assign released_short = released < $signed(open_i.open_short) ? released : open_i.open_short;
  assign excess_o = releases_i && released != $signed(qty);
  assign moved = takes_back_i ? -qty : qty;
  always_comb begin
    holding_o = holding_i;
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
      holding_o.position = buys_i ? holding_i.position + moved : holding_i.position - moved;
      if (buys_i) holding_o.bought = holding_i.bought + moved;
      else if (shorts_i) holding_o.shorted = holding_i.shorted + moved;
      else holding_o.sold = holding_i.sold + moved;
    end
    if (trades_i || takes_back_i || loads_i) holding_o.cash = cash_i;
    if (loads_i) holding_o.position = loaded_position_i;
  end
endmodule
`default_nettype wire

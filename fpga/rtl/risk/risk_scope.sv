`default_nettype none
// One scope at the commit of a record: what it would amount to, which of its limits that passes,
// and its use afterwards. Combinational.
module risk_scope (
    input  wire risk_types_pkg::scope_t limits_i,
    input  wire risk_types_pkg::scope_use_t use_i,
    input  wire logic        buys_i,
    input  wire logic        sells_i,
    input  wire logic        opens_i,
    input  wire logic        reduces_i,
    input  wire logic [60:0] extra_value_i,
    input  wire logic [65:0] mark_change_i,
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
    // The same in this order, 64 bits each: the amount the check saw.
    output logic [383:0]     amounts_o,
    output logic [383:0]     limits_o,
    output risk_types_pkg::scope_use_t use_o
);

  logic [61:0] open_buy, open_sell;
  logic [62:0] open, traded;
  logic [63:0] gross, net, buys;
  logic signed [63:0] net_long, net_short;
  logic signed [65:0] result;
  logic [65:0] loss;
  logic [32:0] open_orders;
  logic adds_value, loss_halt;

  assign open_buy = {1'b0, use_i.open_buy} + (buys_i ? {1'b0, extra_value_i} : '0);
  assign open_sell = {1'b0, use_i.open_sell} + (sells_i ? {1'b0, extra_value_i} : '0);
  assign open = {1'b0, open_buy} + {1'b0, open_sell};
  assign traded = {2'd0, use_i.bought} + {2'd0, use_i.sold};
  assign gross = {1'b0, open} + {1'b0, traded};
  assign net_long = $signed({3'd0, use_i.bought}) + $signed({2'd0, open_buy}) -
      $signed({3'd0, use_i.sold});
  assign net_short = $signed({3'd0, use_i.sold}) + $signed({2'd0, open_sell}) -
      $signed({3'd0, use_i.bought});
  assign net = sells_i ? (net_short[63] ? '0 : net_short) : (net_long[63] ? '0 : net_long);
  assign buys = buys_i ? {3'd0, use_i.bought} + {2'd0, open_buy} : '0;
  assign open_orders = {1'b0, use_i.open_orders} + {32'd0, opens_i};
  assign result = $signed({{2{use_i.result[63]}}, use_i.result}) + $signed(mark_change_i);
  assign loss = result[65] ? -result : '0;

  assign adds_value = extra_value_i != '0;
  assign fails_o[0] = opens_i && open_orders > {1'b0, limits_i.open_orders_max};
  assign fails_o[1] = adds_value && !limits_i.open_value_max[60] &&
      open > {2'd0, limits_i.open_value_max};
  assign fails_o[2] = adds_value && !limits_i.gross_value_max[60] &&
      gross > {3'd0, limits_i.gross_value_max};
  assign fails_o[3] = adds_value && !limits_i.net_value_max[60] &&
      net > {3'd0, limits_i.net_value_max};
  assign fails_o[4] = adds_value && !limits_i.buying_power[60] &&
      buys > {3'd0, limits_i.buying_power};
  assign loss_halt = !limits_i.loss_halt[60] && loss > {5'd0, limits_i.loss_halt};
  assign fails_o[5] = loss_halt ||
      (!reduces_i && !limits_i.loss_max[60] && loss > {5'd0, limits_i.loss_max});
  assign amounts_o = {loss[63:0], buys, net, gross, {1'b0, open}, {31'd0, open_orders}};

  assign limits_o = {
    3'd0, loss_halt ? limits_i.loss_halt : limits_i.loss_max, 3'd0, limits_i.buying_power,
    3'd0, limits_i.net_value_max, 3'd0, limits_i.gross_value_max, 3'd0, limits_i.open_value_max,
    32'd0, limits_i.open_orders_max
  };

  // Values stay at their maximum once they reach it.
  logic [61:0] more_traded;
  logic [60:0] bought, sold, traded_before, traded_after, open_before, open_after;
  assign traded_before = buys_i ? use_i.bought : use_i.sold;
  assign more_traded   = {1'b0, traded_before} + {1'b0, traded_value_i};
  always_comb begin
    traded_after = traded_before;
    if (trades_i) traded_after = risk_types_pkg::cut_value({2'd0, more_traded});
    if (takes_back_i && !traded_before[60])
      traded_after = traded_before > traded_value_i ? traded_before - traded_value_i : '0;
  end
  assign bought = buys_i ? traded_after : use_i.bought;
  assign sold = buys_i ? use_i.sold : traded_after;
  assign open_before = buys_i ? use_i.open_buy : use_i.open_sell;
  assign open_after = open_before[60] ? open_before
      : {3'd0, open_before} > released_value_i ? open_before - released_value_i[60:0] : '0;

  always_comb begin
    use_o = use_i;
    if (reserves_i) begin
      use_o.open_buy = risk_types_pkg::cut_value({2'd0, open_buy});
      use_o.open_sell = risk_types_pkg::cut_value({2'd0, open_sell});
      use_o.open_orders = open_orders[31:0];
      use_o.result = result[63:0];
    end else begin
      use_o.bought = bought;
      use_o.sold = sold;
      if (releases_i && buys_i) use_o.open_buy = open_after;
      if (releases_i && !buys_i) use_o.open_sell = open_after;
      if (ends_i && use_i.open_orders != '0) use_o.open_orders = use_i.open_orders - 1'b1;
      if (trades_i || takes_back_i) use_o.result = result[63:0];
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// Whatever the limits and use of a scope are: an order that no check refuses leaves it within its
// limit of live orders, values never pass 2^60, and one that reached it never becomes small again.
module risk_scope_props (
    input wire logic         clk,
    input wire logic [462:0] limits_i,
    input wire logic [339:0] use_i,
    input wire logic [60:0]  extra_value_i,
    input wire logic         sells_i,
    input wire logic         opens_i,
    input wire logic         reduces_i,
    input wire logic [63:0]  mark_i,
    input wire logic [63:0]  marked_i,
    input wire logic [1:0]   effect_i,
    input wire logic [63:0]  released_value_i,
    input wire logic [60:0]  traded_value_i
);
  risk_types_pkg::scope_t limits4, limits;
  risk_types_pkg::scope_use_t used, after;
  logic [5:0] fails;
  logic reserves, trades, takes_back, started;
  initial started = 1'b0;
  assign limits4 = limits_i;
  assign used = use_i;
  assign reserves = effect_i == 2'd0;
  assign trades = effect_i == 2'd1;
  assign takes_back = effect_i == 2'd2;
  risk_scope u_dut (
      .clk, .limits4_i(limits4), .extra_value4_i(extra_value_i), .use_i(used), .buys_i(!sells_i),
      .sells_i, .opens_i, .reduces_i, .mark_i, .marked_i, .reserves_i(reserves),
      .releases_i(trades), .trades_i(trades), .takes_back_i(takes_back), .ends_i(trades),
      .released_value_i, .traded_value_i, .fails_o(fails), .limits_o(), .amounts_o(), .use_o(after)
  );
  always_ff @(posedge clk) begin
    started <= 1'b1;
    limits <= limits4;
  end

  always_comb begin
    // Values in use are at most 2^60, and so is what an order adds.
    assume (used.open_buy <= {1'b1, 60'd0} && used.open_sell <= {1'b1, 60'd0});
    assume (used.bought <= {1'b1, 60'd0} && used.sold <= {1'b1, 60'd0});
    assume (extra_value_i <= {1'b1, 60'd0} && traded_value_i <= {1'b1, 60'd0});
    if (started && reserves && fails == '0) begin
      orders: assert (!opens_i || after.open_orders <= limits.open_orders_max);
    end
    if (started) begin
      range: assert (after.open_buy <= {1'b1, 60'd0} && after.open_sell <= {1'b1, 60'd0} &&
                     after.bought <= {1'b1, 60'd0} && after.sold <= {1'b1, 60'd0});
      sticky: assert ((!used.open_buy[60] || after.open_buy[60]) &&
                      (!used.open_sell[60] || after.open_sell[60]) &&
                      (!used.bought[60] || after.bought[60]) &&
                      (!used.sold[60] || after.sold[60]));
    end
  end
endmodule
`default_nettype wire

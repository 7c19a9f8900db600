`default_nettype none
// One account at the commit of a record: its bucket of messages, its ratio of orders to trades and
// the orders its duplicate check remembers. Combinational.
//
// Credit is counted in 1e-9 messages and grows by the rate each nanosecond. With
// level = credit - refilled_ns * rate, the credit at a later time is level + now * rate, cut at the
// capacity: the product depends on the record only and is made before its turn comes.
module risk_account (
    input  wire risk_types_pkg::account_t account_i,
    input  wire risk_types_pkg::account_state_t state_i,
    input  wire logic [8*148+2:0] recent_i,  // eight recent_t, and where the next one goes
    input  wire risk_types_pkg::move_t move_i,
    input  wire logic [95:0] now_credit_i,  // time_ns * rate_per_s, signed
    input  wire logic [63:0] allowed_i,  // of a rebase: trades * orders_per_trade_max
    // What happens when the record takes effect.
    input  wire logic        pays_i,
    input  wire logic        trades_i,
    input  wire logic        new_row_i,
    input  wire logic        known_before_i,
    // Failing checks: message rate, order to trade, duplicates.
    output logic [2:0]       fails_o,
    output logic [63:0]      credit_o,
    output logic [63:0]      ratio_limit_o,
    output logic [63:0]      requests_o,
    output logic [3:0]       equal_o,
    output risk_types_pkg::account_state_t state_o,
    output logic [8*148+2:0] recent_o
);
  logic [31:0] message;
  logic [63:0] cost;
  assign message = gate_pkg::MessageCost;
  assign cost = {32'd0, message};
  logic signed [98:0] refilled;
  logic behind;
  logic [63:0] credit, requests;
  assign behind = $signed(move_i.time_ns) <= $signed(state_i.refilled_ns);
  assign refilled = $signed({state_i.level[97], state_i.level}) +
      $signed({{3{now_credit_i[95]}}, now_credit_i});
  assign credit = behind ? state_i.credit
      : refilled < $signed({35'd0, account_i.capacity}) ? refilled[63:0] : account_i.capacity;
  assign requests = state_i.requests + 1'b1;

  logic ratio_over;
  assign ratio_over = account_i.orders_per_trade_max != risk_pkg::NoLimit32 &&
      requests > {32'd0, account_i.orders_per_trade_from} && requests > state_i.allowed;

  // Orders with equal terms that passed within the window.
  logic counts;
  logic signed [63:0] from_ns;
  logic [7:0] equal;
  risk_types_pkg::recent_t terms;
  logic [2:0] next;
  logic [3:0] equal_count;
  assign counts = account_i.duplicates_max != '0 && move_i.opens;
  assign from_ns = $signed(move_i.time_ns) - $signed(account_i.duplicate_window_ns);
  assign next = recent_i[8*148+:3];
  assign terms.used = 1'b1;
  assign terms.market = move_i.order_type[0];
  assign terms.side = move_i.side[1:0];
  assign terms.instrument = move_i.instrument;
  assign terms.price = move_i.price;
  assign terms.qty = move_i.qty;
  assign terms.passed_ns = move_i.time_ns;
  logic [147:0] terms_bits;
  assign terms_bits = terms;
  always_comb begin
    equal_count = '0;
    for (int k = 0; k < 8; k = k + 1) begin
      equal[k] = recent_i[k*148+64+:84] == terms_bits[147:64] &&
          $signed(recent_i[k*148+:64]) > from_ns && counts && move_i.order_type[7:1] == '0 &&
          move_i.side[7:2] == '0;
      equal_count = equal_count + {3'd0, equal[k]};
    end
  end
  assign equal_o = equal_count;

  assign fails_o[0] = credit < cost;
  assign fails_o[1] = ratio_over;
  assign fails_o[2] = equal_count != '0 && {4'd0, equal_count} >= account_i.duplicates_max;
  assign credit_o = credit;
  assign requests_o = requests;
  logic [63:0] ratio_from;
  assign ratio_from = {32'd0, account_i.orders_per_trade_from};
  assign ratio_limit_o = state_i.allowed > ratio_from ? state_i.allowed : ratio_from;

  logic [98:0] level;
  assign level = behind ? {state_i.level[97], state_i.level} - {35'd0, cost}
      : {35'd0, credit} - {35'd0, cost} - {{3{now_credit_i[95]}}, now_credit_i};
  logic [97:0] rebased_level;
  assign rebased_level = {34'd0, state_i.credit} - {{2{now_credit_i[95]}}, now_credit_i};
  always_comb begin
    state_o  = state_i;
    recent_o = recent_i;
    if (pays_i) begin
      state_o.credit = credit - cost;
      state_o.refilled_ns = behind ? state_i.refilled_ns : move_i.time_ns;
      state_o.level = level[97:0];
      state_o.requests = requests;
      if (counts) begin
        recent_o[next*148+:148] = terms_bits;
        recent_o[8*148+:3] = next + 1'b1;
      end
    end
    if (trades_i) begin
      state_o.trades  = state_i.trades + 1'b1;
      state_o.allowed = state_i.allowed + {32'd0, account_i.orders_per_trade_max};
    end
    if (new_row_i)
      state_o.credit = known_before_i && state_i.credit < account_i.capacity ? state_i.credit
          : account_i.capacity;
    if (move_i.rebase) begin
      state_o.level   = rebased_level;
      state_o.allowed = allowed_i;
    end
  end
endmodule
`default_nettype wire

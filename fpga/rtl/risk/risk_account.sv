`default_nettype none
// One account at the commit of a record: its bucket of messages, its ratio of orders to trades and
// the orders its duplicate check remembers.
//
// Credit is counted in 1e-9 messages and grows by the rate each nanosecond. With
// level = credit - refilled_ns * rate, the credit at a later time is level + now * rate, cut at the
// capacity: the product depends on the record only and is made before its turn comes, and so is all
// that stage 4 makes of it.
module risk_account (
    input  wire logic        clk,
    // Stage 4.
    input  wire risk_types_pkg::account_t account4_i,
    input  wire risk_types_pkg::move_t move4_i,
    input  wire logic [95:0] now_credit4_i,  // time_ns * rate_per_s, signed
    input  wire logic [8*148+2:0] recent4_i,  // eight recent_t, and where the next one goes
    input  wire logic        same_account_i,  // as the record in stage 5
    // Stage 5.
    input  wire risk_types_pkg::account_state_t state_i,
    input  wire logic [8*148+2:0] recent_i,
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
    output logic [7:0]       duplicates_max_o,
    output risk_types_pkg::account_state_t state_o,
    output logic [8*148+2:0] recent_o
);
  logic [31:0] message;
  logic signed [98:0] cost;
  assign message = gate_pkg::GateMessageCost;
  assign cost = $signed({67'd0, message});

  // ---- stage 4: what time brings, and which of the orders before have the same terms
  risk_types_pkg::account_t account;
  risk_types_pkg::move_t move;
  logic signed [98:0] now_credit4, capacity4, now_credit, surplus, full_from, full_level;
  logic [63:0] full_credit;
  logic never_full;
  assign now_credit4 = $signed({{3{now_credit4_i[95]}}, now_credit4_i});
  assign capacity4 = $signed({35'd0, account4_i.capacity});

  risk_types_pkg::recent_t terms4;
  logic [147:0] terms4_bits, terms;
  logic [7:0] equal4, equal;
  logic counts4, counts, equal_ahead;
  logic signed [63:0] from4;
  logic [2:0] next;
  assign terms4.used = 1'b1;
  assign terms4.market = move4_i.order_type[0];
  assign terms4.side = move4_i.side[1:0];
  assign terms4.instrument = move4_i.instrument;
  assign terms4.price = move4_i.price;
  assign terms4.qty = move4_i.qty;
  assign terms4.passed_ns = move4_i.time_ns;
  assign terms4_bits = terms4;
  assign counts4 = account4_i.duplicates_max != '0 && move4_i.opens;
  assign from4 = $signed(move4_i.time_ns) - $signed(account4_i.duplicate_window_ns);
  always_comb begin
    for (int k = 0; k < 8; k = k + 1)
      equal4[k] = recent4_i[k*148+64+:84] == terms4_bits[147:64] &&
          $signed(recent4_i[k*148+:64]) > from4 && counts4 && move4_i.order_type[7:1] == '0 &&
          move4_i.side[7:2] == '0;
  end
  // The record in stage 5 may be one of them a clock later.
  assign equal_ahead = terms[147:64] == terms4_bits[147:64] && $signed(terms[63:0]) > from4 &&
      counts4 && move4_i.order_type[7:1] == '0 && move4_i.side[7:2] == '0;

  always_ff @(posedge clk) begin
    account <= account4_i;
    move <= move4_i;
    now_credit <= now_credit4;
    surplus <= now_credit4 - cost;
    full_credit <= account4_i.capacity - cost[63:0];
    full_from <= capacity4 - now_credit4;
    full_level <= capacity4 - cost - now_credit4;
    never_full <= account4_i.capacity < cost[63:0];
    terms <= terms4_bits;
    counts <= counts4;
    for (int k = 0; k < 8; k = k + 1)
      equal[k] <= pays_i && counts && same_account_i && next == k[2:0] ? equal_ahead : equal4[k];
  end

  // ---- bucket
  logic signed [98:0] level, after, refilled;
  logic behind, full;
  logic [63:0] credit, requests;
  assign level = $signed({state_i.level[97], state_i.level});
  assign behind = $signed(move.time_ns) <= $signed(state_i.refilled_ns);
  assign after = level + surplus;  // credit once the message is paid
  assign full = level > full_from;
  assign refilled = level + now_credit;
  assign credit = behind ? state_i.credit : full ? account.capacity : refilled[63:0];
  assign credit_o = credit;
  assign fails_o[0] = behind ? state_i.credit < cost[63:0] : after[98] || never_full;

  // ---- ratio
  logic [63:0] ratio_from;
  assign requests = state_i.requests + 1'b1;
  assign requests_o = requests;
  assign ratio_from = {32'd0, account.orders_per_trade_from};
  assign fails_o[1] = account.orders_per_trade_max != risk_pkg::NoLimit32 &&
      state_i.requests >= ratio_from && state_i.requests >= state_i.allowed;
  assign ratio_limit_o = state_i.allowed > ratio_from ? state_i.allowed : ratio_from;

  // ---- duplicates
  logic [3:0] equal_count;
  always_comb begin
    equal_count = '0;
    for (int k = 0; k < 8; k = k + 1) equal_count = equal_count + {3'd0, equal[k]};
  end
  assign equal_o = equal_count;
  assign duplicates_max_o = account.duplicates_max;
  assign fails_o[2] = equal_count != '0 && {4'd0, equal_count} >= account.duplicates_max;
  assign next = recent_i[8*148+:3];

  // ---- afterwards
  logic signed [98:0] paid_level, rebased_level;
  assign paid_level = level - cost;
  assign rebased_level = $signed({35'd0, state_i.credit}) - now_credit;
  always_comb begin
    state_o  = state_i;
    recent_o = recent_i;
    if (pays_i) begin
      state_o.credit = behind ? state_i.credit - cost[63:0] : full ? full_credit : after[63:0];
      state_o.refilled_ns = behind ? state_i.refilled_ns : move.time_ns;
      state_o.level = !behind && full ? full_level[97:0] : paid_level[97:0];
      state_o.requests = requests;
      if (counts) begin
        recent_o[next*148+:148] = terms;
        recent_o[8*148+:3] = next + 1'b1;
      end
    end
    if (trades_i) begin
      state_o.trades  = state_i.trades + 1'b1;
      state_o.allowed = state_i.allowed + {32'd0, account.orders_per_trade_max};
    end
    if (new_row_i)
      state_o.credit = known_before_i && state_i.credit < account.capacity ? state_i.credit
          : account.capacity;
    if (move.rebase) begin
      state_o.level   = rebased_level[97:0];
      state_o.allowed = allowed_i;
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// From any contents of tables and registers and with an empty pipeline: an order that passes is
// within the limits that were in force when it read them, a kill lets nothing pass, and a verdict
// says exactly what was done. Products, marks and what accounts did before are free
// (risk_any.sv): what is checked holds for any.
module risk_gate_props (
    input wire logic         clk,
    input wire logic [7:0]   s_beat_i,
    input wire logic [63:0]  s_now_ns_i,
    input wire logic [511:0] s_data_i,
    input wire logic         s_valid_i,
    input wire logic         m_ready_i,
    input wire logic         kill_i
);
  risk_gate #(.ACCOUNT_W(2), .INSTRUMENT_W(1), .SLOT_W(2), .SCOPE_W(1)) u_dut (
      .clk, .rst(1'b0), .s_beat_i, .s_now_ns_i, .s_data_i, .s_valid_i, .s_ready_o(),
      .m_verdict_o(), .m_degraded_o(), .m_valid_o(), .m_ready_i, .kill_i, .cleared_o(),
      .lost_state_o(), .issue_o(), .limits_epoch_o(), .unknown_executions_o(),
      .excess_releases_o(), .excess_ends_o()
  );
endmodule

// Inside the gate where FORMAL is defined: sees its stages.
module risk_gate_checks (
    input wire logic clk,
    input wire logic clear,
    input wire logic kill_i,
    input wire logic valid1,
    input wire logic valid2,
    input wire logic valid3,
    input wire logic valid4,
    input wire logic valid5,
    input wire logic valid6,
    input wire risk_types_pkg::move_t move5,
    input wire risk_types_pkg::move_t move6,
    input wire risk_types_pkg::account_t account1,
    input wire risk_types_pkg::instrument_t instrument1,
    input wire risk_types_pkg::prices_t prices1,
    input wire logic [7:0] switches2,
    input wire risk_types_pkg::scope_t firm2,
    input wire risk_types_pkg::scope_t account_scope2,
    input wire risk_types_pkg::pair_limits_t pair2,
    input wire logic degraded5,
    input wire logic passes5,
    input wire logic cancel5,
    input wire logic buys5,
    input wire logic sells5,
    input wire logic [63:0] worst5,
    input wire logic adds_value5,
    input wire risk_types_pkg::open_t open5,
    input wire risk_types_pkg::open_t open_after5,
    input wire risk_types_pkg::scope_use_t firm_use,
    input wire risk_types_pkg::scope_use_t firm_after5,
    input wire risk_types_pkg::scope_use_t account_after5,
    input wire logic [63:0] fails6
);
  logic started;
  initial started = 1'b0;

  // What the record at stage 5 read on its way.
  risk_types_pkg::account_t account2, account3, account4, account5;
  risk_types_pkg::instrument_t instrument2, instrument3, instrument4, instrument5;
  risk_types_pkg::prices_t prices2, prices3, prices4, prices5;
  risk_types_pkg::scope_t firm3, firm4, firm5, own3, own4, own5;
  risk_types_pkg::pair_limits_t pair3, pair4, pair5;
  logic [7:0] switches3, switches4, switches5;
  logic passed6, cancel6;
  always_ff @(posedge clk) begin
    started <= 1'b1;
    account2 <= account1;
    account3 <= account2;
    account4 <= account3;
    account5 <= account4;
    instrument2 <= instrument1;
    instrument3 <= instrument2;
    instrument4 <= instrument3;
    instrument5 <= instrument4;
    prices2 <= prices1;
    prices3 <= prices2;
    prices4 <= prices3;
    prices5 <= prices4;
    firm3 <= firm2;
    firm4 <= firm3;
    firm5 <= firm4;
    own3 <= account_scope2;
    own4 <= own3;
    own5 <= own4;
    pair3 <= pair2;
    pair4 <= pair3;
    pair5 <= pair4;
    switches3 <= switches2;
    switches4 <= switches3;
    switches5 <= switches4;
    passed6 <= passes5;
    cancel6 <= cancel5;
  end

  logic signed [63:0] worst;
  logic [61:0] firm_open, own_open;
  logic [63:0] firm_gross;
  logic limit_order, adds_qty;
  assign worst = worst5;
  assign limit_order = move5.order_type == risk_pkg::OrderTypeLimit;
  assign adds_qty = open_after5.open_buy != open5.open_buy ||
      open_after5.open_sell != open5.open_sell;
  assign firm_open = {1'b0, firm_after5.open_buy} + {1'b0, firm_after5.open_sell};
  assign own_open = {1'b0, account_after5.open_buy} + {1'b0, account_after5.open_sell};
  assign firm_gross = {2'd0, firm_open} + {3'd0, firm_after5.bought} + {3'd0, firm_after5.sold};

  // Quantities stay far from the end of 64 bits.
  logic small;
  assign small = $signed(worst) < $signed({2'b01, 62'd0}) &&
      $signed(worst) > -$signed({2'b01, 62'd0});

  always_comb begin
    if (!started) assume (!clear && !valid1 && !valid2 && !valid3 && !valid4 && !valid5 && !valid6);
    if (started && passes5) begin
      killed: assert (!kill_i);
      halted: assert (switches5[1:0] != 2'd2);
      account_halted: assert (switches5[5:4] != 2'd2);
      strategy_halted: assert (switches5[7:6] != 2'd2);
      degraded: assert (!degraded5);
      known: assert (account5.known && instrument5.known && firm5.known && own5.known);
      enabled: assert (account5.enabled == 8'd1 && instrument5.enabled == 8'd1);
      not_killed: assert (!account5.killed && !instrument5.killed);
      market: assert (prices5.market_open == 8'd1 && prices5.trading == 8'd1 && prices5.stale == 0);
      quantity: assert (move5.qty != 0 && move5.qty <= account5.max_qty &&
                        move5.qty <= instrument5.max_qty && move5.qty >= instrument5.min_qty);
      collar: assert (!limit_order || !buys5 || {11'd0, move5.price} <= prices5.collar_top);
      band: assert (!limit_order || (move5.price >= instrument5.band_low &&
                                     move5.price <= instrument5.band_high));
      firm_orders: assert (!move5.opens || firm_after5.open_orders <= firm5.open_orders_max);
      firm_open_value: assert (!adds_value5 || firm5.open_value_max[60] ||
                               firm_open <= {1'b0, firm5.open_value_max});
      firm_gross_value: assert (!adds_value5 || firm5.gross_value_max[60] ||
                                firm_gross <= {3'd0, firm5.gross_value_max});
      account_open_value: assert (!adds_value5 || own5.open_value_max[60] ||
                                  own_open <= {1'b0, own5.open_value_max});
      long_limit: assert (!small || !buys5 || !adds_qty || worst <= $signed(pair5.max_long));
      short_limit: assert (!small || !sells5 || !adds_qty || -worst <= $signed(pair5.max_short));
    end
    if (started && valid6 && move6.order)
      verdict: assert ((fails6 == 0) == (passed6 || cancel6));
  end
endmodule
`default_nettype wire

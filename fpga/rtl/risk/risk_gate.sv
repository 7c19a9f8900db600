`default_nettype none
// The pre-trade gate. One ordered stream of beats in, one verdict for each order_request out, in
// the same order; state is a function of the stream. Stages: 0 the beat waits its turn
// (risk_front), 1 rows of account and instrument, 2 rows of pair and scopes, 3 products, 4 state,
// 5 decision and commit, 6 explanation, 7 the verdict can be taken. See docs/adr/0016.
module risk_gate #(
    parameter int unsigned ACCOUNT_W = 8,
    parameter int unsigned INSTRUMENT_W = 12,
    parameter int unsigned SLOT_W = 14,
    parameter int unsigned SCOPE_W = 8
) (
    input  wire logic         clk,
    input  wire logic         rst,
    // A beat: gate_pkg::gate_op_e, the time of the gate, and a record of 64 bytes or less.
    input  wire logic [7:0]   s_beat_i,
    input  wire logic [63:0]  s_now_ns_i,
    input  wire logic [511:0] s_data_i,
    input  wire logic         s_valid_i,
    output logic              s_ready_o,
    // risk_pkg::verdict_t. degraded: the gate could not decide and refused; the software must.
    output logic [511:0]      m_verdict_o,
    output logic              m_degraded_o,
    output logic              m_valid_o,
    input  wire logic         m_ready_i,
    // While set, every order is refused as killed; cancels pass.
    input  wire logic         kill_i,
    output logic              cleared_o,  // tables are clear; no beat is taken before
    output logic              lost_state_o,  // state was lost for want of slots: until reset
    output logic              issue_o,  // a beat leaves stage 0
    output logic [31:0]       limits_epoch_o,
    output logic [63:0]       unknown_executions_o,
    output logic [63:0]       excess_releases_o,
    output logic [63:0]       excess_ends_o
);
  localparam int unsigned WORD_W = ACCOUNT_W + INSTRUMENT_W - 2;
  localparam int unsigned CLEAR_W = WORD_W > SLOT_W ? WORD_W : SLOT_W;

  // ---- tables are cleared after reset
  logic clear;
  logic [CLEAR_W-1:0] clear_addr;
  logic [31:0] clear_wide;
  assign clear_wide = {{(32 - CLEAR_W) {1'b0}}, clear_addr};
  always_ff @(posedge clk) begin
    if (clear) clear_addr <= clear_addr + 1'b1;
    if (clear && clear_addr == '1) clear <= 1'b0;
    if (rst) begin
      clear <= 1'b1;
      clear_addr <= '0;
    end
  end
  assign cleared_o = !clear;

  // ---- stage 0
  logic issue, valid1, valid2, valid3, valid4, valid5, valid6;
  logic [7:0] beat0;
  logic [511:0] data0;
  risk_types_pkg::move_t move0, move1, move2, move3, move4, move5, move6;
  risk_types_pkg::account_state_t account_state5;
  logic row_committed5;
  risk_front #(
      .ACCOUNT_W(ACCOUNT_W)
  ) front (
      .clk,
      .rst,
      .cleared_i(cleared_o),
      .s_beat_i,
      .s_now_ns_i,
      .s_data_i,
      .s_valid_i,
      .s_ready_o,
      .verdict_taken_i(m_valid_o && m_ready_i),
      .ahead_moves_position_i({
        valid3 && (move3.execution || move3.holding_row),
        valid2 && (move2.execution || move2.holding_row),
        valid1 && (move1.execution || move1.holding_row)
      }),
      .ahead_reserves_i({
        valid3 && (move3.order || move3.adopt),
        valid2 && (move2.order || move2.adopt),
        valid1 && (move1.order || move1.adopt)
      }),
      .ahead_pair_i({
        move3.account, move3.instrument, move2.account, move2.instrument,
        move1.account, move1.instrument
      }),
      .busy_i(valid1 || valid2 || valid3 || valid4 || valid5),
      .committed_i(row_committed5),
      .account_state_i(account_state5),
      .issue_o(issue),
      .beat_issue_o(issue_o),
      .move_o(move0),
      .beat_o(beat0),
      .data_o(data0)
  );

  always_ff @(posedge clk) begin
    valid1 <= issue;
    valid2 <= valid1;
    valid3 <= valid2;
    valid4 <= valid3;
    valid5 <= valid4;
    valid6 <= valid5;
    move1 <= move0;
    move2 <= move1;
    move3 <= move2;
    move4 <= move3;
    move5 <= move4;
    move6 <= move5;
    if (rst) begin
      valid1 <= 1'b0;
      valid2 <= 1'b0;
      valid3 <= 1'b0;
      valid4 <= 1'b0;
      valid5 <= 1'b0;
      valid6 <= 1'b0;
    end
  end

  // ---- stage 1: account, instrument, place of the pair
  risk_types_pkg::instrument_t instrument1;
  risk_types_pkg::prices_t prices1;
  risk_types_pkg::account_t account1;
  risk_types_pkg::effect_t effect1, effect2, effect3, effect4, effect5;
  logic [1:0] instrument_switch1;
  logic [511:0] data1;
  logic in_instruments1, acts1, adopts1, loads1, new_account1;
  logic matched1, lost1, in_range1, knows1, position_row1, scope_taken1, switch_taken1;
  logic [SLOT_W-1:0] slot1;
  logic [SCOPE_W-1:0] client1, client2, client3;

  risk_instruments #(
      .INSTRUMENT_W(INSTRUMENT_W)
  ) instruments (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[INSTRUMENT_W-1:0]),
      .issue_i(issue),
      .beat_i(beat0),
      .data_i(data0),
      .move_i(move0),
      .instrument_o(instrument1),
      .prices_o(prices1),
      .switch_o(instrument_switch1),
      .matched_o(matched1)
  );
  risk_accounts #(
      .ACCOUNT_W(ACCOUNT_W),
      .SCOPE_W(SCOPE_W)
  ) accounts (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[ACCOUNT_W-1:0]),
      .issue_account_i(move0.account),
      .row_i(valid1 && move1.account_row),
      .row_data_i(data1[447:0]),
      .row_taken_o(new_account1),
      .known_before_o(effect1.known_before),
      .account_o(account1)
  );
  risk_directory #(
      .ACCOUNT_W(ACCOUNT_W),
      .INSTRUMENT_W(INSTRUMENT_W),
      .SLOT_W(SLOT_W)
  ) directory (
      .clk,
      .rst,
      .clear_i(clear),
      .clear_addr_i(clear_wide[WORD_W-1:0]),
      .issue_account_i(move0.account),
      .issue_instrument_i(move0.instrument),
      .writes_i(valid1 && (acts1 || adopts1 || loads1 || position_row1)),
      .slot_o(slot1),
      .lost_o(lost1),
      .in_range_o(in_range1)
  );
  always_ff @(posedge clk) begin
    data1 <= data0;
    in_instruments1 <= move0.instrument >> INSTRUMENT_W == '0;
  end

  logic signed [63:0] loaded1;
  logic instrument_switch_taken1;
  localparam logic signed [63:0] PositionMax = {2'b01, 62'd0};
  assign loaded1 = move1.released_value;
  assign knows1 = in_range1 && account1.known && move1.side >= risk_pkg::SideBuy &&
      move1.side <= risk_pkg::SideSellShort;
  assign position_row1 = move1.position_row && in_range1;
  assign instrument_switch_taken1 = move1.switch_row && in_instruments1 &&
      move1.scope == risk_pkg::KillScopeInstrument && move1.state <= risk_pkg::SwitchStateHalted;
  assign acts1 = move1.execution && knows1 && move1.kind <= risk_pkg::ExecKindBusted &&
      move1.kind != risk_pkg::ExecKindAccepted;
  assign adopts1 = move1.adopt && knows1;
  assign loads1 = move1.holding_row && in_range1 && loaded1 <= PositionMax &&
      loaded1 >= -PositionMax;
  assign effect1.unknown = (move1.adopt && !knows1) ||
      (move1.execution && (!knows1 || move1.kind > risk_pkg::ExecKindBusted));
  assign effect1.new_epoch = position_row1 || scope_taken1 || switch_taken1 || new_account1 ||
      instrument_switch_taken1 || (move1.other_row && in_instruments1);
  assign effect1.releases_throttle = switch_taken1 && move1.scope == risk_pkg::KillScopeStrategy &&
      move1.state == risk_pkg::SwitchStateActive;
  assign effect1.acts = acts1;
  assign effect1.adopts = adopts1;
  assign effect1.loads = loads1;
  assign effect1.new_account = new_account1;
  assign effect1.lost = lost1;
  assign effect1.matched = matched1;
  logic indexes_client1;
  assign indexes_client1 = (move1.scope_row && move1.scope == risk_pkg::LimitScopeClient) ||
      (move1.switch_row && move1.scope == risk_pkg::KillScopeClient);
  assign client1 = indexes_client1 ? move1.index[SCOPE_W-1:0] : account1.client[SCOPE_W-1:0];

  // ---- stage 2: pair, scopes
  risk_types_pkg::scope_t firm2, client_scope2, account_scope2, strategy_scope2;
  risk_types_pkg::scope_t firm3, client_scope3, account_scope3, strategy_scope3;
  risk_types_pkg::scope_t firm4, client_scope4, account_scope4, strategy_scope4;
  risk_types_pkg::scope_t strategy_scope5;
  logic [7:0] switches2;
  risk_scopes #(
      .ACCOUNT_W(ACCOUNT_W),
      .SCOPE_W(SCOPE_W)
  ) scopes (
      .clk,
      .rst,
      .clear_i(clear),
      .clear_addr_i(clear_wide[15:0]),
      .valid_i(valid1),
      .move_i(move1),
      .data_i(data1),
      .client_i(client1),
      .row_taken_o(scope_taken1),
      .switch_taken_o(switch_taken1),
      .firm_o(firm2),
      .client_o(client_scope2),
      .account_o(account_scope2),
      .strategy_o(strategy_scope2),
      .switches_o(switches2)
  );

  risk_pkg::position_limits_t position_data1;
  risk_types_pkg::pair_limits_t new_pair1, pair2, pair3, pair4;
  risk_types_pkg::holding_t holding2, holding3, holding4, holding_after5;
  risk_types_pkg::open_t open2, open5, open_after5;
  logic [SLOT_W-1:0] slot2, slot3, slot4, slot5;
  logic [$bits(pair2)-1:0] read_pair2;
  logic [$bits(holding2)-1:0] read_holding2;
  logic [$bits(open2)-1:0] read_open2, read_open5;
  assign position_data1 = data1[8*risk_pkg::PositionLimitsBytes-1:0];
  assign new_pair1.max_long = position_data1.max_long[63] ? {1'b0, {63{1'b1}}}
      : position_data1.max_long;
  assign new_pair1.max_short = position_data1.max_short[63] ? {1'b0, {63{1'b1}}}
      : position_data1.max_short;
  assign new_pair1.max_value = risk_types_pkg::cut_value(position_data1.max_value);
  assign new_pair1.daily_qty_max = position_data1.daily_qty_max;
  assign new_pair1.buy_qty_max = position_data1.buy_qty_max;
  assign new_pair1.sell_qty_max = position_data1.sell_qty_max;
  assign new_pair1.same_day_qty_max = position_data1.same_day_qty_max;
  assign new_pair1.short_qty_max = position_data1.short_qty_max;
  assign new_pair1.restrictions = position_data1.restrictions;

  logic open_commits5, holding_commits5;
  logic [SLOT_W-1:0] open_slot5;
  risk_ram #(
      .WIDTH($bits(pair2)),
      .ADDR_W(SLOT_W),
      .RAM_STYLE("ultra")
  ) pair_limits (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[SLOT_W-1:0]),
      .wr_en_i(valid1 && position_row1 && slot1 != '0),
      .wr_addr_i(slot1),
      .wr_data_i(new_pair1),
      .rd_addr_i(slot1),
      .rd_data_o(read_pair2)
  );
  risk_ram #(
      .WIDTH($bits(holding2)),
      .ADDR_W(SLOT_W),
      .RAM_STYLE("ultra")
  ) holdings (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[SLOT_W-1:0]),
      .wr_en_i(holding_commits5),
      .wr_addr_i(slot5),
      .wr_data_i(holding_after5),
      .rd_addr_i(slot1),
      .rd_data_o(read_holding2)
  );
  risk_state #(
      .WIDTH($bits(open2)),
      .ADDR_W(SLOT_W),
      .STAGES(3),
      .RAM_STYLE("ultra")
  ) opens (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[SLOT_W-1:0]),
      .rd_addr_i(slot1),
      .first_o(read_open2),
      .row_o(read_open5),
      .addr_o(open_slot5),
      .commit_i(open_commits5),
      .commit_row_i(open_after5)
  );
  assign pair2 = read_pair2;
  assign holding2 = read_holding2;
  assign open2 = read_open2;
  assign open5 = read_open5;

  // ---- stages 1 to 4: what needs no state, and what takes long
  logic [31:0] extra_qty2, extra_qty4;
  logic [32:0] doubled2;
  logic [74:0] value3;
  logic [63:0] static_fails5, mark5, cash5, allowed5;
  logic [96:0] worst_product5;
  risk_types_pkg::why_t why5, why6;
  risk_types_pkg::account_t account4;
  logic static_fail5, adds_value5, pair_checked5, scopes_checked5, account_known5, reduce_only5;
  logic has_reference5;
  logic [4:0] reduce_scopes5, kill_scopes5;
  logic [60:0] extra_value4, reserved_value5, traded_value5;
  logic [95:0] now_credit4;
  logic [31:0] ratio2;
  risk_request request (
      .clk,
      .move1_i(move1),
      .account1_i(account1),
      .instrument1_i(instrument1),
      .prices1_i(prices1),
      .instrument_switch1_i(instrument_switch1),
      .firm2_i(firm2),
      .client2_i(client_scope2),
      .account2_i(account_scope2),
      .strategy2_i(strategy_scope2),
      .switches2_i(switches2),
      .restrictions2_i(pair2.restrictions),
      .extra_qty2_o(extra_qty2),
      .doubled2_o(doubled2),
      .value3_o(value3),
      .extra_qty4_o(extra_qty4),
      .extra_value4_o(extra_value4),
      .now_credit4_o(now_credit4),
      .account4_o(account4),
      .fails5_o(static_fails5),
      .why5_o(why5),
      .pair_checked5_o(pair_checked5),
      .scopes_checked5_o(scopes_checked5),
      .account_known5_o(account_known5),
      .reduce_only5_o(reduce_only5),
      .reduce_scopes5_o(reduce_scopes5),
      .kill_scopes5_o(kill_scopes5),
      .fails_any5_o(static_fail5),
      .adds_value5_o(adds_value5),
      .reserved_value5_o(reserved_value5),
      .traded_value5_o(traded_value5),
      .has_reference5_o(has_reference5)
  );
  risk_mark mark (
      .clk,
      .move2_i(move2),
      .holding2_i(holding2),
      .open2_i(open2),
      .extra_qty2_i(extra_qty2),
      .doubled2_i(doubled2),
      .orders_per_trade_max2_i(ratio2),
      .value3_i(value3),
      .mark5_o(mark5),
      .cash5_o(cash5),
      .worst_product5_o(worst_product5),
      .allowed5_o(allowed5)
  );
  logic [63:0] window_ns3, window_ns4, window_ns5;
  always_ff @(posedge clk) begin
    ratio2 <= account1.orders_per_trade_max;
    client2 <= client1;
    client3 <= client2;
    slot2 <= slot1;
    slot3 <= slot2;
    slot4 <= slot3;
    slot5 <= slot4;
    effect2 <= effect1;
    effect3 <= effect2;
    effect4 <= effect3;
    effect5 <= effect4;
    pair3 <= pair2;
    pair4 <= pair3;
    holding3 <= holding2;
    holding4 <= holding3;
    firm3 <= firm2;
    firm4 <= firm3;
    client_scope3 <= client_scope2;
    client_scope4 <= client_scope3;
    account_scope3 <= account_scope2;
    account_scope4 <= account_scope3;
    strategy_scope3 <= strategy_scope2;
    strategy_scope4 <= strategy_scope3;
    strategy_scope5 <= strategy_scope4;
    window_ns3 <= {32'd0, strategy_scope2.executions_window_ms} * 64'd1_000_000;
    window_ns4 <= window_ns3;
    window_ns5 <= window_ns4;
  end

  // ---- stage 4: state
  localparam int unsigned RECENT_W = 8 * 148 + 3;
  risk_types_pkg::scope_use_t firm_use, client_use5, account_use5, strategy_use5;
  risk_types_pkg::throttle_t throttle5, throttle_after5;
  risk_types_pkg::scope_use_t firm_after5, client_after5, account_after5, strategy_after5;
  risk_types_pkg::account_state_t account_state_after5;
  logic [$bits(firm_use)-1:0] read_client5, read_account5, client_first4, account_first4;
  logic [$bits(firm_use)+$bits(throttle5)-1:0] read_strategy5, strategy_first4;
  logic [$bits(account_state5)-1:0] read_state5, state_first4;
  logic [RECENT_W-1:0] recent5, recent_after5, recent_first4;
  logic [SCOPE_W-1:0] client_addr5, strategy_addr5;
  logic [ACCOUNT_W-1:0] account_addr5, state_addr5, recent_addr5;
  logic use_commits5, strategy_commits5, state_commits5, passes5;
  risk_state #(
      .WIDTH($bits(firm_use)),
      .ADDR_W(SCOPE_W)
  ) client_uses (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[SCOPE_W-1:0]),
      .rd_addr_i(client3),
      .first_o(client_first4),
      .row_o(read_client5),
      .addr_o(client_addr5),
      .commit_i(use_commits5),
      .commit_row_i(client_after5)
  );
  risk_state #(
      .WIDTH($bits(firm_use)),
      .ADDR_W(ACCOUNT_W)
  ) account_uses (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[ACCOUNT_W-1:0]),
      .rd_addr_i(move3.account[ACCOUNT_W-1:0]),
      .first_o(account_first4),
      .row_o(read_account5),
      .addr_o(account_addr5),
      .commit_i(use_commits5),
      .commit_row_i(account_after5)
  );
  risk_state #(
      .WIDTH($bits(firm_use) + $bits(throttle5)),
      .ADDR_W(SCOPE_W)
  ) strategy_uses (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[SCOPE_W-1:0]),
      .rd_addr_i(move3.strategy[SCOPE_W-1:0]),
      .first_o(strategy_first4),
      .row_o(read_strategy5),
      .addr_o(strategy_addr5),
      .commit_i(strategy_commits5),
      .commit_row_i({strategy_after5, throttle_after5})
  );
  risk_state #(
      .WIDTH($bits(account_state5)),
      .ADDR_W(ACCOUNT_W)
  ) account_states (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[ACCOUNT_W-1:0]),
      .rd_addr_i(move3.account[ACCOUNT_W-1:0]),
      .first_o(state_first4),
      .row_o(read_state5),
      .addr_o(state_addr5),
      .commit_i(state_commits5),
      .commit_row_i(account_state_after5)
  );
  risk_state #(
      .WIDTH(RECENT_W),
      .ADDR_W(ACCOUNT_W)
  ) recents (
      .clk,
      .clear_i(clear),
      .clear_addr_i(clear_wide[ACCOUNT_W-1:0]),
      .rd_addr_i(move3.account[ACCOUNT_W-1:0]),
      .first_o(recent_first4),
      .row_o(recent5),
      .addr_o(recent_addr5),
      .commit_i(passes5),
      .commit_row_i(recent_after5)
  );
  assign client_use5 = read_client5;
  assign account_use5 = read_account5;
  assign {strategy_use5, throttle5} = read_strategy5;
  assign account_state5 = read_state5;

  // ---- stage 5: decision and commit
  logic buys5, sells5, shorts5, cancel5;
  logic reserves5, releases5, trades5, takes_back5, ends5, may_end5;
  assign buys5 = move5.side == risk_pkg::SideBuy;
  assign shorts5 = move5.side == risk_pkg::SideSellShort;
  assign sells5 = shorts5 || move5.side == risk_pkg::SideSell;
  assign trades5 = valid5 && effect5.acts && move5.kind == risk_pkg::ExecKindFilled;
  assign takes_back5 = valid5 && effect5.acts && move5.kind == risk_pkg::ExecKindBusted;
  assign releases5 = valid5 && effect5.acts && move5.kind != risk_pkg::ExecKindBusted;
  assign may_end5 = releases5 && move5.ends && (move5.kind == risk_pkg::ExecKindFilled ||
      move5.kind == risk_pkg::ExecKindRejected || move5.kind == risk_pkg::ExecKindCanceled);
  assign ends5 = may_end5 && account_use5.open_orders != '0;
  assign cancel5 = move5.kind == risk_pkg::RequestKindCancel;
  assign reserves5 = passes5 || (valid5 && effect5.adopts);
  assign use_commits5 = reserves5 || (valid5 && effect5.acts);
  assign strategy_commits5 = use_commits5 || (valid5 && effect5.releases_throttle);
  assign state_commits5 = passes5 || trades5 || (valid5 && (effect5.new_account || move5.rebase));
  assign open_commits5 = use_commits5 && open_slot5 != '0;
  assign holding_commits5 = slot5 != '0 && (trades5 || takes_back5 || (valid5 && effect5.loads));
  assign row_committed5 = valid5 && (move5.account_row || move5.rebase);

  logic [5:0] pair_fails5;
  logic [383:0] pair_limits5, pair_amounts5;
  logic [63:0] worst5;
  logic reduces5, excess5;
  logic marks5;
  assign marks5 = (move5.order && has_reference5) || trades5 || takes_back5;
  risk_pair pair (
      .clk,
      .limits4_i(pair4),
      .holding4_i(holding4),
      .side4_i(move4.side),
      .extra_qty4_i(extra_qty4),
      .open_i(open5),
      .buys_i(buys5),
      .sells_i(sells5),
      .shorts_i(shorts5),
      .qty_i(move5.qty),
      .adds_value_i(adds_value5),
      .mark_i(mark5),
      .cash_i(cash5),
      .loaded_position_i(move5.released_value),
      .worst_product_i(worst_product5),
      .reserves_i(reserves5),
      .marks_i(marks5),
      .releases_i(releases5),
      .trades_i(trades5),
      .takes_back_i(takes_back5),
      .loads_i(valid5 && effect5.loads),
      .fails_o(pair_fails5),
      .limits_o(pair_limits5),
      .amounts_o(pair_amounts5),
      .worst_o(worst5),
      .reduces_o(reduces5),
      .excess_o(excess5),
      .holding_o(holding_after5),
      .open_o(open_after5)
  );

  logic [2:0] account_fails5;
  logic [63:0] credit5, ratio_limit5, requests5;
  logic [3:0] equal5;
  logic [7:0] duplicates_max5;
  risk_account account_check (
      .clk,
      .account4_i(account4),
      .move4_i(move4),
      .now_credit4_i(now_credit4),
      .recent4_i(recent_first4),
      .same_account_i(move4.account[ACCOUNT_W-1:0] == move5.account[ACCOUNT_W-1:0]),
      .state_i(account_state5),
      .recent_i(recent5),
      .allowed_i(allowed5),
      .pays_i(passes5),
      .trades_i(trades5),
      .new_row_i(effect5.new_account),
      .known_before_i(effect5.known_before),
      .fails_o(account_fails5),
      .credit_o(credit5),
      .ratio_limit_o(ratio_limit5),
      .requests_o(requests5),
      .equal_o(equal5),
      .duplicates_max_o(duplicates_max5),
      .state_o(account_state_after5),
      .recent_o(recent_after5)
  );
  risk_throttle throttle (
      .limits_i(strategy_scope5),
      .throttle_i(throttle5),
      .time_ns_i(move5.time_ns),
      .window_ns_i(window_ns5),
      .trades_i(trades5),
      .released_i(effect5.releases_throttle),
      .throttle_o(throttle_after5)
  );

  // Firm, client, account, strategy: 0 to 3.
  logic [4*$bits(firm4)-1:0] scope_rows4;
  logic [4*$bits(firm_use)-1:0] uses5, uses_after5;
  logic [23:0] scope_fails5;
  logic [4*384-1:0] scope_amounts5, scope_limits5;
  assign scope_rows4 = {strategy_scope4, account_scope4, client_scope4, firm4};
  assign uses5 = {strategy_use5, account_use5, client_use5, firm_use};
  assign {strategy_after5, account_after5, client_after5, firm_after5} = uses_after5;
  genvar k;
  generate
    for (k = 0; k < 4; k = k + 1) begin : g_scope
      risk_scope scope (
          .clk,
          .limits4_i(scope_rows4[k*$bits(firm4)+:$bits(firm4)]),
          .extra_value4_i(extra_value4),
          .use_i(uses5[k*$bits(firm_use)+:$bits(firm_use)]),
          .buys_i(buys5),
          .sells_i(sells5),
          .opens_i(move5.opens),
          .reduces_i(reduces5),
          // Losses are not kept for strategies.
          .mark_i(k != 3 && marks5 ? mark5 : '0),
          .marked_i(k != 3 && marks5 ? open5.marked : '0),
          .reserves_i(reserves5),
          .releases_i(releases5),
          .trades_i(trades5),
          .takes_back_i(takes_back5),
          .ends_i(ends5),
          .released_value_i(move5.released_value),
          .traded_value_i(traded_value5),
          .fails_o(scope_fails5[k*6+:6]),
          .amounts_o(scope_amounts5[k*384+:384]),
          .limits_o(scope_limits5[k*384+:384]),
          .use_o(uses_after5[k*$bits(firm_use)+:$bits(firm_use)])
      );
    end
  endgenerate

  logic [63:0] state_fails5, fails5, fails6;
  logic [5:0] any_scope5;
  logic degraded5;
  assign any_scope5[4:0] = scope_fails5[4:0] | scope_fails5[10:6] | scope_fails5[16:12] |
      scope_fails5[22:18];
  assign any_scope5[5] = scope_fails5[5] || scope_fails5[11] || scope_fails5[17];
  assign degraded5 = lost_state_o || effect5.lost || !effect5.matched;
  always_comb begin
    state_fails5 = '0;
    if (kill_i) state_fails5[risk_pkg::RejectReasonKillBit] = 1'b1;
    state_fails5[risk_pkg::RejectReasonExecutionThrottleBit] = throttle5.throttled;
    if (account_known5) begin
      state_fails5[risk_pkg::RejectReasonMessageRateBit] = account_fails5[0];
      state_fails5[risk_pkg::RejectReasonOrderToTradeBit] = account_fails5[1];
      state_fails5[risk_pkg::RejectReasonDuplicateOrderBit] = account_fails5[2];
    end
    if (pair_checked5) begin
      state_fails5[risk_pkg::RejectReasonReduceOnlyBit] = reduce_only5 && !reduces5;
      state_fails5[risk_pkg::RejectReasonPositionLimitBit] = pair_fails5[0];
      state_fails5[risk_pkg::RejectReasonConcentrationBit] = pair_fails5[1];
      state_fails5[risk_pkg::RejectReasonDailyQuantityBit] = pair_fails5[2];
      state_fails5[risk_pkg::RejectReasonSellAvailabilityBit] = pair_fails5[3];
      state_fails5[risk_pkg::RejectReasonLocateBit] = pair_fails5[4];
      state_fails5[risk_pkg::RejectReasonForeignOwnershipBit] = pair_fails5[5];
    end
    if (scopes_checked5) begin
      state_fails5[risk_pkg::RejectReasonOpenOrdersBit] = any_scope5[0];
      state_fails5[risk_pkg::RejectReasonOpenValueBit] = any_scope5[1];
      state_fails5[risk_pkg::RejectReasonGrossValueBit] = any_scope5[2];
      state_fails5[risk_pkg::RejectReasonNetValueBit] = any_scope5[3];
      state_fails5[risk_pkg::RejectReasonBuyingPowerBit] = any_scope5[4];
      state_fails5[risk_pkg::RejectReasonLossLimitBit] = any_scope5[5];
    end
    fails5 = static_fails5 | state_fails5;
    if (degraded5) begin
      fails5 = '0;
      fails5[risk_pkg::RejectReasonSystemBusyBit] = 1'b1;
    end
    if (cancel5) fails5 = '0;
  end
  assign passes5 = valid5 && move5.order && !cancel5 && !degraded5 && !static_fail5 &&
      state_fails5 == '0;

  always_ff @(posedge clk) begin
    if (use_commits5) firm_use <= firm_after5;
    if (valid5 && effect5.new_epoch) limits_epoch_o <= limits_epoch_o + 1'b1;
    if (valid5 && effect5.unknown) unknown_executions_o <= unknown_executions_o + 1'b1;
    if (excess5) excess_releases_o <= excess_releases_o + 1'b1;
    if (may_end5 && !ends5) excess_ends_o <= excess_ends_o + 1'b1;
    if (valid5 && effect5.lost && (effect5.acts || effect5.adopts || effect5.loads))
      lost_state_o <= 1'b1;
    if (rst) begin
      firm_use <= '0;
      limits_epoch_o <= '0;
      unknown_executions_o <= '0;
      excess_releases_o <= '0;
      excess_ends_o <= '0;
      lost_state_o <= 1'b0;
    end
  end

  // ---- stage 6: explanation
  logic [4:0] reduce_scopes6, kill_scopes6;
  logic [63:0] credit6, ratio_limit6, requests6, worst6;
  logic [3:0] equal6;
  logic [7:0] duplicates_max6;
  logic [383:0] pair_limits6, pair_amounts6;
  logic [23:0] scope_fails6;
  logic [4*384-1:0] scope_amounts6, scope_limits6;
  logic [60:0] reserved_value6;
  logic [31:0] limits_epoch6;
  logic degraded6;
  risk_pkg::verdict_t verdict6;
  always_ff @(posedge clk) begin
    fails6 <= fails5;
    why6 <= why5;
    kill_scopes6 <= {kill_scopes5[4:1], kill_scopes5[0] || kill_i};
    reduce_scopes6 <= reduce_scopes5;
    credit6 <= credit5;
    ratio_limit6 <= ratio_limit5;
    requests6 <= requests5;
    equal6 <= equal5;
    duplicates_max6 <= duplicates_max5;
    pair_limits6 <= pair_limits5;
    pair_amounts6 <= pair_amounts5;
    scope_fails6 <= scope_fails5;
    scope_limits6 <= scope_limits5;
    scope_amounts6 <= scope_amounts5;
    worst6 <= pair_checked5 && !degraded5 ? worst5 : '0;
    reserved_value6 <= degraded5 ? '0 : reserved_value5;
    limits_epoch6 <= limits_epoch_o;
    degraded6 <= degraded5;
  end
  risk_explain explain (
      .move_i(move6),
      .fails_i(fails6),
      .why_i(why6),
      .kill_scopes_i(kill_scopes6),
      .reduce_scopes_i(reduce_scopes6),
      .credit_i(credit6),
      .ratio_limit_i(ratio_limit6),
      .requests_i(requests6),
      .equal_i(equal6),
      .duplicates_max_i(duplicates_max6),
      .pair_limits_i(pair_limits6),
      .pair_amounts_i(pair_amounts6),
      .scope_fails_i(scope_fails6),
      .scope_limits_i(scope_limits6),
      .scope_amounts_i(scope_amounts6),
      .worst_i(worst6),
      .reserved_value_i(reserved_value6),
      .limits_epoch_i(limits_epoch6),
      .verdict_o(verdict6)
  );

  // ---- stage 7
  risk_verdicts verdicts (
      .clk,
      .rst,
      .put_i(valid6 && move6.order),
      .data_i({degraded6, verdict6}),
      .m_valid_o,
      .m_ready_i,
      .m_data_o({m_degraded_o, m_verdict_o})
  );
endmodule
`default_nettype wire

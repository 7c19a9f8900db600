`default_nettype none
// What a request asks for, and every check that needs no state: stages 1 to 4 of the pipeline. The
// numbers in names are stages; outputs with 5 are registers of the commit stage.
module risk_request (
    input  wire logic         clk,
    // Stage 1.
    input  wire risk_types_pkg::move_t move1_i,
    input  wire risk_types_pkg::account_t account1_i,
    input  wire risk_types_pkg::instrument_t instrument1_i,
    input  wire risk_types_pkg::prices_t prices1_i,
    input  wire logic [1:0]   instrument_switch1_i,
    // Stage 2.
    input  wire risk_types_pkg::scope_t firm2_i,
    input  wire risk_types_pkg::scope_t client2_i,
    input  wire risk_types_pkg::scope_t account2_i,
    input  wire risk_types_pkg::scope_t strategy2_i,
    input  wire logic [7:0]   switches2_i,
    input  wire logic [15:0]  restrictions2_i,
    // What the other stages need on the way.
    output logic [31:0]       extra_qty2_o,
    output logic [32:0]       doubled2_o,
    output logic [74:0]       value3_o,  // price * quantity
    output logic [31:0]       extra_qty4_o,
    output logic [60:0]       extra_value4_o,
    output logic [95:0]       now_credit4_o,
    output risk_types_pkg::account_t account4_o,
    // Commit stage.
    output logic [63:0]       fails5_o,
    output risk_types_pkg::why_t why5_o,
    output logic              pair_checked5_o,  // account, instrument and side are known
    output logic              scopes_checked5_o,  // and so are all scopes
    output logic              account_known5_o,
    output logic              reduce_only5_o,
    output logic [4:0]        reduce_scopes5_o,
    output logic [4:0]        kill_scopes5_o,
    output logic              fails_any5_o,  // one of fails5_o
    output logic              adds_value5_o,
    output logic [60:0]       reserved_value5_o,
    output logic [60:0]       traded_value5_o,
    output logic              has_reference5_o
);
  localparam logic [63:0] Largest = {1'b0, {63{1'b1}}};

  // ---- stage 1: form, market, rules
  logic buys, shorts, sells, market, limit, fresh, a_known, i_known;
  assign a_known = account1_i.known;
  assign i_known = instrument1_i.known;
  assign buys = move1_i.side == risk_pkg::SideBuy;
  assign shorts = move1_i.side == risk_pkg::SideSellShort;
  assign sells = shorts || move1_i.side == risk_pkg::SideSell;
  assign market = move1_i.order_type == risk_pkg::OrderTypeMarket;
  assign limit = move1_i.order_type == risk_pkg::OrderTypeLimit;
  assign fresh = move1_i.kind == risk_pkg::RequestKindNew;

  logic market_price, rests, ioc, valid_type, valid_price, has_reference, beyond, beyond_fat;
  assign market_price = move1_i.price == risk_pkg::MarketPrice;
  assign rests = move1_i.tif == risk_pkg::TimeInForceDay ||
      move1_i.tif == risk_pkg::TimeInForceGtc;
  assign ioc = move1_i.tif == risk_pkg::TimeInForceIoc;
  assign valid_type = ((limit && (rests || ioc)) || (market && ioc)) &&
      (fresh || move1_i.kind == risk_pkg::RequestKindReplace);
  assign valid_price = market ? market_price : move1_i.price != '0 && !market_price;
  assign has_reference = prices1_i.doubled != '0;
  assign beyond = has_reference && !market &&
      ((buys && {11'd0, move1_i.price} > prices1_i.collar_top) ||
       (sells && move1_i.price < prices1_i.collar_bottom));
  assign beyond_fat = has_reference && !market &&
      ((buys && {11'd0, move1_i.price} > prices1_i.fat_finger_top) ||
       (sells && move1_i.price < prices1_i.fat_finger_bottom));

  logic [63:0] fails1;
  always_comb begin
    fails1 = '0;
    fails1[risk_pkg::RejectReasonUnknownInstrumentBit] = !i_known;
    fails1[risk_pkg::RejectReasonInvalidSideBit] = !buys && !sells;
    fails1[risk_pkg::RejectReasonInvalidTypeBit] = !valid_type;
    fails1[risk_pkg::RejectReasonMarketClosedBit] = prices1_i.market_open != 8'd1;
    fails1[risk_pkg::RejectReasonInstrumentHaltedBit] = prices1_i.trading != 8'd1;
    fails1[risk_pkg::RejectReasonBookStaleBit] = prices1_i.stale != '0;
    fails1[risk_pkg::RejectReasonInvalidQuantityBit] = move1_i.qty == '0;
    fails1[risk_pkg::RejectReasonInvalidPriceBit] = !valid_price;
    fails1[risk_pkg::RejectReasonNoReferencePriceBit] = !has_reference;
    fails1[risk_pkg::RejectReasonSelfTradeBit] = move1_i.crosses_own != '0;
    if (a_known) begin
      fails1[risk_pkg::RejectReasonAccountDisabledBit] = account1_i.enabled != 8'd1;
      fails1[risk_pkg::RejectReasonMaxQuantityBit] = move1_i.qty > account1_i.max_qty;
    end
    if (i_known) begin
      fails1[risk_pkg::RejectReasonInstrumentDisabledBit] = instrument1_i.enabled != 8'd1;
      fails1[risk_pkg::RejectReasonMinQuantityBit] = move1_i.qty < instrument1_i.min_qty;
      fails1[risk_pkg::RejectReasonPriceBandBit] = !market &&
          (move1_i.price < instrument1_i.band_low || move1_i.price > instrument1_i.band_high);
      fails1[risk_pkg::RejectReasonPriceCollarBit] = beyond;
      if (move1_i.qty > instrument1_i.max_qty) fails1[risk_pkg::RejectReasonMaxQuantityBit] = 1'b1;
      fails1[risk_pkg::RejectReasonShortSalePriceBit] = shorts &&
          instrument1_i.short_sale_restricted &&
          (market || prices1_i.bid_price == '0 || move1_i.price <= prices1_i.bid_price);
    end
  end

  // The first of them and what is behind it; the last assignment that applies stands.
  risk_types_pkg::why_t why1;
  logic [31:0] max_qty;
  assign max_qty = a_known && (!i_known || account1_i.max_qty < instrument1_i.max_qty)
      ? account1_i.max_qty : instrument1_i.max_qty;
  always_comb begin
    why1.code = '1;
    why1.limit_value = '0;
    why1.observed_value = '0;
    if (fails1[risk_pkg::RejectReasonSelfTradeBit])
      why1 = {risk_pkg::RejectReasonSelfTrade, 128'd0};
    if (fails1[risk_pkg::RejectReasonShortSalePriceBit])
      why1 = {risk_pkg::RejectReasonShortSalePrice, 32'd0, prices1_i.bid_price,
              32'd0, move1_i.price};
    if (fails1[risk_pkg::RejectReasonMaxQuantityBit])
      why1 = {risk_pkg::RejectReasonMaxQuantity, 32'd0, max_qty, 32'd0, move1_i.qty};
    if (fails1[risk_pkg::RejectReasonPriceCollarBit])
      why1 = {risk_pkg::RejectReasonPriceCollar,
              buys ? {21'd0, prices1_i.collar_top} : {32'd0, prices1_i.collar_bottom},
              32'd0, move1_i.price};
    if (fails1[risk_pkg::RejectReasonNoReferencePriceBit])
      why1 = {risk_pkg::RejectReasonNoReferencePrice, 128'd0};
    if (fails1[risk_pkg::RejectReasonPriceBandBit])
      why1 = {risk_pkg::RejectReasonPriceBand, 32'd0,
              move1_i.price < instrument1_i.band_low ? instrument1_i.band_low
                                                     : instrument1_i.band_high,
              32'd0, move1_i.price};
    if (fails1[risk_pkg::RejectReasonInvalidPriceBit])
      why1 = {risk_pkg::RejectReasonInvalidPrice, 64'd0, 32'd0, move1_i.price};
    if (fails1[risk_pkg::RejectReasonMinQuantityBit])
      why1 = {risk_pkg::RejectReasonMinQuantity, 32'd0, instrument1_i.min_qty, 32'd0, move1_i.qty};
    if (fails1[risk_pkg::RejectReasonInvalidQuantityBit])
      why1 = {risk_pkg::RejectReasonInvalidQuantity, 128'd0};
    if (fails1[risk_pkg::RejectReasonBookStaleBit])
      why1 = {risk_pkg::RejectReasonBookStale, 64'd0, 56'd0, prices1_i.stale};
    if (fails1[risk_pkg::RejectReasonInstrumentHaltedBit])
      why1 = {risk_pkg::RejectReasonInstrumentHalted, 64'd0, 56'd0, prices1_i.trading};
    if (fails1[risk_pkg::RejectReasonInstrumentDisabledBit])
      why1 = {risk_pkg::RejectReasonInstrumentDisabled, 64'd0, 56'd0, instrument1_i.enabled};
    if (fails1[risk_pkg::RejectReasonAccountDisabledBit])
      why1 = {risk_pkg::RejectReasonAccountDisabled, 64'd0, 56'd0, account1_i.enabled};
    if (fails1[risk_pkg::RejectReasonMarketClosedBit])
      why1 = {risk_pkg::RejectReasonMarketClosed, 64'd0, 56'd0, prices1_i.market_open};
    if (fails1[risk_pkg::RejectReasonInvalidTypeBit])
      why1 = {risk_pkg::RejectReasonInvalidType, 64'd0, 40'd0,
              move1_i.kind, move1_i.order_type, move1_i.tif};
    if (fails1[risk_pkg::RejectReasonInvalidSideBit])
      why1 = {risk_pkg::RejectReasonInvalidSide, 64'd0, 56'd0, move1_i.side};
    if (fails1[risk_pkg::RejectReasonUnknownInstrumentBit])
      why1 = {risk_pkg::RejectReasonUnknownInstrument, 64'd0, 48'd0, move1_i.instrument};
  end

  // Price the record is valued at, and the products that start here.
  logic [42:0] price;
  logic [31:0] extra_qty;
  always_comb begin
    price = {11'd0, move1_i.price};
    if (move1_i.order && market) price = i_known ? prices1_i.collar_top : '0;
    if (move1_i.adopt && market_price) price = '0;
  end
  assign extra_qty = move1_i.leaves_qty > move1_i.held_qty
      ? move1_i.leaves_qty - move1_i.held_qty : '0;

  logic [74:0] value3, asked3;
  logic [95:0] lot3, tick3, now_credit3;
  risk_mul #(.A_W(43), .B_W(32)) value_mul (
      .clk, .a_i(price), .b_i(move1_i.qty), .product_o(value3)
  );
  risk_mul #(.A_W(43), .B_W(32)) asked_mul (
      .clk, .a_i(price), .b_i(move1_i.leaves_qty), .product_o(asked3)
  );
  risk_mul #(.A_W(64), .B_W(32)) lot_mul (
      .clk, .a_i(instrument1_i.lot_inverse), .b_i(move1_i.qty), .product_o(lot3)
  );
  risk_mul #(.A_W(64), .B_W(32)) tick_mul (
      .clk, .a_i(instrument1_i.tick_inverse), .b_i(move1_i.price), .product_o(tick3)
  );
  risk_mul #(.A_W(64), .B_W(32), .A_SIGNED(1)) credit_mul (
      .clk, .a_i(move1_i.time_ns), .b_i(account1_i.rate_per_s), .product_o(now_credit3)
  );
  assign value3_o = value3;

  // ---- stage 2: switches, scopes, silence, restrictions
  risk_types_pkg::move_t move2;
  risk_types_pkg::account_t account2, account3, account4;
  risk_types_pkg::instrument_t instrument2, instrument3;
  risk_types_pkg::why_t why2;
  logic [63:0] fails2;
  logic buys2, sells2, shorts2, market2, beyond_fat2;
  logic [1:0] instrument_switch2;
  logic signed [65:0] silence2;
  logic [51:0] silence_max2;
  logic [31:0] extra_qty2;
  logic [42:0] fat_top2;
  logic [31:0] fat_bottom2;
  logic [32:0] doubled2;
  always_ff @(posedge clk) begin
    move2 <= move1_i;
    account2 <= account1_i;
    instrument2 <= instrument1_i;
    why2 <= why1;
    fails2 <= fails1;
    buys2 <= buys;
    sells2 <= sells;
    shorts2 <= shorts;
    market2 <= market;
    beyond_fat2 <= beyond_fat && instrument1_i.fat_finger;
    instrument_switch2 <= instrument_switch1_i;
    silence2 <= $signed({{2{move1_i.time_ns[63]}}, move1_i.time_ns}) -
        $signed({2'd0, prices1_i.heard_ns});
    silence_max2 <= {20'd0, instrument1_i.feed_silence_max_ms} * 52'd1_000_000;
    extra_qty2 <= extra_qty;
    fat_top2 <= prices1_i.fat_finger_top;
    fat_bottom2 <= prices1_i.fat_finger_bottom;
    doubled2 <= prices1_i.doubled;
  end
  assign extra_qty2_o = extra_qty2;
  assign doubled2_o = doubled2;

  localparam logic [1:0] Halted = 2'd2, ReduceOnly = 2'd1;
  logic [4:0] halted, reduced;  // firm, account, instrument, client, strategy
  logic [1:0] client_switch, account_switch;
  logic pair2, scopes2;
  logic [15:0] wanted;
  assign client_switch = account2.known ? switches2_i[3:2] : '0;
  assign account_switch = account2.known ? switches2_i[5:4] : '0;
  assign halted[0] = switches2_i[1:0] == Halted;
  assign halted[1] = account_switch == Halted || (account2.known && account2.killed);
  assign halted[2] = instrument2.known && (instrument_switch2 == Halted || instrument2.killed);
  assign halted[3] = client_switch == Halted;
  assign halted[4] = switches2_i[7:6] == Halted;
  assign reduced[0] = switches2_i[1:0] == ReduceOnly;
  assign reduced[1] = account_switch == ReduceOnly;
  assign reduced[2] = instrument2.known && instrument_switch2 == ReduceOnly;
  assign reduced[3] = client_switch == ReduceOnly;
  assign reduced[4] = switches2_i[7:6] == ReduceOnly;
  assign pair2 = account2.known && instrument2.known && (buys2 || sells2);
  always_comb begin
    wanted = risk_pkg::RestrictionSanctions;
    if (buys2) wanted = wanted | risk_pkg::RestrictionBuy | risk_pkg::RestrictionSharia;
    if (sells2) wanted = wanted | risk_pkg::RestrictionSell;
    if (shorts2) wanted = wanted | risk_pkg::RestrictionShort | risk_pkg::RestrictionSharia;
    wanted = wanted & restrictions2_i;
  end

  logic [63:0] fails_b;
  logic unknown_account, unknown_strategy;
  assign unknown_account = !account2.known || !firm2_i.known || !client2_i.known ||
      !account2_i.known;
  assign unknown_strategy = !strategy2_i.known;
  assign scopes2 = pair2 && !unknown_account && !unknown_strategy;
  always_comb begin
    fails_b = '0;
    fails_b[risk_pkg::RejectReasonKillBit] = halted != '0;
    fails_b[risk_pkg::RejectReasonUnknownAccountBit] = unknown_account;
    fails_b[risk_pkg::RejectReasonUnknownStrategyBit] = unknown_strategy;
    fails_b[risk_pkg::RejectReasonFeedSilentBit] = instrument2.known &&
        instrument2.feed_silence_max_ms != risk_pkg::NoLimit32 &&
        silence2 > $signed({14'd0, silence_max2});
    fails_b[risk_pkg::RejectReasonRestrictedBit] = pair2 && wanted != '0;
    fails_b[risk_pkg::RejectReasonFatFingerBit] = pair2 && beyond_fat2 &&
        (restrictions2_i & risk_pkg::RestrictionConfirmed) == '0;
  end
  risk_types_pkg::why_t why_b;
  always_comb begin
    why_b.code = '1;
    why_b.limit_value = '0;
    why_b.observed_value = '0;
    if (fails_b[risk_pkg::RejectReasonFatFingerBit])
      why_b = {risk_pkg::RejectReasonFatFinger,
               buys2 ? {21'd0, fat_top2} : {32'd0, fat_bottom2}, 32'd0, move2.price};
    if (fails_b[risk_pkg::RejectReasonRestrictedBit])
      why_b = {risk_pkg::RejectReasonRestricted, 64'd0, 48'd0, wanted};
    if (fails_b[risk_pkg::RejectReasonFeedSilentBit])
      why_b = {risk_pkg::RejectReasonFeedSilent, 12'd0, silence_max2, silence2[63:0]};
    if (fails_b[risk_pkg::RejectReasonUnknownStrategyBit])
      why_b = {risk_pkg::RejectReasonUnknownStrategy, 64'd0, 56'd0, move2.strategy};
    if (fails_b[risk_pkg::RejectReasonUnknownAccountBit])
      why_b = {risk_pkg::RejectReasonUnknownAccount, 64'd0, 48'd0, move2.account};
    if (fails_b[risk_pkg::RejectReasonKillBit])
      why_b = {risk_pkg::RejectReasonKill, 64'd0, 59'd0, halted};
  end

  // ---- stage 3: products
  risk_types_pkg::move_t move3;
  risk_types_pkg::why_t why3;
  logic [63:0] fails3;
  logic market3, pair3, scopes3, has_reference3;
  logic [4:0] halted3, reduced3;
  logic [31:0] extra_qty3;
  always_ff @(posedge clk) begin
    move3 <= move2;
    account3 <= account2;
    instrument3 <= instrument2;
    fails3 <= fails2 | fails_b;
    why3 <= why_b.code < why2.code ? why_b : why2;
    market3 <= market2;
    pair3 <= pair2;
    scopes3 <= scopes2;
    halted3 <= halted;
    reduced3 <= reduced;
    extra_qty3 <= extra_qty2;
    has_reference3 <= doubled2 != '0;
  end

  logic [60:0] asked, value;
  logic [63:0] fails_c, max_notional;
  risk_types_pkg::why_t why_c;
  assign asked = asked3 >> 60 != '0 ? risk_types_pkg::ValueMax : asked3[60:0];
  assign value = value3 >> 60 != '0 ? risk_types_pkg::ValueMax : value3[60:0];
  assign max_notional = account3.known &&
      (!instrument3.known || account3.max_notional < instrument3.max_notional)
      ? account3.max_notional : instrument3.max_notional;
  always_comb begin
    fails_c = '0;
    fails_c[risk_pkg::RejectReasonLotSizeBit] = instrument3.known &&
        (instrument3.lot_size == '0 || lot3[63:0] > instrument3.lot_inverse - 1'b1);
    fails_c[risk_pkg::RejectReasonTickSizeBit] = instrument3.known && !market3 &&
        (instrument3.tick_size == '0 || tick3[63:0] > instrument3.tick_inverse - 1'b1);
    fails_c[risk_pkg::RejectReasonMaxNotionalBit] =
        (account3.known && value3 > {11'd0, account3.max_notional}) ||
        (instrument3.known && value3 > {11'd0, instrument3.max_notional});
    why_c.code = '1;
    why_c.limit_value = '0;
    why_c.observed_value = '0;
    if (fails_c[risk_pkg::RejectReasonMaxNotionalBit])
      why_c = {risk_pkg::RejectReasonMaxNotional,
               max_notional[63] ? Largest : max_notional,
               value3 >> 63 != '0 ? Largest : value3[63:0]};
    if (fails_c[risk_pkg::RejectReasonTickSizeBit])
      why_c = {risk_pkg::RejectReasonTickSize, 32'd0, instrument3.tick_size, 32'd0, move3.price};
    if (fails_c[risk_pkg::RejectReasonLotSizeBit])
      why_c = {risk_pkg::RejectReasonLotSize, 32'd0, instrument3.lot_size, 32'd0, move3.qty};
  end

  // ---- stage 4 holds what was found; the mark of the pair takes as long
  risk_types_pkg::why_t why4;
  logic [63:0] fails4;
  logic pair4, scopes4, has_reference4;
  logic [4:0] halted4, reduced4;
  logic [31:0] extra_qty4;
  logic [60:0] reserved4, held4, value4;
  logic [95:0] now_credit4;
  assign extra_qty4_o = extra_qty4;
  assign extra_value4_o = reserved4 - held4;
  assign now_credit4_o = now_credit4;
  assign account4_o = account4;
  always_ff @(posedge clk) begin
    account4 <= account3;
    fails4 <= fails3 | fails_c;
    why4 <= why_c.code < why3.code ? why_c : why3;
    pair4 <= pair3;
    scopes4 <= scopes3;
    halted4 <= halted3;
    reduced4 <= reduced3;
    extra_qty4 <= extra_qty3;
    has_reference4 <= has_reference3;
    now_credit4 <= now_credit3;
    reserved4 <= asked > move3.held_value ? asked : move3.held_value;
    held4 <= move3.held_value;
    value4 <= value;

    fails5_o <= fails4;
    why5_o <= why4;
    pair_checked5_o <= pair4;
    scopes_checked5_o <= scopes4;
    account_known5_o <= account4.known;
    reduce_only5_o <= reduced4 != '0;
    reduce_scopes5_o <= reduced4;
    kill_scopes5_o <= halted4;
    fails_any5_o <= fails4 != '0;
    adds_value5_o <= reserved4 != held4;
    reserved_value5_o <= reserved4;
    traded_value5_o <= value4;
    has_reference5_o <= has_reference4;
  end
endmodule
`default_nettype wire

`default_nettype none
// The verdict of one request: the first reason, and the limit and observation behind it.
// Combinational, one stage after the commit.
module risk_explain (
    input  wire risk_types_pkg::move_t move_i,
    input  wire logic [63:0]   fails_i,
    input  wire risk_types_pkg::why_t why_i,
    input  wire logic [4:0]    kill_scopes_i,
    input  wire logic [4:0]    reduce_scopes_i,
    input  wire logic [63:0]   credit_i,
    input  wire logic [63:0]   ratio_limit_i,
    input  wire logic [63:0]   requests_i,
    input  wire logic [3:0]    equal_i,
    input  wire logic [7:0]    duplicates_max_i,
    input  wire logic [383:0]  pair_limits_i,
    input  wire logic [383:0]  pair_amounts_i,
    input  wire logic [23:0]   scope_fails_i,  // risk_scope, six bits a scope
    input  wire logic [4*384-1:0] scope_limits_i,
    input  wire logic [4*384-1:0] scope_amounts_i,
    input  wire logic [63:0]   worst_i,
    input  wire logic [60:0]   reserved_value_i,
    input  wire logic [31:0]   limits_epoch_i,
    output risk_pkg::verdict_t verdict_o
);
  localparam logic [63:0] Largest = {1'b0, {63{1'b1}}};

  // The lowest bit alone; everything else is chosen by it in one tree.
  logic [63:0] first, known;
  logic [7:0] primary;
  assign first = fails_i & (~fails_i + 1'b1);
  always_comb begin
    primary = '0;
    for (int k = 0; k < 64; k = k + 1) if (first[k]) primary = primary | k[7:0];
  end

  // Limits of values: of each check, the first scope that fails it.
  logic [383:0] scope_limits, scope_amounts;
  always_comb begin
    for (int c = 0; c < 6; c = c + 1) begin
      scope_limits[c*64+:64]  = scope_limits_i[3*384+c*64+:64];
      scope_amounts[c*64+:64] = scope_amounts_i[3*384+c*64+:64];
      for (int k = 2; k >= 0; k = k - 1) begin
        if (scope_fails_i[k*6+c]) begin
          scope_limits[c*64+:64]  = scope_limits_i[k*384+c*64+:64];
          scope_amounts[c*64+:64] = scope_amounts_i[k*384+c*64+:64];
        end
      end
    end
  end

  // Bits of the checks of risk_scope and risk_pair, in their order.
  logic [5:0] of_scope, of_pair;
  logic [31:0] message;
  assign of_scope = {
    first[risk_pkg::RejectReasonLossLimitBit], first[risk_pkg::RejectReasonBuyingPowerBit],
    first[risk_pkg::RejectReasonNetValueBit], first[risk_pkg::RejectReasonGrossValueBit],
    first[risk_pkg::RejectReasonOpenValueBit], first[risk_pkg::RejectReasonOpenOrdersBit]
  };
  assign of_pair = {
    first[risk_pkg::RejectReasonForeignOwnershipBit], first[risk_pkg::RejectReasonLocateBit],
    first[risk_pkg::RejectReasonSellAvailabilityBit],
    first[risk_pkg::RejectReasonDailyQuantityBit],
    first[risk_pkg::RejectReasonConcentrationBit], first[risk_pkg::RejectReasonPositionLimitBit]
  };
  assign message = gate_pkg::GateMessageCost;

  // What is not named here is explained by the checks without state, or by nothing.
  logic [63:0] limit, observed;
  always_comb begin
    known = first;
    known[risk_pkg::RejectReasonKillBit] = 1'b0;
    known[risk_pkg::RejectReasonMessageRateBit] = 1'b0;
    known[risk_pkg::RejectReasonOrderToTradeBit] = 1'b0;
    known[risk_pkg::RejectReasonDuplicateOrderBit] = 1'b0;
    known[risk_pkg::RejectReasonReduceOnlyBit] = 1'b0;
    known[risk_pkg::RejectReasonExecutionThrottleBit] = 1'b0;
    known[risk_pkg::RejectReasonSystemBusyBit] = 1'b0;
    limit = known != '0 && of_scope == '0 && of_pair == '0 ? why_i.limit_value : '0;
    observed = known != '0 && of_scope == '0 && of_pair == '0 ? why_i.observed_value : '0;
    for (int c = 0; c < 6; c = c + 1) begin
      if (of_scope[c]) limit = limit | scope_limits[c*64+:64];
      if (of_scope[c]) observed = observed | scope_amounts[c*64+:64];
      if (of_pair[c]) limit = limit | pair_limits_i[c*64+:64];
      if (of_pair[c]) observed = observed | pair_amounts_i[c*64+:64];
    end
    if (first[risk_pkg::RejectReasonKillBit]) observed = observed | {59'd0, kill_scopes_i};
    if (first[risk_pkg::RejectReasonReduceOnlyBit])
      observed = observed | {59'd0, reduce_scopes_i};
    if (first[risk_pkg::RejectReasonMessageRateBit]) begin
      limit = limit | {32'd0, message};
      observed = observed | credit_i;
    end
    if (first[risk_pkg::RejectReasonOrderToTradeBit]) begin
      limit = limit | (ratio_limit_i[63] ? Largest : ratio_limit_i);
      observed = observed | (requests_i[63] ? Largest : requests_i);
    end
    if (first[risk_pkg::RejectReasonDuplicateOrderBit]) begin
      limit = limit | {56'd0, duplicates_max_i};
      observed = observed | ({60'd0, equal_i} + 1'b1);
    end
    verdict_o.seq = move_i.seq;
    verdict_o.order_id = move_i.order_id;
    verdict_o.fail_bitmap = fails_i;
    verdict_o.limit_value = limit;
    verdict_o.observed_value = observed;
    verdict_o.exposure_after = worst_i;
    verdict_o.limits_epoch = limits_epoch_i;
    verdict_o.primary_reason = primary;
    verdict_o.reserved = '0;
    verdict_o.reserved_value = {3'd0, reserved_value_i};
  end
endmodule
`default_nettype wire

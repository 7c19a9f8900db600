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
  logic [31:0] message;
  assign message = gate_pkg::GateMessageCost;
  localparam logic [63:0] Largest = {1'b0, {63{1'b1}}};
  logic [7:0] primary;
  assign primary = risk_pkg::primary_reject_reason(fails_i);

  // Limits of values: which check of risk_scope, and the first scope that fails it.
  logic [2:0] check;
  logic [1:0] scope;
  logic [63:0] scope_limit, scope_amount;
  always_comb begin
    case (primary)
      risk_pkg::RejectReasonOpenOrders: check = 3'd0;
      risk_pkg::RejectReasonOpenValue: check = 3'd1;
      risk_pkg::RejectReasonGrossValue: check = 3'd2;
      risk_pkg::RejectReasonNetValue: check = 3'd3;
      risk_pkg::RejectReasonBuyingPower: check = 3'd4;
      default: check = 3'd5;
    endcase
    scope = 2'd3;
    for (int k = 2; k >= 0; k = k - 1) begin
      if (scope_fails_i[k*6+{29'd0, check}]) scope = k[1:0];
    end
  end
  assign scope_limit  = scope_limits_i[{30'd0, scope}*384+{29'd0, check}*64+:64];
  assign scope_amount = scope_amounts_i[{30'd0, scope}*384+{29'd0, check}*64+:64];

  logic [63:0] limit, observed;
  always_comb begin
    limit = why_i.limit_value;
    observed = why_i.observed_value;
    case (primary)
      risk_pkg::RejectReasonKill: begin
        limit = '0;
        observed = {59'd0, kill_scopes_i};
      end
      risk_pkg::RejectReasonMessageRate: begin
        limit = {32'd0, message};
        observed = credit_i;
      end
      risk_pkg::RejectReasonOrderToTrade: begin
        limit = ratio_limit_i[63] ? Largest : ratio_limit_i;
        observed = requests_i[63] ? Largest : requests_i;
      end
      risk_pkg::RejectReasonDuplicateOrder: begin
        limit = {56'd0, duplicates_max_i};
        observed = {60'd0, equal_i} + 1'b1;
      end
      risk_pkg::RejectReasonReduceOnly: begin
        limit = '0;
        observed = {59'd0, reduce_scopes_i};
      end
      risk_pkg::RejectReasonLossLimit: begin
        limit = -scope_limit;
        observed = -scope_amount;
      end
      risk_pkg::RejectReasonOpenOrders, risk_pkg::RejectReasonOpenValue,
      risk_pkg::RejectReasonGrossValue, risk_pkg::RejectReasonNetValue,
      risk_pkg::RejectReasonBuyingPower: begin
        limit = scope_limit;
        observed = scope_amount;
      end
      risk_pkg::RejectReasonPositionLimit: begin
        limit = pair_limits_i[0+:64];
        observed = pair_amounts_i[0+:64];
      end
      risk_pkg::RejectReasonConcentration: begin
        limit = pair_limits_i[64+:64];
        observed = pair_amounts_i[64+:64];
      end
      risk_pkg::RejectReasonDailyQuantity: begin
        limit = pair_limits_i[128+:64];
        observed = pair_amounts_i[128+:64];
      end
      risk_pkg::RejectReasonSellAvailability: begin
        limit = pair_limits_i[192+:64];
        observed = pair_amounts_i[192+:64];
      end
      risk_pkg::RejectReasonLocate: begin
        limit = pair_limits_i[256+:64];
        observed = pair_amounts_i[256+:64];
      end
      risk_pkg::RejectReasonForeignOwnership: begin
        limit = pair_limits_i[320+:64];
        observed = pair_amounts_i[320+:64];
      end
      risk_pkg::RejectReasonExecutionThrottle, risk_pkg::RejectReasonSystemBusy: begin
        limit = '0;
        observed = '0;
      end
      default: ;
    endcase
    if (fails_i == '0) begin
      limit = '0;
      observed = '0;
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

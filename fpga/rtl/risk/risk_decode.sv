`default_nettype none
// One beat of the input stream taken apart: which of the fields of its record count for the gate.
module risk_decode (
    input  wire logic [7:0]   beat_i,
    input  wire logic [63:0]  now_ns_i,
    input  wire logic [511:0] data_i,
    output risk_types_pkg::move_t move_o
);
  risk_pkg::order_request_t r;
  risk_pkg::execution_t e;
  risk_pkg::scope_limits_t scope;
  risk_pkg::position_limits_t position;
  gate_pkg::gate_account_t account;
  gate_pkg::gate_instrument_t instrument;
  gate_pkg::gate_prices_t prices;
  gate_pkg::gate_switch_t move;
  gate_pkg::gate_holding_t holding;
  assign r = data_i;
  assign e = data_i;
  assign scope = data_i;
  assign position = data_i[8*risk_pkg::PositionLimitsBytes-1:0];
  assign account = data_i[8*gate_pkg::GateAccountBytes-1:0];
  assign instrument = data_i;
  assign prices = data_i;
  assign move = data_i[8*gate_pkg::GateSwitchBytes-1:0];
  assign holding = data_i[8*gate_pkg::GateHoldingBytes-1:0];

  // Quantity that may trade once a request is in force.
  logic replaces, may_trade;
  logic [31:0] executed;
  assign replaces = beat_i == gate_pkg::GateOpOrder && r.kind == risk_pkg::RequestKindReplace;
  assign may_trade = replaces || r.kind == risk_pkg::RequestKindNew;
  assign executed = replaces ? r.replaces_cum_qty : '0;

  always_comb begin
    move_o = '0;
    move_o.time_ns = now_ns_i;
    move_o.seq = r.seq;
    move_o.order_id = r.order_id;
    move_o.price = r.price;
    move_o.qty = r.qty;
    move_o.account = r.account;
    move_o.instrument = r.instrument;
    move_o.strategy = r.strategy;
    move_o.crosses_own = r.crosses_own;
    move_o.kind = r.kind;
    move_o.side = r.side;
    move_o.order_type = r.order_type;
    move_o.tif = r.tif;
    case (beat_i)
      gate_pkg::GateOpOrder: begin
        move_o.order = 1'b1;
        move_o.opens = r.kind == risk_pkg::RequestKindNew;
        move_o.leaves_qty = may_trade && r.qty > executed ? r.qty - executed : '0;
        if (replaces) begin
          move_o.held_qty = r.replaces_reserved_qty;
          move_o.held_value = risk_types_pkg::cut_value(r.replaces_reserved_value);
        end
      end
      gate_pkg::GateOpExecution: begin
        move_o.execution = 1'b1;
        move_o.time_ns = e.ts_ns;
        move_o.released_value = e.released_value;
        move_o.price = e.price;
        move_o.qty = e.qty;
        move_o.account = e.account;
        move_o.instrument = e.instrument;
        move_o.strategy = e.strategy;
        move_o.kind = e.kind;
        move_o.side = e.side;
        move_o.ends = e.leaves_qty == '0;
      end
      gate_pkg::GateOpAdopt, gate_pkg::GateOpAdoptOpen: begin
        move_o.adopt = 1'b1;
        move_o.opens = beat_i == gate_pkg::GateOpAdoptOpen;
        move_o.leaves_qty = r.qty;
      end
      gate_pkg::GateOpAccount: begin
        move_o.account_row = 1'b1;
        move_o.account = account.account;
        move_o.index = account.client;
      end
      gate_pkg::GateOpScope: begin
        move_o.scope_row = 1'b1;
        move_o.scope = scope.scope;
        move_o.index = scope.index;
        if (scope.scope == risk_pkg::LimitScopeAccount) move_o.account = scope.index;
        if (scope.scope == risk_pkg::LimitScopeStrategy) move_o.strategy = scope.index[7:0];
      end
      gate_pkg::GateOpInstrument: begin
        move_o.other_row = 1'b1;
        move_o.instrument = instrument.instrument;
      end
      gate_pkg::GateOpPrices: move_o.instrument = prices.instrument;
      gate_pkg::GateOpPosition: begin
        move_o.position_row = 1'b1;
        move_o.account = position.account;
        move_o.instrument = position.instrument;
      end
      gate_pkg::GateOpSwitch: begin
        move_o.switch_row = 1'b1;
        move_o.scope = move.scope;
        move_o.index = move.index;
        move_o.state = move.state;
        if (move.scope == risk_pkg::KillScopeAccount) move_o.account = move.index;
        if (move.scope == risk_pkg::KillScopeInstrument) move_o.instrument = move.index;
        if (move.scope == risk_pkg::KillScopeStrategy) move_o.strategy = move.index[7:0];
      end
      gate_pkg::GateOpHolding: begin
        move_o.holding_row = 1'b1;
        move_o.released_value = holding.position;
        move_o.price = holding.price;
        move_o.account = holding.account;
        move_o.instrument = holding.instrument;
      end
      default: ;
    endcase
  end
endmodule
`default_nettype wire

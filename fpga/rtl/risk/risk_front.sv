`default_nettype none
// The gate's first stage: holds one beat and lets it go when nothing speaks against it.
//   - verdicts: room for the answer of every request under way;
//   - a pair whose position is being changed, or whose value is limited: until the record before it
//     on the same pair is far enough (position times price cannot be forwarded in one clock);
//   - an account's row: alone in the pipeline, and followed by a rebase of the account's bucket and
//     ratio to its new rates, which is a record of the gate's own.
module risk_front #(
    parameter int unsigned ACCOUNT_W = 8,
    parameter int unsigned VERDICTS = 16
) (
    input  wire logic         clk,
    input  wire logic         rst,
    input  wire logic         cleared_i,
    input  wire logic [7:0]   s_beat_i,
    input  wire logic [63:0]  s_now_ns_i,
    input  wire logic [511:0] s_data_i,
    input  wire logic         s_valid_i,
    output logic              s_ready_o,
    input  wire logic         verdict_taken_i,
    // Records in the next three stages: what they change, and of which pair.
    input  wire logic [2:0]   ahead_moves_position_i,
    input  wire logic [2:0]   ahead_reserves_i,
    input  wire logic [95:0]  ahead_pair_i,
    input  wire logic         busy_i,
    input  wire logic         committed_i,
    input  wire risk_types_pkg::account_state_t account_state_i,
    output logic              issue_o,
    output logic              beat_issue_o,  // the same, of a beat of the stream
    output risk_types_pkg::move_t move_o,
    output logic [7:0]        beat_o,
    output logic [511:0]      data_o
);
  logic full;
  logic [7:0] beat;
  logic [63:0] now_ns;
  logic [511:0] data;
  risk_types_pkg::move_t decoded;

  risk_decode decode (
      .beat_i(beat),
      .now_ns_i(now_ns),
      .data_i(data),
      .move_o(decoded)
  );

  // Accounts of which a pair has a limit on its value.
  logic [(1<<ACCOUNT_W)-1:0] values_limited;
  risk_pkg::position_limits_t position;
  assign position = data[8*risk_pkg::PositionLimitsBytes-1:0];

  logic same_pair_ahead, position_ahead, uses_pair;
  assign uses_pair = decoded.order || decoded.execution || decoded.adopt || decoded.holding_row;
  always_comb begin
    same_pair_ahead = 1'b0;
    position_ahead  = 1'b0;
    for (int k = 0; k < 3; k = k + 1) begin
      if (ahead_pair_i[k*32+:32] == {decoded.account, decoded.instrument}) begin
        if (ahead_moves_position_i[k]) position_ahead = 1'b1;
        if (ahead_reserves_i[k]) same_pair_ahead = 1'b1;
      end
    end
  end

  localparam int unsigned COUNT_W = $clog2(VERDICTS + 1);
  logic [COUNT_W-1:0] verdicts_due;
  logic room;
  assign room = verdicts_due < VERDICTS[COUNT_W-1:0];

  localparam logic [1:0] Free = 2'd0, RowUnderWay = 2'd1, Rebase = 2'd2, RebaseUnderWay = 2'd3;
  logic [1:0] account_step;
  logic may_go, go;
  logic [63:0] refilled_ns, trades;
  logic [15:0] account;

  always_comb begin
    may_go = room && account_step == Free;
    if (uses_pair && position_ahead) may_go = 1'b0;
    if (uses_pair && same_pair_ahead && values_limited[decoded.account[ACCOUNT_W-1:0]])
      may_go = 1'b0;
    if (decoded.account_row && busy_i) may_go = 1'b0;
  end
  assign go = full && may_go;
  assign s_ready_o = cleared_i && (!full || may_go);
  assign beat_issue_o = go;
  assign issue_o = go || account_step == Rebase;
  assign beat_o = account_step == Rebase ? gate_pkg::GateOpNone : beat;
  assign data_o = data;
  always_comb begin
    move_o = decoded;
    if (account_step == Rebase) begin
      move_o = '0;
      move_o.rebase = 1'b1;
      move_o.account = account;
      move_o.time_ns = refilled_ns;
      move_o.released_value = trades;
    end
  end

  always_ff @(posedge clk) begin
    if (s_ready_o) begin
      full <= s_valid_i;
      beat <= s_beat_i;
      now_ns <= s_now_ns_i;
      data <= s_data_i;
    end
    if (go && decoded.position_row && position.max_value < risk_pkg::ValueMax)
      values_limited[position.account[ACCOUNT_W-1:0]] <= 1'b1;
    if (go && decoded.order && !verdict_taken_i) verdicts_due <= verdicts_due + 1'b1;
    if (!(go && decoded.order) && verdict_taken_i) verdicts_due <= verdicts_due - 1'b1;
    case (account_step)
      Free:
      if (go && decoded.account_row) begin
        account_step <= RowUnderWay;
        account <= decoded.account;
      end
      RowUnderWay:
      if (committed_i) begin
        account_step <= Rebase;
        refilled_ns <= account_state_i.refilled_ns;
        trades <= account_state_i.trades;
      end
      Rebase:  account_step <= RebaseUnderWay;
      default: if (committed_i) account_step <= Free;
    endcase
    if (rst) begin
      full <= 1'b0;
      values_limited <= '0;
      verdicts_due <= '0;
      account_step <= Free;
    end
  end
endmodule
`default_nettype wire

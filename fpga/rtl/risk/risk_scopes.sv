`default_nettype none
// Limits and switches of firm, clients, accounts and strategies: rows 0 to 3 of the outputs, in the
// order of limit_scope. Written and read by the same stage.
module risk_scopes #(
    parameter int unsigned ACCOUNT_W = 8,
    parameter int unsigned SCOPE_W = 8
) (
    input  wire logic         clk,
    input  wire logic         rst,
    input  wire logic         clear_i,
    input  wire logic [15:0]  clear_addr_i,
    input  wire logic         valid_i,
    input  wire risk_types_pkg::move_t move_i,
    input  wire logic [511:0] data_i,
    input  wire logic [SCOPE_W-1:0] client_i,
    output logic              row_taken_o,
    output logic              switch_taken_o,
    output risk_types_pkg::scope_t firm_o,
    output risk_types_pkg::scope_t client_o,
    output risk_types_pkg::scope_t account_o,
    output risk_types_pkg::scope_t strategy_o,
    output logic [7:0]        switches_o
);
  risk_pkg::scope_limits_t row;
  risk_types_pkg::scope_t limits;
  assign row = data_i;
  assign limits.known = 1'b1;
  assign limits.gross_value_max = risk_types_pkg::cut_value(row.gross_value_max);
  assign limits.net_value_max = risk_types_pkg::cut_value(row.net_value_max);
  assign limits.open_value_max = risk_types_pkg::cut_value(row.open_value_max);
  assign limits.buying_power = risk_types_pkg::cut_value(row.buying_power);
  assign limits.loss_max = risk_types_pkg::cut_value(row.loss_max);
  assign limits.loss_halt = risk_types_pkg::cut_value(row.loss_halt);
  assign limits.open_orders_max = row.open_orders_max;
  assign limits.executions_max = row.executions_max;
  assign limits.executions_window_ms = row.executions_window_ms;

  // The index of a row or switch, within the range of its scope.
  logic firm_index, scope_index, account_index, in_scope_range, in_switch_range;
  assign firm_index = move_i.index == '0;
  assign scope_index = move_i.index >> SCOPE_W == '0;
  assign account_index = move_i.index >> ACCOUNT_W == '0;
  always_comb begin
    case (move_i.scope)
      risk_pkg::LimitScopeFirm: in_scope_range = firm_index;
      risk_pkg::LimitScopeClient, risk_pkg::LimitScopeStrategy: in_scope_range = scope_index;
      risk_pkg::LimitScopeAccount: in_scope_range = account_index;
      default: in_scope_range = 1'b0;
    endcase
    case (move_i.scope)
      risk_pkg::KillScopeFirm: in_switch_range = firm_index;
      risk_pkg::KillScopeClient, risk_pkg::KillScopeStrategy: in_switch_range = scope_index;
      risk_pkg::KillScopeAccount: in_switch_range = account_index;
      default: in_switch_range = 1'b0;
    endcase
  end
  assign row_taken_o = valid_i && move_i.scope_row && in_scope_range;
  assign switch_taken_o = valid_i && move_i.switch_row && in_switch_range &&
      move_i.state <= risk_pkg::SwitchStateHalted;

  logic [2:0] wr_row, wr_switch;  // client, account, strategy
  assign wr_row[0] = row_taken_o && move_i.scope == risk_pkg::LimitScopeClient;
  assign wr_row[1] = row_taken_o && move_i.scope == risk_pkg::LimitScopeAccount;
  assign wr_row[2] = row_taken_o && move_i.scope == risk_pkg::LimitScopeStrategy;
  assign wr_switch[0] = switch_taken_o && move_i.scope == risk_pkg::KillScopeClient;
  assign wr_switch[1] = switch_taken_o && move_i.scope == risk_pkg::KillScopeAccount;
  assign wr_switch[2] = switch_taken_o && move_i.scope == risk_pkg::KillScopeStrategy;

  logic [$bits(limits)-1:0] firm;
  logic [1:0] firm_switch;
  logic [3*($bits(limits))-1:0] rows;
  logic [5:0] switches;
  logic [SCOPE_W-1:0] strategy;
  logic [ACCOUNT_W-1:0] account;
  assign strategy = move_i.strategy[SCOPE_W-1:0];
  assign account = move_i.account[ACCOUNT_W-1:0];

  genvar k;
  generate
    for (k = 0; k < 3; k = k + 1) begin : g_scope
      localparam int unsigned ADDR_W = k == 1 ? ACCOUNT_W : SCOPE_W;
      logic [ADDR_W-1:0] addr;
      if (k == 0) assign addr = client_i;
      if (k == 1) assign addr = account;
      if (k == 2) assign addr = strategy;
      risk_ram #(
          .WIDTH($bits(limits)),
          .ADDR_W(ADDR_W)
      ) limit_rows (
          .clk,
          .clear_i,
          .clear_addr_i(clear_addr_i[ADDR_W-1:0]),
          .wr_en_i(wr_row[k]),
          .wr_addr_i(addr),
          .wr_data_i(limits),
          .rd_addr_i(addr),
          .rd_data_o(rows[k*$bits(limits)+:$bits(limits)])
      );
      risk_ram #(
          .WIDTH(2),
          .ADDR_W(ADDR_W),
          .RAM_STYLE("distributed")
      ) switch_rows (
          .clk,
          .clear_i,
          .clear_addr_i(clear_addr_i[ADDR_W-1:0]),
          .wr_en_i(wr_switch[k]),
          .wr_addr_i(addr),
          .wr_data_i(move_i.state[1:0]),
          .rd_addr_i(addr),
          .rd_data_o(switches[2*k+:2])
      );
    end
  endgenerate

  always_ff @(posedge clk) begin
    if (row_taken_o && move_i.scope == risk_pkg::LimitScopeFirm) firm <= limits;
    if (switch_taken_o && move_i.scope == risk_pkg::KillScopeFirm) firm_switch <= move_i.state[1:0];
    if (rst) begin
      firm <= '0;
      firm_switch <= risk_pkg::SwitchStateHalted[1:0];
    end
  end
  // The firm's registers change with the record that writes them, one stage before it can read them
  // as the others read their tables: so all four show what the records before wrote.
  assign firm_o = firm;
  assign client_o = rows[0+:$bits(limits)];
  assign account_o = rows[$bits(limits)+:$bits(limits)];
  assign strategy_o = rows[2*$bits(limits)+:$bits(limits)];
  assign switches_o = {switches, firm_switch};
endmodule
`default_nettype wire

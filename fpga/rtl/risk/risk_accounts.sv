`default_nettype none
// Rows of the accounts: read for the beat that is issued, written one stage later, when it is known
// whether the account may have the row. An account's row is alone in the pipeline (risk_front).
module risk_accounts #(
    parameter int unsigned ACCOUNT_W = 8,
    parameter int unsigned SCOPE_W = 8
) (
    input  wire logic         clk,
    input  wire logic         clear_i,
    input  wire logic [ACCOUNT_W-1:0] clear_addr_i,
    input  wire logic [15:0]  issue_account_i,
    // One stage later:
    input  wire logic         row_i,
    input  wire logic [447:0] row_data_i,
    output logic              row_taken_o,
    output logic              known_before_o,
    output risk_types_pkg::account_t account_o  // a row that is taken, else the one in force
);
  gate_pkg::gate_account_t row;
  risk_types_pkg::account_t account, found;
  assign row = row_data_i;
  assign account.known = 1'b1;
  assign account.max_notional = row.max_notional;
  assign account.capacity = row.capacity;
  assign account.duplicate_window_ns = row.duplicate_window_ns;
  assign account.max_qty = row.max_qty;
  assign account.rate_per_s = row.rate_per_s;
  assign account.orders_per_trade_max = row.orders_per_trade_max;
  assign account.orders_per_trade_from = row.orders_per_trade_from;
  assign account.client = row.client;
  assign account.enabled = row.enabled;
  assign account.duplicates_max = row.duplicates_max;
  assign account.killed = row.killed != '0;

  logic in_range;
  logic [$bits(account)-1:0] read_account;
  always_ff @(posedge clk) in_range <= issue_account_i >> ACCOUNT_W == '0;
  risk_ram #(
      .WIDTH($bits(account)),
      .ADDR_W(ACCOUNT_W)
  ) accounts (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(row_taken_o),
      .wr_addr_i(row.account[ACCOUNT_W-1:0]),
      .wr_data_i(account),
      .rd_addr_i(issue_account_i[ACCOUNT_W-1:0]),
      .rd_data_o(read_account)
  );
  assign found = read_account;
  always_comb begin
    account_o = row_taken_o ? account : found;
    account_o.known = row_taken_o || known_before_o;
  end
  assign known_before_o = found.known && in_range;
  assign row_taken_o = row_i && in_range && row.client >> SCOPE_W == '0 &&
      (!found.known || found.client == row.client);
endmodule
`default_nettype wire

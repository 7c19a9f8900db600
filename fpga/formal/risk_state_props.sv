`default_nettype none
// A record sees at its commit, and where it is read, what a plain table says that every commit
// before it changed: forwarding equals a sequential model, at any distance, for both depths in use.
module risk_state_props (
    input wire logic       clk,
    input wire logic       rst,
    input wire logic       issue_i,
    input wire logic [1:0] addr_i,
    input wire logic       change_i,
    input wire logic [1:0] row_i
);
  risk_state_check #(.STAGES(1)) u_near (
      .clk, .rst, .issue_i, .addr_i, .change_i, .row_i
  );
  risk_state_check #(.STAGES(3)) u_far (
      .clk, .rst, .issue_i, .addr_i, .change_i, .row_i
  );
endmodule

module risk_state_check #(
    parameter int unsigned STAGES = 1
) (
    input wire logic       clk,
    input wire logic       rst,
    input wire logic       issue_i,
    input wire logic [1:0] addr_i,
    input wire logic       change_i,
    input wire logic [1:0] row_i
);
  logic [2:0] clear_count;
  logic clear, commit, started;
  logic [1:0] first, row, addr, first_addr, expected_row, expected_first;
  logic [STAGES:0] valid;
  logic [7:0] model;
  assign clear = !clear_count[2];
  assign commit = valid[STAGES] && change_i;
  risk_state #(.WIDTH(2), .ADDR_W(2), .STAGES(STAGES)) u_dut (
      .clk, .clear_i(clear), .clear_addr_i(clear_count[1:0]), .rd_addr_i(addr_i),
      .first_o(first), .row_o(row), .addr_o(addr), .commit_i(commit), .commit_row_i(row_i)
  );
  always_ff @(posedge clk) begin
    started <= 1'b1;
    first_addr <= addr_i;
    valid <= {valid[STAGES-1:0], issue_i && !clear};
    if (clear) clear_count <= clear_count + 1'b1;
    if (clear) model <= '0;
    if (commit) model[addr*2+:2] <= row_i;
    if (rst) begin
      valid <= '0;
      clear_count <= '0;
    end
  end
  initial started = 1'b0;
  assign expected_row = model[addr*2+:2];
  assign expected_first = model[first_addr*2+:2];
  always_comb begin
    if (!started) assume (rst);
    if (started && !rst && valid[0]) first_is: assert (first == expected_first);
    if (started && !rst && valid[STAGES]) row_is: assert (row == expected_row);
  end
endmodule
`default_nettype wire

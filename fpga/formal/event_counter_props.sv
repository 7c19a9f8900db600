`default_nettype none
// Exact up to all ones, then stays there; a reader sees the count of the last snapshot.
module event_counter_props (
    input wire logic       clk,
    input wire logic       rst,
    input wire logic [1:0] step_i,
    input wire logic       snapshot_i
);
  logic started = 1'b0;
  logic over;
  logic [3:0] value, exact, seen;
  logic [4:0] sum;

  event_counter #(.WIDTH(4), .STEP_W(2)) u_dut (
      .clk, .rst, .step_i, .snapshot_i, .value_o(value));

  assign sum = {1'b0, exact} + {3'd0, step_i};
  always_ff @(posedge clk) begin
    started <= 1'b1;
    exact <= sum[3:0];
    over <= over || sum[4];
    if (snapshot_i) seen <= over ? 4'hF : exact;
    if (rst) begin
      exact <= '0;
      over <= 1'b0;
      seen <= '0;
    end
  end
  always_comb begin
    if (!started) assume (rst);
    if (started) same: assert (value == seen);
  end
endmodule
`default_nettype wire

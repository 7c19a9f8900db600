`default_nettype none
// Executions of one strategy: the window starts with an execution, and one too many stops the
// strategy until its switch is released. Combinational, at the commit of a record.
module risk_throttle (
    input  wire risk_types_pkg::scope_t limits_i,
    input  wire risk_types_pkg::throttle_t throttle_i,
    input  wire logic [63:0] time_ns_i,
    input  wire logic [63:0] window_ns_i,
    input  wire logic        trades_i,
    input  wire logic        released_i,
    output risk_types_pkg::throttle_t throttle_o
);
  logic starts;
  logic [31:0] executions;
  logic signed [65:0] over_ns;  // time since the window started, less its length
  assign over_ns = $signed({{2{time_ns_i[63]}}, time_ns_i}) -
      $signed({{2{throttle_i.window_from_ns[63]}}, throttle_i.window_from_ns}) -
      $signed({2'd0, window_ns_i});
  assign starts = throttle_i.executions == '0 || !over_ns[65];
  assign executions = starts ? 32'd1 : throttle_i.executions + 32'd1;
  always_comb begin
    throttle_o = throttle_i;
    if (trades_i && limits_i.known && limits_i.executions_max != risk_pkg::NoLimit32) begin
      if (starts) throttle_o.window_from_ns = time_ns_i;
      throttle_o.executions = executions;
      if (executions >= limits_i.executions_max) throttle_o.throttled = 1'b1;
    end
    if (released_i) begin
      throttle_o.executions = '0;
      throttle_o.throttled  = 1'b0;
    end
  end
endmodule
`default_nettype wire

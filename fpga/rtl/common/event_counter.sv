`default_nettype none
// Counts up to 2^STEP_W - 1 events a clock, stops at all ones and never wraps. value_o is the count
// at the last snapshot, events of the snapshot's own clock not included.
module event_counter #(
    parameter int unsigned WIDTH  = 64,
    parameter int unsigned STEP_W = 1
) (
    input  wire logic              clk,
    input  wire logic              rst,
    input  wire logic [STEP_W-1:0] step_i,
    input  wire logic              snapshot_i,
    output logic [WIDTH-1:0]       value_o
);
  logic [WIDTH-1:0] count;
  logic [WIDTH:0] sum;

  assign sum = {1'b0, count} + {{(WIDTH + 1 - STEP_W) {1'b0}}, step_i};

  always_ff @(posedge clk) begin
    count <= sum[WIDTH] ? '1 : sum[WIDTH-1:0];
    if (snapshot_i) value_o <= count;
    if (rst) begin
      count <= '0;
      value_o <= '0;
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// Brings levels into another clock domain by two flip-flops. Bits must not belong together, unless
// at most one of them changes at a time (a Gray code). Constrained by fpga/constraints/cdc.tcl.
module cdc_sync #(
    parameter int unsigned WIDTH = 1
) (
    input  wire logic             clk,
    input  wire logic [WIDTH-1:0] async_i,
    output logic [WIDTH-1:0]      sync_o
);
  (* ASYNC_REG = "TRUE", SHREG_EXTRACT = "NO" *)
  logic [WIDTH-1:0] cdc_meta, cdc_stable;

`ifdef CDC_JITTER
  // Simulation of what silicon may do: a bit that changes near the edge is seen one clock later.
  logic [WIDTH-1:0] late, missed;
  always_ff @(posedge clk) begin
    late <= WIDTH'($urandom);
    missed <= (async_i ^ cdc_meta) & late;
    cdc_meta <= async_i ^ ((async_i ^ cdc_meta) & late & ~missed);
    cdc_stable <= cdc_meta;
  end
`else
  always_ff @(posedge clk) begin
    cdc_meta <= async_i;
    cdc_stable <= cdc_meta;
  end
`endif
  assign sync_o = cdc_stable;
endmodule
`default_nettype wire

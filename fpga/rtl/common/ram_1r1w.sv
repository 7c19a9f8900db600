`default_nettype none
// RAM with one write and one read port of one clock. What is read comes a clock later; a read in
// the clock of a write to its row gives the row as it was or as it becomes: not to be relied on.
module ram_1r1w #(
    parameter int unsigned WIDTH  = 8,
    parameter int unsigned ADDR_W = 4,
    /* verilator lint_off UNUSEDPARAM */
    parameter RAM_STYLE = "block"  // for the attribute
    /* verilator lint_on UNUSEDPARAM */
) (
    input  wire logic              clk,
    input  wire logic              wr_en_i,
    input  wire logic [ADDR_W-1:0] wr_addr_i,
    input  wire logic [WIDTH-1:0]  wr_data_i,
    input  wire logic              rd_en_i,
    input  wire logic [ADDR_W-1:0] rd_addr_i,
    output logic [WIDTH-1:0]       rd_data_o
);
  (* ram_style = RAM_STYLE, no_rw_check *)
  logic [WIDTH-1:0] rows[0:(1<<ADDR_W)-1];

  always_ff @(posedge clk) begin
    if (wr_en_i) rows[wr_addr_i] <= wr_data_i;
    if (rd_en_i) rd_data_o <= rows[rd_addr_i];
  end
endmodule
`default_nettype wire

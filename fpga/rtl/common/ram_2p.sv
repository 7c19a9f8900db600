`default_nettype none
// RAM with a write port of one clock and a read port of another. A row must not be read while it is
// written: the pointers of a FIFO see to that.
module ram_2p #(
    parameter int unsigned WIDTH  = 8,
    parameter int unsigned ADDR_W = 4,
    /* verilator lint_off UNUSEDPARAM */
    parameter RAM_STYLE = "block"  // for the attribute
    /* verilator lint_on UNUSEDPARAM */
) (
    input  wire logic              wr_clk,
    input  wire logic              wr_en_i,
    input  wire logic [ADDR_W-1:0] wr_addr_i,
    input  wire logic [WIDTH-1:0]  wr_data_i,
    input  wire logic              rd_clk,
    input  wire logic              rd_en_i,
    input  wire logic [ADDR_W-1:0] rd_addr_i,
    output logic [WIDTH-1:0]       rd_data_o
);
  (* ram_style = RAM_STYLE, no_rw_check *)
  logic [WIDTH-1:0] rows[0:(1<<ADDR_W)-1];

  always_ff @(posedge wr_clk) begin
    if (wr_en_i) rows[wr_addr_i] <= wr_data_i;
  end
  always_ff @(posedge rd_clk) begin
    if (rd_en_i) rd_data_o <= rows[rd_addr_i];
  end
endmodule
`default_nettype wire

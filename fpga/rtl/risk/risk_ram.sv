`default_nettype none
// Rows behind one write and one read port. A read at the edge of a write to its row gives what is
// written. While clear_i is set, row clear_addr_i is set to CLEAR_ROW.
module risk_ram #(
    parameter int unsigned WIDTH = 8,
    parameter int unsigned ADDR_W = 4,
    parameter logic [WIDTH-1:0] CLEAR_ROW = '0,
    parameter RAM_STYLE = "block"
) (
    input  wire logic              clk,
    input  wire logic              clear_i,
    input  wire logic [ADDR_W-1:0] clear_addr_i,
    input  wire logic              wr_en_i,
    input  wire logic [ADDR_W-1:0] wr_addr_i,
    input  wire logic [ WIDTH-1:0] wr_data_i,
    input  wire logic [ADDR_W-1:0] rd_addr_i,
    output logic [ WIDTH-1:0]      rd_data_o
);
  (* ram_style = RAM_STYLE, no_rw_check *)
  logic [WIDTH-1:0] rows[0:(1<<ADDR_W)-1];
  logic [WIDTH-1:0] read_row, written_row, wr_data;
  logic [ADDR_W-1:0] wr_addr;
  logic wr_en, same_row;

  assign wr_en   = clear_i || wr_en_i;
  assign wr_addr = clear_i ? clear_addr_i : wr_addr_i;
  assign wr_data = clear_i ? CLEAR_ROW : wr_data_i;

  always_ff @(posedge clk) begin
    if (wr_en) rows[wr_addr] <= wr_data;
    read_row <= rows[rd_addr_i];
    written_row <= wr_data;
    same_row <= wr_en && wr_addr == rd_addr_i;
  end
  assign rd_data_o = same_row ? written_row : read_row;
endmodule
`default_nettype wire

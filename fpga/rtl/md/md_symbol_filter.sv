`default_nettype none
// Which book takes the messages of an instrument, by its stock locate: two clocks. After reset
// nothing is wanted: ready_o rises when every row has been cleared, 2^16 clocks later; until then
// lookups give nothing and writes are not taken.
module md_symbol_filter (
    input  wire logic        clk,
    input  wire logic        rst,
    output logic             ready_o,
    input  wire logic        wr_en_i,
    input  wire logic [15:0] wr_locate_i,
    input  wire logic        wr_wanted_i,
    input  wire logic [7:0]  wr_slot_i,
    // What was looked up moves on with en.
    input  wire logic        en_i,
    input  wire logic [15:0] locate_i,
    output logic             wanted_o,
    output logic [7:0]       slot_o
);
  logic [15:0] clear_at;
  logic [8:0] row, write_row;
  logic [15:0] write_at;

  assign write_at = ready_o ? wr_locate_i : clear_at;
  assign write_row = ready_o ? {wr_wanted_i, wr_slot_i} : '0;
  ram_1r1w #(.WIDTH(9), .ADDR_W(16)) u_rows (
      .clk, .wr_en_i(wr_en_i || !ready_o), .wr_addr_i(write_at), .wr_data_i(write_row),
      .rd_en_i(en_i), .rd_addr_i(locate_i), .rd_data_o(row)
  );
  always_ff @(posedge clk) begin
    if (!ready_o) begin
      clear_at <= clear_at + 16'd1;
      ready_o <= clear_at == '1;
    end
    if (en_i) begin
      wanted_o <= row[8] && ready_o;
      slot_o <= row[7:0];
    end
    if (rst) begin
      clear_at <= '0;
      ready_o <= 1'b0;
    end
  end
endmodule
`default_nettype wire

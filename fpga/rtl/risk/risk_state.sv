`default_nettype none
// State that each record may change: read into the record's pipeline, written at its commit.
// Between the two the copy a record carries follows every commit to its row, so that at the commit
// stage it is what the records before it made, at any distance. `first_o` is the copy as it was
// read, STAGES stages before `row_o`.
module risk_state #(
    parameter int unsigned WIDTH  = 8,
    parameter int unsigned ADDR_W = 4,
    parameter int unsigned STAGES = 1,
    parameter RAM_STYLE = "block"
) (
    input  wire logic              clk,
    input  wire logic              clear_i,
    input  wire logic [ADDR_W-1:0] clear_addr_i,
    input  wire logic [ADDR_W-1:0] rd_addr_i,
    output logic [ WIDTH-1:0]      first_o,
    output logic [ WIDTH-1:0]      row_o,
    output logic [ADDR_W-1:0]      addr_o,
    input  wire logic              commit_i,
    input  wire logic [ WIDTH-1:0] commit_row_i
);
  risk_ram #(
      .WIDTH(WIDTH),
      .ADDR_W(ADDR_W),
      .RAM_STYLE(RAM_STYLE)
  ) ram (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(commit_i),
      .wr_addr_i(addr_o),
      .wr_data_i(commit_row_i),
      .rd_addr_i,
      .rd_data_o(first_o)
  );

  // Copy k stands k stages behind the read.
  logic [(STAGES+1)*WIDTH-1:0] copies;
  logic [(STAGES+1)*ADDR_W-1:0] addrs;
  logic [STAGES*WIDTH-1:0] carried;
  logic [STAGES*ADDR_W-1:0] carried_addrs;
  logic [ADDR_W-1:0] first_addr;

  assign copies = {carried, first_o};
  assign addrs  = {carried_addrs, first_addr};
  always_ff @(posedge clk) begin
    first_addr <= rd_addr_i;
    carried_addrs <= addrs[STAGES*ADDR_W-1:0];
    for (int k = 0; k < STAGES; k = k + 1) begin
      if (commit_i && addrs[k*ADDR_W+:ADDR_W] == addr_o) carried[k*WIDTH+:WIDTH] <= commit_row_i;
      else carried[k*WIDTH+:WIDTH] <= copies[k*WIDTH+:WIDTH];
    end
  end
  assign row_o  = copies[STAGES*WIDTH+:WIDTH];
  assign addr_o = addrs[STAGES*ADDR_W+:ADDR_W];
endmodule
`default_nettype wire

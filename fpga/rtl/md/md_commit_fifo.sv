`default_nettype none
// FIFO whose newest beats can be taken back: what is written counts only with the commit that
// follows it, and a rollback forgets what came since the last commit. 2^DEPTH_LOG2 beats in block
// RAM, one a clock; a committed beat is offered two clocks after its commit at the earliest.
//
// room_o says that the FIFO takes SLACK beats more. 2^DEPTH_LOG2 - 2 * SLACK beats find room
// without a commit between them, as soon as those before them were taken.
module md_commit_fifo #(
    parameter int unsigned WIDTH      = 8,
    parameter int unsigned DEPTH_LOG2 = 10,
    parameter int unsigned SLACK      = 4
) (
    input  wire logic             clk,
    input  wire logic             rst,
    input  wire logic             wr_en_i,
    input  wire logic [WIDTH-1:0] wr_data_i,
    // In the clock of the last write or later; not both.
    input  wire logic             commit_i,
    input  wire logic             rollback_i,
    output logic                  room_o,
    output logic                  m_valid_o,
    input  wire logic             m_ready_i,
    output logic [WIDTH-1:0]      m_data_o
);
  localparam int unsigned Room = (1 << DEPTH_LOG2) - SLACK;
  // One bit more than an address, so that full and empty differ.
  logic [DEPTH_LOG2:0] written, written_next, committed, taken, used;
  logic rd_en;

  assign written_next = written + {{DEPTH_LOG2{1'b0}}, wr_en_i};
  assign used = written - taken;
  assign rd_en = committed != taken && (!m_valid_o || m_ready_i);

  ram_1r1w #(.WIDTH(WIDTH), .ADDR_W(DEPTH_LOG2)) u_beats (
      .clk, .wr_en_i, .wr_addr_i(written[DEPTH_LOG2-1:0]), .wr_data_i, .rd_en_i(rd_en),
      .rd_addr_i(taken[DEPTH_LOG2-1:0]), .rd_data_o(m_data_o)
  );

  always_ff @(posedge clk) begin
    written <= rollback_i ? committed : written_next;
    if (commit_i) committed <= written_next;
    if (rd_en) taken <= taken + 1'b1;
    if (m_ready_i) m_valid_o <= 1'b0;
    if (rd_en) m_valid_o <= 1'b1;
    room_o <= {{(31 - DEPTH_LOG2) {1'b0}}, used} + 1 < Room;
    if (rst) begin
      written <= '0;
      committed <= '0;
      taken <= '0;
      m_valid_o <= 1'b0;
    end
  end
endmodule
`default_nettype wire

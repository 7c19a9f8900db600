`default_nettype none
// Where the state of a pair (account, instrument) lives: a directory of all pairs, without hashing,
// that names one of a smaller number of slots. A pair gets the next free slot with the first record
// that writes it. Slot 0 stands for all pairs nothing was ever written of: it is all zero and stays
// so. When no slot is left, the pair is `lost_o`: its state is not here, and never guessed.
module risk_directory #(
    parameter int unsigned ACCOUNT_W = 8,
    parameter int unsigned INSTRUMENT_W = 12,
    parameter int unsigned SLOT_W = 14
) (
    input  wire logic        clk,
    input  wire logic        rst,
    input  wire logic        clear_i,
    input  wire logic [ACCOUNT_W+INSTRUMENT_W-3:0] clear_addr_i,
    input  wire logic [15:0] issue_account_i,
    input  wire logic [15:0] issue_instrument_i,
    // One stage later:
    input  wire logic        writes_i,  // the record needs a slot of its own
    output logic [SLOT_W-1:0] slot_o,
    output logic             lost_o,
    output logic             in_range_o
);
  // Four entries a word: slot numbers, 0 none, all ones lost.
  localparam int unsigned WORD_W = ACCOUNT_W + INSTRUMENT_W - 2;
  logic [WORD_W-1:0] issue_word, word_addr;
  logic [1:0] place;
  logic [63:0] word, new_word;
  logic [15:0] entry, new_entry;
  logic allocates, in_range;
  logic [SLOT_W:0] next_slot;

  assign issue_word = {
    issue_instrument_i[INSTRUMENT_W-1:0], issue_account_i[ACCOUNT_W-1:2]
  };
  always_ff @(posedge clk) begin
    word_addr <= issue_word;
    place <= issue_account_i[1:0];
    in_range <= issue_account_i >> ACCOUNT_W == '0 && issue_instrument_i >> INSTRUMENT_W == '0;
  end
  risk_ram #(
      .WIDTH(64),
      .ADDR_W(WORD_W),
      .RAM_STYLE("ultra")
  ) words (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(allocates),
      .wr_addr_i(word_addr),
      .wr_data_i(new_word),
      .rd_addr_i(issue_word),
      .rd_data_o(word)
  );

  logic none_left;
  assign none_left = next_slot[SLOT_W];
  assign entry = word[place*16+:16];
  assign allocates = writes_i && in_range && entry == '0;
  always_comb begin
    new_entry = '0;
    new_entry[SLOT_W-1:0] = next_slot[SLOT_W-1:0];
    if (none_left) new_entry = '1;
    if (!allocates) new_entry = entry;
    new_word = word;
    new_word[place*16+:16] = new_entry;
  end
  assign in_range_o = in_range;
  assign lost_o = in_range && new_entry == '1;
  assign slot_o = in_range && !lost_o ? new_entry[SLOT_W-1:0] : '0;

  always_ff @(posedge clk) begin
    if (allocates && !none_left) next_slot <= next_slot + 1'b1;
    if (rst) next_slot <= {{SLOT_W{1'b0}}, 1'b1};
  end
endmodule
`default_nettype wire

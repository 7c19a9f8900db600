`default_nettype none
// Sequenced ITCH 5.0 messages in, taken apart and only those of wanted instruments out, two clocks
// later. What ITCH does not know, and what is of a wrong length, is counted and dropped: the books
// of the software do not change by it either.
module md_itch #(
    parameter int unsigned KEEP = 56
) (
    input  wire logic              clk,
    input  wire logic              rst,
    output logic                   ready_o,
    input  wire logic              filter_write_i,
    input  wire logic [15:0]       filter_locate_i,
    input  wire logic              filter_wanted_i,
    input  wire logic [7:0]        filter_slot_i,
    input  wire logic              s_valid_i,
    output logic                   s_ready_o,
    input  wire logic [63:0]       s_sequence_i,
    input  wire logic [15:0]       s_length_i,
    /* verilator lint_off UNUSEDSIGNAL */
    // No message of ITCH is as long as what is kept.
    input  wire logic [8*KEEP-1:0] s_data_i,
    /* verilator lint_on UNUSEDSIGNAL */
    output logic                   m_valid_o,
    input  wire logic              m_ready_i,
    output logic [63:0]            m_sequence_o,
    output logic [7:0]             m_slot_o,
    output itch50_pkg::message_t   m_o,
    output logic                   error_o,
    output logic                   filtered_o
);
  logic move, v1, v2, wanted2;
  logic [63:0] sequence1;
  itch50_pkg::message_t message1;

  // A message that is not wanted stands in nobody's way.
  assign move = !m_valid_o || m_ready_i;
  assign s_ready_o = move && !rst;
  assign m_valid_o = v2 && wanted2 && m_o.result == 2'd0;

  itch50_decode u_decode (
      .clk, .en_i(move), .message_i(s_data_i[8*itch50_pkg::MessageBytesMax-1:0]),
      .length_i(s_length_i), .m_o(message1)
  );
  md_symbol_filter u_filter (
      .clk, .rst, .ready_o, .wr_en_i(filter_write_i), .wr_locate_i(filter_locate_i),
      .wr_wanted_i(filter_wanted_i), .wr_slot_i(filter_slot_i), .en_i(move),
      .locate_i({s_data_i[15:8], s_data_i[23:16]}), .wanted_o(wanted2), .slot_o(m_slot_o)
  );

  always_ff @(posedge clk) begin
    if (move) begin
      v1 <= s_valid_i;
      sequence1 <= s_sequence_i;
      v2 <= v1;
      m_o <= message1;
      m_sequence_o <= sequence1;
    end
    error_o <= move && v2 && m_o.result != 2'd0;
    filtered_o <= move && v2 && m_o.result == 2'd0 && !wanted2;
    if (rst) begin
      v1 <= 1'b0;
      v2 <= 1'b0;
      error_o <= 1'b0;
      filtered_o <= 1'b0;
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// The feed side with a port for each of the fields that a book needs.
module feed_top (
    input  wire logic         clk,
    input  wire logic         rst,
    output logic              ready_o,
    input  wire logic         enable_i,
    input  wire logic [31:0]  line_a_ip_i,
    input  wire logic [15:0]  line_a_port_i,
    input  wire logic [31:0]  line_b_ip_i,
    input  wire logic [15:0]  line_b_port_i,
    input  wire logic         filter_write_i,
    input  wire logic [15:0]  filter_locate_i,
    input  wire logic         filter_wanted_i,
    input  wire logic [7:0]   filter_slot_i,
    input  wire logic [1:0]   s_valid_i,
    output logic [1:0]        s_ready_o,
    input  wire logic [1023:0] s_data_i,
    input  wire logic [127:0] s_keep_i,
    input  wire logic [1:0]   s_last_i,
    output logic              m_valid_o,
    input  wire logic         m_ready_i,
    output logic [63:0]       m_sequence_o,
    output logic [7:0]        m_slot_o,
    output logic [7:0]        type_o,
    output logic [15:0]       stock_locate_o,
    output logic [47:0]       timestamp_ns_o,
    output logic [63:0]       order_o,
    output logic [63:0]       old_order_o,
    output logic [63:0]       new_order_o,
    output logic [7:0]        side_o,
    output logic [31:0]       shares_o,
    output logic [31:0]       price_o,
    output logic [31:0]       executed_o,
    output logic [31:0]       canceled_o,
    output logic              stale_o,
    output logic [63:0]       expected_o,
    output logic [63:0]       next_seen_o,
    output logic [1:0]        frame_o,
    output logic [15:0]       frame_fault_o,
    output logic              packet_a_o,
    output logic              packet_b_o,
    output logic              malformed_o,
    output logic              itch_error_o,
    output logic              itch_filtered_o
);
  /* verilator lint_off UNUSEDSIGNAL */
  itch50_pkg::message_t m;
  logic live, ended, frozen, too_long, wrong_session, contradiction;
  logic duplicate, ahead, gap;
  logic [15:0] messages;
  /* verilator lint_on UNUSEDSIGNAL */
  assign type_o = m.message_type;
  assign stock_locate_o = m.stock_locate;
  assign timestamp_ns_o = m.timestamp_ns;
  assign order_o = m.order_reference_number;
  assign old_order_o = m.original_order_reference_number;
  assign new_order_o = m.new_order_reference_number;
  assign side_o = m.buy_sell_indicator;
  assign shares_o = m.shares;
  assign price_o = m.price;
  assign executed_o = m.executed_shares;
  assign canceled_o = m.canceled_shares;

  md_feed u_feed (
      .clk, .rst, .ready_o, .enable_i, .line_a_ip_i, .line_a_port_i, .line_b_ip_i, .line_b_port_i,
      .gap_wait_clocks_i(32'd1000000), .gap_window_messages_i(32'd8192), .resume_i(1'b0),
      .resume_any_i(1'b0), .resume_session_i('0), .resume_sequence_i('0), .filter_write_i,
      .filter_locate_i, .filter_wanted_i, .filter_slot_i, .s_valid_i, .s_ready_o, .s_data_i,
      .s_keep_i, .s_last_i, .m_valid_o, .m_ready_i, .m_sequence_o, .m_slot_o, .m_o(m),
      .live_o(live), .stale_o, .ended_o(ended), .frozen_o(frozen), .expected_o, .next_seen_o,
      .frame_o, .frame_fault_o, .packet_a_o, .packet_b_o, .malformed_o, .too_long_o(too_long),
      .wrong_session_o(wrong_session),
      .contradiction_o(contradiction), .duplicate_o(duplicate), .ahead_o(ahead), .gap_o(gap),
      .messages_o(messages), .itch_error_o, .itch_filtered_o
  );
endmodule
`default_nettype wire

`default_nettype none
// The feed side up to decoded messages: frames of two ports, each of which may carry either line,
// in; wanted ITCH messages, each once and in order, out.
//
//   port 0 -> net_udp_rx --+
//                          +-> net_packet_mux -> skid_buffer -> md_mold_rx -> md_itch -> messages
//   port 1 -> net_udp_rx --+
//
// Without stalls a message alone in its frame comes out 15 clocks after the frame's last beat.
module md_feed #(
    parameter int unsigned DEPTH_LOG2 = 10
) (
    input  wire logic         clk,
    input  wire logic         rst,
    output logic              ready_o,
    input  wire logic         enable_i,
    input  wire logic [31:0]  line_a_ip_i,
    input  wire logic [15:0]  line_a_port_i,
    input  wire logic [31:0]  line_b_ip_i,
    input  wire logic [15:0]  line_b_port_i,
    input  wire logic [31:0]  gap_wait_clocks_i,
    input  wire logic [31:0]  gap_window_messages_i,
    input  wire logic         resume_i,
    input  wire logic         resume_any_i,
    input  wire logic [79:0]  resume_session_i,
    input  wire logic [63:0]  resume_sequence_i,
    input  wire logic         filter_write_i,
    input  wire logic [15:0]  filter_locate_i,
    input  wire logic         filter_wanted_i,
    input  wire logic [7:0]   filter_slot_i,
    // Ports, port 0 lowest.
    input  wire logic [1:0]   s_valid_i,
    output logic [1:0]        s_ready_o,
    input  wire logic [1023:0] s_data_i,
    input  wire logic [127:0] s_keep_i,
    input  wire logic [1:0]   s_last_i,
    output logic              m_valid_o,
    input  wire logic         m_ready_i,
    output logic [63:0]       m_sequence_o,
    output logic [7:0]        m_slot_o,
    output itch50_pkg::message_t m_o,
    output logic              live_o,
    output logic              stale_o,
    output logic              ended_o,
    output logic              frozen_o,
    output logic [63:0]       expected_o,
    output logic [63:0]       next_seen_o,
    // Events for the counters. Frames: of port 0 and of port 1, by their first fault.
    output logic [1:0]        frame_o,
    output logic [15:0]       frame_fault_o,
    output logic              packet_a_o,
    output logic              packet_b_o,
    output logic              malformed_o,
    output logic              too_long_o,
    output logic              wrong_session_o,
    output logic              contradiction_o,
    output logic              duplicate_o,
    output logic              ahead_o,
    output logic              gap_o,
    output logic [15:0]       messages_o,
    output logic              itch_error_o,
    output logic              itch_filtered_o
);
  localparam int unsigned Keep = feed_pkg::FeedMessageBytesMax;
  localparam int unsigned BeatBits = 512 + 7 + 1 + 8;

  // Ports: datagrams of the lines. A beat is fault, line, bytes, data.
  logic [1:0] rx_valid, rx_ready, rx_last;
  logic [2*BeatBits-1:0] rx_beats;
  for (genvar p = 0; p < 2; p++) begin : gen_port
    // A frame that begins while the port is off is dropped to its end.
    logic mid_frame, mid_taken, take, port_ready, line_b;
    logic [511:0] data;
    logic [6:0] bytes;
    logic [7:0] fault;
    assign take = mid_frame ? mid_taken : enable_i && ready_o;
    assign s_ready_o[p] = take ? port_ready : !rst;
    always_ff @(posedge clk) begin
      if (s_valid_i[p] && s_ready_o[p]) begin
        mid_frame <= !s_last_i[p];
        mid_taken <= take;
      end
      if (rst) mid_frame <= 1'b0;
    end
    net_udp_rx u_rx (
        .clk, .rst, .line_a_ip_i, .line_a_port_i, .line_b_ip_i, .line_b_port_i,
        .s_valid_i(s_valid_i[p] && take), .s_ready_o(port_ready), .s_data_i(s_data_i[512*p+:512]),
        .s_keep_i(s_keep_i[64*p+:64]), .s_last_i(s_last_i[p]), .m_valid_o(rx_valid[p]),
        .m_ready_i(rx_ready[p]), .m_data_o(data), .m_bytes_o(bytes), .m_last_o(rx_last[p]),
        .m_line_b_o(line_b), .m_fault_o(fault)
    );
    assign rx_beats[BeatBits*p+:BeatBits] = {fault, line_b, bytes, data};
    assign frame_o[p] = rx_valid[p] && rx_ready[p] && rx_last[p];
    assign frame_fault_o[8*p+:8] = fault;
  end

  // The ports do not wait for what the slicer decides in the same clock.
  logic mux_valid, mux_ready, mux_last, packet_valid, packet_ready, packet_last;
  logic [BeatBits-1:0] mux_beat, packet_beat;
  net_packet_mux #(.WIDTH(BeatBits)) u_mux (
      .clk, .rst, .s_valid_i(rx_valid), .s_ready_o(rx_ready), .s_last_i(rx_last),
      .s_data_i(rx_beats), .m_valid_o(mux_valid), .m_ready_i(mux_ready), .m_last_o(mux_last),
      .m_data_o(mux_beat)
  );
  skid_buffer #(.WIDTH(BeatBits + 1)) u_skid (
      .clk, .rst, .s_valid_i(mux_valid), .s_ready_o(mux_ready), .s_data_i({mux_last, mux_beat}),
      .m_valid_o(packet_valid), .m_ready_i(packet_ready), .m_data_o({packet_last, packet_beat})
  );

  logic message_valid, message_ready;
  logic [63:0] message_sequence;
  logic [15:0] message_length;
  logic [8*Keep-1:0] message_data;
  md_mold_rx #(.KEEP(Keep), .DEPTH_LOG2(DEPTH_LOG2)) u_mold (
      .clk, .rst, .gap_wait_clocks_i, .gap_window_messages_i, .resume_i, .resume_any_i,
      .resume_session_i, .resume_sequence_i, .s_valid_i(packet_valid), .s_ready_o(packet_ready),
      .s_data_i(packet_beat[511:0]), .s_bytes_i(packet_beat[512+:7]), .s_last_i(packet_last),
      .s_line_b_i(packet_beat[519]), .s_fault_i(packet_beat[520+:8]), .m_valid_o(message_valid),
      .m_ready_i(message_ready), .m_sequence_o(message_sequence), .m_bytes_o(message_length),
      .m_data_o(message_data), .live_o, .stale_o, .ended_o, .frozen_o, .expected_o, .next_seen_o,
      .packet_a_o, .packet_b_o, .malformed_o, .too_long_o, .wrong_session_o, .contradiction_o,
      .duplicate_o, .ahead_o, .gap_o, .messages_o
  );
  md_itch #(.KEEP(Keep)) u_itch (
      .clk, .rst, .ready_o, .filter_write_i, .filter_locate_i, .filter_wanted_i, .filter_slot_i,
      .s_valid_i(message_valid), .s_ready_o(message_ready), .s_sequence_i(message_sequence),
      .s_length_i(message_length), .s_data_i(message_data), .m_valid_o, .m_ready_i,
      .m_sequence_o, .m_slot_o, .m_o, .error_o(itch_error_o), .filtered_o(itch_filtered_o)
  );
endmodule
`default_nettype wire

`default_nettype none
// One sequenced stream out of the MoldUDP64 packets of two lines: the first copy of each message
// wins, a message is given once and in order, and only when its whole packet was good. As the
// software (dataplane/feed/mold_receiver.hpp), with three differences: nothing is kept for later,
// so that a packet that comes before an earlier one, or one of more than 2^DEPTH_LOG2 - 8 new
// messages, is dropped, and the other line or the host has to bring its messages; nothing is asked
// for again; and enough packets that contradict the stream freeze it at once.
// fpga/model/feed_model.hpp is the exact rule.
//
// Stale: messages are missing, or it is not known whether. The host resumes with a session and the
// first number it wants.
module md_mold_rx #(
    parameter int unsigned KEEP       = 56,
    parameter int unsigned DEPTH_LOG2 = 10
) (
    input  wire logic              clk,
    input  wire logic              rst,
    input  wire logic [31:0]       gap_wait_clocks_i,
    input  wire logic [31:0]       gap_window_messages_i,
    // From now on `sequence` of `session` is wanted; any: of the session that comes first.
    input  wire logic              resume_i,
    input  wire logic              resume_any_i,
    input  wire logic [79:0]       resume_session_i,
    input  wire logic [63:0]       resume_sequence_i,
    input  wire logic              s_valid_i,
    output logic                   s_ready_o,
    input  wire logic [511:0]      s_data_i,
    input  wire logic [6:0]        s_bytes_i,
    input  wire logic              s_last_i,
    input  wire logic              s_line_b_i,
    input  wire logic [7:0]        s_fault_i,
    output logic                   m_valid_o,
    input  wire logic              m_ready_i,
    output logic [63:0]            m_sequence_o,
    output logic [15:0]            m_bytes_o,
    output logic [8*KEEP-1:0]      m_data_o,
    // Where the stream stands.
    output logic                   live_o,
    output logic                   stale_o,
    output logic                   ended_o,
    output logic                   frozen_o,
    output logic [63:0]            expected_o,
    output logic [63:0]            next_seen_o,
    // What just happened; one clock each.
    output logic                   packet_a_o,
    output logic                   packet_b_o,
    output logic                   malformed_o,
    output logic                   too_long_o,
    output logic                   wrong_session_o,
    output logic                   contradiction_o,
    output logic                   duplicate_o,
    output logic                   ahead_o,
    output logic                   gap_o,
    output logic [15:0]            messages_o
);
  localparam logic [63:0] MessagesMax = (1 << DEPTH_LOG2) - 8;
  localparam int unsigned Width = 64 + 16 + 8 * KEEP;

  // Packets into messages.
  logic head_valid, start, room, slice_valid, done, done_line_b, done_broken;
  logic is_delivery, commit, rollback;
  logic [159:0] head;
  logic [15:0] start_count, start_skip, slice_bytes;
  logic [8*KEEP-1:0] slice_data;
  logic [63:0] write_sequence;
  logic [7:0] done_fault;
  md_slicer #(.KEEP(KEEP)) u_slicer (
      .clk, .rst, .s_valid_i, .s_ready_o, .s_data_i, .s_bytes_i, .s_last_i, .s_line_b_i,
      .s_fault_i, .head_valid_o(head_valid), .head_o(head),
      .start_i(start), .start_count_i(start_count), .start_skip_i(start_skip),
      .deliver_i(is_delivery), .room_i(room),
      .m_valid_o(slice_valid), .m_data_o(slice_data), .m_bytes_o(slice_bytes),
      .done_o(done), .done_line_b_o(done_line_b), .done_fault_o(done_fault),
      .done_broken_o(done_broken)
  );
  md_commit_fifo #(.WIDTH(Width), .DEPTH_LOG2(DEPTH_LOG2)) u_fifo (
      .clk, .rst, .wr_en_i(slice_valid), .wr_data_i({slice_data, slice_bytes, write_sequence}),
      .commit_i(commit), .rollback_i(rollback), .room_o(room), .m_valid_o,
      .m_ready_i, .m_data_o({m_data_o, m_bytes_o, m_sequence_o})
  );

  // The header of the packet in work: read in one clock, judged in the next.
  logic looked, working, abandoned;
  logic [79:0] packet_session, session;
  logic [63:0] head_sequence, sequence_now;
  logic [64:0] next;
  logic [15:0] head_count, head_messages, messages;
  logic head_end;
  logic session_known, proven, caught_up, end_known, doubted;
  logic [63:0] end_sequence;
  logic [3:0] anomalies;
  assign head_sequence = {
    head[8*10+:8], head[8*11+:8], head[8*12+:8], head[8*13+:8], head[8*14+:8], head[8*15+:8],
    head[8*16+:8], head[8*17+:8]
  };
  assign head_count = {head[8*18+:8], head[8*19+:8]};
  assign head_end = {16'd0, head_count} == mold64_pkg::EndOfSessionCount;
  assign head_messages = head_end ? 16'd0 : head_count;
  // Judged.
  logic too_long, has_next, is_end, in_range, same_session, copy, delivers, contradicts, jumps;
  logic [63:0] from;
  assign in_range = sequence_now != '0 && !next[64];
  assign same_session = !session_known || packet_session == session;
  assign from = expected_o == '0 ? sequence_now : expected_o;
  // Told by the header alone, and not looked into.
  assign copy = live_o && !ended_o && !frozen_o && in_range && packet_session == session &&
      messages != '0 && next[63:0] <= expected_o;
  assign contradicts = expected_o != '0 && ((end_known && next[63:0] > end_sequence) ||
                                            (is_end && next[63:0] < next_seen_o));
  // One packet far ahead is not believed before a second one says the like.
  assign jumps = expected_o != '0 && caught_up && next[63:0] > next_seen_o &&
      next[63:0] - next_seen_o > {32'd0, gap_window_messages_i};
  assign has_next = in_range && same_session && !frozen_o && !contradicts &&
      !(jumps && !doubted) && messages != '0 &&
      sequence_now <= from && next[63:0] > from;
  // All the messages of a packet wait until the packet is known to be good.
  assign too_long = has_next && next[63:0] - from > MessagesMax;
  assign delivers = has_next && !too_long;

  assign start = looked && !working;
  assign start_count = copy || !in_range ? '0 : messages;
  assign start_skip = from[15:0] - sequence_now[15:0];

  logic is_too_long, is_copy, is_in_range, is_same, is_contradiction, is_doubtful;
  logic is_ahead;
  logic [63:0] delivered_from;
  always_ff @(posedge clk) begin
    looked <= head_valid && !looked && !working;
    if (head_valid && !looked && !working) begin
      packet_session <= head[79:0];
      sequence_now <= head_sequence;
      is_end <= head_end;
      messages <= head_messages;
      next <= {1'b0, head_sequence} + {49'd0, head_messages};
    end
    if (start) begin
      working <= 1'b1;
      is_copy <= copy;
      is_too_long <= too_long;
      is_delivery <= delivers;
      is_in_range <= in_range;
      is_same <= same_session;
      is_contradiction <= contradicts;
      is_doubtful <= jumps && !doubted;
      is_ahead <= messages != '0 && sequence_now > from;
      write_sequence <= from;
      delivered_from <= from;
    end else if (slice_valid) begin
      write_sequence <= write_sequence + 64'd1;
    end
    if (done) working <= 1'b0;
    // What is in work when the host resumes belongs to the past.
    if (done) abandoned <= 1'b0;
    if (resume_i && (working || looked) && !done) abandoned <= 1'b1;
    if (rst) begin
      looked <= 1'b0;
      working <= 1'b0;
      abandoned <= 1'b0;
    end
  end

  // The end of the packet in work: counted, and in force when it is good and plausible.
  logic good, sound, plausible, suspect;
  assign good = done && done_fault == feed_pkg::FrameFaultNone && !abandoned && !resume_i;
  assign sound = good && is_in_range && !done_broken;
  assign suspect = sound && !is_copy && !frozen_o && (!is_same || is_contradiction);
  assign plausible = sound && !frozen_o && is_same && !is_contradiction;
  assign commit = plausible && is_delivery;
  assign rollback = done && !commit;

  logic [63:0] hole_start, behind;
  logic [31:0] hole_clocks;
  logic hole_declared, contiguous;
  assign contiguous = expected_o == next_seen_o;

  always_ff @(posedge clk) begin
    packet_a_o <= good && !done_line_b;
    packet_b_o <= good && done_line_b;
    malformed_o <= good && (!is_in_range || done_broken);
    too_long_o <= plausible && is_too_long;
    wrong_session_o <= suspect && !is_same;
    contradiction_o <= suspect && is_same;
    duplicate_o <= plausible && (is_copy || (messages != '0 && next[63:0] <= delivered_from));
    ahead_o <= plausible && !is_copy && !is_doubtful && is_ahead;
    messages_o <= commit ? next[15:0] - delivered_from[15:0] : 16'd0;
    gap_o <= 1'b0;

    if (sound && !is_copy && !frozen_o) begin
      if (!session_known) session <= packet_session;
      session_known <= 1'b1;
      if (is_same) live_o <= 1'b1;
    end
    if (suspect) begin
      anomalies <= anomalies + 4'd1;
      if ({28'd0, anomalies} + 1 >= feed_pkg::FeedAnomaliesMax) begin
        frozen_o <= 1'b1;
        stale_o <= 1'b1;
      end
    end
    if (plausible && is_copy) anomalies <= '0;
    if (plausible && !is_copy) begin
      if (caught_up) doubted <= is_doubtful;
      if (!is_doubtful) begin
        proven <= 1'b1;
        anomalies <= '0;
        expected_o <= is_delivery ? next[63:0] : delivered_from;
        if (next[63:0] > next_seen_o || expected_o == '0) next_seen_o <= next[63:0];
        if (is_end) begin
          end_known <= 1'b1;
          end_sequence <= next[63:0];
        end
      end
    end

    // Holes.
    behind <= next_seen_o - expected_o;
    if (contiguous || !live_o || frozen_o) begin
      hole_start <= '0;
      hole_declared <= 1'b0;
      hole_clocks <= '0;
    end else if (hole_start != expected_o) begin
      hole_start <= expected_o;
      hole_declared <= 1'b0;
      hole_clocks <= '0;
    end else begin
      hole_clocks <= hole_clocks + {31'd0, hole_clocks != '1};
      if (!hole_declared && (hole_clocks >= gap_wait_clocks_i ||
                             behind >= {32'd0, gap_window_messages_i})) begin
        hole_declared <= 1'b1;
        gap_o <= 1'b1;
        stale_o <= 1'b1;
      end
    end
    if (contiguous && proven && !frozen_o && !suspect) begin
      stale_o <= 1'b0;
      caught_up <= 1'b1;
      ended_o <= end_known && expected_o == end_sequence;
    end

    if (rst || resume_i) begin
      session_known <= !rst && !resume_any_i;
      session <= resume_session_i;
      expected_o <= rst ? 64'd1 : resume_sequence_i;
      next_seen_o <= rst ? 64'd1 : resume_sequence_i;
      live_o <= 1'b0;
      stale_o <= 1'b1;
      ended_o <= 1'b0;
      frozen_o <= 1'b0;
      proven <= 1'b0;
      caught_up <= 1'b0;
      end_known <= 1'b0;
      doubted <= 1'b0;
      anomalies <= '0;
    end
  end
endmodule
`default_nettype wire

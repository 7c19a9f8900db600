`default_nettype none
// Cuts the payload of one MoldUDP64 packet after another into messages: one message a clock,
// wherever in the beats it lies. The first 20 bytes of a packet are shown (head_valid_o); then
// start_i says how many blocks follow and how many of them, at the beginning, are not wanted. Every
// block is walked over; one whose length does not fit the packet makes the whole packet broken.
//
// Of a message KEEP bytes are given, from byte 0 in bits [7:0]; what lies behind its length is not
// its own. Two clocks from the walk to the message; done_o comes with the last message or later.
module md_slicer #(
    parameter int unsigned KEEP = 56
) (
    input  wire logic              clk,
    input  wire logic              rst,
    input  wire logic              s_valid_i,
    output logic                   s_ready_o,
    input  wire logic [511:0]      s_data_i,
    input  wire logic [6:0]        s_bytes_i,
    input  wire logic              s_last_i,
    input  wire logic              s_line_b_i,
    input  wire logic [7:0]        s_fault_i,
    // The packet's header; a packet that is too short for it turns out to be broken.
    output logic                   head_valid_o,
    output logic [159:0]           head_o,
    // Walks over count blocks from the header on; once for each head.
    input  wire logic              start_i,
    input  wire logic [15:0]       start_count_i,
    input  wire logic [15:0]       start_skip_i,
    // From the clock behind the start on: do the wanted messages go out, or is the packet only
    // walked over?
    input  wire logic              deliver_i,
    // May a message go out?
    input  wire logic              room_i,
    output logic                   m_valid_o,
    output logic [8*KEEP-1:0]      m_data_o,
    output logic [15:0]            m_bytes_o,
    // The end of a packet, in the clock of its last message or later.
    output logic                   done_o,
    output logic                   done_line_b_o,
    output logic [7:0]             done_fault_o,
    output logic                   done_broken_o
);
  localparam logic [17:0] BlockHeaderBytes = 18'd2;
  localparam logic [17:0] BeatBytes = 18'd64;

  // Two beats; the walk is at byte at of them.
  logic [511:0] now_data, next_data;
  logic [6:0] now_bytes, next_bytes;
  logic now_valid, now_last, now_line_b, next_valid, next_last, next_line_b;
  logic [7:0] now_fault, next_fault;
  logic [17:0] at, at_after, available, length_end, behind_length, block_end;
  logic [15:0] left, skip, length;
  logic walking, broken, starving, whole, wanted, emit, finished, shift, data_ends, beat_after;
  logic walk_over;

  assign head_valid_o = now_valid && !walking;
  assign head_o = now_data[159:0];

  // The block at the walk. Its length counts only when the walk is in the first beat.
  assign data_ends = now_last || now_bytes != 7'd64 ||
      (next_valid && (next_last || next_bytes != 7'd64));
  assign available = {11'd0, now_bytes} + (!now_last && next_valid ? {11'd0, next_bytes} : 18'd0);
  assign length_end = at + BlockHeaderBytes;
  always_comb begin
    length = '0;
    for (int i = 0; i < 64; i++) begin
      if (at[5:0] == i[5:0]) begin
        length = i == 63 ? {now_data[8*63+:8], next_data[7:0]} :
            {now_data[8*i+:8], now_data[8*((i+1)%64)+:8]};
      end
    end
  end
  assign block_end = length_end + {2'd0, length};
  // In terms of the length, which comes last: the rest is known before it.
  assign behind_length = available - length_end;
  assign whole = at < BeatBytes && length_end <= available &&
      ({2'd0, length} <= behind_length || {14'd0, behind_length} >= KEEP);
  assign wanted = walking && left != '0 && !broken;
  assign emit = wanted && whole && (room_i || skip != '0 || !deliver_i);
  // No whole block, although nothing more comes.
  assign starving = wanted && !whole && data_ends && (at < BeatBytes || now_last);
  assign at_after = emit ? block_end : at;
  assign beat_after = emit ? block_end >= BeatBytes : at >= BeatBytes;
  assign walk_over = broken || left == '0 || (emit && left == 16'd1);

  // On to the next beat when the walk is done with this one.
  assign shift = walking && !now_last && next_valid && (beat_after || walk_over);
  assign finished = walking && now_last && (walk_over || starving);

  assign s_ready_o = (!next_valid || shift || !now_valid || finished) && !rst;

  always_ff @(posedge clk) begin
    if (start_i) begin
      walking <= 1'b1;
      broken <= 1'b0;
      left <= start_count_i;
      skip <= start_skip_i;
      at <= 18'd20;
    end
    if (walking) begin
      if (emit) begin
        left <= left - 16'd1;
        if (skip != '0) skip <= skip - 16'd1;
      end
      if (starving) broken <= 1'b1;
      at <= shift ? (beat_after ? at_after - BeatBytes : 18'd0) : at_after;
      if (finished) walking <= 1'b0;
    end

    // The two beats.
    if (finished || shift || !now_valid) begin
      now_valid <= next_valid || (s_valid_i && s_ready_o);
      now_data <= next_valid ? next_data : s_data_i;
      now_bytes <= next_valid ? next_bytes : s_bytes_i;
      now_last <= next_valid ? next_last : s_last_i;
      now_line_b <= next_valid ? next_line_b : s_line_b_i;
      now_fault <= next_valid ? next_fault : s_fault_i;
      next_valid <= next_valid && s_valid_i && s_ready_o;
    end else if (s_valid_i && s_ready_o) begin
      next_valid <= 1'b1;
    end
    if (s_valid_i && s_ready_o) begin
      next_data <= s_data_i;
      next_bytes <= s_bytes_i;
      next_last <= s_last_i;
      next_line_b <= s_line_b_i;
      next_fault <= s_fault_i;
    end
    if (rst) begin
      walking <= 1'b0;
      now_valid <= 1'b0;
      next_valid <= 1'b0;
    end
  end

  // Moves the message to byte 0: by multiples of eight bytes, then by bytes.
  logic [8*(KEEP+7)-1:0] coarse;
  logic [2:0] fine;
  logic emit1, done1, line_b1, broken1, leaves1, over1, was_over;
  logic [17:0] at1;
  logic [6:0] now_bytes1;
  logic [15:0] bytes1;
  logic [1023:0] both;
  logic [6:0] begin_at;
  logic [7:0] fault1;
  assign both = {next_data, now_data};
  assign begin_at = length_end[6:0];
  // Behind the last byte when the beat is left: a long message was not there as a whole.
  assign over1 = leaves1 && at1 > {11'd0, now_bytes1};
  always_ff @(posedge clk) begin
    emit1 <= emit && skip == '0 && deliver_i;
    bytes1 <= length;
    fine <= begin_at[2:0];
    for (int i = 0; i < 9; i++) begin
      if (begin_at[6:3] == i[3:0]) coarse <= both[64*i+:8*(KEEP+7)];
    end
    done1 <= finished;
    line_b1 <= now_line_b;
    fault1 <= now_fault;
    broken1 <= broken || starving;
    at1 <= at_after;
    now_bytes1 <= now_bytes;
    leaves1 <= finished || (shift && now_bytes != 7'd64);
    was_over <= !start_i && (was_over || over1);

    m_valid_o <= emit1;
    m_bytes_o <= bytes1;
    m_data_o <= coarse[8*fine+:8*KEEP];
    done_o <= done1;
    done_line_b_o <= line_b1;
    done_fault_o <= fault1;
    done_broken_o <= broken1 || over1 || was_over;
    if (rst) begin
      emit1 <= 1'b0;
      done1 <= 1'b0;
      m_valid_o <= 1'b0;
      done_o <= 1'b0;
    end
  end
endmodule
`default_nettype wire

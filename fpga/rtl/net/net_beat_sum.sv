`default_nettype none
// Four partial sums of the 16-bit words of one beat, of those bytes alone that lie in [from, to) of
// the frame; from is even. One clock.
module net_beat_sum (
    input  wire logic         clk,
    input  wire logic         en_i,
    input  wire logic [511:0] data_i,
    // Place of the beat's first byte in the frame.
    input  wire logic [16:0]  beat_at_i,
    input  wire logic [16:0]  from_i,
    input  wire logic [16:0]  to_i,
    // 22 bits each.
    output logic [87:0]       sums_o
);
  logic [511:0] masked;
  logic [16:0] start, stop;
  logic past_start, past_stop;

  // Both ends as places in this beat.
  assign past_start = beat_at_i >= from_i;
  assign past_stop = beat_at_i >= to_i;
  assign start = from_i - beat_at_i;
  assign stop = to_i - beat_at_i;
  always_comb begin
    for (int i = 0; i < 64; i++) begin
      masked[8*i+:8] = data_i[8*i+:8] &
          {8{(past_start || {15'd0, start} <= i) && !past_stop && {15'd0, stop} > i}};
    end
  end
  always_ff @(posedge clk) begin
    if (en_i) begin
      for (int p = 0; p < 4; p++) begin
        sums_o[22*p+:22] <= {6'd0, masked[128*p+:8], masked[128*p+8+:8]} +
            {6'd0, masked[128*p+16+:8], masked[128*p+24+:8]} +
            {6'd0, masked[128*p+32+:8], masked[128*p+40+:8]} +
            {6'd0, masked[128*p+48+:8], masked[128*p+56+:8]} +
            {6'd0, masked[128*p+64+:8], masked[128*p+72+:8]} +
            {6'd0, masked[128*p+80+:8], masked[128*p+88+:8]} +
            {6'd0, masked[128*p+96+:8], masked[128*p+104+:8]} +
            {6'd0, masked[128*p+112+:8], masked[128*p+120+:8]};
      end
    end
  end
endmodule
`default_nettype wire

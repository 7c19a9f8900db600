`default_nettype none
// Four partial sums of the 16-bit words of one beat, of those bytes alone that are kept. One clock.
module net_beat_sum (
    input  wire logic         clk,
    input  wire logic         en_i,
    input  wire logic [511:0] data_i,
    input  wire logic [63:0]  keep_i,
    // 22 bits each.
    output logic [87:0]       sums_o
);
  logic [511:0] masked;
  always_comb begin
    for (int i = 0; i < 64; i++) begin
      masked[8*i+:8] = data_i[8*i+:8] & {8{keep_i[i]}};
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

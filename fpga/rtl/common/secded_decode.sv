`default_nettype none
// Corrects a word of 64 data bits and their check bits (secded_pkg). Combinational. With lost_o
// set, two bits (or more) are wrong and data_o is not to be used.
module secded_decode (
    input  wire logic [63:0] data_i,
    input  wire logic [7:0]  check_i,
    output logic [63:0]      data_o,
    output logic             corrected_o,
    output logic             lost_o
);
  logic [7:0] syndrome;
  logic [63:0] flip;
  logic check_bit_wrong;

  assign syndrome = secded_pkg::check_bits(data_i) ^ check_i;
  // One bit of the check bits themselves: nothing to correct in the data.
  assign check_bit_wrong = syndrome != '0 && (syndrome & (syndrome - 1'b1)) == '0;
  always_comb begin
    flip = '0;
    case (syndrome)
      8'h07: flip[0] = 1'b1;
      8'h0b: flip[1] = 1'b1;
      8'h13: flip[2] = 1'b1;
      8'h23: flip[3] = 1'b1;
      8'h43: flip[4] = 1'b1;
      8'h83: flip[5] = 1'b1;
      8'h0d: flip[6] = 1'b1;
      8'h15: flip[7] = 1'b1;
      8'h25: flip[8] = 1'b1;
      8'h45: flip[9] = 1'b1;
      8'h85: flip[10] = 1'b1;
      8'h19: flip[11] = 1'b1;
      8'h29: flip[12] = 1'b1;
      8'h49: flip[13] = 1'b1;
      8'h89: flip[14] = 1'b1;
      8'h31: flip[15] = 1'b1;
      8'h51: flip[16] = 1'b1;
      8'h91: flip[17] = 1'b1;
      8'h61: flip[18] = 1'b1;
      8'ha1: flip[19] = 1'b1;
      8'hc1: flip[20] = 1'b1;
      8'h0e: flip[21] = 1'b1;
      8'h16: flip[22] = 1'b1;
      8'h26: flip[23] = 1'b1;
      8'h46: flip[24] = 1'b1;
      8'h86: flip[25] = 1'b1;
      8'h1a: flip[26] = 1'b1;
      8'h2a: flip[27] = 1'b1;
      8'h4a: flip[28] = 1'b1;
      8'h8a: flip[29] = 1'b1;
      8'h32: flip[30] = 1'b1;
      8'h52: flip[31] = 1'b1;
      8'h92: flip[32] = 1'b1;
      8'h62: flip[33] = 1'b1;
      8'ha2: flip[34] = 1'b1;
      8'hc2: flip[35] = 1'b1;
      8'h1c: flip[36] = 1'b1;
      8'h2c: flip[37] = 1'b1;
      8'h4c: flip[38] = 1'b1;
      8'h8c: flip[39] = 1'b1;
      8'h34: flip[40] = 1'b1;
      8'h54: flip[41] = 1'b1;
      8'h94: flip[42] = 1'b1;
      8'h64: flip[43] = 1'b1;
      8'ha4: flip[44] = 1'b1;
      8'hc4: flip[45] = 1'b1;
      8'h38: flip[46] = 1'b1;
      8'h58: flip[47] = 1'b1;
      8'h98: flip[48] = 1'b1;
      8'h68: flip[49] = 1'b1;
      8'ha8: flip[50] = 1'b1;
      8'hc8: flip[51] = 1'b1;
      8'h70: flip[52] = 1'b1;
      8'hb0: flip[53] = 1'b1;
      8'hd0: flip[54] = 1'b1;
      8'he0: flip[55] = 1'b1;
      8'h1f: flip[56] = 1'b1;
      8'h3e: flip[57] = 1'b1;
      8'h7c: flip[58] = 1'b1;
      8'hf8: flip[59] = 1'b1;
      8'hf1: flip[60] = 1'b1;
      8'he3: flip[61] = 1'b1;
      8'hc7: flip[62] = 1'b1;
      8'h8f: flip[63] = 1'b1;
      default: flip = '0;
    endcase
  end
  assign data_o = data_i ^ flip;
  assign corrected_o = flip != '0 || check_bit_wrong;
  assign lost_o = syndrome != '0 && !corrected_o;
endmodule
`default_nettype wire

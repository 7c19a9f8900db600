`default_nettype none
// Hsiao SECDED (72,64): eight check bits correct one wrong bit of 72 and detect two.
//
// Every bit of the word has a column of odd weight: the check bits the eight of weight 1, the data
// bits all 56 of weight 3 and the eight rotations of 00011111. Two wrong bits then give a syndrome
// of even weight that is not zero, which no single bit gives. Every check bit sums 26 data bits.
package secded_pkg;
  function automatic logic [7:0] check_bits(input logic [63:0] data);
    check_bits = {
      ^(data & 64'hf8ed348d221a4420),
      ^(data & 64'h7cdaaa4a91152210),
      ^(data & 64'h3eb65926488c9108),
      ^(data & 64'h1f71c711c4438884),
      ^(data & 64'h8f0fc0f03c207842),
      ^(data & 64'hc7003ff003e007c1),
      ^(data & 64'he300000fffe0003f),
      ^(data & 64'hf1000000001fffff)
    };
  endfunction
endpackage
`default_nettype wire

`default_nettype none
// What the first beat of a frame says: Ethernet, one 802.1Q tag, IPv4, UDP. Combinational; valid
// only as far as the frame has the bytes.
module net_headers (
    // Bytes 12 to 45: behind the addresses of Ethernet.
    input  wire logic [271:0] beat_i,
    output logic              tagged_o,
    output logic [15:0]       ether_type_o,
    // Version and length of the IP header.
    output logic [7:0]        ip_shape_o,
    output logic [15:0]       ip_bytes_o,
    output logic [13:0]       ip_fragment_o,
    output logic [7:0]        ip_protocol_o,
    output logic [31:0]       ip_src_o,
    output logic [31:0]       ip_dst_o,
    // Twenty bytes, as in the frame.
    output logic [159:0]      ip_header_o,
    output logic [15:0]       udp_dst_port_o,
    output logic [15:0]       udp_bytes_o,
    output logic [15:0]       udp_checksum_o
);
  localparam logic [15:0] TypeVlan = 16'h8100;
  // Type and IP header as if there were no tag, and the UDP header behind its source port.
  logic [175:0] head;
  logic [47:0] udp;

  assign tagged_o = {beat_i[7:0], beat_i[15:8]} == TypeVlan;
  assign head = tagged_o ? beat_i[8*4+:176] : beat_i[175:0];
  assign udp = tagged_o ? beat_i[8*28+:48] : beat_i[8*24+:48];
  assign ether_type_o = {head[7:0], head[15:8]};
  assign ip_header_o = head[16+:160];
  assign ip_shape_o = ip_header_o[7:0];
  assign ip_bytes_o = {ip_header_o[8*2+:8], ip_header_o[8*3+:8]};
  assign ip_fragment_o = {ip_header_o[8*6+:6], ip_header_o[8*7+:8]};
  assign ip_protocol_o = ip_header_o[8*9+:8];
  assign ip_src_o = {
    ip_header_o[8*12+:8], ip_header_o[8*13+:8], ip_header_o[8*14+:8], ip_header_o[8*15+:8]
  };
  assign ip_dst_o = {
    ip_header_o[8*16+:8], ip_header_o[8*17+:8], ip_header_o[8*18+:8], ip_header_o[8*19+:8]
  };
  assign udp_dst_port_o = {udp[7:0], udp[15:8]};
  assign udp_bytes_o = {udp[23:16], udp[31:24]};
  assign udp_checksum_o = {udp[39:32], udp[47:40]};
endmodule
`default_nettype wire

`default_nettype none
// Takes Ethernet frames, hands on what UDP datagrams of two lines carry: Ethernet, one 802.1Q tag,
// IPv4 without options, UDP. Every length and both checksums are checked. A datagram is handed on
// while it comes in; whether it is whole and good is said with its last beat (m_fault_o), and until
// then nothing may be done that cannot be undone.
//
// Beats have 64 bytes, byte 0 in bits [7:0], kept from byte 0 on without holes; all but the last of
// a frame are full. A frame gives as many beats as it has, the last ones perhaps without bytes.
// From a frame's last beat to the last beat given: five clocks. A frame of more than 65,535 bytes
// is not to be sent.
//
// The first fault that applies is named, in the order of the software (dataplane/net), except that
// a header with options is not looked into.
module net_udp_rx (
    input  wire logic         clk,
    input  wire logic         rst,
    // Lines: group and port; group 0 = no line.
    input  wire logic [31:0]  line_a_ip_i,
    input  wire logic [15:0]  line_a_port_i,
    input  wire logic [31:0]  line_b_ip_i,
    input  wire logic [15:0]  line_b_port_i,
    input  wire logic         s_valid_i,
    output logic              s_ready_o,
    input  wire logic [511:0] s_data_i,
    input  wire logic [63:0]  s_keep_i,
    input  wire logic         s_last_i,
    output logic              m_valid_o,
    input  wire logic         m_ready_i,
    output logic [511:0]      m_data_o,
    // Bytes of the beat that belong to the datagram: 0 .. 64.
    output logic [6:0]        m_bytes_o,
    output logic              m_last_o,
    // With the last beat: which line, and what is wrong.
    output logic              m_line_b_o,
    output logic [7:0]        m_fault_o
);
  localparam logic [15:0] TypeIpv4 = 16'h0800;
  localparam logic [7:0] ProtocolUdp = 8'd17;

  // Stages 1 to 3 move together; stage 4 waits for the beat after it, whose first bytes complete
  // its own.
  logic v1, v2, v3, v4, move, move4, leave4;
  assign leave4 = v4 && (last4 || v3) && (!m_valid_o || m_ready_i);
  assign move4 = !v4 || leave4;
  assign move = !v3 || move4;
  assign s_ready_o = move && !rst;
  always_ff @(posedge clk) begin
    if (move) begin
      v1 <= s_valid_i;
      v2 <= v1;
      v3 <= v2;
    end
    if (move4) v4 <= v3;
    if (m_ready_i) m_valid_o <= 1'b0;
    if (leave4) m_valid_o <= 1'b1;
    if (rst) begin
      v1 <= 1'b0;
      v2 <= 1'b0;
      v3 <= 1'b0;
      v4 <= 1'b0;
      m_valid_o <= 1'b0;
    end
  end

  // 1: how many bytes the beat has.
  logic first1, last1, in_frame;
  logic [511:0] data1;
  logic [6:0] bytes1, keep_bytes;
  always_comb begin
    keep_bytes = '0;
    for (int i = 0; i < 64; i++) begin
      // The last byte that is kept says how many there are.
      if (s_keep_i[i] && (i == 63 || !s_keep_i[(i+1)%64])) begin
        keep_bytes = keep_bytes | (i[6:0] + 7'd1);
      end
    end
  end
  always_ff @(posedge clk) begin
    if (move) begin
      data1 <= s_data_i;
      bytes1 <= keep_bytes;
      last1 <= s_last_i;
      first1 <= !in_frame;
      if (s_valid_i) in_frame <= !s_last_i;
    end
    if (rst) in_frame <= 1'b0;
  end

  // 2: the headers, kept for the whole frame; bytes of the frame up to and with this beat; which
  // bytes of the beat belong to UDP.
  logic tagged1, tagged2, first2, last2;
  logic [15:0] ether_type1, ip_bytes1, dst_port1, udp_bytes1, udp_checksum1;
  logic [15:0] ether_type2, ip_bytes2, dst_port2, udp_bytes2, udp_checksum2;
  logic [7:0] ip_shape1, protocol1, ip_shape2, protocol2;
  logic [13:0] fragment1, fragment2;
  logic [31:0] src1, dst1, src2, dst2;
  logic [159:0] ip_header1, ip_header2;
  logic [511:0] data2;
  logic [16:0] frame_bytes2, beat_at2, ip_at2, udp_at2, udp_left1, udp_left2;
  logic [63:0] udp_keep1, udp_keep2;
  net_headers u_headers (
      .beat_i(data1[8*46-1:8*12]), .tagged_o(tagged1), .ether_type_o(ether_type1),
      .ip_shape_o(ip_shape1), .ip_bytes_o(ip_bytes1), .ip_fragment_o(fragment1),
      .ip_protocol_o(protocol1), .ip_src_o(src1), .ip_dst_o(dst1), .ip_header_o(ip_header1),
      .udp_dst_port_o(dst_port1), .udp_bytes_o(udp_bytes1), .udp_checksum_o(udp_checksum1)
  );
  // Where UDP ends, from the beat's first byte on; 0 = before it.
  assign udp_left1 = first1 ? (tagged1 ? 17'd38 : 17'd34) + {1'b0, udp_bytes1} :
      (udp_left2 > 17'd64 ? udp_left2 - 17'd64 : 17'd0);
  always_comb begin
    for (int i = 0; i < 64; i++) begin
      udp_keep1[i] = (udp_left1[16:6] != '0 || udp_left1[5:0] > i[5:0]) &&
          (!first1 || i >= 38 || (i >= 34 && !tagged1));
    end
  end
  always_ff @(posedge clk) begin
    if (move && v1) begin
      data2 <= data1;
      udp_left2 <= udp_left1;
      udp_keep2 <= udp_keep1;
      first2 <= first1;
      last2 <= last1;
      beat_at2 <= first1 ? '0 : beat_at2 + 17'd64;
      frame_bytes2 <= (first1 ? '0 : frame_bytes2) + {10'd0, bytes1};
      if (first1) begin
        tagged2 <= tagged1;
        ether_type2 <= ether_type1;
        ip_shape2 <= ip_shape1;
        ip_bytes2 <= ip_bytes1;
        fragment2 <= fragment1;
        protocol2 <= protocol1;
        src2 <= src1;
        dst2 <= dst1;
        ip_header2 <= ip_header1;
        dst_port2 <= dst_port1;
        udp_bytes2 <= udp_bytes1;
        udp_checksum2 <= udp_checksum1;
      end
    end
  end
  assign ip_at2 = tagged2 ? 17'd18 : 17'd14;
  assign udp_at2 = ip_at2 + 17'd20;

  // 3: what the headers alone say; partial sums.
  logic first3, last3, tagged3, has_checksum3, short_ethernet3, short_ip3, not_ip3, malformed3;
  logic options3, short_packet3, fragment3, not_for_us3, short_udp3, malformed_udp3, long_udp3;
  logic line_a3, line_b3;
  logic [511:0] data3;
  logic [87:0] sums3;
  logic [39:0] ip_sums3;
  logic [19:0] pseudo_sum3;
  logic [16:0] left3;
  net_beat_sum u_sum (
      .clk, .en_i(move && v2), .data_i(data2), .keep_i(udp_keep2), .sums_o(sums3)
  );
  always_ff @(posedge clk) begin
    if (move && v2) begin
      data3 <= data2;
      first3 <= first2;
      last3 <= last2;
      tagged3 <= tagged2;
      for (int i = 0; i < 2; i++) begin
        ip_sums3[20*i+:20] <= {4'd0, ip_header2[80*i+:8], ip_header2[80*i+8+:8]} +
            {4'd0, ip_header2[80*i+16+:8], ip_header2[80*i+24+:8]} +
            {4'd0, ip_header2[80*i+32+:8], ip_header2[80*i+40+:8]} +
            {4'd0, ip_header2[80*i+48+:8], ip_header2[80*i+56+:8]} +
            {4'd0, ip_header2[80*i+64+:8], ip_header2[80*i+72+:8]};
      end
      pseudo_sum3 <= {4'd0, src2[31:16]} + {4'd0, src2[15:0]} + {4'd0, dst2[31:16]} +
          {4'd0, dst2[15:0]} + {12'd0, ProtocolUdp} + {4'd0, udp_bytes2};
      has_checksum3 <= udp_checksum2 != '0;
      // Bytes of the payload from this beat's part of it on; below 0 = none.
      left3 <= {1'b0, udp_bytes2} - 17'd8 - beat_at2;
      short_ethernet3 <= frame_bytes2 < ip_at2;
      not_ip3 <= ether_type2 != TypeIpv4;
      short_ip3 <= frame_bytes2 < udp_at2;
      malformed3 <= ip_shape2[7:4] != 4'd4 || ip_shape2[3:0] < 4'd5 ||
          ip_bytes2 < {10'd0, ip_shape2[3:0], 2'b00};
      options3 <= ip_shape2[3:0] > 4'd5;
      short_packet3 <= ip_at2 + {1'b0, ip_bytes2} > frame_bytes2;
      fragment3 <= fragment2 != '0;
      not_for_us3 <= protocol2 != ProtocolUdp ||
          ((dst2 != line_a_ip_i || line_a_ip_i == '0) &&
           (dst2 != line_b_ip_i || line_b_ip_i == '0));
      short_udp3 <= ip_bytes2 < 16'd28;
      malformed_udp3 <= udp_bytes2 < 16'd8;
      long_udp3 <= {1'b0, udp_bytes2} + 17'd20 > {1'b0, ip_bytes2};
      line_a3 <= dst2 == line_a_ip_i && dst_port2 == line_a_port_i && line_a_ip_i != '0;
      line_b3 <= dst2 == line_b_ip_i && dst_port2 == line_b_port_i && line_b_ip_i != '0;
    end
  end

  // 4: the sum over the datagram so far; the first fault, checksum of UDP and line left aside.
  logic last4, tagged4, line_b4, no_line4, has_checksum4;
  logic [511:8*42] data4;
  logic [6:0] bytes4;
  logic [20:0] ip_sum3;
  logic [16:0] ip_fold3;
  logic [31:0] sum4;
  logic [7:0] fault4;
  assign ip_sum3 = {1'b0, ip_sums3[19:0]} + {1'b0, ip_sums3[39:20]};
  assign ip_fold3 = {1'b0, ip_sum3[15:0]} + {12'd0, ip_sum3[20:16]};
  always_ff @(posedge clk) begin
    if (move4 && v3) begin
      data4 <= data3[511:8*42];
      last4 <= last3;
      tagged4 <= tagged3;
      line_b4 <= !line_a3;
      no_line4 <= !line_a3 && !line_b3;
      has_checksum4 <= has_checksum3;
      bytes4 <= left3[16] ? 7'd0 : (left3 > 17'd64 ? 7'd64 : left3[6:0]);
      sum4 <= (first3 ? {12'd0, pseudo_sum3} : sum4) + {10'd0, sums3[21:0]} +
          {10'd0, sums3[43:22]} + {10'd0, sums3[65:44]} + {10'd0, sums3[87:66]};
      if (short_ethernet3) fault4 <= feed_pkg::FrameFaultTruncated;
      else if (not_ip3) fault4 <= feed_pkg::FrameFaultIgnored;
      else if (short_ip3) fault4 <= feed_pkg::FrameFaultTruncated;
      else if (malformed3) fault4 <= feed_pkg::FrameFaultMalformed;
      else if (options3) fault4 <= feed_pkg::FrameFaultOptions;
      else if (short_packet3) fault4 <= feed_pkg::FrameFaultTruncated;
      // A sum of ten words has at most 20 bits: one fold gives all ones, or it is wrong.
      else if (ip_fold3 != 17'h0FFFF) fault4 <= feed_pkg::FrameFaultChecksum;
      else if (fragment3) fault4 <= feed_pkg::FrameFaultFragment;
      else if (not_for_us3) fault4 <= feed_pkg::FrameFaultIgnored;
      else if (short_udp3) fault4 <= feed_pkg::FrameFaultTruncated;
      else if (malformed_udp3) fault4 <= feed_pkg::FrameFaultMalformed;
      else if (long_udp3) fault4 <= feed_pkg::FrameFaultTruncated;
      else fault4 <= feed_pkg::FrameFaultNone;
    end
  end

  // 5: the payload, moved to the beginning of a beat.
  logic [16:0] fold4;
  logic checksum_wrong4;
  assign fold4 = {1'b0, sum4[31:16]} + {1'b0, sum4[15:0]};
  // The upper half is far below all ones: one fold gives all ones, or the sum is wrong.
  assign checksum_wrong4 = has_checksum4 && fold4 != 17'h0FFFF;
  always_ff @(posedge clk) begin
    if (leave4) begin
      m_data_o <= tagged4 ? {data3[8*46-1:0], data4[511:8*46]} : {data3[8*42-1:0], data4[511:8*42]};
      m_bytes_o <= bytes4;
      m_last_o <= last4;
      m_line_b_o <= line_b4;
      if (fault4 != feed_pkg::FrameFaultNone) m_fault_o <= fault4;
      else if (checksum_wrong4) m_fault_o <= feed_pkg::FrameFaultChecksum;
      else if (no_line4) m_fault_o <= feed_pkg::FrameFaultIgnored;
      else m_fault_o <= feed_pkg::FrameFaultNone;
    end
  end
endmodule
`default_nettype wire

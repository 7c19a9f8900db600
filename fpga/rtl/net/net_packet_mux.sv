`default_nettype none
// Two streams of packets into one, packet by packet; port 0 goes first when both begin, and after a
// packet the other port has its turn. Combinational from input to output.
module net_packet_mux #(
    parameter int unsigned WIDTH = 8
) (
    input  wire logic               clk,
    input  wire logic               rst,
    input  wire logic [1:0]         s_valid_i,
    output logic [1:0]              s_ready_o,
    input  wire logic [1:0]         s_last_i,
    // Port 0 lowest.
    input  wire logic [2*WIDTH-1:0] s_data_i,
    output logic                    m_valid_o,
    input  wire logic               m_ready_i,
    output logic                    m_last_o,
    output logic [WIDTH-1:0]        m_data_o
);
  // Inside a packet of that port; else the port whose turn it is.
  logic inside_packet, port, turn;

  assign port = inside_packet || s_valid_i[turn] ? turn : !turn;
  assign m_valid_o = s_valid_i[port];
  assign m_last_o = s_last_i[port];
  assign m_data_o = port ? s_data_i[2*WIDTH-1:WIDTH] : s_data_i[WIDTH-1:0];
  assign s_ready_o = {m_ready_i && port, m_ready_i && !port};
  always_ff @(posedge clk) begin
    if (m_valid_o) begin
      // A beat that was offered stays with its port.
      inside_packet <= !(m_ready_i && m_last_o);
      turn <= m_ready_i && m_last_o ? !port : port;
    end
    if (rst) begin
      inside_packet <= 1'b0;
      turn <= 1'b0;
    end
  end
endmodule
`default_nettype wire

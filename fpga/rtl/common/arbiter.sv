`default_nettype none
// Puts PORTS streams into one, round robin: a port that waits is served after at most PORTS - 1
// beats of others. A beat that is offered stays as it is until it is taken. Combinational from
// input to output.
module arbiter #(
    parameter int unsigned PORTS = 2,
    parameter int unsigned WIDTH = 8
) (
    input  wire logic                   clk,
    input  wire logic                   rst,
    input  wire logic [PORTS-1:0]       s_valid_i,
    output logic [PORTS-1:0]            s_ready_o,
    // Port 0 lowest.
    input  wire logic [PORTS*WIDTH-1:0] s_data_i,
    output logic                        m_valid_o,
    input  wire logic                   m_ready_i,
    output logic [WIDTH-1:0]            m_data_o,
    output logic [PORTS-1:0]            m_port_o
);
  // Bit p of mask: port p comes before those with a clear bit.
  logic [PORTS-1:0] mask, held, later, first_later, first, grant;
  logic holding;

  assign later = s_valid_i & mask;
  assign first_later = later & (~later + 1'b1);
  assign first = s_valid_i & (~s_valid_i + 1'b1);
  assign grant = holding ? held : (later != '0 ? first_later : first);

  assign m_valid_o = s_valid_i != '0 && !rst;
  assign m_port_o = grant;
  assign s_ready_o = m_ready_i && !rst ? grant : '0;
  always_comb begin
    m_data_o = '0;
    for (int p = 0; p < PORTS; p++) begin
      if (grant[p]) m_data_o = m_data_o | s_data_i[p*WIDTH+:WIDTH];
    end
  end

  always_ff @(posedge clk) begin
    held <= grant;
    holding <= m_valid_o && !m_ready_i;
    // Those above the one that was served come first now.
    if (m_valid_o && m_ready_i) mask <= ~(grant | (grant - 1'b1));
    if (rst) begin
      mask <= '0;
      holding <= 1'b0;
    end
  end
endmodule
`default_nettype wire

`default_nettype none
// Cuts the path of ready: both sides are registered. One beat a clock, one clock of latency, two
// beats of room. A beat that is offered stays as it is until it is taken.
module skid_buffer #(
    parameter int unsigned WIDTH = 8
) (
    input  wire logic             clk,
    input  wire logic             rst,
    input  wire logic             s_valid_i,
    output logic                  s_ready_o,
    input  wire logic [WIDTH-1:0] s_data_i,
    output logic                  m_valid_o,
    input  wire logic             m_ready_i,
    output logic [WIDTH-1:0]      m_data_o
);
  logic skid_full, stall, take;
  logic [WIDTH-1:0] skid;

  assign stall = m_valid_o && !m_ready_i;
  assign take = s_valid_i && s_ready_o;

  always_ff @(posedge clk) begin
    // Ready is one clock late: the beat that comes in the clock of a stall goes into the skid.
    s_ready_o <= !(stall && (take || skid_full));
    if (!stall) begin
      m_valid_o <= skid_full || take;
      m_data_o <= skid_full ? skid : s_data_i;
      skid_full <= 1'b0;
    end else if (take) begin
      skid_full <= 1'b1;
      skid <= s_data_i;
    end
    if (rst) begin
      s_ready_o <= 1'b0;
      m_valid_o <= 1'b0;
      skid_full <= 1'b0;
    end
  end
endmodule
`default_nettype wire

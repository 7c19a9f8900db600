// Uses every generated package the way RTL does, in the subset both Verilator and yosys read.
module packages_top (
    input  wire logic [8*risk_pkg::OrderRequestBytes-1:0] request_i,
    input  wire logic [63:0] fail_bitmap_i,
    input  wire logic [7:0] type_i,
    output logic [8*risk_pkg::OrderRequestBytes-1:0] request_o,
    output logic [7:0] side_o,
    output logic       buy_o,
    output logic [7:0] primary_o,
    output logic [7:0] itch_bytes_o,
    output logic [7:0] order_bytes_o,
    output logic [7:0] token_order_bytes_o,
    output logic [7:0] soup_bytes_o,
    output logic [31:0] count_offset_o,
    output logic [31:0] mode_offset_o,
    output logic [8*risk_pkg::AccountLimitsBytes-1:0] account_reset_o
);
  risk_pkg::order_request_t request;
  assign request = request_i;
  assign request_o = request;
  assign side_o = request.side;
  assign buy_o = request.side == risk_pkg::SideBuy;
  assign primary_o = risk_pkg::primary_reject_reason(fail_bitmap_i);
  assign itch_bytes_o = itch50_pkg::message_bytes(type_i);
  assign order_bytes_o = ouch50_pkg::inbound_message_bytes(type_i);
  assign token_order_bytes_o = ouch42_pkg::inbound_message_bytes(type_i);
  assign soup_bytes_o = soup_pkg::message_bytes(type_i);
  assign count_offset_o = mold64_pkg::DownstreamHeaderMessageCountOffset;
  assign mode_offset_o = csr_pkg::ControlModeOffset;
  assign account_reset_o = risk_pkg::AccountLimitsReset;
endmodule

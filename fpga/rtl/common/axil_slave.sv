`default_nettype none
// AXI4-Lite slave: turns a master's accesses into strobes of one clock, and answers each once. The
// block behind it answers in the clock of the strobe. Reads and writes are independent; each takes
// one access in two clocks.
module axil_slave #(
    parameter int unsigned ADDR_W = 16
) (
    input  wire logic              clk,
    input  wire logic              rst,
    input  wire logic [ADDR_W-1:0] s_axil_awaddr_i,
    input  wire logic              s_axil_awvalid_i,
    output logic                   s_axil_awready_o,
    input  wire logic [31:0]       s_axil_wdata_i,
    input  wire logic [3:0]        s_axil_wstrb_i,
    input  wire logic              s_axil_wvalid_i,
    output logic                   s_axil_wready_o,
    output logic [1:0]             s_axil_bresp_o,
    output logic                   s_axil_bvalid_o,
    input  wire logic              s_axil_bready_i,
    input  wire logic [ADDR_W-1:0] s_axil_araddr_i,
    input  wire logic              s_axil_arvalid_i,
    output logic                   s_axil_arready_o,
    output logic [31:0]            s_axil_rdata_o,
    output logic [1:0]             s_axil_rresp_o,
    output logic                   s_axil_rvalid_o,
    input  wire logic              s_axil_rready_i,
    // A write; whole = all four bytes.
    output logic                   wr_en_o,
    output logic [ADDR_W-1:0]      wr_addr_o,
    output logic [31:0]            wr_data_o,
    output logic                   wr_whole_o,
    input  wire logic              wr_error_i,
    // A read.
    output logic                   rd_en_o,
    output logic [ADDR_W-1:0]      rd_addr_o,
    input  wire logic [31:0]       rd_data_i,
    input  wire logic              rd_error_i
);
  localparam logic [1:0] Okay = 2'b00;
  localparam logic [1:0] Slverr = 2'b10;

  logic aw_held, w_held, ar_held;

  // Nothing is taken in reset: a master that shares it may not have seen a ready.
  assign s_axil_awready_o = !aw_held && !rst;
  assign s_axil_wready_o = !w_held && !rst;
  assign wr_en_o = aw_held && w_held && (!s_axil_bvalid_o || s_axil_bready_i);

  always_ff @(posedge clk) begin
    if (s_axil_awvalid_i && s_axil_awready_o) begin
      aw_held <= 1'b1;
      wr_addr_o <= s_axil_awaddr_i;
    end
    if (s_axil_wvalid_i && s_axil_wready_o) begin
      w_held <= 1'b1;
      wr_data_o <= s_axil_wdata_i;
      wr_whole_o <= s_axil_wstrb_i == 4'b1111;
    end
    if (s_axil_bready_i) s_axil_bvalid_o <= 1'b0;
    if (wr_en_o) begin
      aw_held <= 1'b0;
      w_held <= 1'b0;
      s_axil_bvalid_o <= 1'b1;
      s_axil_bresp_o <= wr_error_i ? Slverr : Okay;
    end
    if (rst) begin
      aw_held <= 1'b0;
      w_held <= 1'b0;
      s_axil_bvalid_o <= 1'b0;
    end
  end

  assign s_axil_arready_o = !ar_held && !rst;
  assign rd_en_o = ar_held && (!s_axil_rvalid_o || s_axil_rready_i);

  always_ff @(posedge clk) begin
    if (s_axil_arvalid_i && s_axil_arready_o) begin
      ar_held <= 1'b1;
      rd_addr_o <= s_axil_araddr_i;
    end
    if (s_axil_rready_i) s_axil_rvalid_o <= 1'b0;
    if (rd_en_o) begin
      ar_held <= 1'b0;
      s_axil_rvalid_o <= 1'b1;
      s_axil_rdata_o <= rd_error_i ? '0 : rd_data_i;
      s_axil_rresp_o <= rd_error_i ? Slverr : Okay;
    end
    if (rst) begin
      ar_held <= 1'b0;
      s_axil_rvalid_o <= 1'b0;
    end
  end
endmodule
`default_nettype wire

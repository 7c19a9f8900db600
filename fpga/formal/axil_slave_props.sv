`default_nettype none
// Every access is carried out once, with its own address and data, and answered once with its own
// answer; an answer stays until it is taken.
module axil_slave_props (
    input wire logic       clk,
    input wire logic       rst,
    input wire logic [1:0] s_axil_awaddr_i,
    input wire logic       s_axil_awvalid_i,
    input wire logic [1:0] data_i,
    input wire logic [3:0] s_axil_wstrb_i,
    input wire logic       s_axil_wvalid_i,
    input wire logic       s_axil_bready_i,
    input wire logic [1:0] s_axil_araddr_i,
    input wire logic       s_axil_arvalid_i,
    input wire logic       s_axil_rready_i,
    input wire logic       wr_error_i,
    input wire logic [1:0] rd_data_i,
    input wire logic       rd_error_i
);
  logic started = 1'b0;
  logic awready, wready, bvalid, arready, rvalid, wr_en, wr_whole, rd_en;
  logic [1:0] bresp, rresp, wr_addr, rd_addr;
  logic [31:0] wr_data, rdata;

  axil_slave #(.ADDR_W(2)) u_dut (
      .clk, .rst, .s_axil_awaddr_i, .s_axil_awvalid_i, .s_axil_awready_o(awready),
      .s_axil_wdata_i({30'd0, data_i}), .s_axil_wstrb_i, .s_axil_wvalid_i,
      .s_axil_wready_o(wready), .s_axil_bresp_o(bresp), .s_axil_bvalid_o(bvalid), .s_axil_bready_i,
      .s_axil_araddr_i, .s_axil_arvalid_i, .s_axil_arready_o(arready), .s_axil_rdata_o(rdata),
      .s_axil_rresp_o(rresp), .s_axil_rvalid_o(rvalid), .s_axil_rready_i, .wr_en_o(wr_en),
      .wr_addr_o(wr_addr), .wr_data_o(wr_data), .wr_whole_o(wr_whole), .wr_error_i,
      .rd_en_o(rd_en), .rd_addr_o(rd_addr), .rd_data_i({30'd0, rd_data_i}), .rd_error_i
  );

  // What was taken and waits for its strobe, what was carried out and waits for its answer.
  logic address_waits, data_waits, answer_waits, read_waits, value_waits, error, read_error, whole;
  logic [1:0] address, data, read_address, value;

  always_ff @(posedge clk) begin
    started <= 1'b1;
    if (wr_en) begin
      address_waits <= 1'b0;
      data_waits <= 1'b0;
      answer_waits <= 1'b1;
      error <= wr_error_i;
    end else if (bvalid && s_axil_bready_i) answer_waits <= 1'b0;
    if (s_axil_awvalid_i && awready) begin
      address_waits <= 1'b1;
      address <= s_axil_awaddr_i;
    end
    if (s_axil_wvalid_i && wready) begin
      data_waits <= 1'b1;
      data <= data_i;
      whole <= s_axil_wstrb_i == 4'hF;
    end
    if (rd_en) begin
      read_waits <= 1'b0;
      value_waits <= 1'b1;
      read_error <= rd_error_i;
      value <= rd_error_i ? 2'd0 : rd_data_i;
    end else if (rvalid && s_axil_rready_i) value_waits <= 1'b0;
    if (s_axil_arvalid_i && arready) begin
      read_waits <= 1'b1;
      read_address <= s_axil_araddr_i;
    end
    if (rst) begin
      address_waits <= 1'b0;
      data_waits <= 1'b0;
      answer_waits <= 1'b0;
      read_waits <= 1'b0;
      value_waits <= 1'b0;
    end
  end

  always_comb begin
    if (!started) assume (rst);
    if (!rst && started) begin
      one_at_a_time: assert (awready == !address_waits && wready == !data_waits);
      // Carried out as soon as both halves are there and the last answer is or goes out.
      carried_out: assert (wr_en == (address_waits && data_waits &&
                                     (!answer_waits || s_axil_bready_i)));
      itself: assert (!wr_en || (wr_addr == address && wr_data == {30'd0, data} &&
                                 wr_whole == whole));
      answered: assert (bvalid == answer_waits);
      answer: assert (!bvalid || bresp == (error ? 2'd2 : 2'd0));
      read_one: assert (arready == !read_waits);
      read_out: assert (rd_en == (read_waits && (!value_waits || s_axil_rready_i)));
      read_itself: assert (!rd_en || rd_addr == read_address);
      read_answered: assert (rvalid == value_waits);
      read_value: assert (!rvalid || (rdata == {30'd0, value} &&
                                      rresp == (read_error ? 2'd2 : 2'd0)));
    end
  end
endmodule
`default_nettype wire

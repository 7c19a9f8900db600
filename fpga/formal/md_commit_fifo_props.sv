`default_nettype none
// Only what was committed goes out, each once and in order; what was taken back never does. One
// beat, chosen freely, is followed from its write to its end.
module md_commit_fifo_props (
    input wire logic clk,
    input wire logic rst,
    input wire logic mark_i,
    input wire logic wr_en_i,
    input wire logic wr_data_i,
    input wire logic commit_i,
    input wire logic rollback_i,
    input wire logic m_ready_i
);
  logic started = 1'b0;
  logic room, m_valid, m_data;

  md_commit_fifo #(.WIDTH(1), .DEPTH_LOG2(2), .SLACK(1)) u_dut (
      .clk, .rst, .wr_en_i, .wr_data_i, .commit_i, .rollback_i, .room_o(room), .m_valid_o(m_valid),
      .m_ready_i, .m_data_o(m_data)
  );

  // Beats that wait for a commit, with the one of this clock; committed ones inside.
  logic [2:0] open, open_now, inside_count, ahead;
  logic marked, marked_open, marked_data, stalled, stalled_data, give, follow, was_inside;
  assign open_now = open + {2'd0, wr_en_i};
  assign give = m_valid && m_ready_i;
  assign follow = wr_en_i && mark_i && !marked;

  always_ff @(posedge clk) begin
    started <= 1'b1;
    open <= commit_i || rollback_i ? '0 : open_now;
    inside_count <= inside_count - {2'd0, give} + (commit_i ? open_now : '0);
    if (follow) begin
      marked <= !rollback_i;
      marked_open <= !commit_i;
      marked_data <= wr_data_i;
      ahead <= inside_count + open - {2'd0, give};
    end else if (marked) begin
      if (rollback_i && marked_open) marked <= 1'b0;
      if (commit_i) marked_open <= 1'b0;
      if (give) ahead <= ahead - 3'd1;
      if (give && ahead == '0) marked <= 1'b0;
    end
    was_inside <= inside_count != '0 && !give;
    stalled <= m_valid && !m_ready_i;
    stalled_data <= m_data;
    if (rst) begin
      open <= '0;
      inside_count <= '0;
      marked <= 1'b0;
      stalled <= 1'b0;
      was_inside <= 1'b0;
    end
  end

  always_comb begin
    if (!started) assume (rst);
    assume (!(commit_i && rollback_i));
    // No more than the memory holds.
    assume (!wr_en_i || open + inside_count < 3'd4);
    if (!rst) begin
      bounded: assert (open + inside_count <= 3'd4);
      room_is_room: assert (!room || open + inside_count < 3'd4);
      not_invented: assert (!m_valid || inside_count != '0);
      not_lost: assert (!was_inside || m_valid);
      in_order: assert (!(marked && ahead == '0 && m_valid) ||
                        (!marked_open && m_data == marked_data));
      stays: assert (!stalled || (m_valid && m_data == stalled_data));
    end
  end
endmodule
`default_nettype wire

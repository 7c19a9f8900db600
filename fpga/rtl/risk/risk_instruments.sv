`default_nettype none
// Rules, switch and prices of the instruments. Rows are written by the beat that is issued and read
// for the beat that is issued, so that the order of the stream is the order here without more ado.
// Prices made with other rules than the row's are not `matched_o`.
module risk_instruments #(
    parameter int unsigned INSTRUMENT_W = 12
) (
    input  wire logic         clk,
    input  wire logic         clear_i,
    input  wire logic [INSTRUMENT_W-1:0] clear_addr_i,
    input  wire logic         issue_i,
    input  wire logic [7:0]   beat_i,
    input  wire logic [511:0] data_i,
    input  wire risk_types_pkg::move_t move_i,
    output risk_types_pkg::instrument_t instrument_o,
    output risk_types_pkg::prices_t prices_o,
    output logic [1:0]        switch_o,
    output logic              matched_o
);
  gate_pkg::gate_instrument_t row;
  gate_pkg::gate_prices_t price_row;
  assign row = data_i;
  assign price_row = data_i;

  risk_types_pkg::instrument_t instrument;
  risk_types_pkg::prices_t prices;
  assign instrument.known = 1'b1;
  assign instrument.max_notional = row.max_notional;
  assign instrument.tick_inverse = row.tick_inverse;
  assign instrument.lot_inverse = row.lot_inverse;
  assign instrument.max_qty = row.max_qty;
  assign instrument.min_qty = row.min_qty;
  assign instrument.tick_size = row.tick_size;
  assign instrument.lot_size = row.lot_size;
  assign instrument.band_low = row.band_low;
  assign instrument.band_high = row.band_high;
  assign instrument.feed_silence_max_ms = row.feed_silence_max_ms;
  assign instrument.enabled = row.enabled;
  assign instrument.rules_tag = row.rules_tag;
  assign instrument.killed = row.killed != '0;
  assign instrument.short_sale_restricted = row.short_sale_restricted != '0;
  assign instrument.fat_finger = row.fat_finger != '0;
  assign prices.heard_ns = price_row.heard_ns;
  assign prices.doubled = price_row.doubled[32:0];
  assign prices.collar_top = price_row.collar_top[42:0];
  assign prices.fat_finger_top = price_row.fat_finger_top[42:0];
  assign prices.collar_bottom = price_row.collar_bottom;
  assign prices.fat_finger_bottom = price_row.fat_finger_bottom;
  assign prices.bid_price = price_row.bid_price;
  assign prices.rules_tag = price_row.rules_tag;
  assign prices.trading = price_row.trading;
  assign prices.market_open = price_row.market_open;
  assign prices.stale = price_row.stale;

  logic in_range, known_range, wr_instrument, wr_prices, wr_switch;
  logic [INSTRUMENT_W-1:0] addr;
  assign addr = move_i.instrument[INSTRUMENT_W-1:0];
  assign in_range = move_i.instrument >> INSTRUMENT_W == '0;
  assign wr_instrument = issue_i && in_range && beat_i == gate_pkg::GateOpInstrument;
  assign wr_prices = issue_i && in_range && beat_i == gate_pkg::GateOpPrices;
  assign wr_switch = issue_i && in_range && move_i.switch_row &&
      move_i.scope == risk_pkg::KillScopeInstrument && move_i.state <= risk_pkg::SwitchStateHalted;

  logic [$bits(instrument)-1:0] read_instrument;
  logic [$bits(prices)-1:0] read_prices;
  risk_ram #(
      .WIDTH($bits(instrument)),
      .ADDR_W(INSTRUMENT_W),
      .RAM_STYLE("ultra")
  ) instruments (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(wr_instrument),
      .wr_addr_i(addr),
      .wr_data_i(instrument),
      .rd_addr_i(addr),
      .rd_data_o(read_instrument)
  );
  risk_ram #(
      .WIDTH($bits(prices)),
      .ADDR_W(INSTRUMENT_W),
      .CLEAR_ROW(risk_types_pkg::PricesReset),
      .RAM_STYLE("ultra")
  ) all_prices (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(wr_prices),
      .wr_addr_i(addr),
      .wr_data_i(prices),
      .rd_addr_i(addr),
      .rd_data_o(read_prices)
  );
  risk_ram #(
      .WIDTH(2),
      .ADDR_W(INSTRUMENT_W)
  ) switches (
      .clk,
      .clear_i,
      .clear_addr_i,
      .wr_en_i(wr_switch),
      .wr_addr_i(addr),
      .wr_data_i(move_i.state[1:0]),
      .rd_addr_i(addr),
      .rd_data_o(switch_o)
  );

  risk_types_pkg::instrument_t found;
  risk_types_pkg::prices_t found_prices;
  assign found = read_instrument;
  assign found_prices = read_prices;
  always_ff @(posedge clk) known_range <= in_range;
  always_comb begin
    instrument_o = found;
    instrument_o.known = found.known && known_range;
    prices_o = known_range ? found_prices : risk_types_pkg::PricesReset;
  end
  assign matched_o = !instrument_o.known || found_prices.rules_tag == found.rules_tag;
endmodule
`default_nettype wire

// Rows and bundles inside the gate's circuit: what of the spec's records is kept, and what a record
// carries from stage to stage. Values of money are 61 bits wide: 2^60 stands for "that or more".
package risk_types_pkg;

  // value_max of the spec, in the width of values here.
  localparam logic [60:0] ValueMax = {1'b1, 60'd0};

  // A value as kept. The number is spelled out: yosys does not find a package's own names in it.
  function automatic logic [60:0] cut_value(input logic [63:0] value);
    cut_value = value >> 60 != 64'd0 ? {1'b1, 60'd0} : value[60:0];
  endfunction

  // gate_prices as kept; a row nobody wrote is stale.
  typedef struct packed {
    logic [63:0] heard_ns;
    logic [32:0] doubled;
    logic [42:0] collar_top;
    logic [42:0] fat_finger_top;
    logic [31:0] collar_bottom;
    logic [31:0] fat_finger_bottom;
    logic [31:0] bid_price;
    logic [7:0]  rules_tag;
    logic [7:0]  trading;
    logic [7:0]  market_open;
    logic [7:0]  stale;
  } prices_t;
  localparam logic [310:0] PricesReset = 311'd1;

  typedef struct packed {
    logic        known;
    logic [63:0] max_notional;
    logic [63:0] tick_inverse;
    logic [63:0] lot_inverse;
    logic [31:0] max_qty;
    logic [31:0] min_qty;
    logic [31:0] tick_size;
    logic [31:0] lot_size;
    logic [31:0] band_low;
    logic [31:0] band_high;
    logic [31:0] feed_silence_max_ms;
    logic [7:0]  enabled;
    logic [7:0]  rules_tag;
    logic        killed;
    logic        short_sale_restricted;
    logic        fat_finger;
  } instrument_t;

  typedef struct packed {
    logic        known;
    logic [63:0] max_notional;
    logic [63:0] capacity;
    logic [63:0] duplicate_window_ns;
    logic [31:0] max_qty;
    logic [31:0] rate_per_s;
    logic [31:0] orders_per_trade_max;
    logic [31:0] orders_per_trade_from;
    logic [15:0] client;
    logic [7:0]  enabled;
    logic [7:0]  duplicates_max;
    logic        killed;
  } account_t;

  // Limits of values: bit 60 set = none.
  typedef struct packed {
    logic        known;
    logic [60:0] gross_value_max;
    logic [60:0] net_value_max;
    logic [60:0] open_value_max;
    logic [60:0] buying_power;
    logic [60:0] loss_max;
    logic [60:0] loss_halt;
    logic [31:0] open_orders_max;
    logic [31:0] executions_max;
    logic [31:0] executions_window_ms;
  } scope_t;

  typedef struct packed {
    logic [60:0] open_buy;
    logic [60:0] open_sell;
    logic [60:0] bought;
    logic [60:0] sold;
    logic [63:0] result;
    logic [31:0] open_orders;
  } scope_use_t;

  // What only strategies have: executions of the window, and whether they stopped it.
  typedef struct packed {
    logic [63:0] window_from_ns;
    logic [31:0] executions;
    logic        throttled;
  } throttle_t;

  typedef struct packed {
    logic [63:0] max_long;
    logic [63:0] max_short;
    logic [60:0] max_value;
    logic [63:0] daily_qty_max;
    logic [31:0] buy_qty_max;
    logic [31:0] sell_qty_max;
    logic [31:0] same_day_qty_max;
    logic [31:0] short_qty_max;
    logic [15:0] restrictions;
  } pair_limits_t;

  // Of a pair, what only executions change; signed.
  typedef struct packed {
    logic [63:0] position;
    logic [63:0] cash;
    logic [63:0] bought;
    logic [63:0] sold;
    logic [63:0] shorted;
  } holding_t;

  // Of a pair, what orders change too; signed.
  typedef struct packed {
    logic [63:0] open_buy;
    logic [63:0] open_sell;
    logic [63:0] open_short;
    logic [63:0] marked;
  } open_t;

  // Of an account. level = credit - refilled_ns * rate_per_s: with it the credit of any time is one
  // addition away. allowed = trades * orders_per_trade_max.
  typedef struct packed {
    logic [63:0] credit;
    logic [63:0] refilled_ns;
    logic [97:0] level;
    logic [63:0] requests;
    logic [63:0] trades;
    logic [63:0] allowed;
  } account_state_t;

  // One of the orders an account's duplicate check remembers: 148 bits.
  typedef struct packed {
    logic        used;
    logic        market;
    logic [1:0]  side;
    logic [15:0] instrument;
    logic [31:0] price;
    logic [31:0] qty;
    logic [63:0] passed_ns;
  } recent_t;

  // What a record is and asks for, decoded once and carried to its commit.
  typedef struct packed {
    logic        order;
    logic        execution;
    logic        adopt;
    logic        opens;
    logic        account_row;
    logic        rebase;
    logic        scope_row;
    logic        position_row;
    logic        switch_row;
    logic        holding_row;
    logic        other_row;
    logic [63:0] time_ns;
    logic [63:0] seq;
    logic [63:0] order_id;
    logic [63:0] released_value;
    logic [60:0] held_value;
    logic [31:0] price;
    logic [31:0] qty;
    logic [31:0] leaves_qty;
    logic [31:0] held_qty;
    logic [15:0] account;
    logic [15:0] instrument;
    logic [15:0] index;
    logic [7:0]  strategy;
    logic [7:0]  scope;
    logic [7:0]  state;
    logic [7:0]  crosses_own;
    logic [7:0]  kind;
    logic [7:0]  side;
    logic [7:0]  order_type;
    logic [7:0]  tif;
    logic        ends;
  } move_t;

  // Limit and observation behind a failed check; code 255 = none failed.
  typedef struct packed {
    logic [7:0]  code;
    logic [63:0] limit_value;
    logic [63:0] observed_value;
  } why_t;

  // What a record other than an order does, decided when its rows are known.
  typedef struct packed {
    logic acts;  // an execution that is booked
    logic adopts;
    logic loads;
    logic unknown;  // an execution or adoption that fits nothing here
    logic new_epoch;
    logic new_account;
    logic known_before;  // of an account's row
    logic releases_throttle;
    logic lost;  // the pair has no slot
    logic matched;  // prices were made with the rules in force
  } effect_t;

endpackage

# Not run here: there is no vendor tool on the machines of this project.
#
# Constraints of the clock-domain crossings of fpga/rtl/common, for Vivado; source it after
# synthesis. The crossings are found by the names of their registers: `cdc_meta` takes what comes
# from another clock, `cdc_*` in async_fifo and cdc_pulse is what it comes from.
#
# Gray pointers and held values must arrive as a whole: the skew of their bits and the path itself
# are bounded by one period of the faster of the two clocks. A plain false path would not do that.

proc tradsys_period_ns {cells} {
  set clocks [get_clocks -quiet -of_objects [get_pins -quiet -of_objects $cells -filter {IS_CLOCK}]]
  if {[llength $clocks] == 0} {
    error "cdc.tcl: no clock reaches [lindex $cells 0]: create the clocks before sourcing this file"
  }
  return [get_property -min PERIOD $clocks]
}

# First flip-flop of every synchroniser: kept together with the second, never made a shift register.
set meta [get_cells -quiet -hierarchical -filter {NAME =~ *cdc_meta_reg*}]
set stable [get_cells -quiet -hierarchical -filter {NAME =~ *cdc_stable_reg*}]
if {[llength $meta] == 0} {
  error "cdc.tcl: the design has no cdc_sync: source this file after synthesis, names kept"
}
set_property ASYNC_REG true [concat $meta $stable]
set_property SHREG_EXTRACT no [concat $meta $stable]

# What crosses: pointers of FIFOs, held values of events, toggles and answers.
foreach name {cdc_tail_gray_reg cdc_head_gray_reg cdc_held_reg} {
  set from [get_cells -quiet -hierarchical -filter "NAME =~ *${name}*"]
  if {[llength $from] == 0} continue
  set period [tradsys_period_ns $from]
  set_max_delay -datapath_only -from $from $period
  set_bus_skew -quiet -from $from -to $meta $period
}
foreach cell $meta {
  set_max_delay -datapath_only -to [get_pins -of_objects $cell -filter {REF_PIN_NAME == D}] \
    [tradsys_period_ns $cell]
}
# Rows of distributed RAM are read by the other clock only when the pointer says that they stand.
set rows [get_cells -quiet -hierarchical -filter {NAME =~ *async_fifo*beats_reg*}]
if {[llength $rows] != 0} {
  set_max_delay -datapath_only -from $rows [tradsys_period_ns $rows]
}

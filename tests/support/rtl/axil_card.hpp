#pragma once
// A Verilated block with an AXI4-Lite slave, driven by a master that keeps AXI's rules and is late
// now and then: address and data of a write in either order, responses taken when it likes.
#include <functional>

#include "hostsw/core/contract.hpp"
#include "hostsw/core/random.hpp"

namespace tradsys::testing {

/// Responses of AXI4-Lite.
inline constexpr u32 kAxiOkay = 0;
inline constexpr u32 kAxiSlverr = 2;

template <class Dut>
class AxilCard {
 public:
  /// 32-bit words; an access that the block refuses is counted, reads of it give 0.
  struct Bus {
    AxilCard& card;
    u32 refused = 0;
    u32 read(u32 offset) { return card.read_word(offset); }
    void write(u32 offset, u32 value) { card.write_word(offset, value, 0xF); }
  };

  explicit AxilCard(u64 seed) : bus{*this}, random_(seed) {
    dut.s_axil_awvalid_i = dut.s_axil_wvalid_i = dut.s_axil_bready_i = 0;
    dut.s_axil_arvalid_i = dut.s_axil_rready_i = 0;
  }

  /// One rising edge; then the watcher looks.
  void clock() {
    dut.clk = 0;
    dut.eval();
    dut.clk = 1;
    dut.eval();
    if (watcher_) watcher_();
  }
  void reset() {
    dut.rst = 1;
    clock();
    clock();
    dut.rst = 0;
    clock();
  }
  /// `watcher` is called after every clock; an empty one ends that.
  void watch(std::function<void()> watcher) { watcher_ = std::move(watcher); }

  [[nodiscard]] bool refuses_read(u32 offset) {
    const u32 before = bus.refused;
    return read_word(offset) == 0 && bus.refused == before + 1;
  }
  [[nodiscard]] bool refuses_write(u32 offset, u32 bytes = 0xF) {
    const u32 before = bus.refused;
    write_word(offset, ~u32{0}, bytes);
    return bus.refused == before + 1;
  }
  /// `bytes`: the write strobes.
  void write_word(u32 offset, u32 value, u32 bytes) {
    bool address = false;
    bool data = false;
    bool done = false;
    for (u32 clocks = 0; !done; ++clocks) {
      TRADSYS_ASSERT(clocks < kPatienceClocks);
      dut.s_axil_awvalid_i = !address && (dut.s_axil_awvalid_i || random_.below(3) != 0);
      dut.s_axil_wvalid_i = !data && (dut.s_axil_wvalid_i || random_.below(3) != 0);
      dut.s_axil_awaddr_i = static_cast<u16>(offset);
      dut.s_axil_wdata_i = value;
      dut.s_axil_wstrb_i = static_cast<u8>(bytes);
      dut.s_axil_bready_i = random_.chance(500'000);
      dut.eval();
      address |= dut.s_axil_awvalid_i && dut.s_axil_awready_o;
      data |= dut.s_axil_wvalid_i && dut.s_axil_wready_o;
      done = dut.s_axil_bvalid_o && dut.s_axil_bready_i;
      if (done) note(dut.s_axil_bresp_o);
      clock();
    }
    dut.s_axil_bready_i = 0;
  }
  [[nodiscard]] u32 read_word(u32 offset) {
    bool address = false;
    for (u32 clocks = 0;; ++clocks) {
      TRADSYS_ASSERT(clocks < kPatienceClocks);
      dut.s_axil_arvalid_i = !address && (dut.s_axil_arvalid_i || random_.below(3) != 0);
      dut.s_axil_araddr_i = static_cast<u16>(offset);
      dut.s_axil_rready_i = random_.chance(500'000);
      dut.eval();
      address |= dut.s_axil_arvalid_i && dut.s_axil_arready_o;
      const bool done = dut.s_axil_rvalid_o && dut.s_axil_rready_i;
      const u32 value = dut.s_axil_rdata_o;
      if (done) note(dut.s_axil_rresp_o);
      clock();
      if (!done) continue;
      dut.s_axil_rready_i = 0;
      return value;
    }
  }

  Dut dut;
  Bus bus;

 private:
  static constexpr u32 kPatienceClocks = 1'000;

  void note(u32 response) {
    TRADSYS_ASSERT(response == kAxiOkay || response == kAxiSlverr);
    if (response != kAxiOkay) ++bus.refused;
  }

  Random random_;
  std::function<void()> watcher_;
};

}  // namespace tradsys::testing

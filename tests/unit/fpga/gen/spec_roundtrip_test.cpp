// Goal: C++ and SystemVerilog see the same record. Method: a random C++ record goes by memcpy onto
// a port of the Verilated shim, is cast to the generated packed struct, and every field that comes
// out is compared. Seed: printed, TRADSYS_SEED overrides.
#include <gtest/gtest.h>

#include <type_traits>

#include "Vgate_shim.h"
#include "Vrisk_shim.h"
#include "gate_shim.hpp"
#include "hostsw/core/bytes.hpp"
#include "hostsw/core/random.hpp"
#include "risk_shim.hpp"
#include "tests/support/seed.hpp"

namespace tradsys {
namespace {

template <WireRecord Record>
class SpecRoundTrip : public ::testing::Test {};

using Records = ::testing::Types<OrderRequest, Verdict, Execution, AccountLimits, InstrumentLimits,
                                 PositionLimits, MarketState, GatePrices, GateInstrument,
                                 GateAccount, GateSwitch, GateHolding>;
template <class Record>
concept GateRecord = requires(Vgate_shim dut, Record r) {
  gate_shim::compare(dut, r, [](auto) {});
};
TYPED_TEST_SUITE(SpecRoundTrip, Records);

TYPED_TEST(SpecRoundTrip, EveryFieldIsTheSameOnBothSides) {
  std::conditional_t<GateRecord<TypeParam>, Vgate_shim, Vrisk_shim> dut;
  Random random(testing::test_seed(20'240'117));
  for (int i = 0; i < 200; ++i) {
    std::byte bytes[sizeof(TypeParam)];
    for (std::byte& b : bytes) b = static_cast<std::byte>(random.next());
    TypeParam record;
    std::memcpy(&record, bytes, sizeof record);
    const auto differs = [&](const char* field) {
      ADD_FAILURE() << field << " differs, record " << i;
    };
    if constexpr (GateRecord<TypeParam>)
      gate_shim::compare(dut, record, differs);
    else
      risk_shim::compare(dut, record, differs);
  }
}

TEST(SpecRoundTripPriority, BothSidesNameTheSamePrimaryReason) {
  Vrisk_shim dut;
  Random random(testing::test_seed(20'240'117));
  for (int i = 0; i < 1'000; ++i) {
    // Few bits, so that each reason is the primary one now and then; all 64 bits, named or not.
    const u64 bitmap = random.next() & random.next() & random.next() & random.next();
    dut.reject_reason_bitmap_i = bitmap;
    dut.eval();
    ASSERT_EQ(dut.primary_reject_reason_o, static_cast<u8>(primary_reject_reason(bitmap)))
        << bitmap;
  }
}

}  // namespace
}  // namespace tradsys

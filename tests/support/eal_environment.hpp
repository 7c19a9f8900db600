#pragma once
// Starts DPDK once per test program: no hugepages, no PCI, no files, any user.
#include <gtest/gtest.h>

#include "drivers/nic/eal.hpp"

namespace tradsys::testing {

class EalEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    const Status status = nic::Eal::init({.memory_mib = 128});
    ASSERT_TRUE(status.ok()) << status.error().message();
  }
};

/// One namespace-scope variable of this in a test program is enough.
inline ::testing::Environment* use_eal() {
  return ::testing::AddGlobalTestEnvironment(new EalEnvironment);
}

}  // namespace tradsys::testing

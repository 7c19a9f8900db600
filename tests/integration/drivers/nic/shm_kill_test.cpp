// Goal: either side of a shared-memory wire may be killed at any instruction; the other side goes
// on, the next life attaches, no frame is torn, doubled or reordered, and no buffer leaks. Method:
// the peer is a forked process, killed with SIGKILL after a random time, many times over. Frames
// carry (life, number) and bytes that follow from both. The peer reports what it saw in shared
// memory. TRADSYS_SEED chooses the moments; they are printed when a test fails.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstring>
#include <thread>

#include "drivers/nic/port.hpp"
#include "hostsw/core/random.hpp"
#include "tests/support/eal_environment.hpp"
#include "tests/support/seed.hpp"
#include "tests/support/temp_dir.hpp"

namespace tradsys::nic {
namespace {

const auto* const kEal = testing::use_eal();

struct Stamp {
  u64 life;
  u64 number;
};

u32 length_of(const Stamp& stamp) {
  return static_cast<u32>(sizeof(Stamp) + mix64(stamp.number + stamp.life) % 1'400);
}

void fill(std::byte* out, const Stamp& stamp) {
  std::memcpy(out, &stamp, sizeof stamp);
  const u8 pattern = static_cast<u8>(mix64(stamp.number ^ (stamp.life << 32)));
  std::memset(out + sizeof stamp, pattern, length_of(stamp) - sizeof stamp);
}

// False when the frame is not exactly what fill() wrote.
bool read(const RxFrame& frame, Stamp& stamp) {
  if (frame.len_bytes < sizeof stamp) return false;
  std::memcpy(&stamp, frame.data, sizeof stamp);
  std::byte expected[kTxCapacityBytes];
  if (frame.len_bytes != length_of(stamp)) return false;
  fill(expected, stamp);
  return std::memcmp(expected, frame.data, frame.len_bytes) == 0;
}

// What a peer tells before it dies.
struct Report {
  std::atomic<u64> frames{0};
  std::atomic<u64> faults{0};
};

class ShmKill : public ::testing::Test {
 protected:
  ShmKill() {
    void* memory =
        mmap(nullptr, sizeof(Report), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    report_ = new (memory) Report;
  }
  ~ShmKill() override { munmap(report_, sizeof(Report)); }

  ShmWire attach(ShmSide side) {
    auto wire = ShmWire::attach({folder_ / "wire", side, 256});
    EXPECT_TRUE(wire.ok()) << wire.error().message();
    return std::move(wire).value();
  }

  // Runs `life` in a child, which is killed up to `lifetime_us_max` after `reached()` became true,
  // while `meanwhile` runs here.
  template <class Life, class Meanwhile, class Reached>
  void run_and_kill(u64 lifetime_us_max, Life life, Meanwhile meanwhile, Reached reached) {
    const pid_t child = fork();
    if (child == 0) {
      life();
      _exit(0);
    }
    using Steady = std::chrono::steady_clock;
    const auto limit = Steady::now() + std::chrono::seconds(20);
    while (!reached() && Steady::now() < limit) {
      if (!meanwhile()) std::this_thread::yield();
    }
    const auto end = Steady::now() + std::chrono::microseconds(random_.below(lifetime_us_max));
    while (Steady::now() < end) {
      if (!meanwhile()) std::this_thread::yield();
    }
    kill(child, SIGKILL);
    int status = 0;
    ASSERT_EQ(waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status)) << "the peer ended by itself";
  }

  testing::TempDir folder_;
  Random random_{testing::test_seed(20261122)};
  Report* report_;
};

TEST_F(ShmKill, ASenderMayDieAnywhereAndNoFrameIsTornDoubledOrMissing) {
  ShmWire left = attach(ShmSide::kLeft);
  u64 total = 0;
  for (u64 life = 1; life <= 120; ++life) {
    u64 next = 0;
    const auto receive = [&] {
      RxFrame frames[32];
      const u32 count = left.rx_burst(frames, 32);
      for (u32 i = 0; i < count; ++i) {
        Stamp stamp{};
        EXPECT_TRUE(read(frames[i], stamp));
        EXPECT_EQ(stamp.life, life);
        EXPECT_EQ(stamp.number, next++);
      }
      left.release(frames, count);
      return count != 0;
    };
    run_and_kill(
        4'000,
        [&] {
          auto right = ShmWire::attach({folder_ / "wire", ShmSide::kRight, 256});
          if (!right) return;
          for (Stamp stamp{life, 0};; ++stamp.number) {
            do fill(right.value().tx_alloc(), stamp);
            while (!right.value().tx_send(length_of(stamp)));
          }
        },
        receive, [&] { return life % 4 == 0 || next > 0; });
    while (receive()) {
    }
    ASSERT_FALSE(HasFailure()) << "life " << life;
    total += next;
  }
  EXPECT_GT(total, 1'000U);
  EXPECT_EQ(left.peer_attached(), false);
  EXPECT_EQ(left.resync_count(), 0U);
}

TEST_F(ShmKill, AReceiverMayDieAnywhereAndTheNextOneSeesWholeFramesInOrder) {
  ShmWire left = attach(ShmSide::kLeft);
  Stamp stamp{7, 0};
  for (u64 life = 1; life <= 120; ++life) {
    const u64 before = report_->frames.load();
    run_and_kill(
        4'000,
        [&] {
          auto right = ShmWire::attach({folder_ / "wire", ShmSide::kRight, 256});
          if (!right) return;
          for (u64 expected = 0;;) {
            RxFrame frames[8];
            const u32 count = right.value().rx_burst(frames, 8);
            for (u32 i = 0; i < count; ++i) {
              Stamp seen{};
              const bool good = read(frames[i], seen) && (expected == 0 || seen.number == expected);
              (good ? report_->frames : report_->faults).fetch_add(1);
              expected = seen.number + 1;
            }
            right.value().release(frames, count);
          }
        },
        [&] {
          fill(left.tx_alloc(), stamp);
          if (!left.tx_send(length_of(stamp))) return false;
          ++stamp.number;
          return true;
        },
        [&] { return life % 4 == 0 || report_->frames.load() > before; });
    ASSERT_EQ(report_->faults.load(), 0U) << "life " << life;
  }
  EXPECT_GT(report_->frames.load(), 1'000U);
  EXPECT_GT(left.counters().tx_dropped, 0U)
      << "frames to a dead peer fill the wire and are dropped";
}

TEST_F(ShmKill, ADeathWhileTheSegmentIsMadeLeavesNothingThatBlocksTheNextLife) {
  for (u32 round = 0; round < 100; ++round) {
    std::filesystem::remove(folder_ / "wire");
    run_and_kill(
        300,
        [&] {
          auto right = ShmWire::attach({folder_ / "wire", ShmSide::kRight, 256});
          while (right.ok()) pause();
        },
        [] { return false; }, [] { return true; });
    ShmWire left = attach(ShmSide::kLeft);
    ShmWire right = attach(ShmSide::kRight);
    fill(left.tx_alloc(), {1, round});
    ASSERT_TRUE(left.tx_send(length_of({1, round})));
    RxFrame frame;
    ASSERT_EQ(right.rx_burst(&frame, 1), 1U);
  }
}

TEST_F(ShmKill, ADpdkPortGoesOnWhileItsPeerDiesAndReturns) {
  auto made = Port::make({.name = "shm0",
                          .kind = PortKind::kShm,
                          .device = (folder_ / "wire").string(),
                          .rx_desc = 256,
                          .tx_desc = 256});
  ASSERT_TRUE(made.ok()) << made.error().message();
  Port port = std::move(made).value();
  Stamp stamp{1, 0};
  u64 echoed = 0;
  const auto exchange = [&] {
    port.pump(32);
    RxFrame frames[32];
    const u32 count = port.rx_burst(frames, 32);
    for (u32 i = 0; i < count; ++i) {
      Stamp seen{};
      EXPECT_TRUE(read(frames[i], seen));
      EXPECT_LT(seen.number, stamp.number);
    }
    port.release(frames, count);
    echoed += count;
    if (std::byte* out = port.tx_alloc(); out != nullptr && stamp.number < echoed + 1'000'000) {
      fill(out, stamp);
      if (port.tx_send(length_of(stamp))) ++stamp.number;
    }
    return count != 0;
  };
  for (u64 life = 1; life <= 50; ++life) {
    const u64 before = echoed;
    run_and_kill(
        6'000,
        [&] {
          auto right = ShmWire::attach({folder_ / "wire", ShmSide::kRight, 256});
          while (right.ok()) {
            RxFrame frame;
            if (right.value().rx_burst(&frame, 1) == 0) continue;
            std::memcpy(right.value().tx_alloc(), frame.data, frame.len_bytes);
            right.value().tx_send(frame.len_bytes);
            right.value().release(&frame, 1);
          }
        },
        exchange, [&] { return echoed > before; });
    ASSERT_GT(echoed, before) << "life " << life;
  }
  for (u32 i = 0; i < 100; ++i) {
    port.pump(32);
    RxFrame frames[32];
    port.release(frames, port.rx_burst(frames, 32));
  }
  EXPECT_EQ(port.buffers_in_use(), 0U);
}

}  // namespace
}  // namespace tradsys::nic

#pragma once
// From one day's journal to the next one's: replays the day that ended, and writes records that
// make a new journal begin with what outlives it. The only other beginning is an empty journal.
#include <functional>
#include <memory>
#include <vector>

#include "dataplane/edge/edge_config.hpp"
#include "dataplane/engine/order_engine.hpp"
#include "hostsw/core/result.hpp"
#include "hostsw/risk/gate.hpp"

namespace tradsys::dataplane {

struct RollClient {
  ClientProtocol protocol = ClientProtocol::kOuch50;
  u32 requests_max = 1;  ///< of a FIX client
};

/// Tables as large as the dataplane's, and its clients in their places.
struct RollConfig {
  risk::GateConfig gate;
  engine::EngineCapacity orders;
  std::vector<RollClient> clients;
};

/// What went into the next day.
struct RollSummary {
  u32 day = 0;  ///< the new one
  u64 records = 0;
  u64 state_hash = 0;  ///< that a replay of the new journal meets
  u64 next_order_id = 0;
  u32 positions = 0;
  u32 orders = 0;  ///< good till canceled
  u32 trades = 0;  ///< of these orders: they can still be taken back
  u32 switches = 0;  ///< that are not active
};

/// Gets the records of the new journal, numbered from 1.
using RecordSink = std::function<void(u16 type, u64 seq, u64 ts_ns, Bytes payload)>;

class DayRoll {
 public:
  /// Error when the tables cannot be made.
  [[nodiscard]] static Result<DayRoll> make(const RollConfig& config);
  DayRoll(DayRoll&&) noexcept;
  DayRoll& operator=(DayRoll&&) noexcept;
  ~DayRoll();

  /// A record of the day that ended, in order.
  [[nodiscard]] engine::ReplayStatus replay(u16 type, u64 seq, Bytes payload) noexcept;

  /// Writes what outlives the day, the last record a checkpoint; `ts_ns` is the time of the new
  /// records. Errors: the day has not ended, orders that end with it are live, something does not
  /// fit, or what was written is not what the old day holds.
  [[nodiscard]] Result<RollSummary> write(u64 ts_ns, const RecordSink& sink);

 private:
  struct Days;
  explicit DayRoll(std::unique_ptr<Days> days);
  std::unique_ptr<Days> days_;
};

}  // namespace tradsys::dataplane

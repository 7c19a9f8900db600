#pragma once
// Counters of one tile: written by its thread only, read by anyone, one load and one store to
// count.
#include <array>
#include <atomic>

#include "hostsw/core/types.hpp"

namespace tradsys::telemetry {

enum class MetricKind : u8 {
  kCounter,  ///< only grows while the process lives
  kGauge,  ///< goes up and down
};

/// What an operator or an exporter needs to know of one metric.
struct MetricInfo {
  const char* name;  ///< lower case with underscores; unit last where there is one
  const char* unit;  ///< "packets", "messages", "ns", ...
  const char* doc;
  MetricKind kind = MetricKind::kCounter;
};

/// The names of an enumeration's metrics: an array `kMetrics` in the order of the enumerators.
template <class E>
struct MetricTable;

/// How many metrics an enumeration has.
template <class E>
inline constexpr usize kMetricCount = MetricTable<E>::kMetrics.size();

/// Values read at one moment each, not at one moment together.
template <class E>
using MetricValues = std::array<u64, kMetricCount<E>>;

/// One tile's cells, on cache lines of their own so that neighbours do not slow it down.
template <class E>
class alignas(kCacheLineBytes) CounterCells {
 public:
  /// Owner only, hot: no atomic read-modify-write, since nobody else writes.
  void add(E metric, u64 amount = 1) noexcept {
    std::atomic<u64>& cell = cells_[static_cast<usize>(metric)];
    cell.store(cell.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  /// Owner only: a gauge, or a counter kept elsewhere.
  void set(E metric, u64 value) noexcept {
    cells_[static_cast<usize>(metric)].store(value, std::memory_order_relaxed);
  }
  /// Any thread.
  [[nodiscard]] u64 get(E metric) const noexcept {
    return cells_[static_cast<usize>(metric)].load(std::memory_order_relaxed);
  }
  /// Any thread.
  [[nodiscard]] MetricValues<E> snapshot() const noexcept {
    MetricValues<E> values;
    for (usize i = 0; i < values.size(); ++i) values[i] = cells_[i].load(std::memory_order_relaxed);
    return values;
  }

 private:
  std::array<std::atomic<u64>, kMetricCount<E>> cells_{};
};

/// Calls `visit(const MetricInfo&, u64 value)` for each metric in order: what an exporter loops
/// over.
template <class E, class Visit>
void for_each_metric(const MetricValues<E>& values, Visit&& visit) {
  for (usize i = 0; i < values.size(); ++i) visit(MetricTable<E>::kMetrics[i], values[i]);
}

}  // namespace tradsys::telemetry

#pragma once
// News (B) of trading states.
#include "dataplane/edge/edge_config.hpp"
#include "dataplane/edge/halt_news.hpp"
#include "hostsw/wire/fix/writer.hpp"

namespace tradsys::dataplane {

/// Short enough for the journal.
void write_news(fix::Writer& out, FixVersion version, const MarketNews& news, u64 ts_ns) noexcept;

}  // namespace tradsys::dataplane

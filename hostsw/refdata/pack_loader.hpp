#pragma once
// Rule packs as files (provisioning/packs/*.toml). A pack is refused as a whole at the first thing
// that is wrong: unknown key, wrong type, missing source, overlapping phases, ticks that do not
// ascend, two rules that come into force on one day. Errors name file, line, key and remedy.
#include <filesystem>
#include <string_view>

#include "hostsw/core/result.hpp"
#include "hostsw/refdata/market_pack.hpp"

namespace tradsys::refdata {

[[nodiscard]] Result<MarketPack> load_pack(const std::filesystem::path& path);

/// `file` names the source in errors.
[[nodiscard]] Result<MarketPack> parse_pack(std::string_view toml_text, std::string_view file);

}  // namespace tradsys::refdata

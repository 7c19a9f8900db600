#include "control/cli/risk/verdict_view.hpp"

#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/text_table.hpp"

namespace tradsys::cli {

std::vector<std::string_view> reasons_of(const Verdict& verdict) {
  std::vector<std::string_view> names;
  for (u32 code = 1; code < kRejectReasonCount; ++code) {
    if ((verdict.fail_bitmap >> code & 1U) != 0)
      names.push_back(name_of(static_cast<RejectReason>(code)));
  }
  return names;
}

std::string verdict_text(const Verdict& verdict, const Paint& paint) {
  constexpr u64 kBookScale = 10'000;
  TextTable table({"VERDICT", ""});
  const bool passes = verdict.fail_bitmap == 0;
  table.row({"order", Cell(passes ? "passes" : "refused", passes ? Tone::kGood : Tone::kBad)});
  for (const std::string_view reason : reasons_of(verdict))
    table.row({"fails", std::string(reason)});
  if (!passes) {
    table.row({"limit of the first", grouped_signed(verdict.limit_value)});
    table.row({"found", grouped_signed(verdict.observed_value)});
  }
  table.row({"worst position after", grouped_signed(verdict.exposure_after)});
  table.row({"value reserved", grouped(verdict.reserved_value / kBookScale)});
  table.row({"limits epoch", grouped(verdict.limits_epoch)});
  return table.text(paint);
}

std::string verdict_json(std::string_view schema, const Verdict& verdict) {
  JsonWriter json;
  json.begin_object()
      .field("schema", schema)
      .field("order_id", verdict.order_id)
      .field("passes", verdict.fail_bitmap == 0)
      .field("primary_reason", name_of(verdict.primary_reason))
      .array("reasons");
  for (const std::string_view reason : reasons_of(verdict)) json.value(reason);
  json.end()
      .field("limit_value", verdict.limit_value)
      .field("observed_value", verdict.observed_value)
      .field("exposure_after", verdict.exposure_after)
      .field("reserved_value", verdict.reserved_value)
      .field("limits_epoch", verdict.limits_epoch);
  return json.end().take();
}

}  // namespace tradsys::cli

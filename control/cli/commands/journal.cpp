#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/output/json_writer.hpp"
#include "control/cli/output/text_table.hpp"
#include "hostsw/journal/verify.hpp"

namespace tradsys::cli {
namespace {

std::string_view word_for(journal::ReadStatus status) noexcept {
  switch (status) {
    case journal::ReadStatus::kEnd:
      return "whole";
    case journal::ReadStatus::kTornTail:
      return "torn";
    case journal::ReadStatus::kCorrupt:
    case journal::ReadStatus::kRecord:
      break;
  }
  return "corrupt";
}

std::string summary_text(const journal::Summary& s, const Paint& paint) {
  const std::string_view word = word_for(s.status);
  TextTable table({"JOURNAL", ""});
  table.row({"state", Cell(std::string(word), word == "whole"  ? Tone::kGood
                                              : word == "torn" ? Tone::kWarning
                                                               : Tone::kBad)});
  table.row({"segments", grouped(s.segments)});
  table.row({"batches", grouped(s.batches)});
  table.row({"records", grouped(s.records)});
  table.row({"last sequence", grouped(s.last_seq)});
  table.row({"payload", bytes_text(s.payload_bytes)});
  table.row({"chain hash", s.chain_hash});
  return table.text(paint);
}

std::string summary_json(const std::string& folder, const journal::Summary& s) {
  JsonWriter json;
  json.begin_object()
      .field("schema", "tradsys/v1/journal-verify")
      .field("dir", folder)
      .field("state", word_for(s.status))
      .field("usable", s.usable())
      .field("segments", s.segments)
      .field("batches", s.batches)
      .field("records", s.records)
      .field("last_seq", s.last_seq)
      .field("payload_bytes", s.payload_bytes)
      .field("first_ts_ns", s.first_ts_ns)
      .field("last_ts_ns", s.last_ts_ns)
      .field("chain_hash", s.chain_hash)
      .key("problem");
  s.status == journal::ReadStatus::kEnd ? json.null() : json.value(s.problem.message());
  return json.end().take();
}

}  // namespace

ExitCode run_journal_roll(const RollOptions& options) {
  return exec_sibling("dataplane", {"--config", options.config, "--roll-from", options.from,
                                    "--roll-to", options.to});
}

ExitCode run_journal_verify(const Globals& globals, const std::string& folder) {
  if (const auto refused = refuse_unreadable(folder, /*is_folder=*/true)) return fail(*refused);
  const Result<journal::Summary> summary = journal::verify(folder);
  if (!summary) return fail(ExitCode::kFailed, summary.error());
  const journal::Summary& s = summary.value();
  if (s.segments == 0)
    return fail(ExitCode::kNotFound, {folder, "holds no journal", "name the journal's own folder"});
  print(globals.json ? summary_json(folder, s) : summary_text(s, globals.paint()));
  if (s.status == journal::ReadStatus::kEnd) return ExitCode::kOk;
  if (!s.usable()) return fail(ExitCode::kFailed, s.problem);
  note(globals, s.problem.message());
  return ExitCode::kNotLive;
}

}  // namespace tradsys::cli

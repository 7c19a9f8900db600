#include <charconv>
#include <cstring>

#include "control/cli/commands/commands.hpp"
#include "control/cli/output/format.hpp"
#include "control/cli/risk/command_client.hpp"
#include "control/cli/risk/verdict_view.hpp"

namespace tradsys::cli {
namespace {

constexpr u32 kPriceDecimals = 4;
constexpr u64 kPriceScale = 10'000;

Error bad(const char* option, const std::string& text, const char* remedy) {
  return {std::string(option) + " '" + text + "'", "is not one", remedy};
}

/// "12.5" as a book price of four decimals.
Result<u32> parse_price(const std::string& text) {
  const usize dot = text.find('.');
  const std::string whole = text.substr(0, dot);
  std::string fraction = dot == std::string::npos ? "" : text.substr(dot + 1);
  const Error error = bad("--price", text, "use digits with at most four decimals");
  if (fraction.size() > kPriceDecimals || (dot != std::string::npos && fraction.empty()))
    return error;
  fraction.resize(kPriceDecimals, '0');
  const std::string digits = whole + fraction;
  u64 price = 0;
  const char* end = digits.data() + digits.size();
  const auto [stop, failure] = std::from_chars(digits.data(), end, price);
  if (whole.empty() || failure != std::errc{} || stop != end || price == 0 || price >= kMarketPrice)
    return error;
  return static_cast<u32>(price);
}

Result<OrderRequest> order_of(const WhatIfOptions& options) {
  OrderRequest r;
  r.order_id = 1;
  r.account = options.account;
  r.qty = options.qty;
  r.strategy = static_cast<u8>(options.strategy);
  if (options.side == "buy")
    r.side = Side::kBuy;
  else if (options.side == "sell")
    r.side = Side::kSell;
  else if (options.side == "short")
    r.side = Side::kSellShort;
  else
    return bad("--side", options.side, "use buy, sell or short");
  if (options.price == "market") {
    r.price = kMarketPrice;
    r.order_type = OrderType::kMarket;
    r.tif = TimeInForce::kIoc;
    return r;
  }
  const Result<u32> price = parse_price(options.price);
  if (!price) return price.error();
  r.price = price.value();
  return r;
}

}  // namespace

ExitCode run_risk_whatif(const Globals& globals, const WhatIfOptions& options) {
  Result<OrderRequest> order = order_of(options);
  if (!order) return fail(ExitCode::kUsage, order.error());
  const Outcome<ipc::StatusReader> reader = open_status(globals);
  if (!reader) return fail(reader.failure());
  const Outcome<u32> index = find_instrument(globals, *reader, options.symbol);
  if (!index) return fail(index.failure());
  order.value().instrument = static_cast<u16>(*index);
  Outcome<CommandClient> client = CommandClient::open(globals, options.timeout_s);
  if (!client) return fail(client.failure());
  ipc::Command command;
  command.kind = ipc::CommandKind::kWhatIf;
  std::memcpy(command.payload.data(), &order.value(), sizeof(OrderRequest));
  const Result<ipc::Answer> answer = (*client).send(command);
  if (!answer) return fail(ExitCode::kUnreachable, answer.error());
  if (answer.value().result != ipc::CommandResult::kDone) return fail(unanswered("whatif"));
  Verdict verdict;
  std::memcpy(static_cast<void*>(&verdict), answer.value().reply.data(), sizeof verdict);
  print(globals.json ? verdict_json("tradsys/v1/risk-whatif", verdict)
                     : verdict_text(verdict, globals.paint()));
  return ExitCode::kOk;
}

}  // namespace tradsys::cli

#include "dataplane/edge/ouch/ouch_options.hpp"

namespace tradsys::dataplane {
namespace {

constexpr Text<4> kBlank{' ', ' ', ' ', ' '};

template <class T>
bool is(const std::optional<T>& option, const T& neutral) noexcept {
  return !option || *option == neutral;
}

bool plain_size(const ouch50::Options& o) noexcept {
  return is(o.min_qty, 0U) && is(o.max_floor, 0U) && is(o.random_reserves, 0U) &&
         is(o.display_quantity, 0U);
}
bool plain_price(const ouch50::Options& o) noexcept {
  return is(o.price_type, 'L') && is(o.peg_offset, 0) && is(o.discretion_price, u64{0}) &&
         is(o.discretion_price_type, 'L') && is(o.discretion_peg_offset, 0) &&
         is(o.display_price, u64{0});
}
bool plain_handling(const ouch50::Options& o) noexcept {
  return !o.secondary_ord_ref_num && is(o.firm, kBlank) && is(o.customer_type, 'N') &&
         is(o.post_only, 'N') && is(o.route, kBlank) && is(o.expire_time, 0U) &&
         is(o.trade_now, 'N') && is(o.handle_inst, ' ') && is(o.bbo_weight_indicator, ' ') &&
         is(o.group_id, u16{0}) && is(o.shares_located, 'N');
}

}  // namespace

bool changes_nothing(Bytes appendage) noexcept {
  if (appendage.empty()) return true;
  ouch50::Options options;
  if (ouch50::decode_options(appendage, options) != DecodeResult::kOk) return false;
  std::byte again[ouch50::kOptionsBytesMax];  // shorter when an option is repeated or unknown
  if (encode_options(options, again) != appendage.size()) return false;
  return plain_size(options) && plain_price(options) && plain_handling(options);
}

}  // namespace tradsys::dataplane

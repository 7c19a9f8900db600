#pragma once
// A configuration is a struct and one table that describes its members. Loader, printer and
// documentation all loop over the table; the default of a knob is the member's initializer, written
// once.
#include <concepts>
#include <limits>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "hostsw/config/address.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::config {

/// Least and greatest value of an integer, length of a string, or count of an array.
struct Bounds {
  i64 min = 0;
  i64 max = std::numeric_limits<i64>::max();
};
/// For members whose values need no bounds: booleans, enumerations, addresses, tables.
inline constexpr Bounds kAny{};

/// One member `M S::*` as an operator knows it.
template <class S, class M>
struct Knob {
  using Struct = S;
  using Member = M;

  const char* key;
  M S::*member;
  Bounds bounds;
  const char* unit;  ///< of integers; "" where there is none
  const char* doc;  ///< one sentence
  const char* remedy;  ///< what to do when a value is refused
  bool required = false;

  /// The same knob, without which a configuration is refused.
  [[nodiscard]] constexpr Knob without_default() const {
    Knob copy = *this;
    copy.required = true;
    return copy;
  }
};

template <class S, class M>
constexpr Knob<S, M> knob(const char* key, M S::*member, Bounds bounds, const char* unit,
                          const char* doc, const char* remedy) {
  return {key, member, bounds, unit, doc, remedy};
}

/// Describes struct `S`: specialise with `static constexpr const char* kDoc` (one sentence) and
/// `static constexpr auto kKnobs = std::make_tuple(knob(...), ...)`.
template <class S>
struct Schema;

/// Names of an enumeration's values in order from 0: specialise with an array `kNames`.
template <class E>
struct EnumNames;

template <class T>
concept Described = requires {
  Schema<T>::kKnobs;
};
template <class T>
concept Named = std::is_enum_v<T> && requires {
  EnumNames<T>::kNames;
};
template <class T>
concept Integer = std::integral<T> && !std::same_as<T, bool>;

template <class T>
inline constexpr bool kIsList = false;
template <class T>
inline constexpr bool kIsList<std::vector<T>> = true;

/// Calls `visit(knob)` for each knob of `S` in order.
template <Described S, class Visit>
constexpr void for_each_knob(Visit&& visit) {
  std::apply([&](const auto&... knobs) { (visit(knobs), ...); }, Schema<S>::kKnobs);
}

/// Whether every knob has its sentence and its remedy, every default lies within its bounds, and
/// the bounds within the member's type (integers).
template <Described S>
bool defaults_hold(const S& defaults) {
  bool hold = true;
  for_each_knob<S>([&](const auto& k) {
    hold = hold && k.doc[0] != '\0' && k.remedy[0] != '\0';
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    if constexpr (Integer<M>) {
      const M value = defaults.*(k.member);
      hold = hold &&
             (k.required || (std::in_range<i64>(value) && static_cast<i64>(value) >= k.bounds.min &&
                             static_cast<i64>(value) <= k.bounds.max));
      hold = hold && std::in_range<M>(k.bounds.min) && std::in_range<M>(k.bounds.max);
    }
  });
  return hold;
}

}  // namespace tradsys::config

#pragma once
// Fills a described struct from a TOML document. Nothing is guessed: an unknown key, a wrong type
// or a value out of range is a problem with file, line, key, value and remedy; all problems are
// found in one go.
#include <algorithm>

#include "hostsw/config/document.hpp"
#include "hostsw/config/problems.hpp"
#include "hostsw/config/schema/knob.hpp"

namespace tradsys::config {
namespace detail {

inline std::string joined(const std::string& prefix, std::string_view key) {
  return prefix.empty() ? std::string(key) : prefix + "." + std::string(key);
}
inline std::string range_text(const Bounds& bounds) {
  return std::to_string(bounds.min) + ".." + std::to_string(bounds.max);
}

/// What a value of this type is called, and the node it is written as.
template <class M>
constexpr NodeType node_type_of() {
  if constexpr (std::same_as<M, bool>)
    return NodeType::kBoolean;
  else if constexpr (Integer<M>)
    return NodeType::kInteger;
  else if constexpr (kIsList<M>)
    return NodeType::kArray;
  else if constexpr (Described<M>)
    return NodeType::kTable;
  else
    return NodeType::kString;
}

/// One value being loaded: the node, the full key, and how the knob describes it.
struct Slot {
  Node node;
  std::string key;
  Bounds bounds;
  const char* remedy;

  void refuse(Problems& problems, const std::string& what) const {
    problems.add(key, node.line(), node.text() + " " + what, remedy);
  }
};

template <Described S>
void load_table(const Node& table, const std::string& prefix, S& out, Problems& problems);

template <Integer M>
void load_value(const Slot& slot, M& out, Problems& problems) {
  const i64 value = slot.node.integer();
  if (value < slot.bounds.min || value > slot.bounds.max || !std::in_range<M>(value))
    return slot.refuse(problems, "is out of range " + range_text(slot.bounds));
  out = static_cast<M>(value);
}

inline void load_value(const Slot& slot, bool& out, Problems&) { out = slot.node.boolean(); }

inline void load_value(const Slot& slot, std::string& out, Problems& problems) {
  const std::string_view value = slot.node.string();
  if (!std::in_range<i64>(value.size()) || static_cast<i64>(value.size()) < slot.bounds.min ||
      static_cast<i64>(value.size()) > slot.bounds.max)
    return slot.refuse(problems, "has " + std::to_string(value.size()) +
                                     " characters, allowed are " + range_text(slot.bounds));
  for (const char c : value)
    if (static_cast<unsigned char>(c) < ' ' || c == 0x7F)
      return slot.refuse(problems, "contains a control character");
  out = value;
}

template <Named M>
void load_value(const Slot& slot, M& out, Problems& problems) {
  std::string names;
  for (usize i = 0; i < EnumNames<M>::kNames.size(); ++i) {
    if (slot.node.string() == EnumNames<M>::kNames[i]) {
      out = static_cast<M>(i);
      return;
    }
    names += (i == 0 ? "" : ", ") + std::string(EnumNames<M>::kNames[i]);
  }
  slot.refuse(problems, "is not one of " + names);
}

inline void load_value(const Slot& slot, MacAddress& out, Problems& problems) {
  if (const auto mac = parse_mac(slot.node.string()))
    out = *mac;
  else
    slot.refuse(problems, "is not a MAC address like 02:00:00:00:00:01");
}

inline void load_value(const Slot& slot, Ipv4Address& out, Problems& problems) {
  if (const auto ip = parse_ipv4(slot.node.string()))
    out = *ip;
  else
    slot.refuse(problems, "is not an IPv4 address like 10.0.0.1");
}

template <Described M>
void load_value(const Slot& slot, M& out, Problems& problems) {
  load_table(slot.node, slot.key, out, problems);
}

template <class M>
void load_typed(const Slot& slot, M& out, Problems& problems) {
  problems.stands_at(slot.key, slot.node.line());
  if (slot.node.type() != node_type_of<M>())
    return slot.refuse(problems,
                       std::string("stands where ") + describe(node_type_of<M>()) + " is expected");
  load_value(slot, out, problems);
}

template <class T>
void load_value(const Slot& slot, std::vector<T>& out, Problems& problems) {
  const i64 count = static_cast<i64>(slot.node.size());
  if (count < slot.bounds.min || count > slot.bounds.max)
    return slot.refuse(problems, "has " + std::to_string(count) + " elements, allowed are " +
                                     range_text(slot.bounds));
  // The bounds of a list are those of its count; elements keep the whole range of their type.
  constexpr Bounds kElement = Integer<T> ? kAny : Bounds{1, 64};
  out.clear();
  for (usize i = 0; i < slot.node.size(); ++i) {
    T element{};
    const Slot inner{slot.node.at(i), slot.key + "[" + std::to_string(i) + "]", kElement,
                     slot.remedy};
    load_typed(inner, element, problems);
    out.push_back(std::move(element));
  }
}

template <Described S>
void load_table(const Node& table, const std::string& prefix, S& out, Problems& problems) {
  std::vector<std::string_view> known;
  for_each_knob<S>([&](const auto& k) {
    known.push_back(k.key);
    const Node node = table.find(k.key);
    const std::string key = joined(prefix, k.key);
    if (node)
      load_typed(Slot{node, key, k.bounds, k.remedy}, out.*(k.member), problems);
    else if (k.required)
      problems.add(key, table.line(), "is missing", k.remedy);
  });
  for (const std::string_view key : table.keys())
    if (std::find(known.begin(), known.end(), key) == known.end())
      problems.add(joined(prefix, key), table.find(key).line(), "unknown key", suggest(key, known));
}

}  // namespace detail

/// Loads `S` from a document; `check(config, problems)` then looks at members together.
template <Described S, class Check>
[[nodiscard]] Result<S> load_config(const Document& document, Check&& check) {
  Problems problems(document.name());
  S config;
  detail::load_table(document.root(), "", config, problems);
  if (problems.none()) check(config, problems);
  if (!problems.none()) return problems.together();
  return config;
}

}  // namespace tradsys::config

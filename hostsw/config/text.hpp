#pragma once
// A described struct as text: TOML that loads back to the same values, and the reference page.
#include "hostsw/config/schema/knob.hpp"

namespace tradsys::config {
namespace detail {

/// A TOML basic string.
[[nodiscard]] std::string quoted(const std::string& value);

template <class M>
std::string value_text(const M& value) {
  if constexpr (std::same_as<M, bool>) {
    return value ? "true" : "false";
  } else if constexpr (Integer<M>) {
    return std::to_string(value);
  } else if constexpr (std::same_as<M, std::string>) {
    return quoted(value);
  } else if constexpr (Named<M>) {
    return quoted(EnumNames<M>::kNames[static_cast<usize>(value)]);
  } else if constexpr (kIsList<M>) {
    std::string text = "[";
    for (usize i = 0; i < value.size(); ++i) text += (i == 0 ? "" : ", ") + value_text(value[i]);
    return text + "]";
  } else {
    return quoted(to_string(value));
  }
}

template <class M>
inline constexpr bool kIsTableList = false;
template <Described T>
inline constexpr bool kIsTableList<std::vector<T>> = true;

template <Described S>
void print_table(const S& config, const std::string& prefix, std::string& out) {
  const std::string dot = prefix.empty() ? "" : prefix + ".";
  for_each_knob<S>([&](const auto& k) {
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    if constexpr (!Described<M> && !kIsTableList<M>)
      out += std::string(k.key) + " = " + value_text(config.*(k.member)) + "\n";
  });
  for_each_knob<S>([&](const auto& k) {
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    if constexpr (Described<M>) {
      out += "\n[" + dot + k.key + "]\n";
      print_table(config.*(k.member), dot + k.key, out);
    } else if constexpr (kIsTableList<M>) {
      for (const auto& element : config.*(k.member)) {
        out += "\n[[" + dot + k.key + "]]\n";
        print_table(element, dot + k.key, out);
      }
    }
  });
}

/// One row of the reference: "type" and "allowed" columns.
template <class M>
std::string type_text() {
  if constexpr (std::same_as<M, bool>)
    return "boolean";
  else if constexpr (Integer<M>)
    return "integer";
  else if constexpr (std::same_as<M, MacAddress>)
    return "MAC address";
  else if constexpr (std::same_as<M, Ipv4Address>)
    return "IPv4 address";
  else if constexpr (kIsList<M>)
    return "array of " + type_text<typename M::value_type>();
  else
    return "string";
}
template <class M>
std::string allowed_text(const Bounds& bounds) {
  if constexpr (Named<M>) {
    std::string text;
    for (const char* name : EnumNames<M>::kNames)
      text += (text.empty() ? "`" : ", `") + std::string(name) + "`";
    return text;
  } else if constexpr (Integer<M>) {
    return std::to_string(bounds.min) + ".." + std::to_string(bounds.max);
  } else if constexpr (std::same_as<M, std::string>) {
    return std::to_string(bounds.min) + ".." + std::to_string(bounds.max) + " characters";
  } else if constexpr (kIsList<M>) {
    return std::to_string(bounds.min) + ".." + std::to_string(bounds.max) + " elements";
  } else {
    return "";
  }
}

/// Text that stands in a cell of a Markdown table.
[[nodiscard]] std::string cell(std::string text);

template <Described S>
void document_table(const std::string& title, const std::string& path, std::string& out) {
  const S defaults;
  out += "\n## " + title + "\n\n" + Schema<S>::kDoc + "\n\n";
  out +=
      "| key | type | allowed | default | unit | meaning | when refused "
      "|\n|---|---|---|---|---|---|---|\n";
  for_each_knob<S>([&](const auto& k) {
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    if constexpr (!Described<M> && !kIsTableList<M>)
      out += "| `" + std::string(k.key) + "` | " + type_text<M>() + " | " +
             cell(allowed_text<M>(k.bounds)) + " | " +
             (k.required ? "required" : cell("`" + value_text(defaults.*(k.member)) + "`")) +
             " | " + k.unit + " | " + cell(k.doc) + " | " + cell(k.remedy) + " |\n";
  });
  for_each_knob<S>([&](const auto& k) {
    using M = typename std::remove_cvref_t<decltype(k)>::Member;
    const std::string inner = path.empty() ? k.key : path + "." + k.key;
    if constexpr (Described<M>)
      document_table<M>("`[" + inner + "]`", inner, out);
    else if constexpr (kIsTableList<M>)
      document_table<typename M::value_type>("`[[" + inner + "]]`", inner, out);
  });
}

}  // namespace detail

/// Every value in force, as TOML.
template <Described S>
[[nodiscard]] std::string print_config(const S& config) {
  std::string out;
  detail::print_table(config, "", out);
  return out;
}

/// The reference page, generated from the tables.
template <Described S>
[[nodiscard]] std::string document_config(const std::string& title) {
  std::string out = "# " + title + "\n";
  detail::document_table<S>("Top level", "", out);
  return out;
}

}  // namespace tradsys::config

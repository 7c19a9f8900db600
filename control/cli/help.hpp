#pragma once
// How help looks: values by their name only, defaults in words.
#include <CLI/CLI.hpp>
#include <string>

namespace tradsys::cli {

/// One screen for each command, at most 100 columns wide.
class HelpFormatter : public CLI::Formatter {
 public:
  HelpFormatter() { column_width(24); }
  /// " NAME" for options with a value; nothing for flags and positionals.
  std::string make_option_opts(const CLI::Option* option) const override {
    if (option->get_positional() || option->get_type_size() == 0) return "";
    const std::string type = option->get_type_name();
    return " " + type.substr(0, type.find(':'));
  }
  std::string make_option_desc(const CLI::Option* option) const override {
    const std::string value = option->get_default_str();
    return option->get_description() + (value.empty() ? "" : " (default: " + value + ")");
  }
};

}  // namespace tradsys::cli

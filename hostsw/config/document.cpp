#include "hostsw/config/document.hpp"

#include <toml++/toml.h>

#include <fstream>
#include <iterator>

namespace tradsys::config {
namespace {

const toml::node* as_node(const void* node) noexcept {
  return static_cast<const toml::node*>(node);
}

constexpr usize kShownBytes = 60;

}  // namespace

struct Document::Tree {
  toml::table root;
};

void Document::Free::operator()(Tree* tree) const noexcept { delete tree; }

const char* describe(NodeType type) noexcept {
  switch (type) {
    case NodeType::kNone:
      return "nothing";
    case NodeType::kTable:
      return "a table";
    case NodeType::kArray:
      return "an array";
    case NodeType::kString:
      return "a string";
    case NodeType::kInteger:
      return "an integer";
    case NodeType::kFloat:
      return "a floating-point number";
    case NodeType::kBoolean:
      return "true or false";
    case NodeType::kDate:
      return "a date or time";
  }
  return "unknown";
}

NodeType Node::type() const noexcept {
  if (node_ == nullptr) return NodeType::kNone;
  switch (as_node(node_)->type()) {
    case toml::node_type::table:
      return NodeType::kTable;
    case toml::node_type::array:
      return NodeType::kArray;
    case toml::node_type::string:
      return NodeType::kString;
    case toml::node_type::integer:
      return NodeType::kInteger;
    case toml::node_type::floating_point:
      return NodeType::kFloat;
    case toml::node_type::boolean:
      return NodeType::kBoolean;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time:
      return NodeType::kDate;
    case toml::node_type::none:
      break;
  }
  return NodeType::kNone;
}

u32 Node::line() const noexcept {
  return node_ != nullptr ? as_node(node_)->source().begin.line : 0;
}

i64 Node::integer() const noexcept {
  const auto* const value = node_ != nullptr ? as_node(node_)->as_integer() : nullptr;
  return value != nullptr ? value->get() : 0;
}

bool Node::boolean() const noexcept {
  const auto* const value = node_ != nullptr ? as_node(node_)->as_boolean() : nullptr;
  return value != nullptr && value->get();
}

std::string_view Node::string() const noexcept {
  const auto* const value = node_ != nullptr ? as_node(node_)->as_string() : nullptr;
  return value != nullptr ? std::string_view(value->get()) : std::string_view();
}

std::vector<std::string_view> Node::keys() const {
  std::vector<std::string_view> keys;
  if (type() == NodeType::kTable)
    for (const auto& entry : *as_node(node_)->as_table()) keys.push_back(entry.first.str());
  return keys;
}

Node Node::find(std::string_view key) const noexcept {
  return type() == NodeType::kTable ? Node(as_node(node_)->as_table()->get(key)) : Node();
}

usize Node::size() const noexcept {
  return type() == NodeType::kArray ? as_node(node_)->as_array()->size() : 0;
}

Node Node::at(usize index) const noexcept {
  return index < size() ? Node(as_node(node_)->as_array()->get(index)) : Node();
}

std::string Node::text() const {
  switch (type()) {
    case NodeType::kString: {
      std::string shown(string().substr(0, kShownBytes));
      for (char& c : shown)
        if (static_cast<unsigned char>(c) < ' ' || c == 0x7F) c = '?';
      return '"' + shown + (string().size() > kShownBytes ? "...\"" : "\"");
    }
    case NodeType::kInteger:
      return std::to_string(integer());
    case NodeType::kBoolean:
      return boolean() ? "true" : "false";
    default:
      return describe(type());
  }
}

Result<Document> Document::parse(std::string_view text, std::string name) {
  if (text.size() > kBytesMax)
    return Error{std::move(name), "larger than " + std::to_string(kBytesMax) + " bytes",
                 "split it, or name the right file"};
  try {
    std::unique_ptr<Tree, Free> tree(new Tree{toml::parse(text)});
    return Document(std::move(tree), std::move(name));
  } catch (const toml::parse_error& error) {
    return Error{name + ":" + std::to_string(error.source().begin.line),
                 "not valid TOML: " + std::string(error.description()),
                 "correct column " + std::to_string(error.source().begin.column)};
  }
}

Result<Document> Document::load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text;
  if (file) {
    text.resize(kBytesMax + 1);
    file.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<usize>(file.gcount()));
  }
  if (!file.is_open() || file.bad())
    return Error{path, "cannot be read", "check that the file is there and readable"};
  return parse(text, path);
}

Node Document::root() const noexcept { return Node(static_cast<const toml::node*>(&tree_->root)); }

}  // namespace tradsys::config

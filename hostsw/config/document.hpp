#pragma once
// A TOML document as a tree of nodes that know their line. The only place that knows the parser.
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "hostsw/core/result.hpp"
#include "hostsw/core/types.hpp"

namespace tradsys::config {

enum class NodeType : u8 { kNone, kTable, kArray, kString, kInteger, kFloat, kBoolean, kDate };
/// "a string", "an integer", ...
[[nodiscard]] const char* describe(NodeType type) noexcept;

/// Points into a Document, which must outlive it.
class Node {
 public:
  Node() = default;

  [[nodiscard]] NodeType type() const noexcept;
  /// Line of the value in its file, from 1.
  [[nodiscard]] u32 line() const noexcept;
  [[nodiscard]] explicit operator bool() const noexcept { return node_ != nullptr; }

  /// Value of a node of that type; a zero value for any other.
  [[nodiscard]] i64 integer() const noexcept;
  [[nodiscard]] bool boolean() const noexcept;
  [[nodiscard]] std::string_view string() const noexcept;

  /// Keys of a table in alphabetical order.
  [[nodiscard]] std::vector<std::string_view> keys() const;
  /// Entry of a table; false when there is none.
  [[nodiscard]] Node find(std::string_view key) const noexcept;
  /// Elements of an array.
  [[nodiscard]] usize size() const noexcept;
  [[nodiscard]] Node at(usize index) const noexcept;
  /// The value as an operator would write it, shortened.
  [[nodiscard]] std::string text() const;

 private:
  friend class Document;
  explicit Node(const void* node) : node_(node) {}
  const void* node_ = nullptr;
};

/// A parsed file or text.
class Document {
 public:
  /// Largest file accepted.
  static constexpr usize kBytesMax = usize{1} << 20;

  /// `name` stands for the file in messages.
  [[nodiscard]] static Result<Document> parse(std::string_view text, std::string name);
  [[nodiscard]] static Result<Document> load(const std::string& path);

  [[nodiscard]] Node root() const noexcept;
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

 private:
  struct Tree;
  struct Free {
    void operator()(Tree* tree) const noexcept;
  };
  Document(std::unique_ptr<Tree, Free> tree, std::string name)
      : tree_(std::move(tree)), name_(std::move(name)) {}

  std::unique_ptr<Tree, Free> tree_;
  std::string name_;
};

}  // namespace tradsys::config

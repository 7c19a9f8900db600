#pragma once
// SHA-256 by OpenSSL's EVP, with the algorithm looked up once.
#include <memory>

#include "hostsw/journal/format.hpp"

struct evp_md_ctx_st;
struct evp_md_st;

namespace tradsys::journal {

/// One hashing context; not for two threads at once.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  /// Digest of `first` followed by `second`. A library that cannot hash is a broken invariant:
  /// nothing can be journaled.
  [[nodiscard]] Hash of(Bytes first, Bytes second = {});

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const noexcept;
    void operator()(evp_md_st* algorithm) const noexcept;
  };
  std::unique_ptr<evp_md_st, Free> algorithm_;
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace tradsys::journal

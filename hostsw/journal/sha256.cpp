#include "hostsw/journal/sha256.hpp"

#include <openssl/evp.h>

#include "hostsw/core/contract.hpp"

namespace tradsys::journal {

void Sha256::Free::operator()(evp_md_ctx_st* context) const noexcept { EVP_MD_CTX_free(context); }
void Sha256::Free::operator()(evp_md_st* algorithm) const noexcept { EVP_MD_free(algorithm); }

Sha256::Sha256()
    : algorithm_(EVP_MD_fetch(nullptr, "SHA2-256", nullptr)), context_(EVP_MD_CTX_new()) {
  TRADSYS_ASSERT(algorithm_ != nullptr && context_ != nullptr);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

Hash Sha256::of(Bytes first, Bytes second) {
  Hash hash;
  unsigned int hash_bytes = 0;
  const bool started = EVP_DigestInit_ex2(context_.get(), algorithm_.get(), nullptr) == 1;
  const bool fed = started && EVP_DigestUpdate(context_.get(), first.data(), first.size()) == 1 &&
                   EVP_DigestUpdate(context_.get(), second.data(), second.size()) == 1;
  const bool done = fed && EVP_DigestFinal_ex(context_.get(), hash.data(), &hash_bytes) == 1;
  TRADSYS_ASSERT(done && hash_bytes == hash.size());
  return hash;
}

}  // namespace tradsys::journal

#pragma once
#include <cstddef>
#include <string_view>
#include <vector>

#include "auth/public_key.hpp"

namespace cds::auth {

/// The keys that a client signs with: what of a JWKS can be used.
class KeySet {
public:
    static constexpr std::size_t most_bytes = 256 * 1024;
    static constexpr std::size_t most_keys = 50;

    /// Reads a JWKS (RFC 7517, section 5). Keys that cannot be used are passed over, symmetric ones
    /// among them; a kid that stands twice belongs to no key at all. Fails with too_large beyond
    /// the caps, with malformed or `invalid` when it is no JWKS. A set without a usable key is
    /// good.
    static base::Result<KeySet> read(std::string_view jwks);
    static base::Result<KeySet> read(base::json::Value jwks);

    /// The key of that name; null when there is none.
    PublicKey const* find(std::string_view id) const noexcept;
    /// All, those without a name too.
    std::vector<PublicKey> const& keys() const noexcept { return keys_; }
    std::size_t passed_over() const noexcept { return passed_over_; }

private:
    std::vector<PublicKey> keys_;
    std::size_t passed_over_ = 0;
};

}  // namespace cds::auth

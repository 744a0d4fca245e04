#pragma once
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"
#include "base/json.hpp"
#include "base/result.hpp"

struct evp_pkey_st;

namespace cds::auth {

/// A public key with which signatures are verified. Cheap to copy; safe to use from several
/// threads.
class PublicKey {
public:
    /// Reads a JWK (RFC 7517): EC on P-256 or P-384, RSA of 2,048 to 4,096 bits with an odd
    /// exponent from 3 to 2^32, or Ed25519. Fails with `invalid` for every other key, one that is
    /// not for verifying signatures (`use`, `key_ops`), one of a known weak generator, and one that
    /// holds private members.
    static base::Result<PublicKey> read(base::json::Value jwk);

    /// Absent: the key has none.
    std::optional<std::string> const& id() const noexcept { return id_; }
    /// Whether kind, curve and the key's own `alg` fit.
    bool fits(Algorithm algorithm) const noexcept;
    /// Whether `signature`, in the form that a JWS has (RFC 7518, section 3), is one of `message`.
    bool verifies(Algorithm algorithm, std::string_view message, std::string_view signature) const;

private:
    enum class Kind : std::uint8_t { p256, p384, rsa, ed25519 };
    Kind kind_ = Kind::p256;
    std::optional<std::string> id_;
    std::optional<Algorithm> only_;  ///< the key's `alg`
    std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace cds::auth

#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"
#include "base/result.hpp"

struct evp_pkey_st;

namespace cds::auth {

/// A private key that signs tokens: for trying the service out (`countersign dev-certs`) and for
/// tests. The service itself signs nothing.
class SigningKey {
public:
    /// A fresh key for `algorithm`; RSA keys have 2,048 bits.
    static base::Result<SigningKey> generate(Algorithm algorithm);
    /// From PKCS #8 in PEM. Fails with malformed when it is none, or of another kind than
    /// `algorithm` needs.
    static base::Result<SigningKey> read(Algorithm algorithm, std::string_view pem);

    std::string pem() const;
    /// The public half as a JWK for signatures; `id` is its kid.
    std::string public_jwk(std::string_view id) const;
    std::string public_pem() const;
    /// A signature in the form that a JWS has.
    std::string sign(std::string_view message) const;
    /// A compact JWS of `claims`, a JSON object, with this key's kid.
    std::string token(std::string_view id, std::string_view claims) const;

private:
    SigningKey(Algorithm algorithm, evp_pkey_st* key);
    Algorithm algorithm_;
    std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace cds::auth

#include "auth/public_key.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include "auth/key_material.hpp"
#include "base/base64url.hpp"

namespace cds::auth {
namespace {

using base::Error;
using base::ErrorCode;
using base::json::Value;

Error unusable(std::string_view member, std::string_view what) {
    return {ErrorCode::invalid, "/" + std::string{member}, std::string{what}};
}

std::string decoded(Value value) {
    return base::from_base64url(value.string()).value_or(std::string{});
}

/// Whether the key says that it is for verifying signatures, or does not say what it is for.
bool is_for_verifying(Value jwk) {
    auto const use = jwk["use"];
    if (use && use.string() != "sig") return false;
    auto const operations = jwk["key_ops"];
    if (!operations) return true;
    for (auto const one : operations)
        if (one.string() == "verify") return true;
    return false;
}

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

unsigned char const* bytes_of(std::string_view text) {
    void const* const data = text.data();
    return static_cast<unsigned char const*>(data);
}

/// The DER form of a signature r || s; empty unless both are of the exact length and from 1 to
/// below the group's order.
std::string der_signature(std::string_view signature, Algorithm algorithm) {
    bool const p384 = algorithm == Algorithm::es384;
    std::size_t const length = p384 ? 48 : 32;
    if (signature.size() != 2 * length) return {};
    std::unique_ptr<EC_GROUP, decltype(&EC_GROUP_free)> const group{
        EC_GROUP_new_by_curve_name(p384 ? NID_secp384r1 : NID_X9_62_prime256v1), EC_GROUP_free};
    std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> const pair{ECDSA_SIG_new(),
                                                                     ECDSA_SIG_free};
    auto* const r = BN_bin2bn(bytes_of(signature), static_cast<int>(length), nullptr);
    auto* const s =
        BN_bin2bn(bytes_of(signature.substr(length)), static_cast<int>(length), nullptr);
    if (!group || !pair || !r || !s || ECDSA_SIG_set0(pair.get(), r, s) != 1) {
        BN_free(r);
        BN_free(s);
        return {};
    }
    auto const* const order = EC_GROUP_get0_order(group.get());
    for (auto const* const number : {r, s})
        if (BN_is_zero(number) || BN_cmp(number, order) >= 0) return {};
    unsigned char* der = nullptr;
    auto const size = i2d_ECDSA_SIG(pair.get(), &der);
    if (size <= 0) return {};
    void* const text = der;
    std::string out{static_cast<char*>(text), static_cast<std::size_t>(size)};
    OPENSSL_free(der);
    return out;
}

EVP_MD const* digest_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256:
        case Algorithm::rs256:
            return EVP_sha256();
        case Algorithm::es384:
        case Algorithm::rs384:
            return EVP_sha384();
        case Algorithm::eddsa:
            return nullptr;
    }
    return nullptr;
}

}  // namespace

base::Result<PublicKey> PublicKey::read(Value jwk) {
    if (!jwk.is_object()) return unusable("", "A key must be a JSON object.");
    for (auto const* const secret : {"d", "p", "q", "dp", "dq", "qi", "oth", "k"})
        if (jwk[secret])
            return unusable(secret, "The key holds private members; publish the public key only.");
    PublicKey key;
    if (auto const id = jwk["kid"]) {
        if (!id.is_string() || id.string().empty() || id.string().size() > 256)
            return unusable("kid", "kid must be a text of 1 to 256 bytes.");
        key.id_ = std::string{id.string()};
    }
    if (!is_for_verifying(jwk)) return unusable("use", "The key is not for verifying signatures.");
    auto const kind = jwk["kty"].string();
    auto const curve = jwk["crv"].string();
    if (kind == "EC" && (curve == "P-256" || curve == "P-384")) {
        key.kind_ = curve == "P-256" ? Kind::p256 : Kind::p384;
        key.key_ =
            ec_key(curve == "P-256" ? "P-256" : "P-384", decoded(jwk["x"]), decoded(jwk["y"]));
    } else if (kind == "RSA") {
        key.kind_ = Kind::rsa;
        key.key_ = rsa_key(decoded(jwk["n"]), decoded(jwk["e"]));
    } else if (kind == "OKP" && curve == "Ed25519") {
        key.kind_ = Kind::ed25519;
        key.key_ = ed25519_key(decoded(jwk["x"]));
    } else {
        return unusable("kty", "The key must be EC (P-256, P-384), RSA, or OKP (Ed25519).");
    }
    if (!key.key_)
        return unusable("kty", "The numbers make no key of a size and form that is accepted.");
    if (auto const only = jwk["alg"]) {
        key.only_ = algorithm_of(only.string());
        if (!key.only_ || !key.fits(*key.only_))
            return unusable("alg", "alg names no algorithm that this key can be used with here.");
    }
    return key;
}

bool PublicKey::fits(Algorithm algorithm) const noexcept {
    if (only_ && *only_ != algorithm) return false;
    switch (algorithm) {
        case Algorithm::es256:
            return kind_ == Kind::p256;
        case Algorithm::es384:
            return kind_ == Kind::p384;
        case Algorithm::rs256:
        case Algorithm::rs384:
            return kind_ == Kind::rsa;
        case Algorithm::eddsa:
            return kind_ == Kind::ed25519;
    }
    return false;
}

bool PublicKey::verifies(Algorithm algorithm, std::string_view message,
                         std::string_view signature) const {
    if (!fits(algorithm)) return false;
    std::string der;
    if (kind_ == Kind::p256 || kind_ == Kind::p384) {
        der = der_signature(signature, algorithm);
        if (der.empty()) return false;
        signature = der;
    } else if (signature.size() != static_cast<std::size_t>(EVP_PKEY_get_size(key_.get()))) {
        return false;
    }
    std::unique_ptr<EVP_MD_CTX, FreeContext> const context{EVP_MD_CTX_new()};
    bool const good = context &&
                      EVP_DigestVerifyInit(context.get(), nullptr, digest_of(algorithm), nullptr,
                                           key_.get()) == 1 &&
                      EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(),
                                       bytes_of(message), message.size()) == 1;
    ERR_clear_error();
    return good;
}

}  // namespace cds::auth

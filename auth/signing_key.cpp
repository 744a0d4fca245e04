#include "auth/signing_key.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "auth/public_key.hpp"
#include "base/base64url.hpp"
#include "base/json.hpp"

namespace cds::auth {
namespace {

using base::Error;
using base::ErrorCode;

using Memory = std::unique_ptr<BIO, decltype(&BIO_free)>;

std::string text_of(BIO* memory) {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(memory, &data);
    return size > 0 ? std::string{data, static_cast<std::size_t>(size)} : std::string{};
}

/// A number of the key, big-endian in `length` bytes; 0: as many as it needs.
std::string number_of(EVP_PKEY const* key, char const* name, std::size_t length) {
    BIGNUM* number = nullptr;
    if (EVP_PKEY_get_bn_param(key, name, &number) != 1) return {};
    if (length == 0) length = static_cast<std::size_t>(BN_num_bytes(number));
    std::string bytes(length, '\0');
    void* const data = bytes.data();
    BN_bn2binpad(number, static_cast<unsigned char*>(data), static_cast<int>(length));
    BN_free(number);
    return base::to_base64url(bytes);
}

bool is_elliptic(Algorithm algorithm) {
    return algorithm == Algorithm::es256 || algorithm == Algorithm::es384;
}
std::size_t coordinate_bytes(Algorithm algorithm) {
    return algorithm == Algorithm::es384 ? 48 : 32;
}

char const* kind_of(Algorithm algorithm) {
    if (is_elliptic(algorithm)) return "EC";
    return algorithm == Algorithm::eddsa ? "ED25519" : "RSA";
}

EVP_PKEY* generated(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256");
        case Algorithm::es384:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-384");
        case Algorithm::rs256:
        case Algorithm::rs384:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048});
        case Algorithm::eddsa:
            return EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
    }
    return nullptr;
}

/// r || s of a signature in DER.
std::string plain_signature(std::string_view der, std::size_t length) {
    void const* const data = der.data();
    auto const* bytes = static_cast<unsigned char const*>(data);
    std::unique_ptr<ECDSA_SIG, decltype(&ECDSA_SIG_free)> const pair{
        d2i_ECDSA_SIG(nullptr, &bytes, static_cast<long>(der.size())), ECDSA_SIG_free};
    if (!pair) return {};
    std::string out(2 * length, '\0');
    void* const place = out.data();
    auto* const start = static_cast<unsigned char*>(place);
    BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), start, static_cast<int>(length));
    BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), start + length, static_cast<int>(length));
    return out;
}

}  // namespace

SigningKey::SigningKey(Algorithm algorithm, evp_pkey_st* key)
    : algorithm_{algorithm}, key_{key, EVP_PKEY_free} {}

base::Result<SigningKey> SigningKey::generate(Algorithm algorithm) {
    auto* const key = generated(algorithm);
    ERR_clear_error();
    if (!key) return Error{ErrorCode::internal, "", "No key could be generated."};
    return SigningKey{algorithm, key};
}

base::Result<SigningKey> SigningKey::read(Algorithm algorithm, std::string_view pem) {
    Memory const memory{BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), BIO_free};
    SigningKey key{algorithm, memory
                                  ? PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr)
                                  : nullptr};
    ERR_clear_error();
    base::json::Document document;
    bool const fits = key.key_ && EVP_PKEY_is_a(key.key_.get(), kind_of(algorithm)) == 1;
    auto const jwk = fits ? key.public_jwk("key") : std::string{"null"};
    auto const root = document.parse(jwk);
    auto const good = root ? PublicKey::read(*root) : base::Result<PublicKey>{root.error()};
    if (!good || !good->fits(algorithm))
        return Error{ErrorCode::malformed, "", "This is no private key of the algorithm, in PEM."};
    return key;
}

std::string SigningKey::pem() const {
    Memory const memory{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_PrivateKey(memory.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return text_of(memory.get());
}

std::string SigningKey::public_pem() const {
    Memory const memory{BIO_new(BIO_s_mem()), BIO_free};
    PEM_write_bio_PUBKEY(memory.get(), key_.get());
    return text_of(memory.get());
}

std::string SigningKey::public_jwk(std::string_view id) const {
    std::string out = R"({"kid":)";
    base::json::write_string(id, out);
    out += R"(,"use":"sig","alg":")" + std::string{name(algorithm_)} + '"';
    if (is_elliptic(algorithm_)) {
        auto const length = coordinate_bytes(algorithm_);
        out += R"(,"kty":"EC","crv":")";
        out += length == 48 ? "P-384" : "P-256";
        out += R"(","x":")" + number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_X, length);
        out += R"(","y":")" + number_of(key_.get(), OSSL_PKEY_PARAM_EC_PUB_Y, length);
    } else if (algorithm_ == Algorithm::eddsa) {
        std::string bytes(32, '\0');
        void* const place = bytes.data();
        auto size = bytes.size();
        EVP_PKEY_get_raw_public_key(key_.get(), static_cast<unsigned char*>(place), &size);
        out += R"(,"kty":"OKP","crv":"Ed25519","x":")" + base::to_base64url(bytes);
    } else {
        out += R"(,"kty":"RSA","n":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_N, 0);
        out += R"(","e":")" + number_of(key_.get(), OSSL_PKEY_PARAM_RSA_E, 0);
    }
    return out + R"("})";
}

std::string SigningKey::sign(std::string_view message) const {
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> const context{EVP_MD_CTX_new(),
                                                                          EVP_MD_CTX_free};
    EVP_MD const* digest = nullptr;
    if (algorithm_ == Algorithm::es384 || algorithm_ == Algorithm::rs384) digest = EVP_sha384();
    if (algorithm_ == Algorithm::es256 || algorithm_ == Algorithm::rs256) digest = EVP_sha256();
    void const* const text = message.data();
    auto const* const bytes = static_cast<unsigned char const*>(text);
    std::size_t size = 0;
    if (EVP_DigestSignInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1 ||
        EVP_DigestSign(context.get(), nullptr, &size, bytes, message.size()) != 1)
        return {};
    std::string out(size, '\0');
    void* const place = out.data();
    if (EVP_DigestSign(context.get(), static_cast<unsigned char*>(place), &size, bytes,
                       message.size()) != 1)
        return {};
    out.resize(size);
    return is_elliptic(algorithm_) ? plain_signature(out, coordinate_bytes(algorithm_)) : out;
}

std::string SigningKey::token(std::string_view id, std::string_view claims) const {
    std::string header = R"({"typ":"JWT","alg":")" + std::string{name(algorithm_)} + R"(","kid":)";
    base::json::write_string(id, header);
    auto const text = base::to_base64url(header + "}") + "." + base::to_base64url(claims);
    return text + "." + base::to_base64url(sign(text));
}

}  // namespace cds::auth

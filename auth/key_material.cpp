#include "auth/key_material.hpp"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <string>

namespace cds::auth {
namespace {

struct Free {
    void operator()(BIGNUM* number) const noexcept { BN_free(number); }
    void operator()(EVP_PKEY_CTX* context) const noexcept { EVP_PKEY_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const noexcept { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* parameters) const noexcept { OSSL_PARAM_free(parameters); }
};
template <class T>
using Owned = std::unique_ptr<T, Free>;

unsigned char const* bytes_of(std::string_view text) {
    void const* const data = text.data();
    return static_cast<unsigned char const*>(data);
}

KeyMaterial owned(EVP_PKEY* key) { return key ? KeyMaterial{key, EVP_PKEY_free} : nullptr; }

KeyMaterial key_from(char const* kind, OSSL_PARAM* parameters) {
    Owned<EVP_PKEY_CTX> const context{EVP_PKEY_CTX_new_from_name(nullptr, kind, nullptr)};
    EVP_PKEY* key = nullptr;
    bool const made = context && parameters && EVP_PKEY_fromdata_init(context.get()) == 1 &&
                      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, parameters) == 1;
    auto result = owned(made ? key : nullptr);
    if (result) {
        Owned<EVP_PKEY_CTX> const check{EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr)};
        if (!check || EVP_PKEY_public_check(check.get()) != 1) result.reset();
    }
    ERR_clear_error();
    return result;
}

/// Whether a modulus was made by the Infineon library whose keys can be factored (CVE-2017-15361):
/// its primes are powers of 65537 modulo many small primes, so the modulus is too.
bool is_roca(BIGNUM const* modulus) {
    static constexpr unsigned primes[] = {
        3,  5,  7,  11, 13, 17,  19,  23,  29,  31,  37,  41,  43,  47,  53,  59,  61,  67,  71,
        73, 79, 83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167};
    return std::ranges::all_of(primes, [&](unsigned prime) {
        auto const remainder = static_cast<unsigned>(BN_mod_word(modulus, prime));
        unsigned power = 1;
        do {
            if (power == remainder) return true;
            power = power * (65537 % prime) % prime;
        } while (power != 1);
        return false;
    });
}

}  // namespace

KeyMaterial ec_key(char const* group, std::string_view x, std::string_view y) {
    std::size_t const length = std::string_view{group} == "P-384" ? 48 : 32;
    if (x.size() != length || y.size() != length) return nullptr;
    auto const point = std::string{"\x04"}.append(x).append(y);
    Owned<OSSL_PARAM_BLD> const builder{OSSL_PARAM_BLD_new()};
    bool const filled =
        builder &&
        OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) == 1 &&
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                         point.size()) == 1;
    Owned<OSSL_PARAM> const parameters{filled ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr};
    return key_from("EC", parameters.get());
}

KeyMaterial rsa_key(std::string_view modulus, std::string_view exponent) {
    constexpr int least_bits = 2048, most_bits = 4096;
    bool const plausible = modulus.size() >= least_bits / 8 && modulus.size() <= most_bits / 8 &&
                           !exponent.empty() && exponent.size() <= 4 && modulus.front() != '\0' &&
                           exponent.front() != '\0';
    if (!plausible) return nullptr;
    Owned<BIGNUM> const n{BN_bin2bn(bytes_of(modulus), static_cast<int>(modulus.size()), nullptr)};
    Owned<BIGNUM> const e{
        BN_bin2bn(bytes_of(exponent), static_cast<int>(exponent.size()), nullptr)};
    if (!n || !e || BN_num_bits(n.get()) < least_bits || !BN_is_odd(n.get())) return nullptr;
    if (!BN_is_odd(e.get()) || BN_is_one(e.get()) || is_roca(n.get())) return nullptr;
    Owned<OSSL_PARAM_BLD> const builder{OSSL_PARAM_BLD_new()};
    bool const filled =
        builder && OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, n.get()) == 1 &&
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, e.get()) == 1;
    Owned<OSSL_PARAM> const parameters{filled ? OSSL_PARAM_BLD_to_param(builder.get()) : nullptr};
    return key_from("RSA", parameters.get());
}

KeyMaterial ed25519_key(std::string_view x) {
    if (x.size() != 32) return nullptr;
    auto key = owned(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes_of(x), x.size()));
    ERR_clear_error();
    return key;
}

}  // namespace cds::auth

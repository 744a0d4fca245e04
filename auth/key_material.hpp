#pragma once
#include <memory>
#include <string_view>

struct evp_pkey_st;

// Numbers of a JWK as keys of OpenSSL. Null: the numbers are no key that may be used.

namespace cds::auth {

using KeyMaterial = std::shared_ptr<evp_pkey_st>;

/// `group`: "P-256" or "P-384"; x and y have exactly the length of its coordinates, and the point
/// lies on the curve.
KeyMaterial ec_key(char const* group, std::string_view x, std::string_view y);
/// Modulus and exponent, big-endian, without leading zeros.
KeyMaterial rsa_key(std::string_view modulus, std::string_view exponent);
KeyMaterial ed25519_key(std::string_view x);

}  // namespace cds::auth

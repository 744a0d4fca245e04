#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace cds::auth {

/// The signature algorithms that exist here. There is no HMAC and no "none": a token that names one
/// of them meets no code that could accept it.
enum class Algorithm : std::uint8_t { es256, es384, rs256, rs384, eddsa };

/// The name in a token's header, "ES384".
std::string_view name(Algorithm algorithm);
/// By that name, compared byte by byte.
std::optional<Algorithm> algorithm_of(std::string_view name);

}  // namespace cds::auth

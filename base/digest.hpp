#pragma once
#include <array>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace cds::base {

/// SHA-256 of `bytes`, as 64 hexadecimal digits.
std::string sha256_hex(std::string_view bytes);

/// A name-based UUID (RFC 9562 version 8, SHA-256) of the parts, each length-prefixed so that
/// ("ab","c") and
/// ("a","bc") differ. Lower case, with hyphens. The same parts always give the same UUID.
std::string name_uuid(std::initializer_list<std::string_view> parts);

}  // namespace cds::base

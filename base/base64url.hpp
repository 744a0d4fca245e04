#pragma once
#include <optional>
#include <string>
#include <string_view>

namespace cds::base {

/// The bytes that base64url text without padding stands for (RFC 7515, section 2). None for any
/// other character, `=`, an impossible length, or bits left over that are not zero: one sequence of
/// bytes has one text.
std::optional<std::string> from_base64url(std::string_view text);
std::string to_base64url(std::string_view bytes);

}  // namespace cds::base

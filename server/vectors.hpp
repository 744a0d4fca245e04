#pragma once
#include <optional>
#include <string>
#include <string_view>

// Test vectors from elsewhere, one a line, put to the very functions that the server calls.

namespace cds::server {

/// {"jws", "jwks", "allow": ["ES384", …]} -> {"ok", "reason"}. A key set may also stand as one key.
/// Algorithms in `allow` that do not exist here are never met.
std::string verify_jws_line(std::string_view line);

/// {"alg", "jwk", "msg_hex", "sig_hex"} -> {"ok", "reason"}
std::string verify_signature_line(std::string_view line);

/// A JSON value of the FHIR type date, dateTime, instant or decimal -> {"ok", …}: of dates the
/// first and last day that may be meant, of decimals the text as written. None for other types.
std::optional<std::string> parse_primitive_line(std::string_view type, std::string_view line);

}  // namespace cds::server

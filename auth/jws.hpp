#pragma once
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "auth/algorithm.hpp"
#include "auth/key_set.hpp"
#include "auth/refusal.hpp"

namespace cds::auth {

/// A signed text in compact form (RFC 7515), taken apart and not verified.
struct Jws {
    Algorithm algorithm = Algorithm::es384;
    std::optional<std::string> key_id;
    std::optional<std::string> key_url;  ///< `jku`: compared, never followed
    std::string_view signed_part;        ///< view into the text that was read
    std::string payload, signature;
};

/// Longest text that is looked at.
inline constexpr std::size_t longest_jws_bytes = 8 * 1024;

/// Takes a compact JWS apart, strictly: three parts of canonical base64url, a header that is one
/// JSON object without repeated names, an algorithm of `allowed`, and nothing in the header that
/// would bring keys along, change what is signed, or encrypt. `text` must outlive the result.
Checked<Jws> read_jws(std::string_view text, std::span<Algorithm const> allowed);

/// Whether the key of the header's kid, which must be there, has signed it.
Checked<void> verify(Jws const& jws, KeySet const& keys);

/// For test vectors from elsewhere: as `verify`, but a header without kid is tried with the one key
/// of a set that has only one.
Checked<void> verify_with_only_key(Jws const& jws, KeySet const& keys);

}  // namespace cds::auth

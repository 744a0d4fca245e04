#pragma once
#include <boost/system/result.hpp>
#include <cstdint>
#include <string_view>

namespace cds::auth {

/// Why a token was not accepted. For our log only: every caller gets the same answer.
enum class Refusal : std::uint8_t {
    no_token,     ///< no Authorization field, several, or another scheme than Bearer
    too_long,     ///< beyond 8 KiB
    form,         ///< not three parts of canonical base64url
    header,       ///< not one JSON object, or a member of the wrong type
    algorithm,    ///< none that exists here, or none that the client may use
    header_keys,  ///< jwk, x5c, x5u, or a jku that is not the registered one
    extension,    ///< crit, b64, encryption, compression, a nested token
    key_id,       ///< kid absent or unreadable
    claims,       ///< not one JSON object, or a claim absent or of the wrong type
    issuer,       ///< nobody registered
    audience,     ///< not the endpoint that was called
    expired,
    not_yet_valid,
    lifetime,     ///< exp - iat beyond what the client may use, or not positive
    unknown_key,  ///< no key of that kid
    wrong_key,    ///< kind, curve or use of the key do not fit the algorithm
    signature,
    replayed,
};

/// "unknown-key"
std::string_view name(Refusal refusal);

/// A value, or why there is none.
template <class T>
using Checked = boost::system::result<T, Refusal>;

/// Found by argument-dependent lookup when `.value()` is called on a refusal: our own bug.
[[noreturn]] void throw_exception_from_error(Refusal refusal, boost::source_location const&);

}  // namespace cds::auth

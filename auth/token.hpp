#pragma once
#include <span>
#include <string>
#include <string_view>

#include "auth/client.hpp"
#include "auth/jws.hpp"
#include "base/date.hpp"

namespace cds::auth {

/// The endpoint that is called, as paths behind a client's audience base; a token must name one of
/// them. "/cds-services/ID", and for parts of a service also that part.
using Paths = std::span<std::string const>;

/// A token that passed everything that costs next to nothing. Its signature is not verified yet:
/// nothing in it may be believed but that it names a registered client.
struct Candidate {
    Client const* client = nullptr;  ///< of the registry, which must outlive this
    Jws jws;
    std::string token_id;            ///< `jti`
    base::Instant remember_until{};  ///< after it the token is refused as expired anyway
};

/// How far the clocks of callers may be off.
inline constexpr std::chrono::seconds clock_leeway{30};

/// The token of an Authorization field; none when it is no Bearer field.
Checked<std::string_view> bearer_token(std::string_view authorization);

/// All checks that need no key: form, algorithm, issuer, audience, times, `jti`. `token` must
/// outlive the result.
Checked<Candidate> check_token(std::string_view token, Registry const& registry, Paths paths,
                               base::Instant now);

}  // namespace cds::auth

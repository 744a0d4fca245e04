#pragma once
#include <string>
#include <vector>

#include "auth/client.hpp"
#include "auth/refusal.hpp"
#include "auth/signing_key.hpp"
#include "base/date.hpp"

// Attacks on tokens, made with throw-away keys: every row of the threat table T-01 to T-13.

namespace cds::auth::test {

/// The time around which the tokens are made; a test of a running server sets the real one.
inline base::Instant now{std::chrono::seconds{1'790'000'000}};
inline std::string const issuer = "https://ehr.example.org";
inline std::string const base_url = "https://cds.example.org";
inline std::string const service_path = "/cds-services/immunosuppressant-safety";

/// The keys of one registered client, and one that nobody registered.
struct Keys {
    SigningKey es384 = *SigningKey::generate(Algorithm::es384);
    SigningKey es256 = *SigningKey::generate(Algorithm::es256);
    SigningKey rs384 = *SigningKey::generate(Algorithm::rs384);
    SigningKey foreign = *SigningKey::generate(Algorithm::es384);

    static Keys const& get();
    /// The registered JWKS: es384, es256, rs384, a symmetric key, and a kid that stands twice.
    std::string jwks() const;
};

/// A registry with one client that may use ES384 and RS384, as by default; `more` are further
/// members.
Registry registry(std::string const& more = {});

/// The members of a header or of claims, as JSON texts; an empty text leaves the member out.
using Members = std::vector<std::pair<std::string, std::string>>;
std::string object(Members const& members);
/// With `changes` laid over it.
Members with(Members members, Members const& changes);
Members good_header();
Members good_claims();
std::string sealed(SigningKey const& key, std::string const& header, std::string const& claims);

/// One token and what must become of it.
struct Attack {
    std::string name;  ///< begins with the row of the threat table
    std::string token;
    bool accepted = false;
};

/// All of them. A few are to be accepted, so that a verifier that refuses everything fails.
std::vector<Attack> attacks();

}  // namespace cds::auth::test

#pragma once
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "auth/algorithm.hpp"
#include "auth/key_set.hpp"
#include "base/result.hpp"

namespace cds::auth {

/// A FHIR server from which a client lets us read, and the only place its access token goes.
struct FhirBase {
    std::string url;  ///< "https://ehr.example/fhir/r4": scheme, host, port, path; no slash at end
    std::string ca_file;           ///< PEM; empty: the system's
    std::string certificate_file;  ///< PEM, for servers that ask for one; empty: none
    std::string key_file;          ///< of that certificate
    std::string proxy;  ///< "http://host:port"; empty: none, whatever the environment says
    /// Where its address may lie, "10.20.0.0/16". Empty: anywhere public. Private, loopback and
    /// link-local addresses only when they are listed, those of cloud metadata never.
    std::vector<std::string> networks;
};

/// What a token may be used for again.
enum class Replay : std::uint8_t {
    never,            ///< each token once
    within_lifetime,  ///< for test kits that send one token many times
};

/// An EHR that may call, as it was registered. What is left out in the registration has the
/// strictest value.
struct Client {
    std::string id;      ///< our name for it: in logs, in card uuids, in site policies
    std::string issuer;  ///< `iss` of its tokens, byte by byte
    /// Base URLs under which it calls us; a token's `aud` must be one of them with the path of the
    /// endpoint that is called.
    std::vector<std::string> audience_bases;
    std::vector<std::string> audiences;  ///< further exact values of `aud`
    std::string jwks_url;                ///< where its keys are; empty: `keys` holds them
    std::string jwks_ca_file;            ///< PEM, for that address; empty: the system's
    std::shared_ptr<KeySet const> keys;  ///< null when they come from `jwks_url`
    std::vector<Algorithm> algorithms;
    std::vector<std::string> services;  ///< ids; empty: all
    std::string profile;                ///< dialect, by name; empty: the plain one
    std::vector<std::string> switches;  ///< of the dialect, by name (docs/dialects.md)
    std::string language;               ///< of its cards; empty: the site's
    std::vector<FhirBase> fhir_bases;   ///< empty: nothing is ever fetched for it
    /// Where the address behind `jwks_url` may lie, and those of FHIR bases that name no networks
    /// of their own; as `FhirBase::networks`.
    std::vector<std::string> networks;
    double calls_per_second = 50;
    double burst = 100;  ///< calls at once
    std::chrono::seconds token_lifetime{600};
    std::chrono::seconds key_lifetime{3600};  ///< how long keys are used that could not be renewed
    Replay replay = Replay::never;

    bool may_use(std::string_view service) const noexcept;
    bool allows(Algorithm algorithm) const noexcept;
};

/// The registered clients. Immutable.
class Registry {
public:
    /// Reads the registration file (docs/security.md). `base_url` is the audience base of clients
    /// that name none. Fails with a JSON pointer and a sentence.
    static base::Result<Registry> read(std::string_view json, std::string_view base_url);

    /// Null when nobody of that issuer is registered.
    Client const* find(std::string_view issuer) const noexcept;
    std::vector<Client> const& clients() const noexcept { return clients_; }
    bool empty() const noexcept { return clients_.empty(); }

private:
    std::vector<Client> clients_;
};

}  // namespace cds::auth

#pragma once
#include <map>
#include <string>
#include <string_view>

#include "auth/client.hpp"
#include "hooks/engine.hpp"
#include "server/fhir_bases.hpp"
#include "server/settings.hpp"

namespace cds::server {

/// How one caller is spoken to.
struct Dialogue {
    hooks::Client client;
    std::string discovery;  ///< body of GET /cds-services
    FhirBases fhir_bases;   ///< servers that may be asked for what its calls lack
};

/// How each caller is spoken to: the registered ones, and everybody else.
class Dialogues {
public:
    /// `clients`: null when nobody is registered. Fails with a sentence when a profile, a switch, a
    /// language or a FHIR server that the settings or a registration name cannot be used.
    static base::Result<Dialogues> make(Settings const& settings, auth::Registry const* clients,
                                        rules::Knowledge const& knowledge, hooks::Site const& site);

    /// `id`: of the registered caller; empty: the default.
    Dialogue const& with(std::string_view id) const noexcept;

private:
    Dialogue default_;
    std::map<std::string, Dialogue, std::less<>> registered_;
};

}  // namespace cds::server

#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// What an access token may read, as its SMART scopes say: version 1 (`user/Observation.read`) and
// version 2 (`patient/Observation.rs?category=laboratory`) side by side.

namespace cds::hooks {

/// How much of a resource type a scope opens. `part`: only what a query in the scope lets through,
/// so that an empty answer does not mean that there is nothing.
enum class Access : std::uint8_t { none, part, whole };

class Scopes {
public:
    /// Reads a space-separated list. Scopes that are about no FHIR resource (`openid`, `launch`)
    /// and those of neither version open nothing.
    static Scopes of(std::string_view text);

    /// Reading one resource of a type by its id.
    Access reading(std::string_view resource_type) const;
    /// Searching a type.
    Access searching(std::string_view resource_type) const;
    /// Whether something is opened for one patient alone, who is then named beside the token
    /// (`fhirAuthorization.patient`).
    bool names_a_patient() const noexcept { return names_a_patient_; }

private:
    struct Grant {
        std::string type;  ///< "*": every type
        bool read = false, search = false;
        bool part = false;
    };
    static bool read_grant(std::string_view scope, Grant& grant);
    Access access(std::string_view resource_type, bool Grant::*what) const;

    std::vector<Grant> grants_;
    bool names_a_patient_ = false;
};

}  // namespace cds::hooks

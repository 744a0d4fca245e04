#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/query.hpp"
#include "hooks/base_url.hpp"
#include "hooks/engine.hpp"
#include "hooks/request.hpp"

// What a call lacks that the client's FHIR server may have, as FHIR queries. Pure: the transfers
// are the server's business (server/fetcher.hpp), and what they bring is put into the call as if it
// had been prefetched (hooks/completed_call.hpp).

namespace cds::hooks {

/// The call's way to its FHIR server, as sent: `fhirServer` and `fhirAuthorization`. Views into the
/// parsed body.
struct FhirAccess {
    std::string_view server;                ///< empty: none
    std::string_view token;                 ///< empty: none
    std::string_view scope;                 ///< empty: not said
    std::string_view patient;               ///< whom the token is for; empty: not said
    std::optional<std::int64_t> expires_s;  ///< from the call's arrival; absent: not said
    bool authorised = true;  ///< false: a fhirAuthorization that cannot be used, or has expired
};
FhirAccess read_access(base::json::Value call);

/// One transfer.
struct Wanted {
    enum class Kind : std::uint8_t {
        search,      ///< all pages of a search
        more_pages,  ///< what follows a prefetched page
        resource,    ///< one resource by its id
        medication   ///< a Medication that a row refers to
    };
    Kind kind = Kind::search;
    fhir::Query query{};    ///< for which prefetch key; of a medication: the first row's
    std::string target;     ///< what follows the base: "/Condition?patient=1"
    std::string id;         ///< of the resource that must come
    bool partial = false;   ///< the scope opens a part only: the answer is never complete
    bool named = false;     ///< a medication: every row says a name beside the reference
    bool of_draft = false;  ///< a medication: only drafts refer to it
    /// Whether rows of `query` stay without a drug when this does not come.
    bool decides_rows() const { return kind == Kind::medication && !named && !of_draft; }
};

/// A key that is not asked for, and why. `incomplete`: what the client sent stays, but some of its
/// rows name no drug.
struct NotAsked {
    fhir::Query query{};
    fhir::Reason reason = fhir::Reason::none;
};

struct FetchPlan {
    std::vector<Wanted> wanted;
    std::vector<NotAsked> not_asked;
    bool prefetch_complete = true;  ///< no key lacks anything: only references are followed
};

/// Most Medications that are fetched for one call.
inline constexpr std::size_t most_medications = 32;

/// The queries for each key that is absent, failed, cut off or unreadable, and the references to
/// Medications that the call does not hold. `call` is the parsed `body`. A key that the client said
/// is not permitted is not asked for, nor is what the granted scopes do not open.
base::Result<FetchPlan> plan_fetch(rules::Knowledge const& knowledge, Site const& site,
                                   Client const& client, std::string_view service_id,
                                   base::json::Value call, std::string_view body, base::Instant now,
                                   BaseUrl const& base);

/// The second round: Medications that what `first` brought refers to. What the first round asked
/// for in vain is not asked for again.
FetchPlan plan_medications(base::json::Value completed, FhirAccess const& access,
                           BaseUrl const& base, FetchPlan const& first);

}  // namespace cds::hooks

#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/result.hpp"
#include "cards/dialect.hpp"
#include "cards/sent.hpp"
#include "hooks/services.hpp"
#include "rules/knowledge.hpp"

namespace cds::hooks {

enum class Region : std::uint8_t { us, eu };

/// What is true for the whole site, from the configuration.
struct Site {
    base::Zone zone;                     ///< in which calendar days are compared
    Region region = Region::us;          ///< which omalizumab limits hold
    std::string language = "en-GB";      ///< default language of cards
    std::optional<base::Instant> as_of;  ///< frozen clinical clock: shown on every card
    std::string base_url;  ///< public base URL, for links to our own pages; may be empty
};

/// The specification of CDS Hooks that a client follows. What the later one adds is ignored by
/// others at best, so nobody gets it who is not known to follow it.
enum class Specification : std::uint8_t { v2_0_1, v3_0 };

/// What is known of the caller. Without registration every call is the default client.
struct Client {
    std::string id;        ///< part of card uuids; empty for the default client
    std::string language;  ///< empty: the site's
    bool include_medication =
        true;  ///< `_include=MedicationRequest:medication` in the prefetch template
    /// Discovery lists both order hooks under the id of the safety service, order-select first.
    /// For a client that tells the hooks of one id apart, and then puts the cards of the later hook
    /// in place of the earlier one's (CDS Hooks 2.0, discovery). Others would see only one of them.
    bool one_id_for_both_hooks = false;
    /// Everything that is selected is signed through this service too: advice of the weight info
    /// then waits for order-sign. Warnings, critical cards and what was not checked are shown at
    /// both (docs/decisions/210-hooks-and-services.md).
    bool select_then_sign = false;
    /// `v3_0`: discovery gives `version`, `hookVersion` and descriptions in Markdown paragraphs.
    Specification specification = Specification::v2_0_1;
    /// Discovery has templates with paths into the context (CDS Hooks 3.0, trial use). A client
    /// that does not know them may send anything for them.
    bool fhirpath_prefetch = false;
    /// `actionSelectionBehavior` may be sent (CDS Hooks 3.0, trial use): tests that are suggested
    /// together can be picked one by one.
    bool action_selection = false;
    /// At order-sign, a system action writes on each order what was checked. It is carried out
    /// without asking, so only for a client that has agreed to it.
    bool annotates_orders = false;
    /// `systemActions` is there also when it is empty, as tools for coverage requirements (Da Vinci
    /// CRD) ask. CDS Hooks itself wants it left out.
    bool empty_system_actions = false;
    /// Nothing that departs from the specification is read: a call that does is refused, with the
    /// place.
    bool strict = false;
    /// The answer lists what was read although it departs from the specification, in the extension
    /// `urn:countersign:tolerated` (hooks/tolerance.hpp).
    bool reports_tolerated = false;
    cards::Dialect dialect;  ///< what it can do with cards
};

/// A card that a site's policy kept back.
struct Withheld {
    std::string_view rule;  ///< its id; lives as long as the program
    rules::Indicator indicator = rules::Indicator::info;
    bool shadow = false;  ///< else it was quiet for these readers
};

/// Counts for the log line of a call. Nothing of the patient.
struct CallStats {
    std::uint32_t drafts = 0, cards = 0, critical = 0, warning = 0, info = 0, not_checked = 0,
                  discarded = 0;
    std::uint32_t tolerated = 0;
    std::uint32_t deferred = 0;  ///< cards that wait for order-sign (`Client::select_then_sign`)
    std::vector<Withheld> withheld;  ///< would have been shown but for the site's policy
};

/// Buffers that are kept between calls; one for each thread.
class Workspace {
public:
    Workspace();
    ~Workspace();
    struct State;
    State& state() noexcept { return *state_; }

private:
    std::unique_ptr<State> state_;
};

/// The discovery document (`GET /cds-services`) as JSON text.
std::string discovery(rules::Knowledge const& knowledge, Site const& site, Client const& client);

/// Answers one hook call: appends the response body to `out`. `body` must outlive the call.
///
/// Fails with malformed/invalid (400, with JSON pointer and fix), unknown_service (404),
/// wrong_patient (400), unavailable (412). A success is 200, also when cards say what could not be
/// checked.
base::Result<CallStats> answer(rules::Knowledge const& knowledge, Site const& site,
                               Client const& client, std::string_view service_id,
                               std::string_view body, base::Instant now, Workspace& workspace,
                               std::string& out);

/// The cards of the last call that was answered with this workspace, until the next one.
std::span<cards::SentCard const> sent_cards(Workspace& workspace);

}  // namespace cds::hooks

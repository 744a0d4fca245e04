#pragma once
#include <deque>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"
#include "cards/dialect.hpp"
#include "cards/sent.hpp"
#include "fhir/chart.hpp"
#include "rules/knowledge.hpp"
#include "rules/scene.hpp"

namespace cds::cards {

/// What the cards need to know of the call that they answer. Texts outlive the writing.
struct Call {
    std::string_view client_id;  ///< part of card uuids; empty for the default client
    std::string_view hook_instance;
    std::string_view patient_id;
    std::string_view encounter_id;  ///< empty: none in the context
    std::string_view
        requester;  ///< reference "Practitioner/1"; empty: not known, or nobody who can order
    std::string_view language;           ///< of the cards, "en-GB"
    std::optional<base::Instant> as_of;  ///< set when the clinical clock is frozen
    rules::Region region = rules::Region::us;
    bool orders_signed =
        false;  ///< the orders of the call are no drafts: cards change none of them
    bool action_selection = false;  ///< the client understands `actionSelectionBehavior`
    Dialect dialect;                ///< what the client can do with cards
    rules::Audience audience;       ///< for whom a policy may keep cards back
};

/// JSON members that every resource of one answer shares, each with its comma in front.
struct CallMembers {
    std::string subject, encounter, for_patient;
    std::string authored;  ///< authoredOn and, when known, requester

    void clear() {
        for (auto* const member : {&subject, &encounter, &for_patient, &authored}) member->clear();
    }
};

/// Buffers that are kept between calls.
struct Scratch {
    std::string text, line;
    CallMembers call_members;  ///< of the call in hand; `write` clears them
    /// Resources of suggestions as they would be written, read back: one Document for each, reused
    /// from call to call.
    std::deque<base::json::Document> documents;
    std::size_t documents_used = 0;  ///< in the call in hand; `write` begins anew
    std::vector<SentCard> sent;      ///< the cards of the call in hand, in their order
};

/// All that one answer is written from.
struct Context {
    rules::Knowledge const& knowledge;
    Call const& call;
    fhir::Chart const& chart;
    std::pmr::memory_resource* arena;
    Scratch& scratch;
    /// Whose texts the cards carry, as `knowledge.language_index` has it.
    std::size_t language = knowledge.language_index(call.language);

    rules::CommonText const& common() const noexcept { return knowledge.common_text(language); }
    base::Day today() const { return chart.today(); }
};

}  // namespace cds::cards

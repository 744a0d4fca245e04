#pragma once
#include <cstdint>

namespace cds::cards {

/// What a client can do with cards, where it departs from CDS Hooks as written. The defaults are
/// the specification; the profiles of clients (hooks/profiles.hpp) set the others.
struct Dialect {
    /// Which `selectionBehavior` the client knows.
    enum class Selection : std::uint8_t { as_meant, any, at_most_one };
    Selection selection = Selection::as_meant;
    /// A suggestion holds one action: one with several becomes several.
    bool single_actions = false;
    /// Suggestions create and delete orders, and do nothing else: no update of a MedicationRequest,
    /// no Task. What cannot be offered is said in the card's text.
    bool orders_only = false;
    /// Codes of topics are letters and digits.
    bool plain_topics = false;
    /// RxNorm is named by its OID in what a suggestion creates.
    bool rxnorm_by_oid = false;
};

}  // namespace cds::cards

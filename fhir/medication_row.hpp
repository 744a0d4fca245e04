#pragma once
#include <cstdint>
#include <memory_resource>
#include <optional>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"
#include "base/rational.hpp"
#include "fhir/codes.hpp"
#include "fhir/terminology.hpp"

namespace cds::fhir {

using base::Date;
using base::Day;
using base::Rational;
using base::json::Value;

enum class Route : std::uint8_t {
    absent,
    oral,
    intravenous,
    subcutaneous,
    intramuscular,
    topical,
    ophthalmic,
    intravitreal,
    inhaled,
    nasal,
    otic,
    intra_articular,
    rectal,
    intralesional,
    intradermal,
    intravesical,
    other
};
/// Whether a route carries a drug through the whole body (catalogue 3.2); `absent` and `other` do.
bool is_systemic(Route route);

/// How the amount of one administration is stated.
enum class Amount : std::uint8_t {
    none,  ///< nothing stated
    mg,
    mg_per_kg,  ///< `value` in mg, or mg for each kg of body weight
    pieces,     ///< capsules, tablets, vials, pens: needs the product's strength
    ml,         ///< needs the product's strength
    mg_per_hour,
    mg_per_kg_per_hour,
    unreadable,
};

/// One dosageInstruction (or a MedicationStatement's / MedicationAdministration's dosage).
struct Dosage {
    Value node;
    Amount amount = Amount::none;
    Rational value;                          ///< in the unit of `amount`; the high end of a range
    std::optional<Rational> max_mg_per_day;  ///< maxDosePerPeriod
    std::optional<Rational> per_day;         ///< administrations a day
    std::optional<Rational>
        interval_days;  ///< days from one administration to the next, when a schedule says so
    Date bounds_start, bounds_end;
    std::optional<long long> sequence;
    Route route = Route::absent;
    bool as_needed = false;
};

enum class MedicationSource : std::uint8_t { request, statement, administration, dispense };

enum class RowStatus : std::uint8_t {
    absent,
    active,
    completed,
    stopped,
    on_hold,
    cancelled,
    draft,
    entered_in_error,
    unknown,
    not_taken,
    intended,
    in_progress,
    not_done,
    preparation,
    declined
};

/// What a product is called, as far as its codes and texts tell (fact-encodings "Different
/// product").
struct Product {
    std::string_view brand;   ///< folded brand name, "neoral"; empty when none is named
    std::string_view suffix;  ///< biosimilar suffix, "dyyb"; also implied by a brand that has one
    Formulation formulation = Formulation::unspecified;
    std::optional<Rational> mg_per_piece;  ///< strength of a capsule, tablet, vial, pen
    std::optional<Rational> mg_per_ml;
};

/// Why a drug is given, as its order states it.
struct StatedReason {
    DiseaseSet diseases;    ///< empty: stated, but in none of the lists
    std::string_view text;  ///< as a person would read it
    Value node;
    bool severe = false;  ///< a referenced Condition with severity severe
};

/// An order, statement, administration or dispense: what it is about and when.
struct MedicationRow {
    explicit MedicationRow(std::pmr::memory_resource* arena)
        : ingredients{arena}, dosages{arena}, events{arena}, reasons{arena} {}

    MedicationSource source = MedicationSource::request;
    Value node;
    std::string_view id;
    bool draft = false;
    RowStatus status = RowStatus::absent;
    bool intent_counts = true;  ///< false for proposal, plan, option
    bool do_not_perform = false;

    std::pmr::vector<IngredientId> ingredients;
    DrugSet drugs;           ///< empty: a known but uncovered drug, or unidentified
    bool identified = true;  ///< has a standard code, a text or a display
    std::string_view label;  ///< how the order names the drug
    Product product;
    Route route = Route::absent;
    bool systemic = true;

    std::pmr::vector<Dosage> dosages;
    std::pmr::vector<Date> events;  ///< timing.event of all dosages
    Date authored, bounds_start, bounds_end, validity_start, validity_end, effective_start,
        effective_end, handed_over;
    std::optional<int> supply_days;  ///< dispense daysSupply, order expectedSupplyDuration

    std::pmr::vector<StatedReason> reasons;
    std::string_view prior_prescription;  ///< id of the order it continues or replaces
    std::string_view
        based_on;  ///< administration.request / dispense.authorizingPrescription: order id
    bool has_status_reason = false;
    std::string_view status_reason_text;
    std::string_view status_reason_code;
    bool given_by_patient = false;  ///< administration whose performer is the patient
    bool community = false;         ///< category community
};

}  // namespace cds::fhir

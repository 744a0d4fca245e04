#include <algorithm>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

RowStatus status_of(Value resource) {
    auto const status = resource["status"].string();
    if (status.empty()) return resource["_status"] ? RowStatus::unknown : RowStatus::absent;
    if (status == "active" || status == "taken" || status == "recorded") return RowStatus::active;
    if (status == "completed") return RowStatus::completed;
    if (status == "stopped" || status == "ended" || status == "abandoned")
        return RowStatus::stopped;
    if (status == "on-hold") return RowStatus::on_hold;
    if (status == "cancelled") return RowStatus::cancelled;
    if (status == "draft") return RowStatus::draft;
    if (status == "entered-in-error") return RowStatus::entered_in_error;
    if (status == "not-taken") return RowStatus::not_taken;
    if (status == "intended") return RowStatus::intended;
    if (status == "in-progress") return RowStatus::in_progress;
    if (status == "not-done") return RowStatus::not_done;
    if (status == "preparation") return RowStatus::preparation;
    if (status == "declined") return RowStatus::declined;
    return RowStatus::unknown;
}

/// The Medication that a reference means, in the order contained, fullUrl, Type/id; missing when it
/// is not here.
Value resolve_medication(PatientRecord const& record, Value resource, Value reference) {
    auto const text = reference["reference"].string();
    if (text.empty()) return {};
    if (text.front() == '#') return contained(resource, text.substr(1));
    auto const id = reference_id(text);
    Value by_id;
    for (auto const& [name, medication] : record.medication_resources) {
        if (name == text) return medication;
        if (name == id) by_id = medication;
    }
    return by_id;
}

/// The concept that names the drug, and where a reference only has words, those.
struct Named {
    Value concept_value;
    Value medication;          ///< the resolved Medication, when there is one
    std::string_view display;  ///< of the reference
};

Named named_medication(PatientRecord const& record, Value resource) {
    Named named;
    auto concept_value = resource["medicationCodeableConcept"];
    auto reference = resource["medicationReference"];
    if (auto const r5 = resource["medication"]; r5.is_object()) {  // R5: CodeableReference
        if (!concept_value)
            concept_value = r5["concept"] ? r5["concept"] : (r5["coding"] ? r5 : Value{});
        if (!reference)
            reference =
                r5["reference"].is_object() ? r5["reference"] : (r5["reference"] ? r5 : Value{});
    }
    named.concept_value = concept_value.first();
    if (!reference) return named;
    named.display = reference["display"].string();
    named.medication = resolve_medication(record, resource, reference);
    if (named.medication && !named.concept_value) named.concept_value = named.medication["code"];
    return named;
}

void add_ingredient(MedicationRow& row, IngredientId id) {
    if (std::find(row.ingredients.begin(), row.ingredients.end(), id) == row.ingredients.end()) {
        row.ingredients.push_back(id);
    }
}

/// Ingredients by every coding of a concept. Returns whether some coding has a standard system.
bool add_by_code(PatientRecord const& record, Value concept_value, MedicationRow& row,
                 RouteHint& hint, std::vector<CodeMeaning const*>* meanings = nullptr) {
    auto const& terminology = *record.context.terminology;
    auto standard = false;
    for_each_coding(
        concept_value, terminology, [&](System system, std::string_view code, std::string_view) {
            if (code.empty()) return;
            if (system != System::other && system != System::loinc && system != System::icd10cm)
                standard = true;
            auto const* meaning = terminology.find(system, code);
            if (!meaning) return;
            if (meanings && !meaning->ingredients.empty()) meanings->push_back(meaning);
            for (auto id : meaning->ingredients) add_ingredient(row, id);
            if (!meaning->ingredients.empty() && !meaning->route_ambiguous &&
                meaning->route != RouteHint::unknown) {
                hint = meaning->route;
            }
            if (meaning->formulation != Formulation::unspecified)
                row.product.formulation = meaning->formulation;
        });
    return standard;
}

void add_by_words(PatientRecord const& record, std::string_view words, MedicationRow& row) {
    thread_local std::vector<IngredientId> matched;
    matched.clear();
    record.context.terminology->match_ingredients(words, matched);
    for (auto id : matched) add_ingredient(row, id);
}

/// A class-level name beside a product code names no further ingredient.
void drop_class_names(Terminology const& terminology, MedicationRow& row) {
    auto const has_real =
        std::any_of(row.ingredients.begin(), row.ingredients.end(),
                    [&](IngredientId id) { return !terminology.ingredient(id).class_only; });
    if (!has_real) return;
    std::erase_if(row.ingredients,
                  [&](IngredientId id) { return terminology.ingredient(id).class_only; });
}

void identify(PatientRecord const& record, Value resource, MedicationRow& row, RouteHint& hint,
              std::string& words) {
    auto const named = named_medication(record, resource);
    auto const& concept_value = named.concept_value;
    thread_local std::vector<CodeMeaning const*> meanings;
    meanings.clear();
    auto standard = add_by_code(record, concept_value, row, hint, &meanings);
    append_folded_words(concept_value, words);
    auto const concept_words = words.size();
    if (!named.display.empty()) {
        if (!words.empty()) words += " ; ";
        base::fold(named.display, words);
    }
    for (auto part : named.medication["ingredient"].each()) {
        auto item = part["itemCodeableConcept"];
        if (!item) item = part["item"]["concept"];
        standard = add_by_code(record, item, row, hint) || standard;
        append_folded_words(item, words);
    }
    if (row.ingredients.empty() && !words.empty()) add_by_words(record, words, row);
    drop_class_names(*record.context.terminology, row);
    for (auto id : row.ingredients) row.drugs |= record.context.terminology->ingredient(id).drugs;
    row.identified = standard || !words.empty();
    row.label = concept_label(record.context, concept_value);
    if (concept_value["text"].string().empty() && !named.display.empty()) row.label = named.display;
    if (row.drugs.any()) {
        auto const form = named.medication["form"];
        if (form) append_folded_words(form, words);
        read_product(record, std::string_view{words}.substr(0, concept_words), meanings, row);
    }
}

std::optional<int> days_of(Value duration) {
    auto const number = duration["value"].number();
    if (number.empty()) return std::nullopt;
    auto const value = Rational::parse(number);
    if (!value || *value < Rational{0} || *value > Rational{3660}) return std::nullopt;
    auto unit = duration["code"].string();
    if (unit.empty()) unit = duration["unit"].string();
    Rational factor{1};
    if (unit == "wk" || unit == "week" || unit == "weeks") {
        factor = Rational{7};
    } else if (unit == "mo" || unit == "month" || unit == "months") {
        factor = Rational{30};
    } else if (unit == "a") {
        factor = Rational{365};
    } else if (!(unit.empty() || unit == "d" || unit == "day" || unit == "days" ||
                 unit == "{day}")) {
        return std::nullopt;
    }
    return static_cast<int>((*value * factor).rounded(0).approximate());
}

void read_dates(PatientRecord const& record, Value resource, MedicationRow& row) {
    auto const& context = record.context;
    row.authored = read_date(resource["authoredOn"], context);
    if (!row.authored) {
        if (auto const written = resource["dateWritten"])
            row.authored = read_date(written, context);
        if (auto const asserted = resource["dateAsserted"])
            row.authored = read_date(asserted, context);
    }
    auto const supply = resource["dispenseRequest"];
    row.validity_start = read_date(supply["validityPeriod"]["start"], context);
    row.validity_end = read_date(supply["validityPeriod"]["end"], context);
    row.supply_days = days_of(supply["expectedSupplyDuration"]);
    if (row.source == MedicationSource::dispense) row.supply_days = days_of(resource["daysSupply"]);
    auto effective = resource["effectiveDateTime"];
    if (!effective) effective = resource["occurenceDateTime"];  // R5 spells it so
    auto const given = row.source == MedicationSource::administration;
    if (!effective && given) effective = resource["effectiveTimeDateTime"];  // DSTU2
    if (effective) {
        row.effective_start = read_date(effective, context);
        if (given) row.effective_end = row.effective_start;
    }
    auto period = resource["effectivePeriod"];
    if (!period) period = resource["occurencePeriod"];
    if (!period && given) period = resource["effectiveTimePeriod"];
    if (period) {
        row.effective_start = read_date(period["start"], context);
        row.effective_end = read_date(period["end"], context);
    }
    if (auto const ended = resource["dateEnded"])  // DSTU2: when the order was stopped
        row.effective_end = read_date(ended, context);
    row.handed_over = read_date(resource["whenHandedOver"], context);
}

void read_links(Value resource, MedicationRow& row) {
    row.prior_prescription = reference_id(resource["priorPrescription"]);
    auto based_on = resource["request"];
    if (!based_on) based_on = resource["authorizingPrescription"];
    if (!based_on) based_on = resource["basedOn"];
    row.based_on = reference_id(based_on);
    auto status_reason = resource["statusReason"].first();
    if (status_reason) {
        row.has_status_reason = true;
        row.status_reason_code = first_code(status_reason);
        row.status_reason_text = concept_label(status_reason);
    }
    for (auto performer : resource["performer"].each()) {
        auto actor = performer["actor"];
        auto const target = actor["reference"].string();
        if (target.find("Patient/") != std::string_view::npos ||
            actor["type"].string() == "Patient") {
            row.given_by_patient = true;
        }
    }
    for (auto category : resource["category"].each()) {
        if (first_code(category) == "community") row.community = true;
    }
}

bool intent_counts(std::string_view intent) {
    return intent.empty() || intent == "order" || intent == "original-order" ||
           intent == "reflex-order" || intent == "filler-order" || intent == "instance-order";
}

bool route_matters_not(MedicationRow const& row) { return has(row.drugs, Drug::live_vaccine); }

Route route_of_hint(RouteHint hint) {
    switch (hint) {
        case RouteHint::topical:
            return Route::topical;
        case RouteHint::ophthalmic:
            return Route::ophthalmic;
        case RouteHint::oral:
            return Route::oral;
        case RouteHint::injection:
        case RouteHint::unknown:
        case RouteHint::other:
            break;
    }
    return Route::absent;
}

void settle_route(PatientRecord const& record, MedicationRow& row, RouteHint hint,
                  std::string const& words) {
    for (auto const& dosage : row.dosages) {
        if (dosage.route != Route::absent) {
            row.route = dosage.route;
            break;
        }
    }
    if (row.drugs.none()) return;
    auto effective = row.route;
    if (effective == Route::absent) effective = route_of_hint(hint);
    // The only ciclosporin for injection is the concentrate for infusion (fact-encodings
    // "Ciclosporin formulation").
    if (effective == Route::absent && hint == RouteHint::injection &&
        has(row.drugs, Drug::ciclosporin)) {
        effective = Route::intravenous;
    }
    if (effective == Route::absent || effective == Route::other) {
        if (auto const named = route_in_words(words); named != Route::absent) effective = named;
    }
    if (row.route == Route::absent) row.route = effective;
    // Nebulised pentamidine is prophylaxis; vaccines are given into the skin and the nose.
    auto pentamidine = false;
    for (auto id : row.ingredients)
        pentamidine |= record.context.terminology->ingredient(id).name == "pentamidine";
    row.systemic = is_systemic(effective) || pentamidine || route_matters_not(row);
    if (has(row.drugs, Drug::ciclosporin) &&
        (!row.systemic || has(row.drugs, Drug::ciclosporin_ophthalmic))) {
        row.drugs.reset(static_cast<std::size_t>(Drug::ciclosporin));
        row.drugs |= set_of(Drug::ciclosporin_ophthalmic);
        row.systemic = false;
    }
}

/// What a skin or eye route makes of a drug that is systemic by its name.
void retag_topical(MedicationRow& row) {
    if (row.route != Route::topical) return;
    if (has(row.drugs, Drug::tacrolimus)) row.drugs |= set_of(Drug::tacrolimus_topical);
    if (has(row.drugs, Drug::systemic_corticosteroid))
        row.drugs |= set_of(Drug::topical_corticosteroid);
}

/// Whether a statement says that the drug is not taken, as versions other than R4 say it.
void read_adherence(Value resource, MedicationRow& row) {
    if (resource["wasNotTaken"].boolean().value_or(false) || resource["taken"].string() == "n")
        row.status = RowStatus::not_taken;                             // DSTU2, STU3
    auto const adherence = first_code(resource["adherence"]["code"]);  // R5
    if (adherence.starts_with("not-taking")) row.status = RowStatus::not_taken;
    if (adherence.starts_with("stopped")) row.status = RowStatus::stopped;
    if (adherence.starts_with("on-hold")) row.status = RowStatus::on_hold;
}

}  // namespace

MedicationRow read_medication(PatientRecord const& record, Value resource, MedicationSource source,
                              bool draft) {
    MedicationRow row{record.context.arena};
    row.source = source;
    row.node = resource;
    row.id = resource["id"].string();
    row.draft = draft;
    row.status = status_of(resource);
    row.intent_counts = intent_counts(resource["intent"].string());
    row.do_not_perform = resource["doNotPerform"].boolean().value_or(false);
    if (source == MedicationSource::statement) read_adherence(resource, row);
    if (source == MedicationSource::administration &&
        (resource["wasNotGiven"].boolean().value_or(false) ||
         resource["notGiven"].boolean().value_or(false))) {
        row.status = RowStatus::not_done;  // DSTU2, STU3
    }
    auto hint = RouteHint::unknown;
    thread_local std::string words;
    words.clear();
    identify(record, resource, row, hint, words);
    read_dates(record, resource, row);
    if (row.drugs.none() && !draft)
        return row;  // an uncovered stored drug: nothing more is asked of it
    read_dosages(record, row);
    for (auto const& dosage : row.dosages) {
        if (row.route == Route::absent && dosage.route == Route::absent)
            base::fold(dosage.node["text"].string(), words);
    }
    read_links(resource, row);
    settle_route(record, row, hint, words);
    retag_topical(row);
    if (source == MedicationSource::request) read_reason(record, resource, row);
    return row;
}

bool is_systemic(Route route) {
    switch (route) {
        case Route::topical:
        case Route::ophthalmic:
        case Route::intravitreal:
        case Route::inhaled:
        case Route::nasal:
        case Route::otic:
        case Route::intra_articular:
        case Route::rectal:
        case Route::intralesional:
        case Route::intradermal:
        case Route::intravesical:
            return false;
        case Route::absent:
        case Route::oral:
        case Route::intravenous:
        case Route::subcutaneous:
        case Route::intramuscular:
        case Route::other:
            break;
    }
    return true;
}

}  // namespace cds::fhir

#include "cards/gate.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cards/phrase.hpp"
#include "cards/resources.hpp"
#include "cards/updated_order.hpp"
#include "fhir/clinical_state.hpp"

namespace cds::cards {

using fhir::Allergen;
using rules::Action;

namespace {

bool needs_gate(Action const& action) {
    return action.type == Action::Type::prescribe || action.type == Action::Type::update_dose;
}

struct IngredientAllergy {
    std::string_view ingredient;  ///< start of the ingredient's name
    fhir::AllergenSet allergens;
};

/// Which recorded allergies speak against a drug, class reactions included. Azathioprine is changed
/// into mercaptopurine in the body, so an allergy to either counts for both (catalogue 3.9 "the
/// drug or its class").
std::array<IngredientAllergy, 12> const& ingredient_allergies() {
    static std::array<IngredientAllergy, 12> const table{{
        {"azathioprine", fhir::set_of(Allergen::azathioprine, Allergen::mercaptopurine)},
        {"mercaptopurine", fhir::set_of(Allergen::azathioprine, Allergen::mercaptopurine)},
        {"methotrexate", fhir::set_of(Allergen::methotrexate)},
        {"ciclosporin", fhir::set_of(Allergen::ciclosporin)},
        {"infliximab", fhir::set_of(Allergen::infliximab, Allergen::murine_protein)},
        {"omalizumab", fhir::set_of(Allergen::omalizumab)},
        {"co-trimoxazole", fhir::set_of(Allergen::co_trimoxazole, Allergen::sulfonamide)},
        {"atovaquone", fhir::set_of(Allergen::atovaquone)},
        {"amlodipine", fhir::set_of(Allergen::amlodipine)},
        {"isoniazid", fhir::set_of(Allergen::isoniazid)},
        {"rifampicin", fhir::set_of(Allergen::rifampicin)},
        {"epinephrine", fhir::set_of(Allergen::epinephrine)},
    }};
    return table;
}

fhir::AllergenSet allergens_of(fhir::Terminology const& terminology,
                               fhir::MedicationRow const& row) {
    fhir::AllergenSet allergens;
    for (auto const id : row.ingredients) {
        std::string_view const name = terminology.ingredient(id).name;
        for (auto const& entry : ingredient_allergies()) {
            if (name.starts_with(entry.ingredient)) allergens |= entry.allergens;
        }
    }
    return allergens;
}

/// Whether the written dose reads back as the dose that was meant.
bool reads_back(Context const& context, Action const& action, fhir::MedicationRow const& row) {
    if (action.type != Action::Type::update_dose || !action.dose_mg) return true;
    auto const weight = context.chart.weight();
    auto const kg = weight ? std::optional{weight->kg} : std::nullopt;
    auto const dose = fhir::unit_dose(row, fhir::draft_start(row, context.today()), kg);
    return dose && dose.mg.rounded(2) == action.dose_mg->rounded(2);
}

}  // namespace

bool Gate::concerns(rules::Suggestion const& suggestion) {
    return std::any_of(suggestion.actions.begin(), suggestion.actions.end(), needs_gate);
}

std::optional<Gate::Read> Gate::read(Action const& action, std::string& key) {
    if (action.type == Action::Type::prescribe) {
        // What the card adds (patient, encounter, day, requester) changes nothing of what it means.
        auto const* order = context_.knowledge.order(action.key);
        if (!order) return std::nullopt;
        key += action.key;
        key += '\n';
        return Read{&action, &rows_.emplace_back(
                                 fhir::read_draft(context_.chart.record(), order->parsed->document.root()))};
    }
    auto& text = texts_.emplace_back();
    if (!write_updated(context_, action, text)) return std::nullopt;
    auto& scratch = context_.scratch;
    if (scratch.documents_used == scratch.documents.size()) scratch.documents.emplace_back();
    auto const root = scratch.documents[scratch.documents_used++].parse(text);
    if (!root) return std::nullopt;
    auto const& row = rows_.emplace_back(fhir::read_draft(context_.chart.record(), *root));
    if (!reads_back(context_, action, row)) return std::nullopt;
    key += text;
    key += '\n';
    return Read{&action, &row};
}

std::string Gate::what(Action const& action) const {
    std::string out;
    if (action.type == Action::Type::prescribe) {
        auto const* order = context_.knowledge.order(action.key);
        out += order ? std::string_view{order->display} : action.key;
    } else {
        std::string label;
        base::append_inert(action.medication ? action.medication->label : std::string_view{},
                           label);
        append_filled(phrase(context_.knowledge, context_.call.language, "action.change"),
                      {{"order", label}}, out);
    }
    return out;
}

std::string Gate::say(std::string_view key, Action const& action, std::string_view why) const {
    std::string out;
    append_filled(phrase(context_.knowledge, context_.call.language, key),
                  {{"what", what(action)}, {"why", why}}, out);
    return out;
}

std::string Gate::refusal(Read const& read) const {
    auto const& record = context_.chart.record();
    auto const allergens = allergens_of(context_.knowledge.terminology(), *read.row);
    if (allergens.any()) {
        auto const rows = fhir::active_allergies(record, allergens);
        if (!rows.empty()) {
            std::string label;
            base::append_inert(rows.front()->label, label);
            return say("left-out.allergy", *read.action, label);
        }
    }
    if (read.action->type == Action::Type::prescribe &&
        fhir::has(read.row->drugs, fhir::Drug::methotrexate)) {
        if (auto const bar = fhir::methotrexate_bar(context_.chart, context_.today(), false)) {
            std::string why{bar.why};
            if (!bar.label.empty()) {
                why += " (";
                base::append_inert(bar.label, why);
                why += ')';
            }
            return say("left-out.barred", *read.action, why);
        }
    }
    return {};
}

std::string Gate::evaluate(rules::Suggestion const& suggestion,
                           std::vector<Read> const& reads) const {
    auto const& record = context_.chart.record();
    std::vector<fhir::MedicationRow const*> drafts;
    for (auto const& row : record.drafts) {
        fhir::MedicationRow const* stands = &row;
        for (auto const& action : suggestion.actions) {
            if (action.type == Action::Type::remove_draft && action.medication == &row)
                stands = nullptr;
        }
        for (auto const& read : reads) {
            if (stands && read.action->type == Action::Type::update_dose &&
                read.action->medication == &row)
                stands = read.row;
        }
        if (stands) drafts.push_back(stands);
    }
    for (auto const& read : reads) {
        if (read.action->type == Action::Type::prescribe) drafts.push_back(read.row);
    }
    std::vector<fhir::ServiceRow const*> services;
    for (auto const& row : record.service_drafts) {
        bool const removed =
            std::any_of(suggestion.actions.begin(), suggestion.actions.end(), [&](Action const& a) {
                return a.type == Action::Type::remove_draft && a.service == &row;
            });
        if (!removed) services.push_back(&row);
    }
    fhir::Chart const then{record, std::move(drafts), std::move(services)};
    std::string titles;
    for (auto const& finding :
         rules::newly_raised(context_.knowledge, then, context_.call.region, context_.arena,
                             answer_, rules::Indicator::warning, context_.call.audience)) {
        if (!titles.empty()) titles += "; ";
        titles += context_.knowledge.rules()[finding.rule].title;
    }
    return titles;
}

std::string Gate::raised(rules::Suggestion const& suggestion, std::vector<Read> const& reads,
                         std::string key) {
    for (auto const& action : suggestion.actions) {
        if (action.type != Action::Type::remove_draft) continue;
        auto const* row =
            action.medication ? static_cast<void const*>(action.medication) : action.service;
        key += '-' + std::to_string(reinterpret_cast<std::uintptr_t>(row)) + '\n';
    }
    auto const known = std::find_if(tried_.begin(), tried_.end(),
                                    [&](Tried const& tried) { return tried.key == key; });
    if (known != tried_.end()) return known->raises;
    tried_.push_back({std::move(key), evaluate(suggestion, reads)});
    return tried_.back().raises;
}

Offer Gate::offer(rules::Suggestion const& suggestion) {
    Offer offer;
    std::vector<Read> reads;
    std::string key;
    for (auto const& action : suggestion.actions) {
        if (!needs_gate(action)) continue;
        auto const as_written = read(action, key);
        if (!as_written) {
            offer.left_out.push_back({&action, say("left-out.by-hand", action, {})});
        } else if (auto why = refusal(*as_written); !why.empty()) {
            offer.left_out.push_back({&action, std::move(why)});
        } else {
            reads.push_back(*as_written);
        }
    }
    if (!reads.empty()) {
        if (auto const titles = raised(suggestion, reads, key); !titles.empty()) {
            for (auto const& read : reads)
                offer.left_out.push_back(
                    {read.action, say("left-out.raises", *read.action, titles)});
        }
    }
    for (auto const& action : suggestion.actions) {
        bool const out = std::any_of(offer.left_out.begin(), offer.left_out.end(),
                                     [&](LeftOut const& left) { return left.action == &action; });
        if (!out) offer.actions.push_back(&action);
    }
    return offer;
}

}  // namespace cds::cards

#include <algorithm>
#include <optional>

#include "rules/biologic_rules.hpp"
#include "rules/trace.hpp"

// Two orders for one drug. Catalogue 4.A `duplicate-immunosuppressant-order`, fact-encodings
// "Different product".

namespace cds::rules {

namespace {

/// The checked drug that two orders share; none when they share none.
std::optional<IngredientId> shared_drug(Terminology const& terminology, MedicationRow const& a,
                                        MedicationRow const& b) {
    for (auto id : a.ingredients) {
        if ((terminology.ingredient(id).drugs & duplicate_checked()).none()) continue;
        if (std::find(b.ingredients.begin(), b.ingredients.end(), id) != b.ingredients.end())
            return id;
    }
    return std::nullopt;
}

bool names_product(Product const& product) {
    return !product.brand.empty() || !product.suffix.empty() ||
           product.formulation != Formulation::unspecified;
}

/// Whether a row without brand can be the branded product by its suffix. Zymfentra is
/// infliximab-dyyb under the skin, Inflectra the same into a vein: a stated route can tell them
/// apart.
bool suffix_fits(MedicationRow const& branded, MedicationRow const& plain) {
    if (branded.product.suffix != plain.product.suffix) return false;
    auto const under_skin = branded.product.brand == "zymfentra";
    if (under_skin) return plain.route != Route::intravenous;
    return branded.product.brand != "inflectra" || plain.route != Route::subcutaneous;
}

/// Both name a product, and not the same one. A row at ingredient level differs from nothing.
bool different_product(MedicationRow const& a, MedicationRow const& b) {
    auto const& one = a.product;
    auto const& other = b.product;
    if (!names_product(one) || !names_product(other)) return false;
    if (!one.brand.empty() && !other.brand.empty()) return one.brand != other.brand;
    if (!one.brand.empty() || !other.brand.empty()) {
        auto const& branded = one.brand.empty() ? b : a;
        auto const& plain = one.brand.empty() ? a : b;
        if (!plain.product.suffix.empty()) return !suffix_fits(branded, plain);
        // Neoral beside an unbranded order that says "modified" is one product.
        auto const known = branded.product.formulation != Formulation::unspecified;
        return known && branded.product.formulation != plain.product.formulation;
    }
    if (one.suffix != other.suffix && !one.suffix.empty() && !other.suffix.empty()) return true;
    return one.formulation != Formulation::unspecified &&
           other.formulation != Formulation::unspecified && one.formulation != other.formulation;
}

/// How long a stored order runs on after `day`: none for an order without an end.
std::optional<int> days_left(Exposure const& exposure, Day day) {
    std::optional<Day> end = exposure.ended ? exposure.ended : exposure.planned_end;
    if (exposure.stop_draft)
        end = end ? std::min(*end, *exposure.stop_draft) : *exposure.stop_draft;
    if (!end) return std::nullopt;
    return days_between(day, *end);
}

/// Capsules or tablets, whose two strengths are taken together; not vials and syringes.
bool is_oral_piece(MedicationRow const& row) {
    auto const injected = row.route == Route::intravenous || row.route == Route::subcutaneous ||
                          row.route == Route::intramuscular;
    auto const biologic = (row.drugs & (other_biologics() | infliximab() | omalizumab())).any();
    return !injected && !biologic && row.product.mg_per_piece.has_value();
}

bool periods_overlap(MedicationRow const& a, MedicationRow const& b) {
    auto const ends_before = [](MedicationRow const& first, MedicationRow const& second) {
        return first.bounds_end && second.bounds_start &&
               first.bounds_end.last < second.bounds_start.first;
    };
    return !ends_before(a, b) && !ends_before(b, a);
}

/// Two strengths of one product that make up one dose.
bool taken_together(MedicationRow const& a, MedicationRow const& b) {
    if (!is_oral_piece(a) || !is_oral_piece(b)) return false;
    if (a.product.brand != b.product.brand || different_product(a, b)) return false;
    return !(*a.product.mg_per_piece == *b.product.mg_per_piece) && periods_overlap(a, b);
}

/// Two orders of one drug.
struct Duplicate {
    Draft const* draft = nullptr;
    Draft const* second = nullptr;     ///< the other draft
    Exposure const* stored = nullptr;  ///< or the stored order
    std::optional<int> days_left;      ///< of the stored order, after the draft's start
    IngredientId drug{};
};

std::optional<Duplicate> with_stored_order(Scene& scene, Draft const& draft) {
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (exposure.source() != MedicationSource::request || !row.systemic) continue;
        if (!row.id.empty() && (row.id == draft.row->prior_prescription || row.id == draft.row->id))
            continue;
        auto const drug = shared_drug(scene.terminology(), *draft.row, row);
        if (!drug || !exposure.ongoing(draft.start, scene.today()) ||
            !different_product(*draft.row, row))
            continue;
        auto const left = days_left(exposure, draft.start);
        if (left && *left <= scene.days("overlap_days")) continue;
        return Duplicate{&draft, nullptr, &exposure, left, *drug};
    }
    return std::nullopt;
}

std::optional<Duplicate> with_other_draft(Scene& scene, DraftList const& drafts,
                                          std::size_t index) {
    for (std::size_t i = index + 1; i < drafts.size(); ++i) {
        auto const drug = shared_drug(scene.terminology(), *drafts[index]->row, *drafts[i]->row);
        if (!drug || taken_together(*drafts[index]->row, *drafts[i]->row)) continue;
        return Duplicate{drafts[index], drafts[i], nullptr, std::nullopt, *drug};
    }
    return std::nullopt;
}

/// Both daily doses and their sum, when both can be read.
void show_doses(Scene& scene, Finding& finding, Duplicate const& found) {
    auto const weight = scene.chart().weight();
    auto const kg = weight ? std::optional{weight->kg} : std::nullopt;
    auto const& other = found.second ? *found.second->row : *found.stored->row;
    auto const first = daily_dose(*found.draft->row, found.draft->start, kg);
    auto const second = daily_dose(other, found.draft->start, kg);
    if (!first || !second) return;
    finding.facts.text("first_mg", scene.number_text(first.mg_per_day, 1));
    finding.facts.text("second_mg", scene.number_text(second.mg_per_day, 1));
    finding.facts.text("total_mg", scene.number_text(first.mg_per_day + second.mg_per_day, 1));
}

Answer report(Scene& scene, Duplicate const& found) {
    auto finding = scene.finding(Indicator::warning);
    finding.facts.text("drug_name", scene.terminology().ingredient(found.drug).name);
    scene.show(finding, "orders", *found.draft->row);
    finding.medications.push_back(found.draft->row);
    finding.suggestions.push_back(remove_draft(*found.draft, "remove-draft"));
    if (found.second) {
        scene.show(finding, "orders", *found.second->row);
        finding.medications.push_back(found.second->row);
        finding.suggestions.push_back(remove_draft(*found.second, "remove-draft"));
    } else {
        scene.show(finding, "orders", *found.stored->row, found.stored);
        finding.facts.flag("open_end", !found.days_left);
        if (found.days_left)
            finding.facts.text("overlap", scene.number_text(Rational{*found.days_left}, 0));
        finding.suggestions.push_back(task("end-old-order"));
    }
    finding.facts.flag("two_drafts", found.second != nullptr);
    show_doses(scene, finding, found);
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace

Answer duplicate_immunosuppressant_order(Scene& scene) {
    auto const drafts = scene.chart().start_drafts(duplicate_checked());
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        if (auto const found = with_other_draft(scene, drafts, i)) return report(scene, *found);
    }
    for (auto const* draft : drafts) {
        auto const found = with_stored_order(scene, *draft);
        if (auto* const trace = scene.trace()) {
            auto const* stored = found ? found->stored : nullptr;
            trace->exposures(Question::other_product, draft->row->drugs, draft->start,
                             {&stored, 1});
        }
        if (found) return report(scene, *found);
    }
    // Only an order that names its product can differ from a stored one.
    auto const named = std::any_of(drafts.begin(), drafts.end(), [](Draft const* draft) {
        return names_product(draft->row->product);
    });
    if (named) scene.rests_on(Query::medications);
    return scene.no();
}

}  // namespace cds::rules

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "rules/ciclosporin_dose.hpp"
#include "rules/ciclosporin_meeting.hpp"
#include "rules/ciclosporin_rules.hpp"
#include "rules/trace.hpp"

// Ciclosporin with drugs that harm the kidney, raise potassium or change its level. Catalogue 4.A.

namespace cds::rules {

namespace {

/// The newest result for the wording only; flagged when it is older than `days`.
void show_newest(Scene& scene, Finding& finding, Test test, std::string_view name, int days) {
    auto const newest = newest_result(scene.record(), set_of(test));
    if (!newest) return;
    scene.show(finding, name, *newest->row);
    std::string old{name};
    old += "_old";
    finding.facts.flag(scene.keep(old), !within(*newest->row, days, scene.today()));
}

DrugSet interacting_drugs() {
    return cyp3a4_partners() | set_of(Drug::thiazide, Drug::potassium_sparing_diuretic);
}

}  // namespace

Answer csa_thiazide(Scene& scene) {
    auto const thiazide = set_of(Drug::thiazide);
    auto const meeting = find_meeting(scene, thiazide);
    if (!meeting) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_meeting(scene, finding, meeting, thiazide);
    show_newest(scene, finding, Test::creatinine, "creatinine", scene.days("creatinine_days"));
    auto const drafted = meeting.partner_drafts();
    if (!drafted.empty()) {
        finding.suggestions.push_back(remove_all(drafted, "remove-partner"));
        auto change = remove_all(drafted, "change-to-amlodipine");
        change.actions.push_back(prescribe_action("amlodipine"));
        finding.suggestions.push_back(std::move(change));
    } else {
        Suggestion replace;
        replace.key = "replace-thiazide";
        replace.actions.push_back(task_action("replace-thiazide"));
        replace.actions.push_back(prescribe_action("amlodipine"));
        finding.suggestions.push_back(std::move(replace));
    }
    finding.facts.flag("partner_drafted", !drafted.empty());
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer csa_potassium_sparing_diuretic(Scene& scene) {
    auto const sparing = set_of(Drug::potassium_sparing_diuretic);
    auto const meeting = find_meeting(scene, sparing);
    if (!meeting) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_meeting(scene, finding, meeting, sparing);
    show_newest(scene, finding, Test::potassium, "potassium", scene.days("potassium_days"));
    offer_meeting_removals(finding, meeting);
    finding.suggestions.push_back(order_tests("check-potassium", {"potassium"}));
    return scene.yes(std::move(finding));
}

Answer csa_cyp3a4_interaction(Scene& scene) {
    auto const meeting = find_meeting(scene, cyp3a4_partners());
    if (!meeting) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_meeting(scene, finding, meeting, cyp3a4_partners());
    auto raises = false, lowers = false;
    for (auto const& partner : meeting.partners) {
        raises = raises || has(partner.row->drugs, Drug::cyp3a4_inhibitor);
        lowers = lowers || has(partner.row->drugs, Drug::cyp3a4_inducer);
    }
    finding.facts.flag("raises", raises);
    finding.facts.flag("lowers", lowers);
    show_newest(scene, finding, Test::ciclosporin_level, "level", scene.days("level_days"));
    auto level = order_tests("check-level", {"ciclosporin-trough"});
    // The new steady state shows 3 to 5 days after the partner or ciclosporin begins.
    level.actions.front().occurrence =
        meeting.day + std::chrono::days{scene.days("level_after_days")};
    finding.suggestions.push_back(std::move(level));
    // No source gives a dose for each partner, so the dose is a task and not a rewritten order.
    finding.suggestions.push_back(task("plan-dose"));
    return scene.yes(std::move(finding));
}

Answer csa_multiple_interactions_nephrology(Scene& scene) {
    auto const meeting = find_meeting(scene, interacting_drugs());
    if (!meeting) return scene.no();
    std::set<IngredientId> ingredients;
    for (auto const& partner : meeting.partners)
        ingredients.insert(partner.ingredients.begin(), partner.ingredients.end());
    if (static_cast<int>(ingredients.size()) < scene.days("drugs")) {
        scene.rests_on(medication_queries());
        return scene.no();
    }
    auto finding = scene.finding(Indicator::info);
    show_meeting(scene, finding, meeting, interacting_drugs());
    for (auto id : ingredients)
        finding.facts.item("ingredients").text("drug", scene.terminology().ingredient(id).name);
    finding.facts.text("count",
                       scene.number_text(Rational{static_cast<long long>(ingredients.size())}, 0));
    Suggestion refer;
    refer.key = "refer-nephrology";
    refer.actions.push_back(refer_action("nephrology"));
    finding.suggestions.push_back(std::move(refer));
    return scene.yes(std::move(finding));
}

namespace {

/// Whether the drafted product itself runs, or ended so recently that it goes on. By ingredient:
/// bisoprolol is not a continuation of lisinopril.
bool goes_on(Scene& scene, Draft const& draft) {
    auto const limit = draft.start - std::chrono::days{chain_gap_days(draft.row->drugs)};
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& ids = exposure.row->ingredients;
        auto const shared = std::any_of(ids.begin(), ids.end(), [&](IngredientId id) {
            return std::find(draft.row->ingredients.begin(), draft.row->ingredients.end(), id) !=
                   draft.row->ingredients.end();
        });
        if (!shared || !exposure.row->systemic) continue;
        auto const end = exposure.end_at(draft.start, scene.today());
        if (!end || *end >= limit) return true;
    }
    return false;
}

/// A reason other than hypertension (protecting the kidney, migraine, heart failure) makes the
/// choice the prescriber's.
bool for_another_reason(Draft const& draft) {
    return std::any_of(
        draft.row->reasons.begin(), draft.row->reasons.end(),
        [](StatedReason const& reason) { return !has(reason.diseases, Disease::hypertension); });
}

}  // namespace

Answer csa_htn_prefer_ccb(Scene& scene) {
    auto const other_cards = interacting_drugs() | set_of(Drug::dihydropyridine_ccb);
    DraftList drafts;
    Exposure const* running = nullptr;
    auto unanswered = false;
    for (auto const* draft : scene.chart().start_drafts(set_of(Drug::other_antihypertensive))) {
        if ((draft->row->drugs & other_cards).any() || for_another_reason(*draft)) continue;
        // Ciclosporin must run already: a blood pressure that it has not yet changed is no reason
        // for this card.
        auto const* ciclosporin_now = scene.ongoing(ciclosporin(), draft->start);
        if (!ciclosporin_now || goes_on(scene, *draft)) continue;
        // Only with all orders at hand is the draft known to be new.
        unanswered = (medication_queries() & scene.record().queries.open()).any();
        drafts.push_back(draft);
        if (!running) running = ciclosporin_now;
    }
    if (unanswered) scene.rests_on(medication_queries());
    if (drafts.empty() || unanswered) return scene.no();
    if (!active_conditions(scene.record(), set_of(Disease::heart_failure)).empty())
        return scene.no();
    auto finding = scene.finding(Indicator::info);
    for (auto const* draft : drafts) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
    }
    scene.show(finding, "ciclosporin", *running->row, running);
    auto change = remove_all(drafts, "change-to-amlodipine");
    change.actions.push_back(prescribe_action("amlodipine"));
    finding.suggestions.push_back(std::move(change));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// The newest oral exposure that ended or was running at most `days` before `day`.
Exposure const* newest_oral_exposure(Scene const& scene, Day day, int days) {
    struct Last {
        Exposure const* exposure = nullptr;
        Day end{}, start{};
    };
    Last newest;
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (!has(row.drugs, Drug::ciclosporin) || is_intravenous_ciclosporin(row)) continue;
        if (exposure.start && exposure.start.first > day) continue;
        auto const end = exposure.end_at(day, scene.today()).value_or(day);
        if (end > day || days_between(end, day) > days) continue;
        auto const start = exposure.start ? exposure.start.first : Day{};
        if (newest.exposure && (end < newest.end || (end == newest.end && start < newest.start)))
            continue;
        newest = {&exposure, end, start};
    }
    return newest.exposure;
}

/// The row that names the formulation of that exposure: itself, or a hand-over or statement of the
/// same time.
MedicationRow const* row_with_formulation(Scene const& scene, Exposure const& newest, Day day) {
    if (newest.row->product.formulation != Formulation::unspecified) return newest.row;
    auto const from = newest.start ? newest.start.first : day;
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (!has(row.drugs, Drug::ciclosporin) || is_intravenous_ciclosporin(row)) continue;
        if (row.product.formulation == Formulation::unspecified || !exposure.start) continue;
        if (exposure.start.first >= from && exposure.start.first <= day) return &row;
    }
    return nullptr;
}

std::string_view formulation_name(Formulation formulation) {
    switch (formulation) {
        case Formulation::modified:
            return "modified (microemulsion)";
        case Formulation::nonmodified:
            return "non-modified";
        case Formulation::unspecified:
            break;
    }
    return "not named";
}

}  // namespace

std::optional<FormulationSwitch> formulation_switch(Scene& scene, int days) {
    std::optional<FormulationSwitch> possible;
    for (auto const* draft : ciclosporin_drafts(scene.chart(), false)) {
        scene.rests_on(medication_queries());  // a newer supply may be missing
        auto const* newest = newest_oral_exposure(scene, draft->start, days);
        if (auto* const trace = scene.trace()) {
            trace->exposures(Question::earlier_product, ciclosporin(), draft->start, {&newest, 1});
        }
        auto const* previous =
            newest ? row_with_formulation(scene, *newest, draft->start) : nullptr;
        if (!previous) continue;
        auto const drafted = draft->row->product.formulation;
        if (drafted == previous->product.formulation) continue;
        FormulationSwitch found{draft, previous, newest, drafted != Formulation::unspecified};
        if (found.draft_named) return found;
        if (!possible) possible = found;
    }
    return possible;
}

Answer csa_formulation_switch(Scene& scene) {
    auto const found = formulation_switch(scene, scene.days("previous_days"));
    if (!found) return scene.no();
    auto finding = scene.finding(found->draft_named ? Indicator::warning : Indicator::info);
    scene.show(finding, "previous", *found->previous, found->exposure);
    scene.show(finding, "orders", *found->draft->row);
    finding.facts.text("previous_formulation",
                       formulation_name(found->previous->product.formulation));
    finding.facts.text("formulation", formulation_name(found->draft->row->product.formulation));
    finding.facts.flag("named", found->draft_named);
    if (auto const end = found->exposure->end_at(found->draft->start, scene.today())) {
        finding.facts.text("previous_until", scene.day_text(*end));
    }
    finding.medications.push_back(found->draft->row);
    // The product is the prescriber's to pick: an order rewritten to another brand could not be
    // checked here.
    finding.suggestions.push_back(task("same-product"));
    auto level = order_tests("check-level", {"ciclosporin-trough"});
    level.actions.front().occurrence =
        found->draft->start + std::chrono::days{scene.days("level_after_days")};
    finding.suggestions.push_back(std::move(level));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

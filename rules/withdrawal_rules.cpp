#include "base/text.hpp"
#include "rules/monitoring_rules.hpp"
#include "rules/withdrawal.hpp"
#include "rules/words.hpp"

// The three cards on stopping azathioprine while infliximab goes on; at most one of them speaks.
// Catalogue 4.B.

namespace cds::rules {

namespace {

/// Source of the words and codes: fact-encodings section 2, "Safety stop of a thiopurine".
bool says_safety(std::string_view folded) {
    return says_any(folded, {"allerg*",          "hypersensitiv*",    "anaphyla*",
                             "intoleran*",       "not tolerated",     "adverse",
                             "side effect",      "side effects",      "toxic*",
                             "interaction",      "pregnan*",          "infection*",
                             "sepsis",           "pneumonia",         "cytopenia",
                             "cytopaenia",       "pancytopenia",      "pancytopaenia",
                             "leukopenia",       "leucopenia",        "leukopaenia",
                             "leucopaenia",      "neutropenia",       "neutropaenia",
                             "thrombocytopenia", "thrombocytopaenia", "lymphopenia",
                             "lymphopaenia",     "myelosuppress*",    "marrow suppression",
                             "pancreatitis",     "hepatitis",         "hepatotoxic*",
                             "raised liver",     "elevated liver",    "abnormal liver",
                             "malignan*",        "lymphoma",          "cancer",
                             "carcinoma",        "melanoma",          "leukemia",
                             "leukaemia",        "neoplasm"});
}

bool is_safety_code(std::string_view code) {
    for (std::string_view const known : {"salg", "sintol", "sddi", "preg"}) {
        if (code.size() != known.size()) continue;
        std::string lower;
        base::fold(code, lower);
        if (lower == known) return true;
    }
    return false;
}

bool is_safety_reason(base::json::Value concept_value) {
    for (auto const coding : concept_value["coding"].each()) {
        if (is_safety_code(coding["code"].string())) return true;
    }
    std::string words;
    append_folded_concept(concept_value, words);
    return says_safety(words);
}

bool names_safety_disease(StatedReason const& reason) {
    auto const diseases =
        set_of(Disease::pregnancy, Disease::serious_infection, Disease::persistent_infection,
               Disease::active_tb, Disease::malignancy, Disease::lymphoma, Disease::nmsc,
               Disease::melanoma, Disease::thiopurine_malignancy);
    if ((reason.diseases & diseases).any()) return true;
    std::string words;
    base::fold(reason.text, words);
    return says_safety(words);
}

}  // namespace

bool stopped_for_safety(Scene& scene, Draft const& stop) {
    auto const& row = *stop.row;
    for (auto const reason : row.node["statusReason"].each()) {
        if (is_safety_reason(reason)) return true;
    }
    for (auto const reason : row.node["reasonCode"].each()) {
        if (is_safety_reason(reason)) return true;
    }
    for (auto const& reason : row.reasons) {
        if (names_safety_disease(reason)) return true;
    }
    if (!scene.allergies(set_of(Allergen::azathioprine, Allergen::mercaptopurine)).empty())
        return true;
    if (!scene.recorded(set_of(Disease::thiopurine_malignancy)).empty()) return true;
    return !active_infections(scene.chart()).empty();
}

namespace {

/// What a withdrawal card may rest on not being there: results, remission, continue-factors,
/// earlier rows of a therapy, and for a stop a safety reason on record.
QuerySet absences(WithdrawalTrigger const& trigger) {
    auto rests_on = queries(Query::observations, Query::conditions) | medication_queries();
    if (trigger.stop) rests_on |= queries(Query::allergies);
    return rests_on;
}

Suggestion order_missing(WithdrawalCriteria const& criteria) {
    Suggestion order;
    order.key = "order-missing";
    for (auto const& item : criteria.items) {
        if (item.state == Criterion::missing && !item.order.empty())
            order.actions.push_back(test_action(item.order));
    }
    return order;
}

Suggestion follow_up_tests(Scene& scene, Day stop) {
    auto order = order_tests("order-follow-up", {"infliximab-level", "infliximab-antibody"});
    auto const months = static_cast<int>(scene.threshold("follow_up_months").approximate());
    for (auto& action : order.actions) action.occurrence = base::add_months(stop, months);
    return order;
}

}  // namespace

Answer aza_withdrawal_criteria_met(Scene& scene) {
    auto const trigger = withdrawal_trigger(scene);
    if (!trigger) return scene.no();
    auto const age = scene.age_years();
    if (!age || Rational{*age} < scene.threshold("adult_years")) return scene.no();
    if (trigger->stop && stopped_for_safety(scene, *trigger->draft)) return scene.no();
    auto const criteria = withdrawal_criteria(scene, *trigger);
    if (criteria.any_failed() || criteria.missing() > 0) return scene.no();

    auto finding = scene.finding(Indicator::info);
    show_withdrawal(scene, finding, *trigger, criteria);
    finding.suggestions.push_back(follow_up_tests(scene, trigger->day));
    finding.suggestions.push_back(task("shared-decision"));
    return scene.yes_by_absence(std::move(finding), absences(*trigger));
}

Answer aza_withdrawal_premature(Scene& scene) {
    auto const trigger = withdrawal_trigger(scene);
    if (!trigger || !trigger->stop) return scene.no();
    if (stopped_for_safety(scene, *trigger->draft)) return scene.no();
    auto const criteria = withdrawal_criteria(scene, *trigger);
    if (!criteria.any_failed()) return scene.no();

    auto finding = scene.finding(Indicator::warning);
    show_withdrawal(scene, finding, *trigger, criteria);
    auto decide = task("shared-decision");
    auto const months = static_cast<int>(scene.threshold("recheck_months").approximate());
    for (auto const test : {"infliximab-level", "infliximab-antibody", "crp"}) {
        auto action = test_action(test);
        action.occurrence = base::add_months(scene.today(), months);
        decide.actions.push_back(std::move(action));
    }
    finding.suggestions.push_back(std::move(decide));
    finding.suggestions.push_back(remove_draft(*trigger->draft, "remove-stop"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer aza_withdrawal_data_missing(Scene& scene) {
    auto const trigger = withdrawal_trigger(scene);
    if (!trigger) return scene.no();
    if (trigger->stop && stopped_for_safety(scene, *trigger->draft)) return scene.no();
    auto const criteria = withdrawal_criteria(scene, *trigger);
    auto const missing = criteria.missing();
    if (criteria.any_failed() || missing == 0) return scene.no();
    if (!trigger->stop && Rational{missing} > scene.threshold("renewal_missing_at_most"))
        return scene.no();

    auto finding = scene.finding(trigger->stop ? Indicator::warning : Indicator::info);
    show_withdrawal(scene, finding, *trigger, criteria);
    auto order = order_missing(criteria);
    if (order.actions.empty()) {
        finding.suggestions.push_back(task("record-missing"));
    } else {
        finding.suggestions.push_back(std::move(order));
    }
    return scene.yes_by_absence(std::move(finding), absences(*trigger));
}

}  // namespace cds::rules

#include <algorithm>

#include "rules/burden.hpp"
#include "rules/monitoring_rules.hpp"

// What several immunosuppressants add up to. Catalogue 4.A.

namespace cds::rules {

/// Pair cards of warning or above silence this card: see suppress.cpp.
Answer multi_immunosuppressant_burden(Scene& scene) {
    if (scene.transplant()) return scene.no();
    auto const& classes = scene.classes();
    if (!classes.trigger) return scene.no();
    if (classes.count() < scene.days("classes")) {
        scene.rests_on(medication_queries());
        return scene.no();
    }
    auto finding = scene.finding(Indicator::warning);
    for (auto const& member : classes.members) {
        scene.show(finding, "agents", *member.row, member.exposure);
        if (member.draft) finding.medications.push_back(member.draft->row);
    }
    finding.facts.text("count", scene.number_text(classes.count(), 0));
    finding.suggestions.push_back(order_tests("order-cbc", {"cbc"}));
    finding.suggestions.push_back(remove_draft(*classes.trigger, "remove-draft"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// Whether a draft begins treatment with a class: no member of it was given up to the member's own
/// longest gap before. A change of product inside a class that runs is no start. Orders that could
/// not be had do not make it one less.
bool begins_class(Scene& scene, Draft const* draft, DrugSet const& drugs) {
    if (!draft) return false;
    for (std::size_t i = 0; i < drugs.size(); ++i) {
        if (!drugs.test(i)) continue;
        if (scene.kind(*draft, set_of(static_cast<Drug>(i))) == DraftKind::continuation)
            return false;
    }
    return true;
}

bool has_bowel_disease(Scene& scene, std::initializer_list<Draft const*> drafts, Day day) {
    auto const bowel = set_of(Disease::ulcerative_colitis, Disease::crohns_disease,
                              Disease::acute_severe_uc_label);
    for (auto const* draft : drafts) {
        if (draft && (use_of(scene.chart(), draft->row, day).diseases & bowel).any()) return true;
    }
    if ((listed_indications(scene.chart(), day) & bowel).any()) return true;
    scene.rests_on(Query::conditions);
    return false;
}

}  // namespace

Answer hstcl_young_male_combination(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* thiopurine = chart.start_draft(thiopurines());
    auto const* blocker = chart.start_draft(anti_tnf());
    if (!thiopurine && !blocker) return scene.no();
    if (scene.sex() != Sex::male) return scene.no();
    auto const age = scene.age_years();
    if (!age || Rational{*age} < scene.threshold("from_years") ||
        !(Rational{*age} < scene.threshold("below_years"))) {
        return scene.no();
    }
    auto const day = thiopurine && blocker ? std::min(thiopurine->start, blocker->start)
                     : thiopurine          ? thiopurine->start
                                           : blocker->start;
    if (!has_bowel_disease(scene, {thiopurine, blocker}, day)) return scene.no();

    auto const* running_thiopurine =
        thiopurine ? chart.ongoing(thiopurines(), day) : scene.ongoing(thiopurines(), day);
    if (!thiopurine && !running_thiopurine) return scene.no();
    auto const* running_blocker =
        blocker ? chart.ongoing(anti_tnf(), day) : scene.ongoing(anti_tnf(), day);
    if (!blocker && !running_blocker) {
        running_blocker = scene.in_use(infliximab(), day);
        if (!running_blocker) return scene.no();
    }
    if (!begins_class(scene, thiopurine, thiopurines()) &&
        !begins_class(scene, blocker, anti_tnf()))
        return scene.no();

    auto finding = scene.finding(Indicator::warning);
    auto const show = [&](Draft const* draft, Exposure const* running) {
        scene.show(finding, "agents", draft ? *draft->row : *running->row,
                   draft ? nullptr : running);
        if (draft) finding.medications.push_back(draft->row);
    };
    show(thiopurine, running_thiopurine);
    show(blocker, running_blocker);
    finding.facts.text("age", scene.number_text(*age, 0));
    if (thiopurine) finding.suggestions.push_back(remove_draft(*thiopurine, "remove-thiopurine"));
    if (blocker) finding.suggestions.push_back(remove_draft(*blocker, "remove-anti-tnf"));
    if (!chart.present(methotrexate(), day)) {
        Suggestion instead;
        instead.key = "methotrexate-instead";
        if (thiopurine) {
            instead.actions.push_back(
                remove_draft(*thiopurine, "remove-thiopurine").actions.front());
        } else {
            instead.actions.push_back(task_action("stop-thiopurine"));
        }
        instead.actions.push_back(prescribe_action("methotrexate"));
        finding.suggestions.push_back(std::move(instead));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

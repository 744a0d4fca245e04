#include <algorithm>

#include "rules/ciclosporin_course.hpp"
#include "rules/monitoring_intervals.hpp"
#include "rules/monitoring_rules.hpp"

// How long a course of ciclosporin lasts, which levels it needs and what follows it. Catalogue 4.B.

namespace cds::rules {

namespace {

constexpr std::string_view no_start = "start of the ciclosporin therapy";

DiseaseSet skin() { return set_of(Disease::atopic_dermatitis, Disease::psoriasis); }

/// Diseases for which ciclosporin is given under limits of their own.
DiseaseSet with_own_limits() {
    return set_of(Disease::rheumatoid_arthritis, Disease::behcet, Disease::ulcerative_colitis,
                  Disease::acute_severe_uc_label, Disease::transplant);
}

/// Planned end of the drafted orders, the latest one; none when none is stated.
std::optional<Day> planned_end(Scene const& scene) {
    std::optional<Day> end;
    for (auto const* draft : scene.chart().start_drafts(ciclosporin())) {
        auto const& row = *draft->row;
        std::optional<Day> here;
        if (row.bounds_end) {
            here = row.bounds_end.last;
        } else if (row.validity_end) {
            here = row.validity_end.last;
        } else if (row.supply_days) {
            here = draft->start + std::chrono::days{*row.supply_days};
        }
        if (here && (!end || *here > *end)) end = here;
    }
    return end;
}

}  // namespace

bool ciclosporin_for_skin_only(Scene& scene, Use const& use) {
    if (!scene.is_for(use, skin())) return false;
    return use.stated || ((use.diseases & with_own_limits()).none() && !scene.transplant());
}

Answer csa_duration_max_1y(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), draft->start);
    if (!ciclosporin_for_skin_only(scene, use)) return scene.no();
    if (scene.kind(*draft, ciclosporin()) != DraftKind::continuation) return scene.no();
    auto const therapy = scene.therapy(ciclosporin(), draft->start);
    if (!therapy || !therapy->start) return scene.unknown(Reason::date_imprecise, no_start);
    auto const start = therapy->start.first;
    auto const months = static_cast<int>(scene.threshold("max_months").approximate());
    auto const limit = base::add_months(start, months);
    auto const end = planned_end(scene);
    auto const beyond = draft->start > limit;
    if (!beyond && !(end && *end > limit)) return scene.no();

    auto finding = scene.finding(beyond ? Indicator::critical : Indicator::warning);
    show_course(scene, finding, {draft, draft->start, start});
    finding.facts.text("limit", scene.day_text(limit));
    if (end) finding.facts.text("planned_end", scene.day_text(*end));
    finding.facts.flag("beyond", beyond);
    finding.facts.flag("psoriasis", use.is(Disease::psoriasis));
    finding.suggestions.push_back(task("taper"));
    if (!beyond && scene.chart().start_drafts(ciclosporin()).size() == 1 &&
        draft->row->dosages.size() == 1) {
        Suggestion bounded;
        bounded.key = "bound-end";
        Action action;
        action.type = Action::Type::update_dose;
        action.medication = draft->row;
        action.period_end = limit;
        bounded.actions.push_back(std::move(action));
        finding.suggestions.push_back(std::move(bounded));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer csa_course_length_review(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), draft->start);
    if (!scene.is_for(use, Disease::atopic_dermatitis)) return scene.no();
    if (scene.kind(*draft, ciclosporin()) != DraftKind::continuation) return scene.no();
    auto const therapy = scene.therapy(ciclosporin(), draft->start);
    if (!therapy || !therapy->start) return scene.unknown(Reason::date_imprecise, no_start);
    auto const days = days_between(therapy->start.first, draft->start);
    if (days <= scene.days("child_days")) return scene.no();
    auto const age = scene.age_years();
    auto const child = age && *age < 18;
    if (!child && days <= scene.days("adult_days")) return scene.no();

    auto finding = scene.finding(Indicator::info);
    show_course(scene, finding, {draft, draft->start, therapy->start.first});
    finding.facts.flag("child", child);
    finding.suggestions.push_back(task("review"));
    return scene.yes(std::move(finding));
}

namespace {

/// Another disease for which this patient may have ciclosporin: on the problem list, or stated on
/// an order of it.
bool has_other_indication(Scene& scene) {
    auto const others =
        with_own_limits() | set_of(Disease::crohns_disease, Disease::other_dermatosis);
    auto const today = scene.today();
    if ((listed_indications(scene.chart(), today) & others).any() || scene.transplant())
        return true;
    auto const states_other = [&](MedicationRow const& row) {
        return std::any_of(row.reasons.begin(), row.reasons.end(), [&](StatedReason const& reason) {
            return (reason.diseases & others).any();
        });
    };
    for (auto const* draft : scene.chart().start_drafts(ciclosporin())) {
        if (states_other(*draft->row)) return true;
    }
    for (auto const* exposure : scene.chart().all_ongoing(ciclosporin(), today)) {
        if (states_other(*exposure->row)) return true;
    }
    scene.rests_on(Query::conditions);
    return false;
}

bool states_skin(Scene& scene, Day day) {
    return (ciclosporin_use_of_order(scene.chart(), day).diseases & skin()).any();
}

}  // namespace

/// A creatinine rise or a formulation switch that fires silences this card: see the table in
/// suppress.cpp.
Answer csa_level_not_routine(Scene& scene) {
    ServiceRow const* level = nullptr;
    for (auto const* service : scene.chart().service_drafts()) {
        if (service->active && !service->stop && has(service->tests, Test::ciclosporin_level))
            level = service;
    }
    if (!level) return scene.no();
    if (!states_skin(scene, scene.today()) &&
        !scene.is_listed(Disease::atopic_dermatitis, scene.today()) &&
        !scene.is_listed(Disease::psoriasis, scene.today())) {
        return scene.no();
    }
    if (has_other_indication(scene)) return scene.no();
    if (!scene.active(set_of(Disease::liver_disease)).empty()) return scene.no();
    if (scene.present(cyp3a4_partners(), scene.today())) return scene.no();

    auto finding = scene.finding(Indicator::info);
    finding.services.push_back(level);
    finding.facts.chart_text("order", level->label);
    finding.facts.text("day", scene.day_text(level->start ? level->start.first : scene.today()));
    if (auto const last = newest_result(scene.record(), set_of(Test::ciclosporin_level))) {
        scene.show(finding, "level", *last->row);
    }
    Suggestion remove;
    remove.key = "remove-level";
    Action action;
    action.type = Action::Type::remove_draft;
    action.service = level;
    remove.actions.push_back(std::move(action));
    finding.suggestions.push_back(std::move(remove));
    return scene.yes_by_absence(std::move(finding),
                                medication_queries() | queries(Query::conditions));
}

Answer csa_level_indicated(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), draft->start);
    if (!scene.is_for(use, skin())) return scene.no();
    auto const liver = scene.active(set_of(Disease::liver_disease));
    auto const interacting = scene.present(cyp3a4_partners(), draft->start);
    if (liver.empty() && !interacting) return scene.no();
    auto const level = scene.newest(set_of(Test::ciclosporin_level));
    if (level && within(*level->row, scene.days("level_days"), scene.today())) return scene.no();

    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    for (auto const* row : liver) scene.show(finding, "liver", *row);
    for (auto const* partner : scene.chart().start_drafts(cyp3a4_partners())) {
        scene.show(finding, "interacting", *partner->row);
        finding.medications.push_back(partner->row);
    }
    for (auto const* exposure : scene.chart().all_ongoing(cyp3a4_partners(), draft->start)) {
        scene.show(finding, "interacting", *exposure->row, exposure);
    }
    if (level) scene.show(finding, "level", *level->row);
    finding.suggestions.push_back(order_tests("order-level", {"ciclosporin-trough"}));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

Answer csa_post_stop_followup(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* stop = chart.stop_draft(ciclosporin());
    if (!stop || chart.start_draft(ciclosporin())) return scene.no();
    auto const use = use_of(chart, stop->row, stop->start);
    if (!scene.is_for(use, Disease::atopic_dermatitis)) return scene.no();
    if (chart.ongoing(ciclosporin(), stop->start)) return scene.no();

    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *stop->row);
    finding.medications.push_back(stop->row);
    finding.facts.text("stop", scene.day_text(stop->start));
    auto const therapy = chart.therapy(ciclosporin(), stop->start);
    if (therapy && therapy->start)
        finding.facts.text("course_start", scene.day_text(therapy->start.first));
    finding.suggestions.push_back(task("follow-up"));
    return scene.yes_by_absence(std::move(finding), medication_queries());
}

/// Tier off: would fire on many renewals.
Answer csa_response_review(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), draft->start);
    if (!scene.is_for(use, Disease::atopic_dermatitis)) return scene.no();
    if (scene.kind(*draft, ciclosporin()) != DraftKind::continuation) return scene.no();
    auto const therapy = scene.therapy(ciclosporin(), draft->start);
    if (!therapy || !therapy->start) return scene.unknown(Reason::date_imprecise, no_start);
    auto const start = therapy->start.first;
    if (days_between(start, draft->start) <= scene.days("review_days")) return scene.no();
    auto const response = scene.newest(set_of(Test::clinical_response, Test::response_review));
    if (response && response->day() > start) return scene.no();

    auto finding = scene.finding(Indicator::info);
    show_course(scene, finding, {draft, draft->start, start});
    finding.suggestions.push_back(task("review-response"));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace cds::rules

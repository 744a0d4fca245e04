#include <algorithm>

#include "base/text.hpp"
#include "rules/monitoring_rules.hpp"
#include "rules/thiopurine_metabolism.hpp"
#include "rules/words.hpp"

// Azathioprine after infliximab rescue in acute severe ulcerative colitis. Catalogue 4.A.

namespace cds::rules {

namespace {

bool is_acute_severe(Scene& scene, Draft const& draft) {
    auto const use = use_of(scene.chart(), draft.row, draft.start);
    if (scene.is_for(use, Disease::acute_severe_uc_label)) return true;
    // Whether colitis that the order states is acute and severe, the problem list and the encounter
    // say.
    if (use.is(Disease::ulcerative_colitis)) scene.rests_on(Query::conditions, Query::encounter);
    return false;
}

/// First infusion of the chain that holds on `day` (gaps up to 90 days); without one on record the
/// drafted one, else the start of the order that runs. None when infliximab is neither given,
/// drafted nor ordered.
std::optional<Day> first_infusion(Scene& scene, Day day) {
    scene.rests_on(Query::administrations);
    std::vector<Day> given;
    for (auto const& exposure : scene.chart().exposures()) {
        if (!has(exposure.row->drugs, Drug::infliximab) || !exposure.start) continue;
        auto const source = exposure.source();
        if (source != MedicationSource::administration && source != MedicationSource::dispense)
            continue;
        if (exposure.start.first <= day) given.push_back(exposure.start.first);
    }
    std::sort(given.rbegin(), given.rend());
    std::optional<Day> first;
    auto next = day;
    for (auto const infusion : given) {
        if (days_between(infusion, next) > chain_gap_days(infliximab())) break;
        first = next = infusion;
    }
    if (first) return first;
    if (auto const* draft = scene.chart().start_draft(infliximab())) return draft->start;
    auto const* running = scene.chart().ongoing(infliximab(), day);
    if (running && running->start) return running->start.first;
    return std::nullopt;
}

ResultRow const* non_response(Scene& scene, Day since) {
    for (auto const& reading : scene.results(set_of(Test::clinical_response))) {
        if (reading.day() < since) break;
        std::string words;
        base::fold(reading.row->text, words);
        if (says_any(words, {"non response", "no response", "nonresponse", "refractory",
                             "primary failure"})) {
            return reading.row;
        }
    }
    return nullptr;
}

/// Anything on record that speaks against a thiopurine.
bool thiopurine_is_contraindicated(Scene& scene) {
    if (!scene.allergies(set_of(Allergen::azathioprine, Allergen::mercaptopurine)).empty())
        return true;
    if (!scene.recorded(set_of(Disease::thiopurine_malignancy)).empty()) return true;
    return thiopurine_metabolism(scene).reads == Metabolism::deficient;
}

void show_timing(Scene& scene, Finding& finding, Draft const& draft, Day first) {
    scene.show(finding, "orders", *draft.row);
    finding.medications.push_back(draft.row);
    finding.facts.text("first_infusion", scene.day_text(first));
    finding.facts.text("day_7", scene.day_text(first + std::chrono::days{scene.days("wait_days")}));
    finding.facts.text("day_number", scene.number_text(days_between(first, draft.start), 0));
    auto const metabolism = thiopurine_metabolism(scene);
    finding.facts.flag("tpmt_known", metabolism.row != nullptr);
    if (metabolism.row) {
        scene.show(finding, "tpmt", *metabolism.row);
    } else {
        finding.suggestions.push_back(order_tests("order-tpmt", {"tpmt"}));
    }
}

/// (b) A thiopurine that is started before day 7.
Answer started_early(Scene& scene, Draft const& thiopurine) {
    if (!is_acute_severe(scene, thiopurine)) return scene.no();
    if (scene.kind(thiopurine, thiopurines()) != DraftKind::initiation) return scene.no();
    auto const first = first_infusion(scene, thiopurine.start);
    if (!first || days_between(*first, thiopurine.start) >= scene.days("wait_days"))
        return scene.no();
    auto finding = scene.finding(Indicator::info, "early");
    finding.facts.flag("early", true);
    finding.suggestions.push_back(task("start-from-day-7"));
    show_timing(scene, finding, thiopurine, *first);
    return scene.yes(std::move(finding));
}

/// (a) Infliximab goes on after day 7 in a responder and no thiopurine is in sight.
Answer not_started(Scene& scene, Draft const& draft) {
    auto const& chart = scene.chart();
    if (!is_acute_severe(scene, draft)) return scene.no();
    if (scene.kind(draft, infliximab()) != DraftKind::continuation) return scene.no();
    auto const first = first_infusion(scene, draft.start);
    if (!first || days_between(*first, draft.start) < scene.days("wait_days")) return scene.no();
    if (chart.present(thiopurines(), draft.start) || thiopurine_is_contraindicated(scene))
        return scene.no();
    if (non_response(scene, *first)) return scene.no();
    auto finding = scene.finding(Indicator::info);
    Suggestion prescribe;
    prescribe.key = "prescribe-azathioprine";
    prescribe.actions.push_back(prescribe_action("azathioprine"));
    finding.suggestions.push_back(std::move(prescribe));
    show_timing(scene, finding, draft, *first);
    return scene.yes_by_absence(
        std::move(finding),
        medication_queries() | queries(Query::allergies, Query::conditions, Query::observations));
}

}  // namespace

Answer ifx_asuc_aza_timing(Scene& scene) {
    if (auto const* thiopurine = scene.chart().start_draft(thiopurines()))
        return started_early(scene, *thiopurine);
    if (auto const* draft = scene.chart().start_draft(infliximab()))
        return not_started(scene, *draft);
    return scene.no();
}

/// Tier off: would fire on every first rescue.
Answer asuc_first_rescue_checklist(Scene& scene) {
    auto const* draft = scene.chart().start_draft(infliximab() | ciclosporin());
    if (!draft || !is_acute_severe(scene, *draft)) return scene.no();
    scene.rests_on(medication_queries());
    if (scene.chart().ever(infliximab() | ciclosporin())) return scene.no();
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    return scene.yes_by_absence(std::move(finding), medication_queries());
}

}  // namespace cds::rules

#include <algorithm>

#include "rules/rules.hpp"
#include "rules/trace.hpp"

namespace cds::rules {

namespace {

std::string_view problem_name(Problem problem) {
    switch (problem) {
        case Problem::unit_missing:
            return "no unit";
        case Problem::unit_unknown:
            return "the unit is not one for this test";
        case Problem::implausible:
            return "the value is not plausible";
        case Problem::not_a_number:
            return "no number";
        case Problem::half_missing:
            return "one half is missing";
        case Problem::no_cut_off:
            return "no cut-off and no interpretation";
        case Problem::none:
            break;
    }
    return "not usable";
}

void show_unusable(Scene& scene, Finding& finding, Scene::Asked const& asked,
                   ResultRow const& row) {
    auto& item = finding.facts.item("results");
    auto const& info = scene.terminology().test(asked.test);
    item.text("test", info.display);
    std::string reported{row.number.empty() ? row.text : row.number};
    if (!row.unit.empty()) {
        reported += ' ';
        reported += row.unit;
    }
    item.chart_text("value",
                    scene.keep(reported.empty() ? std::string_view{"no value"} : reported));
    item.text("date", scene.day_text(row.when.first));
    auto const half = asked.test == Test::blood_pressure && row.problem == Problem::none;
    item.text("why", half ? "one half of the blood pressure is missing or not plausible"
                          : problem_name(row.problem));
    item.text("needed_for", scene.knowledge().rules()[asked.rule].title);
    finding.evidence.push_back(
        {"Observation", row.id, "value", scene.keep(reported), row.when.text});
}

}  // namespace

/// Runs last: the other rules have said which results they needed.
Answer data_quality_unusable(Scene& scene) {
    auto const& asked = scene.asked();
    auto finding = scene.finding(Indicator::info);
    auto any = false;
    std::vector<Reading> unusable;
    TestSet tests;
    for (auto const& need : asked) {
        tests.set(static_cast<std::size_t>(need.test));
        auto const* row = need.test == Test::blood_pressure
                              ? newest_pressure_is_unusable(scene.record())
                              : newest_is_unusable(scene.record(), set_of(need.test));
        if (!row) continue;
        show_unusable(scene, finding, need, *row);
        unusable.push_back({row, nullptr});
        any = true;
    }
    if (auto* const trace = scene.trace())
        trace->results(Question::unusable_results, tests, unusable);
    if (!any) return Answer{};
    for (auto const& draft : scene.chart().drafts()) {
        if (draft.role == DraftRole::start && draft.row->drugs.any())
            finding.medications.push_back(draft.row);
    }
    finding.suggestions.push_back(task("correct-result"));
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

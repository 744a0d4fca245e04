#include <algorithm>

#include "rules/monitoring_intervals.hpp"
#include "rules/monitoring_rules.hpp"
#include "rules/test_age.hpp"
#include "rules/thiopurine_metabolism.hpp"

// Azathioprine, mercaptopurine and tioguanine on their own. Catalogue 4.A and 4.B.

namespace cds::rules {

Answer thiopurine_malignancy_history(Scene& scene) {
    auto const* draft = scene.chart().start_draft(thiopurines());
    if (!draft) return scene.no();
    auto const lesions = scene.recorded(set_of(Disease::thiopurine_malignancy));
    if (lesions.empty()) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    scene.show(finding, "orders", *draft->row);
    for (auto const* each : scene.chart().start_drafts(thiopurines()))
        finding.medications.push_back(each->row);
    for (auto const* lesion : lesions) scene.show(finding, "lesions", *lesion);
    finding.facts.text("thiopurine", scene.drug_name(*draft->row, thiopurines()));
    finding.suggestions.push_back(remove_draft(*draft, "remove-thiopurine"));
    if (!scene.chart().present(methotrexate(), draft->start)) {
        auto instead = remove_draft(*draft, "methotrexate-instead");
        instead.actions.push_back(prescribe_action("methotrexate"));
        finding.suggestions.push_back(std::move(instead));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// UPD(a quarter of the dose), in half tablets of 25 mg; nothing when the dose cannot be read.
void offer_quarter_dose(Scene& scene, Finding& finding, Draft const& draft) {
    auto const& row = *draft.row;
    auto const weight = scene.chart().weight();
    auto const kg = weight ? std::optional{weight->kg} : std::nullopt;
    auto const dose = daily_dose(row, draft.start, kg);
    if (!dose) return;
    finding.facts.text("mg_per_day", scene.number_text(dose.mg_per_day, 1));
    if (kg)
        finding.facts.text("mg_per_kg", scene.number_text((dose.mg_per_day / *kg).rounded(1), 1));
    auto const quarter = (dose.mg_per_day / Rational{4}).floor_to(Rational::ratio(25, 2));
    if (row.dosages.size() != 1 || dose.continuous || !(quarter > Rational{0})) return;
    finding.facts.text("new_mg_per_day", scene.number_text(quarter, 1));
    Suggestion reduce;
    reduce.key = "quarter-dose";
    Action action;
    action.type = Action::Type::update_dose;
    action.medication = &row;
    action.dose_mg = quarter;
    action.times_per_day = 1;
    reduce.actions.push_back(std::move(action));
    reduce.actions.push_back(test_action("cbc"));
    finding.suggestions.push_back(std::move(reduce));
}

}  // namespace

Answer aza_xanthine_oxidase_inhibitor(Scene& scene) {
    // Tioguanine is no partner (fact-encodings, membership decisions).
    auto const& chart = scene.chart();
    auto const inhibitors = set_of(Drug::allopurinol, Drug::febuxostat);
    auto const* drafted_thiopurine = chart.start_draft(azathioprine_mercaptopurine());
    auto const* drafted_inhibitor = chart.start_draft(inhibitors);
    if (!drafted_thiopurine && !drafted_inhibitor) return scene.no();
    auto const day = drafted_thiopurine ? drafted_thiopurine->start : drafted_inhibitor->start;
    auto const thiopurine = scene.present(azathioprine_mercaptopurine(), day);
    if (!thiopurine) return scene.no();
    auto const inhibitor = scene.present(inhibitors, day);
    if (!inhibitor) return scene.no();

    auto finding = scene.finding(Indicator::critical);
    scene.show(finding, "agents", *thiopurine.row(), thiopurine.ongoing);
    scene.show(finding, "agents", *inhibitor.row(), inhibitor.ongoing);
    finding.facts.text("thiopurine",
                       scene.drug_name(*thiopurine.row(), azathioprine_mercaptopurine()));
    finding.facts.text("inhibitor", scene.drug_name(*inhibitor.row(), inhibitors));
    for (auto const* draft : {drafted_inhibitor, drafted_thiopurine}) {
        if (!draft) continue;
        finding.medications.push_back(draft->row);
        auto const key = draft == drafted_inhibitor ? "remove-inhibitor" : "remove-thiopurine";
        finding.suggestions.push_back(remove_draft(*draft, key));
    }
    if (drafted_thiopurine) {
        offer_quarter_dose(scene, finding, *drafted_thiopurine);
    } else {
        auto const weight = chart.weight();
        auto const dose =
            daily_dose(*thiopurine.row(), day, weight ? std::optional{weight->kg} : std::nullopt);
        if (dose) finding.facts.text("mg_per_day", scene.number_text(dose.mg_per_day, 1));
        if (dose && weight) {
            finding.facts.text("mg_per_kg",
                               scene.number_text((dose.mg_per_day / weight->kg).rounded(1), 1));
        }
    }
    finding.suggestions.push_back(order_tests("order-cbc", {"cbc"}));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer thiopurine_cbc_overdue(Scene& scene) {
    auto const* draft = scene.chart().start_draft(thiopurines());
    if (!draft) return scene.no();
    if (scene.kind(*draft, thiopurines()) != DraftKind::continuation) return scene.no();
    auto const therapy = scene.therapy(thiopurines(), draft->start);
    auto const start =
        therapy && therapy->start ? std::optional{therapy->start.first} : std::nullopt;
    auto const last = newest(scene.blood_count_days());
    auto const age = test_age(last, start, scene.today());

    // Without a start the phase is not known; only what holds in every phase is concluded.
    auto const course_days =
        start ? std::optional{days_between(*start, draft->start)} : std::nullopt;
    auto const [limit, first_phases] = count_interval(scene.rule(), course_days);
    if (!age.over(limit)) {
        auto const open = !start && age.over(scene.days("first_days"));
        return open ? scene.unknown(Reason::date_imprecise, "start of the thiopurine therapy")
                    : scene.no();
    }
    auto const long_ago = !age.days || *age.days >= scene.days("warning_from_days");
    auto const warning = first_phases || long_ago;

    auto finding = scene.finding(warning ? Indicator::warning : Indicator::info);
    scene.show(finding, "orders", *draft->row);
    for (auto const* each : scene.chart().start_drafts(thiopurines()))
        finding.medications.push_back(each->row);
    show_test_age(scene, finding, "full blood count", age, limit);
    if (start) {
        finding.facts.text("course_start", scene.day_text(*start));
        finding.facts.text("course_days", scene.number_text(*course_days, 0));
    }
    finding.facts.text("interval", scene.number_text(limit, 0));
    finding.suggestions.push_back(order_tests("order-cbc", {"cbc"}));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

Answer thiopurine_tpmt_missing(Scene& scene) {
    auto const* draft = scene.chart().start_draft(thiopurines());
    if (!draft) return scene.no();
    if (scene.kind(*draft, thiopurines()) != DraftKind::initiation) return scene.no();
    auto const result = thiopurine_metabolism(scene);
    if (result.reads == Metabolism::other) return scene.no();
    auto const missing = result.reads == Metabolism::none;
    auto const deficient = result.reads == Metabolism::deficient;
    auto finding = missing     ? scene.finding(Indicator::info)
                   : deficient ? scene.finding(Indicator::critical, "deficient")
                               : scene.finding(Indicator::warning, "intermediate");
    scene.show(finding, "orders", *draft->row);
    for (auto const* each : scene.chart().start_drafts(thiopurines()))
        finding.medications.push_back(each->row);
    finding.facts.text("thiopurine", scene.drug_name(*draft->row, thiopurines()));
    finding.facts.flag("missing", missing);
    finding.facts.flag("deficient", deficient);
    if (result.row) {
        scene.show(finding, "result", *result.row);
        finding.facts.chart_text("test", result.row->code_text);
    }
    if (missing) {
        auto const& services = scene.record().services;
        finding.facts.flag("pending",
                           std::any_of(services.begin(), services.end(), [](ServiceRow const& row) {
                               return row.active && has(row.tests, Test::tpmt_nudt15);
                           }));
        finding.suggestions.push_back(order_tests("order-tpmt", {"tpmt"}));
        return scene.yes_by_absence(std::move(finding), queries(Query::observations));
    }
    if (deficient) {
        finding.suggestions.push_back(remove_draft(*draft, "remove-thiopurine"));
        finding.suggestions.push_back(order_tests("repeat-tpmt", {"tpmt"}));
        finding.selection = Selection::at_most_one;
    } else {
        finding.suggestions.push_back(order_tests("order-cbc", {"cbc"}));
    }
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

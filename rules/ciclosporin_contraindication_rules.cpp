#include <algorithm>

#include "rules/ciclosporin_dose.hpp"
#include "rules/ciclosporin_rules.hpp"

// What speaks against ciclosporin in this patient: kidney, blood pressure, cancer, allergy,
// infection, pregnancy. Catalogue 4.A. "Start" includes a restart, and a draft whose past could not
// be had.

namespace cds::rules {

namespace {

/// The drafts as `orders`, and the card's medications.
void show_orders(Scene& scene, Finding& finding, DraftList const& drafts) {
    for (auto const* draft : drafts) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
    }
}

void offer_removal(Finding& finding, DraftList const& drafts) {
    finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
    finding.selection = Selection::at_most_one;
}

/// CKD of any stage, kidney failure, dialysis; acute kidney injury only when it began at most
/// `days` ago.
std::vector<ConditionRow const*> kidney_conditions(Scene& scene, int days) {
    auto found = scene.active(set_of(Disease::kidney_disease, Disease::acute_kidney_injury));
    std::erase_if(found, [&](ConditionRow const* row) {
        if (!has(row->diseases, Disease::acute_kidney_injury)) return false;
        return !row->onset || days_between(row->onset.first, scene.today()) > days;
    });
    if (found.empty()) scene.rests_on(Query::conditions);
    return found;
}

/// Above the upper limit of its own report; without one above the adult limit for the sex, and
/// never under 18 years.
struct CreatinineLimit {
    bool above = false;
    std::string_view limit;  ///< with unit
    bool of_report = false;
};

CreatinineLimit judge_creatinine(Scene& scene, ResultRow const& row) {
    CreatinineLimit judged;
    if (row.range_high && row.reported) {
        auto as_reported = row;  // value and range share the reported unit
        as_reported.value = row.reported;
        judged.above = is_above(as_reported, *row.range_high) == Meets::yes;
        judged.of_report = true;
        std::string text = row.range_high->text(2);
        text += ' ';
        text += row.unit;
        judged.limit = scene.keep(text);
        return judged;
    }
    auto const age = scene.age_years();
    if (age && *age < scene.days("adult_age")) return judged;
    auto const male = scene.sex() == Sex::male;
    auto const& limit = scene.threshold(male ? "creatinine_male" : "creatinine_female");
    judged.above = is_above(row, limit) == Meets::yes;
    judged.limit = scene.keep(limit.text(0) + " µmol/L");
    return judged;
}

/// Whether a usable creatinine lies in the `days` up to and including the first day of the running
/// therapy.
bool has_baseline_creatinine(Scene& scene, Day day, int days) {
    auto const therapy = scene.therapy(ciclosporin(), day);
    // Without a known start no value can be told to be from before it.
    if (!therapy || !therapy->start) return false;
    auto const start = therapy->start.first;
    for (auto const& reading : scene.results(set_of(Test::creatinine))) {
        auto const age = days_between(reading.day(), start);
        if (reading.row->value && age >= 0 && age <= days) return true;
    }
    return false;
}

/// Creatinine or eGFR that shows abnormal function. The eGFR is asked for only when the creatinine
/// does not.
bool abnormal_result(Scene& scene, Finding& finding) {
    auto const days = scene.days("result_days");
    auto const creatinine = scene.newest(set_of(Test::creatinine));
    if (creatinine && within(*creatinine->row, days, scene.today())) {
        auto const judged = judge_creatinine(scene, *creatinine->row);
        scene.show(finding, "creatinine", *creatinine->row);
        if (creatinine->contradicted)
            scene.show(finding, "other_creatinine", *creatinine->contradicted);
        finding.facts.flag("creatinine_high", judged.above);
        finding.facts.text("creatinine_limit", judged.limit);
        finding.facts.flag("limit_of_report", judged.of_report);
        if (judged.above) return true;
    }
    auto const egfr = scene.newest(set_of(Test::egfr));
    if (!egfr || !within(*egfr->row, days, scene.today())) return false;
    scene.show(finding, "egfr", *egfr->row);
    auto const low = is_below(*egfr->row, scene.threshold("egfr_below")) == Meets::yes;
    finding.facts.flag("egfr_low", low);
    return low;
}

/// Results beside a kidney condition, for the wording only.
void show_kidney_results(Scene& scene, Finding& finding) {
    if (auto const newest = newest_result(scene.record(), set_of(Test::creatinine))) {
        scene.show(finding, "creatinine", *newest->row);
    }
    if (auto const newest = newest_result(scene.record(), set_of(Test::egfr)))
        scene.show(finding, "egfr", *newest->row);
}

}  // namespace

Answer csa_contra_renal(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    if (drafts.empty() || scene.transplant()) return scene.no();
    auto const day = drafts.front()->start;
    auto const start = starts_ciclosporin(scene.kind(*drafts.front(), ciclosporin()));
    auto const conditions = start ? kidney_conditions(scene, scene.days("acute_injury_days"))
                                  : std::vector<ConditionRow const*>{};
    // On treatment a rise is judged against the value before it (`csa-creatinine-rise`); only
    // without such a value does this card look at the newest one alone.
    if (!start && has_baseline_creatinine(scene, day, scene.days("baseline_days")))
        return scene.no();
    auto const indicator =
        start ? contraindication_indicator(ciclosporin_use(chart, day)) : Indicator::warning;
    auto finding = scene.finding(indicator, start ? "" : "no-baseline");
    for (auto const* row : conditions) scene.show(finding, "conditions", *row);
    if (!conditions.empty()) {
        show_kidney_results(scene, finding);
    } else if (!abnormal_result(scene, finding)) {
        return scene.no();
    }
    show_orders(scene, finding, drafts);
    finding.facts.flag("start", start);
    offer_removal(finding, drafts);
    finding.suggestions.push_back(order_tests("repeat-creatinine", {"creatinine"}));
    if (start) return scene.yes(std::move(finding));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

namespace {

std::string_view pressure_text(Scene& scene, DayPressure const& day) {
    return scene.keep(day.systolic.text(1) + "/" + day.diastolic.text(1) + " mmHg");
}

void show_pressure(Scene& scene, Finding& finding, DayPressure const& day) {
    auto& facts = finding.facts;
    facts.text("pressure", pressure_text(scene, day));
    facts.text("pressure_date", scene.day_text(day.day));
    facts.flag("mean", day.readings.size() > 1);
    facts.text("readings",
               scene.number_text(Rational{static_cast<long long>(day.readings.size())}, 0));
    facts.flag("contradictory", day.contradictory);
    for (auto const& reading : day.readings) {
        finding.evidence.push_back({"Observation", reading.systolic_row->id, "component",
                                    pressure_text(scene, day), reading.when.text});
    }
}

}  // namespace

Answer csa_contra_uncontrolled_htn(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    if (drafts.empty() || scene.transplant()) return scene.no();
    if (!starts_ciclosporin(scene.kind(*drafts.front(), ciclosporin()))) return scene.no();
    auto const& days = scene.pressures();
    if (days.empty() || days_between(days.front().day, scene.today()) > scene.days("pressure_days"))
        return scene.no();
    auto const& newest = days.front();
    auto const& systolic = scene.threshold("systolic");
    auto const& diastolic = scene.threshold("diastolic");
    auto const above = newest.systolic > systolic || newest.diastolic > diastolic;
    if (!above && newest.systolic < systolic && newest.diastolic < diastolic) return scene.no();
    auto const indicator =
        above ? contraindication_indicator(ciclosporin_use(chart, drafts.front()->start))
              : Indicator::info;
    auto finding = scene.finding(indicator, above ? "" : "at-limit");
    show_pressure(scene, finding, newest);
    show_orders(scene, finding, drafts);
    auto const age = chart.age_years();
    finding.facts.flag("child", age && *age < scene.days("adult_age"));
    finding.facts.flag("above", above);
    offer_removal(finding, drafts);
    finding.suggestions.push_back(order_tests("repeat-pressure", {"blood-pressure"}));
    if (!chart.present(set_of(Drug::dihydropyridine_ccb), drafts.front()->start)) {
        Suggestion treat;
        treat.key = "treat-pressure";
        treat.actions.push_back(prescribe_action("amlodipine"));
        finding.suggestions.push_back(std::move(treat));
    }
    return scene.yes(std::move(finding));
}

Answer csa_contra_malignancy(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    if (drafts.empty() || scene.transplant()) return scene.no();
    auto const found =
        scene.recorded(set_of(Disease::malignancy, Disease::melanoma, Disease::lymphoma));
    if (found.empty()) return scene.no();
    auto const use = ciclosporin_use(chart, drafts.front()->start);
    auto finding = scene.finding(contraindication_indicator(use));
    for (auto const* row : found) scene.show(finding, "malignancies", *row);
    // Named beside it; alone neither of them speaks.
    for (auto const* row :
         recorded_conditions(scene.record(), set_of(Disease::in_situ_malignancy, Disease::nmsc))) {
        if (std::find(found.begin(), found.end(), row) == found.end())
            scene.show(finding, "beside", *row);
    }
    show_orders(scene, finding, drafts);
    offer_removal(finding, drafts);
    Suggestion refer;
    refer.key = "refer-oncology";
    refer.actions.push_back(refer_action("oncology"));
    finding.suggestions.push_back(std::move(refer));
    return scene.yes(std::move(finding));
}

Answer csa_contra_hypersensitivity(Scene& scene) {
    auto drafts = scene.chart().start_drafts(ciclosporin());
    if (drafts.empty()) return scene.no();
    auto found = scene.allergies(set_of(Allergen::ciclosporin));
    std::erase_if(found, [](AllergyRow const* row) { return row->eye_product_only; });
    auto const vehicle_only = found.empty();
    if (vehicle_only) {
        // The concentrate for infusion contains polyoxyl castor oil; the capsules and the solution
        // do not matter here.
        drafts = ciclosporin_drafts(scene.chart(), true);
        scene.rests_on(Query::allergies);
        if (drafts.empty()) return scene.no();
        found = scene.allergies(set_of(Allergen::polyoxyl_castor_oil));
        if (found.empty()) return scene.no();
    }
    auto finding = scene.finding(Indicator::critical);
    for (auto const* row : found) scene.show(finding, "allergies", *row);
    finding.facts.flag("vehicle", vehicle_only);
    show_orders(scene, finding, drafts);
    finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
    return scene.yes(std::move(finding));
}

Answer csa_contra_active_infection(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    if (drafts.empty()) return scene.no();
    auto const found = scene.infections();
    if (found.empty()) return scene.no();
    auto const renewal = !starts_ciclosporin(chart.kind(*drafts.front(), ciclosporin()));
    auto finding = scene.finding(Indicator::critical, renewal ? "renewal" : "");
    for (auto const* row : found) scene.show(finding, "infections", *row);
    show_orders(scene, finding, drafts);
    finding.facts.flag("renewal", renewal);
    auto const use = ciclosporin_use(chart, drafts.front()->start);
    finding.facts.flag("acute_severe_uc", use.is(Disease::acute_severe_uc_label));
    offer_removal(finding, drafts);
    Suggestion treat;
    treat.key = "treat-first";
    treat.actions.push_back(task_action("treat-first"));
    treat.actions.push_back(test_action("cbc"));
    treat.actions.push_back(test_action("crp"));
    finding.suggestions.push_back(std::move(treat));
    return scene.yes(std::move(finding));
}

Answer csa_pregnancy(Scene& scene) {
    auto const drafts = scene.chart().start_drafts(ciclosporin());
    if (drafts.empty()) return scene.no();
    auto const pregnancies = scene.active(set_of(Disease::pregnancy));
    auto const lactation = scene.active(set_of(Disease::lactation));
    // A positive test in a man is no pregnancy.
    ResultRow const* test = nullptr;
    if (pregnancies.empty() && scene.record().patient.sex != Sex::male) {
        scene.ask(set_of(Test::hcg));
        test = pregnancy(scene.chart()).test;
    }
    auto const pregnant = !pregnancies.empty() || test;
    if (!pregnant && lactation.empty()) return scene.no();
    auto finding = scene.finding(Indicator::warning, pregnant ? "" : "lactation");
    for (auto const* row : pregnancies) scene.show(finding, "pregnancies", *row);
    for (auto const* row : lactation) scene.show(finding, "lactation", *row);
    if (test) scene.show(finding, "test", *test);
    finding.facts.flag("pregnant", pregnant);
    show_orders(scene, finding, drafts);
    finding.suggestions.push_back(task("ask-obstetrics"));
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

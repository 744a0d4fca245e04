#include <algorithm>

#include "rules/creatinine.hpp"
#include "rules/monitoring_rules.hpp"

// What must be known before ciclosporin. Catalogue 4.B `csa-baseline-incomplete`.

namespace cds::rules {

namespace {

/// One test of the baseline.
struct Item {
    std::string_view name;
    std::string_view order;  ///< key of orders.json
    TestSet tests;           ///< what an open request for it would be coded as
    std::optional<Day> last;
    bool core = false;
};

std::optional<Day> newest_outcome(Scene& scene, Test test) {
    for (auto const& reading : scene.results(set_of(test))) {
        if (reading.row->outcome != Outcome::indeterminate) return reading.day();
    }
    return std::nullopt;
}

bool any_confirmed(std::vector<ConditionRow const*> const& rows) {
    return std::any_of(rows.begin(), rows.end(),
                       [](ConditionRow const* row) { return is_confirmed(row->verification); });
}

/// Whether a pregnancy test belongs to the baseline: a woman of 12 to 55 at the start who is not
/// known to be sterile, postmenopausal or pregnant. `open`: nothing of that was found, but rows are
/// missing that could say it.
struct PregnancyTest {
    bool needed = false;
    QuerySet open;
};

PregnancyTest pregnancy_test(Scene& scene, Day start) {
    if (scene.sex() != Sex::female) return {};
    auto const age = scene.chart().age_years_at(start);
    if (!age) {
        scene.rests_on(Query::patient);
        return {};
    }
    if (Rational{*age} < scene.threshold("fertile_from_years") ||
        Rational{*age} > scene.threshold("fertile_to_years")) {
        return {};
    }
    auto const past = set_of(Disease::hysterectomy, Disease::oophorectomy, Disease::tubal_ligation,
                             Disease::postmenopausal);
    if (any_confirmed(recorded_conditions(scene.record(), past))) return {};
    if (any_confirmed(active_conditions(scene.record(), set_of(Disease::pregnancy)))) return {};
    auto const sterilised =
        set_of(Service::hysterectomy, Service::oophorectomy, Service::tubal_ligation);
    auto const& procedures = scene.record().procedures;
    auto const done =
        std::any_of(procedures.begin(), procedures.end(), [&](ProcedureRow const& row) {
            return row.completed && (row.services & sterilised).any();
        });
    if (done) return {};
    return {true, queries(Query::conditions, Query::procedures) & scene.record().queries.open()};
}

std::vector<Item> items(Scene& scene) {
    auto const& pressures = scene.pressures();
    auto const pressure = pressures.empty() ? std::nullopt : std::optional{pressures.front().day};
    auto const single = [&](std::string_view name, std::string_view order, Test test) {
        return Item{name, order, set_of(test), newest(scene.value_or_panel_days(test)), false};
    };
    auto creatinine = single("creatinine", "creatinine", Test::creatinine);
    creatinine.core = true;
    return {
        Item{"blood pressure", "blood-pressure", set_of(Test::blood_pressure), pressure, true},
        creatinine,
        single("BUN", "bun", Test::bun),
        Item{"blood count", "cbc", set_of(Test::cbc_panel, Test::leukocytes),
             newest(scene.blood_count_days()), false},
        Item{"liver tests", "lft", set_of(Test::lft_panel, Test::alt, Test::ast),
             newest(scene.liver_test_days()), false},
        Item{"urinalysis", "urinalysis", set_of(Test::urinalysis_panel, Test::urine_protein),
             newest(scene.urinalysis_days()), false},
        Item{"lipids", "lipids", set_of(Test::lipid_panel, Test::cholesterol),
             newest(scene.lipid_days()), false},
        single("magnesium", "magnesium", Test::magnesium),
        single("potassium", "potassium", Test::potassium),
        single("uric acid", "uric-acid", Test::uric_acid),
    };
}

/// Requested and not yet resulted: shown, never enough.
bool is_pending(Scene const& scene, Item const& item) {
    auto const& services = scene.record().services;
    return std::any_of(services.begin(), services.end(), [&](ServiceRow const& row) {
        if (!row.active || (row.tests & item.tests).none()) return false;
        auto const asked = row.authored ? row.authored : row.start;
        return !item.last || !asked || *item.last < asked.first;
    });
}

void show_present(Scene& scene, Finding& finding, Item const& item) {
    auto& entry = finding.facts.item("present");
    entry.text("name", item.name);
    entry.text("date", scene.day_text(*item.last));
    // A group of tests has no one value.
    if (item.tests.count() == 1) {
        for (auto const& reading : usable_results(scene.record(), item.tests)) {
            if (reading.day() != *item.last) continue;
            entry.chart_text("value", scene.value_text(*reading.row));
            break;
        }
    }
    if (item.tests == set_of(Test::blood_pressure)) {
        auto const& days = scene.shown_pressures();
        if (!days.empty()) {
            auto const& day = days.front();
            entry.text("value",
                       scene.keep(day.systolic.text(1) + "/" + day.diastolic.text(1) + " mmHg"));
        }
    }
}

/// The label asks for two creatinines and two blood pressures before the start (E18).
void show_single_readings(Scene& scene, Finding& finding, int days) {
    auto const recent = [&](Day day) { return days_between(day, scene.today()) <= days; };
    auto const values = usable_results(scene.record(), set_of(Test::creatinine));
    auto const creatinines =
        std::count_if(values.begin(), values.end(),
                      [&](Reading const& reading) { return recent(reading.day()); });
    std::size_t readings = 0;
    for (auto const& day : scene.shown_pressures()) {
        if (recent(day.day)) readings += day.readings.size();
    }
    finding.facts.flag("one_creatinine", creatinines == 1);
    finding.facts.flag("one_pressure", readings == 1);
}

Answer start_without_baseline(Scene& scene, Draft const& draft) {
    auto const days = scene.days("baseline_days");
    auto const pregnancy = pregnancy_test(scene, draft.start);
    auto all = items(scene);
    if (pregnancy.needed) {
        all.push_back(
            {"pregnancy test", "hcg", set_of(Test::hcg), newest_outcome(scene, Test::hcg), false});
    }
    auto const done = [&](Item const& item) {
        return item.last && days_between(*item.last, scene.today()) <= days;
    };
    auto core = false, ancillary = false;
    std::vector<Item const*> missing;
    missing.reserve(all.size());
    for (auto const& item : all) {
        if (done(item)) continue;
        if (item.order == "hcg" && pregnancy.open.any()) {
            scene.rests_on(pregnancy.open);  // whether the test is needed is not known
            continue;
        }
        missing.push_back(&item);
        (item.core ? core : ancillary) = true;
    }
    if (!core && !ancillary) return scene.no();

    auto finding = scene.finding(core ? Indicator::warning : Indicator::info);
    scene.show(finding, "orders", *draft.row);
    for (auto const* each : scene.chart().start_drafts(ciclosporin()))
        finding.medications.push_back(each->row);
    std::string names;
    Suggestion order;
    order.key = "order-missing";
    order.actions.reserve(missing.size());
    for (auto const* item : missing) {
        if (!names.empty()) names += ", ";
        names += item->name;
        auto& entry = finding.facts.item("missing");
        entry.text("name", item->name);
        entry.flag("pending", is_pending(scene, *item));
        if (item->last) entry.text("stale", scene.day_text(*item->last));
        if (item->order != "blood-pressure") order.actions.push_back(test_action(item->order));
    }
    finding.facts.text("items", scene.keep(names));
    for (auto const& item : all) {
        if (done(item)) show_present(scene, finding, item);
    }
    show_single_readings(scene, finding, days);
    if (!order.actions.empty()) finding.suggestions.push_back(std::move(order));
    if (missing.front()->order == "blood-pressure")
        finding.suggestions.push_back(task("measure-pressure"));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

/// On treatment there is nothing to compare with when no creatinine with a value was taken before
/// it, or when the start is not known to the day or month.
Answer continuation_without_baseline(Scene& scene, CiclosporinCourse const& course) {
    CreatinineCourse creatinine;
    if (course.start) {
        creatinine = creatinine_course(scene, *course.start, scene.days("before_start_days"));
    }
    if (!creatinine.baseline.empty()) return scene.no();
    auto finding = scene.finding(Indicator::info, "continuation");
    show_course(scene, finding, course);
    finding.facts.flag("continuation", true);
    if (!creatinine.on_treatment.empty())
        scene.show(finding, "current", *creatinine.on_treatment.front().row);
    finding.suggestions.push_back(task("find-baseline"));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace

Answer csa_baseline_incomplete(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft || scene.transplant()) return scene.no();
    switch (scene.kind(*draft, ciclosporin())) {
        case DraftKind::initiation:
        case DraftKind::restart:
            return start_without_baseline(scene, *draft);
        case DraftKind::continuation:
            if (auto const course = continued_ciclosporin(scene))
                return continuation_without_baseline(scene, *course);
            break;
        case DraftKind::unknown:
            break;  // a monitoring rule stays silent then
    }
    return scene.no();
}

}  // namespace cds::rules

#include "rules/ciclosporin_course.hpp"

#include <algorithm>

namespace cds::rules {

namespace {

std::optional<Rational> weight_kg(Scene const& scene) {
    auto const weight = scene.chart().weight();
    return weight ? std::optional{weight->kg} : std::nullopt;
}

/// Lowest dose for eczema, mg/kg/day: 3 for adults (S4 L33), 2 under 18 years (S4 L128-131). No
/// other indication has a lower end that the catalogue states.
Rational lowest_mg_per_kg(Scene const& scene, CiclosporinCourse const& course) {
    if (!ciclosporin_use(scene.chart(), course.day).is(Disease::atopic_dermatitis)) return 0;
    auto const age = scene.chart().age_years();
    return age && *age < 18 ? 2 : 3;
}

bool is_whole(Rational const& number) { return number.floor_to(1) == number; }

}  // namespace

std::optional<CiclosporinCourse> continued_ciclosporin(Scene& scene) {
    auto const* draft = scene.chart().start_draft(ciclosporin());
    if (!draft || scene.transplant()) return std::nullopt;
    if (scene.kind(*draft, ciclosporin()) != DraftKind::continuation) return std::nullopt;
    CiclosporinCourse course{draft, draft->start, std::nullopt};
    auto const therapy = scene.therapy(ciclosporin(), draft->start);
    // A month counts from its first day: the limits come due earlier (catalogue 3.1).
    if (therapy && therapy->start) course.start = therapy->start.first;
    return course;
}

std::vector<DoseStep> dose_steps(Scene const& scene, Day start, Day until) {
    std::vector<std::pair<Day, MedicationRow const*>> orders;
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (exposure.source() != MedicationSource::request || !row.systemic) continue;
        if (!has(row.drugs, Drug::ciclosporin) || !exposure.start) continue;
        auto const from = exposure.start.first;
        if (from >= start && from <= until) orders.emplace_back(from, &row);
    }
    std::stable_sort(orders.begin(), orders.end(),
                     [](auto const& a, auto const& b) { return a.first < b.first; });
    auto const kg = weight_kg(scene);
    std::vector<DoseStep> steps;
    for (std::size_t i = 0; i < orders.size();) {
        auto const from = orders[i].first;
        std::vector<MedicationRow const*> together;
        while (i < orders.size() && orders[i].first == from) together.push_back(orders[i++].second);
        auto const dose = daily_dose(together, from, kg);
        if (dose) steps.push_back({from, dose.mg_per_day});
    }
    return steps;
}

std::vector<Reduction> standing_reductions(Scene const& scene, Day start, Day newest) {
    auto const steps = dose_steps(scene, start, scene.today());
    std::vector<Reduction> found;
    for (std::size_t i = 1; i < steps.size(); ++i) {
        auto const& former = steps[i - 1].mg_per_day;
        if (!(steps[i].mg_per_day < former)) continue;
        auto const raised_back =
            std::any_of(steps.begin() + static_cast<std::ptrdiff_t>(i), steps.end(),
                        [&](DoseStep const& later) {
                            return later.from < newest && later.mg_per_day >= former;
                        });
        if (!raised_back) found.push_back({steps[i].from, former, steps[i].mg_per_day});
    }
    return found;
}

std::optional<DraftedDose> drafted_dose(Scene const& scene, CiclosporinCourse const& course) {
    std::vector<MedicationRow const*> rows;
    for (auto const* draft : scene.chart().start_drafts(ciclosporin())) rows.push_back(draft->row);
    auto const kg = weight_kg(scene);
    auto const dose = daily_dose(rows, course.day, kg);
    if (!dose) return std::nullopt;
    DraftedDose found{dose.mg_per_day, std::nullopt};
    if (kg) found.mg_per_kg = (dose.mg_per_day / *kg).rounded(1);
    return found;
}

namespace {

/// The daily dose that the patient has now by the orders, else by what is stated as taken.
std::optional<Rational> dose_in_force(Scene const& scene, CiclosporinCourse const& course) {
    if (course.start) {
        auto const steps = dose_steps(scene, *course.start, course.day);
        if (!steps.empty()) return steps.back().mg_per_day;
    }
    auto const kg = weight_kg(scene);
    for (auto const* exposure : scene.chart().all_ongoing(ciclosporin(), course.day)) {
        auto const dose = daily_dose(*exposure->row, course.day, kg);
        if (dose) return dose.mg_per_day;
    }
    return std::nullopt;
}

}  // namespace

std::optional<Lowering> drafted_lowering(Scene const& scene, CiclosporinCourse const& course) {
    auto const drafted = drafted_dose(scene, course);
    auto const in_force = dose_in_force(scene, course);
    if (!drafted || !in_force || !(drafted->mg_per_day < *in_force)) return std::nullopt;
    auto const by = *in_force - drafted->mg_per_day;
    Lowering lowering{*in_force, drafted->mg_per_day, std::nullopt, by / *in_force * Rational{100}};
    if (auto const kg = weight_kg(scene)) lowering.by_mg_per_kg = (by / *kg).rounded(1);
    return lowering;
}

std::optional<DoseChange> lowered_to(Scene const& scene, CiclosporinCourse const& course,
                                     Rational const& target_mg_per_day) {
    auto const kg = weight_kg(scene);
    auto const drafts = scene.chart().start_drafts(ciclosporin());
    if (!kg || drafts.size() != 1) return std::nullopt;
    auto const& row = *course.draft->row;
    if (row.dosages.size() != 1 || row.route == Route::intravenous) return std::nullopt;
    auto const dose = daily_dose(row, course.day, kg);
    if (!dose || dose.continuous) return std::nullopt;
    auto const times =
        dose.times_per_day && is_whole(*dose.times_per_day) && *dose.times_per_day > Rational{0}
            ? *dose.times_per_day
            : Rational{2};
    auto const each = (target_mg_per_day / times).floor_to(25);
    if (!(each > Rational{0})) return std::nullopt;
    DoseChange change;
    change.mg_per_day = each * times;
    change.mg_per_kg = (change.mg_per_day / *kg).rounded(1);
    if (!(change.mg_per_day < dose.mg_per_day)) return std::nullopt;
    if (change.mg_per_kg < lowest_mg_per_kg(scene, course)) return std::nullopt;
    change.action.type = Action::Type::update_dose;
    change.action.medication = &row;
    change.action.dose_mg = each;
    change.action.times_per_day = static_cast<int>(times.approximate());
    return change;
}

void list_result(Scene const& scene, Finding& finding, std::string_view list,
                 ResultRow const& row) {
    auto& item = finding.facts.item(list);
    item.chart_text("value", scene.value_text(row));
    item.text("date", scene.day_text(row.when.first));
    finding.evidence.push_back(
        {"Observation", row.id, "value", scene.value_text(row), row.when.text});
}

void show_course(Scene const& scene, Finding& finding, CiclosporinCourse const& course) {
    auto& facts = finding.facts;
    if (course.start) {
        facts.text("course_start", scene.day_text(*course.start));
        facts.text("course_days", scene.number_text(days_between(*course.start, course.day), 0));
    }
    facts.text("day", scene.day_text(course.day));
    for (auto const* draft : scene.chart().start_drafts(ciclosporin())) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
    }
}

}  // namespace cds::rules

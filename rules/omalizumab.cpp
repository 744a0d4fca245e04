#include "rules/omalizumab.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace cds::rules {

namespace {

struct UseDisease {
    OmalizumabUse use;
    Disease disease;
};
/// In the order in which the problem list decides (catalogue `oma-dose-exceeds-max`).
constexpr std::array uses{
    UseDisease{OmalizumabUse::asthma, Disease::asthma},
    UseDisease{OmalizumabUse::urticaria, Disease::chronic_urticaria},
    UseDisease{OmalizumabUse::nasal_polyps, Disease::nasal_polyps},
    UseDisease{OmalizumabUse::food_allergy, Disease::food_allergy},
};

}  // namespace

OmalizumabUse omalizumab_use(Scene& scene, Draft const& draft) {
    auto const use = use_of(scene.chart(), draft.row, draft.start);
    for (auto const& known : uses) {
        if (use.is(known.disease)) return known.use;
    }
    if (!use.stated) scene.rests_on(Query::conditions);
    return OmalizumabUse::unknown;
}

std::string_view name(OmalizumabUse use) {
    switch (use) {
        case OmalizumabUse::asthma:
            return "asthma";
        case OmalizumabUse::urticaria:
            return "chronic spontaneous urticaria";
        case OmalizumabUse::nasal_polyps:
            return "nasal polyps";
        case OmalizumabUse::food_allergy:
            return "food allergy";
        case OmalizumabUse::unknown:
            break;
    }
    return {};
}

Hypersensitivity infliximab_hypersensitivity(Scene& scene) {
    return {scene.allergies(set_of(Allergen::infliximab, Allergen::murine_protein)), {}};
}

Hypersensitivity omalizumab_hypersensitivity(Scene& scene) {
    return {scene.allergies(set_of(Allergen::omalizumab)),
            scene.recorded(set_of(Disease::omalizumab_anaphylaxis))};
}

bool omalizumab_ruled_out(Scene& scene) {
    auto const& record = scene.record();
    return !active_allergies(record, set_of(Allergen::omalizumab)).empty() ||
           !recorded_conditions(record, set_of(Disease::omalizumab_anaphylaxis)).empty();
}

OmalizumabDose omalizumab_dose(Scene& scene, Draft const& draft) {
    OmalizumabDose dose;
    auto const& row = *draft.row;
    auto const weight = scene.chart().weight();
    auto const unit =
        unit_dose(row, draft.start, weight ? std::optional{weight->kg} : std::nullopt);
    if (!unit) return dose;
    dose.mg = unit.mg;
    dose.interval_days = unit.interval_days;
    if (dose.interval_days) return dose;
    auto const lines = dosages_in_force(row, draft.start);
    if (!lines.empty() && lines.front()->per_day && *lines.front()->per_day > Rational{0}) {
        dose.interval_days = Rational{1} / *lines.front()->per_day;  // a daily timing code
        return dose;
    }
    std::vector<Day> days;
    for (auto const& event : row.events) {
        if (event.precision >= base::Precision::day) days.push_back(event.first);
    }
    std::sort(days.begin(), days.end());
    for (std::size_t i = 1; i < days.size(); ++i) {
        Rational const gap{days_between(days[i - 1], days[i])};
        if (gap > Rational{0} && (!dose.interval_days || gap < *dose.interval_days))
            dose.interval_days = gap;
    }
    return dose;
}

void show_dose(Scene& scene, Finding& finding, OmalizumabDose const& dose) {
    if (dose.mg) finding.facts.text("dose", scene.number_text(*dose.mg, 1));
    if (dose.interval_days)
        finding.facts.text("interval", scene.number_text(*dose.interval_days, 1));
}

namespace {

/// A course of omalizumab before the one that the draft belongs to, or that one itself.
struct Course {
    Day first_dose{};
    std::optional<Day> ended;
};

/// First dose of a course: its first injection when that is on record near the start, else its
/// start.
Day first_dose(Chart const& chart, Therapy const& therapy) {
    auto const start = therapy.start.first;
    std::optional<Day> given;
    for (auto const& exposure : chart.exposures()) {
        if (!has(exposure.row->drugs, Drug::omalizumab) || !exposure.start) continue;
        if (exposure.source() != MedicationSource::administration || exposure.start.first < start)
            continue;
        if (!given || exposure.start.first < *given) given = exposure.start.first;
    }
    return given && days_between(start, *given) <= chain_gap_days(omalizumab()) ? *given : start;
}

/// The limits of the current rule's knowledge.
struct IgeLimits {
    int months_before = 0;        ///< oldest that counts, before the first dose
    int days_after_course = 0;    ///< how long a course still raises it
    int interruption_months = 0;  ///< shorter than this: the earlier course's IgE stays valid
};

/// A result taken under the influence of a course: after its first dose, and for a time after its
/// end.
bool under_influence(ResultRow const& row, Course const& course, IgeLimits const& limits) {
    auto const day = row.when.first;
    return day > course.first_dose &&
           (!course.ended || days_between(*course.ended, day) <= limits.days_after_course);
}

/// The newest IgE before `courses[index]`, else the previous course's one when the interruption was
/// short.
std::optional<Reading> ige_before(std::vector<Reading> const& results,
                                  std::vector<Course> const& courses, std::size_t index,
                                  IgeLimits const& limits) {
    auto const& course = courses[index];
    auto const* previous = index > 0 ? &courses[index - 1] : nullptr;
    for (auto const& reading : results) {
        if (reading.day() > course.first_dose) continue;
        if (previous && reading.day() <= previous->first_dose)
            break;  // belongs to the earlier course
        if (base::add_months(reading.day(), limits.months_before) < course.first_dose) break;
        if (!previous || !under_influence(*reading.row, *previous, limits)) return reading;
    }
    auto const short_interruption =
        previous && previous->ended &&
        course.first_dose < base::add_months(*previous->ended, limits.interruption_months);
    if (short_interruption) return ige_before(results, courses, index - 1, limits);
    return std::nullopt;
}

}  // namespace

PretreatmentIge pretreatment_ige(Scene& scene, Draft const& draft) {
    PretreatmentIge found;
    auto const& chart = scene.chart();
    scene.rests_on(medication_queries());  // an earlier row would move the first dose
    std::vector<Course> courses;
    auto const therapies = chart.therapies(omalizumab(), draft.start);
    for (auto const& therapy : therapies) {
        if (!therapy.start) {
            found.start_unknown = true;
            continue;
        }
        courses.push_back({first_dose(chart, therapy), therapy.ended});
    }
    auto const goes_on = chart.kind(draft, omalizumab()) == DraftKind::continuation;
    if (!goes_on) courses.push_back({draft.start, std::nullopt});
    auto const results = scene.results(set_of(Test::ige));
    // Without the start of the running course no IgE can be called a pre-treatment one.
    auto const usable =
        !courses.empty() && !(found.start_unknown && goes_on && !therapies.back().start);
    IgeLimits const limits{scene.days("ige_months_before"), scene.days("ige_days_after_course"),
                           scene.days("interruption_months")};
    if (usable) found.reading = ige_before(results, courses, courses.size() - 1, limits);
    if (!found.reading && !results.empty()) found.during = results.front().row;
    return found;
}

Draft const* asthma_draft(Scene& scene) {
    for (auto const* draft : scene.chart().start_drafts(omalizumab())) {
        if (omalizumab_use(scene, *draft) != OmalizumabUse::asthma) continue;
        auto const age = scene.age_years();
        // Under 12 years another table applies, which is not part of this service.
        return age && *age >= 12 ? draft : nullptr;
    }
    return nullptr;
}

namespace {

/// Which of the bands that end at thresholds `stem`_to_1, `stem`_to_2 … a value lies in. 0: below
/// `stem`_from, the first band's lower end. `count`+1: above the last. none: the comparator leaves
/// it open.
std::optional<int> band(RuleInfo const& rule, std::string const& stem, int count,
                        ResultRow const& row) {
    auto const below = is_below(row, rule.threshold(stem + "_from"));
    if (below == Meets::open) return std::nullopt;
    if (below == Meets::yes) return 0;
    for (int i = 1; i <= count; ++i) {
        auto const inside = is_at_most(row, rule.threshold(stem + "_to_" + std::to_string(i)));
        if (inside == Meets::open) return std::nullopt;
        if (inside == Meets::yes) return i;
    }
    return count + 1;
}

bool has_threshold(RuleInfo const& rule, std::string const& name) {
    return std::any_of(rule.thresholds.begin(), rule.thresholds.end(),
                       [&](Threshold const& threshold) { return threshold.name == name; });
}

constexpr int ige_bands = 7;
constexpr int weight_bands = 4;

}  // namespace

TableCell table_cell(RuleInfo const& rule, ResultRow const& ige, ResultRow const& weight) {
    TableCell cell;
    auto const line = band(rule, "ige", ige_bands, ige);
    auto const column = band(rule, "kg", weight_bands, weight);
    auto const outside = [](std::optional<int> const& at, int count) {
        return at && (*at == 0 || *at > count);
    };
    if (outside(line, ige_bands) || outside(column, weight_bands)) {
        cell.state = TableCell::State::no_cell;
        return cell;
    }
    if (!line || !column) return cell;
    auto const stem = "cell_" + std::to_string(*line) + "_" + std::to_string(*column);
    if (!has_threshold(rule, stem + "_mg")) {
        cell.state = TableCell::State::no_cell;
        return cell;
    }
    cell.state = TableCell::State::found;
    cell.mg = rule.threshold(stem + "_mg");
    cell.every_days = rule.days(stem + "_days");
    return cell;
}

}  // namespace cds::rules

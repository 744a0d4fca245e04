#include <algorithm>
#include <array>
#include <string>

#include "base/text.hpp"
#include "rules/biologic_rules.hpp"

// How infliximab is dosed: the induction schedule, and the limit in heart failure. Catalogue 4.A.

namespace cds::rules {

namespace {

constexpr std::size_t compared_doses = 3;

/// The dates of a repeated dose, as far as they are compared: until its end or count says stop.
void add_interval_dates(Dosage const& line, Day from, std::vector<Day>& days) {
    if (!line.interval_days) return;
    auto const step = static_cast<int>(line.interval_days->rounded(0).approximate());
    if (step < 1) return;
    auto const count = line.node["timing"]["repeat"]["count"].integer();
    auto day = line.bounds_start ? line.bounds_start.first : from;
    for (std::size_t i = 0; i < compared_doses; ++i) {
        if (count && static_cast<long long>(i) >= *count) break;
        if (line.bounds_end && day > line.bounds_end.last) break;
        days.push_back(day);
        day += std::chrono::days{step};
    }
}

/// The first dates that the order states, oldest first, each day once.
std::vector<Day> stated_dates(Draft const& draft) {
    std::vector<Day> days;
    for (auto const& event : draft.row->events) {
        if (event.precision >= base::Precision::day) days.push_back(event.first);
    }
    for (auto const& line : draft.row->dosages) {
        if (line.node["timing"]["event"].size() == 0) add_interval_dates(line, draft.start, days);
    }
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
    if (days.size() > compared_doses) days.resize(compared_doses);
    return days;
}

bool is_subcutaneous(MedicationRow const& row) {
    return row.route == Route::subcutaneous || row.product.brand == "zymfentra";
}

}  // namespace

Answer ifx_induction_schedule(Scene& scene) {
    auto const& chart = scene.chart();
    static constexpr std::array names{"day_1", "day_2", "day_3"};
    for (auto const* draft : chart.start_drafts(infliximab())) {
        auto const days = stated_dates(*draft);
        if (days.size() < 2 || is_subcutaneous(*draft->row)) continue;
        auto const tolerance = scene.days("tolerance_days");
        auto off = false;
        for (std::size_t i = 1; i < days.size(); ++i) {
            auto const apart = days_between(days.front(), days[i]) - scene.days(names[i]);
            off = off || apart > tolerance || apart < -tolerance;
        }
        if (!off) continue;
        // Acute severe colitis may need an accelerated induction.
        if (use_of(chart, draft->row, draft->start).is(Disease::acute_severe_uc_label)) continue;
        if (scene.kind(*draft, infliximab()) != DraftKind::initiation) continue;
        auto finding = scene.finding(Indicator::info);
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
        for (auto day : days) {
            auto& item = finding.facts.item("dates");
            item.text("date", scene.day_text(day));
            item.text("day_number",
                      scene.number_text(Rational{days_between(days.front(), day)}, 0));
        }
        Suggestion change;
        change.key = "change-schedule";
        Action action;
        action.type = Action::Type::update_dose;
        action.medication = draft->row;
        auto const first = std::max(days.front(), scene.today());
        for (auto const* name : names)
            action.events.push_back(first + std::chrono::days{scene.days(name)});
        change.actions.push_back(std::move(action));
        finding.suggestions.push_back(std::move(change));
        return scene.yes(std::move(finding));
    }
    return scene.no();
}

namespace {

/// NYHA class 1 to 4 that a set of facts states; 0 when it states none. Of several the highest.
int nyha_class(DiseaseSet const& diseases) {
    static constexpr std::array classes{Disease::nyha_4, Disease::nyha_3, Disease::nyha_2,
                                        Disease::nyha_1};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        if (has(diseases, classes[i])) return 4 - static_cast<int>(i);
    }
    return 0;
}

int nyha_class_of_words(Scene& scene, std::string_view text) {
    std::string folded;
    base::fold(text, folded);
    auto const stated = nyha_class(scene.terminology().match_always_text(folded));
    if (stated != 0) return stated;
    // The code already says NYHA; the value may be the class alone: "III", "Class III (moderate)",
    // "3".
    static constexpr std::array<std::pair<std::string_view, int>, 8> words{
        {{"i", 1}, {"ii", 2}, {"iii", 3}, {"iv", 4}, {"1", 1}, {"2", 2}, {"3", 3}, {"4", 4}}};
    auto rest = std::string_view{folded};
    if (auto const at = rest.find("class "); at != std::string_view::npos)
        rest.remove_prefix(at + 6);
    auto const word = rest.substr(0, rest.find(' '));
    for (auto const& [name, number] : words) {
        if (word == name) return number;
    }
    return 0;
}

int nyha_class_of_result(Scene& scene, ResultRow const& row) {
    auto highest = 0;
    for (auto coding : row.node["valueCodeableConcept"]["coding"].each()) {
        auto const* meaning = scene.terminology().find(
            scene.terminology().system(coding["system"].string()), coding["code"].string());
        if (meaning) highest = std::max(highest, nyha_class(meaning->diseases));
        highest = std::max(highest, nyha_class_of_words(scene, coding["display"].string()));
    }
    highest = std::max(highest, nyha_class_of_words(scene, row.text));
    if (highest == 0 && !row.number.empty()) highest = nyha_class_of_words(scene, row.number);
    return highest;
}

/// The newest statement of the NYHA class: an Observation, or an active Condition with its code or
/// words.
struct NyhaStatement {
    int nyha = 0;
    std::optional<Day> day;  ///< none: an undated Condition
    ResultRow const* result = nullptr;
    ConditionRow const* condition = nullptr;
};

/// Of two statements the newer; of one day, or without a date, the higher class.
bool replaces(NyhaStatement const& next, NyhaStatement const& now) {
    if (now.nyha == 0) return true;
    if (next.day && now.day && *next.day != *now.day) return *next.day > *now.day;
    return next.nyha > now.nyha;
}

NyhaStatement newest_nyha(Scene& scene, std::vector<ConditionRow const*> const& conditions,
                          bool results) {
    NyhaStatement newest;
    for (auto const* row : conditions) {
        NyhaStatement next{nyha_class(row->diseases), std::nullopt, nullptr, row};
        if (row->onset) next.day = row->onset.first;
        if (next.nyha != 0 && replaces(next, newest)) newest = next;
    }
    if (!results) return newest;
    scene.ask(set_of(Test::nyha));
    for (auto const& row : scene.record().results) {
        if (row.test != Test::nyha || row.status != ResultStatus::usable || row.data_absent)
            continue;
        if (!not_after_now(row.when, scene.record().context)) continue;
        NyhaStatement const next{nyha_class_of_result(scene, row), row.when.first, &row, nullptr};
        if (next.nyha != 0 && replaces(next, newest)) newest = next;
    }
    return newest;
}

/// mg/kg of one infusion, rounded to one decimal; why it cannot be told otherwise.
struct PerKg {
    std::optional<Rational> value;
    std::optional<Rational> mg;
    std::string_view missing;
};

PerKg infliximab_per_kg(MedicationRow const& row, Day day,
                        std::optional<Chart::Weight> const& weight) {
    PerKg per_kg;
    auto const dose = unit_dose(row, day, weight ? std::optional{weight->kg} : std::nullopt);
    if (dose.mg_per_kg && (dose || dose.problem == DoseProblem::no_weight)) {
        per_kg.value = dose.mg_per_kg->rounded(1);  // ordered by weight: needs none here
        if (dose) per_kg.mg = dose.mg;
    } else if (!dose) {
        per_kg.missing = "dose of infliximab";
    } else if (!weight) {
        per_kg.missing = "body weight";
        per_kg.mg = dose.mg;
    } else {
        per_kg.mg = dose.mg;
        per_kg.value = (dose.mg / weight->kg).rounded(1);
    }
    return per_kg;
}

}  // namespace

Answer ifx_heart_failure_dose(Scene& scene) {
    auto const drafts = scene.chart().start_drafts(infliximab());
    if (drafts.empty()) return scene.no();
    auto const failure = scene.active(set_of(Disease::heart_failure));
    auto const staged =
        scene.active(set_of(Disease::nyha_1, Disease::nyha_2, Disease::nyha_3, Disease::nyha_4));
    if (failure.empty() && staged.empty()) return scene.no();
    auto const nyha = newest_nyha(scene, staged, true);
    // A class by Observation says something only of a heart failure that is on the problem list.
    if (nyha.nyha < 3 || (nyha.result && failure.empty())) return scene.no();
    std::string_view missing;
    for (auto const* draft : drafts) {
        auto const weight = scene.weight();
        auto const per_kg = infliximab_per_kg(*draft->row, draft->start, weight);
        if (!per_kg.value) missing = per_kg.missing;
        auto const& limit = scene.threshold("max_mg_per_kg");
        if (!per_kg.value || !(*per_kg.value > limit)) continue;
        auto finding = scene.finding(Indicator::critical);
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
        for (auto const* row : failure) scene.show(finding, "heart_failure", *row);
        if (nyha.result) scene.show(finding, "nyha", *nyha.result);
        if (nyha.condition) scene.show(finding, "nyha_condition", *nyha.condition);
        finding.facts.text("mg_per_kg", scene.number_text(*per_kg.value, 1));
        if (per_kg.mg) finding.facts.text("mg", scene.number_text(*per_kg.mg, 1));
        if (weight) {
            scene.show(finding, "weight", *weight->row);
            finding.facts.flag("weight_stale", weight->stale);
            Suggestion lower;
            lower.key = "lower-dose";
            Action action;
            action.type = Action::Type::update_dose;
            action.medication = draft->row;
            action.dose_mg = limit * weight->kg;
            finding.facts.text("new_mg", scene.number_text(*action.dose_mg, 2));
            lower.actions.push_back(std::move(action));
            finding.suggestions.push_back(std::move(lower));
        }
        finding.suggestions.push_back(remove_draft(*draft, "remove-infliximab"));
        finding.selection = Selection::at_most_one;
        return scene.yes(std::move(finding));
    }
    if (!missing.empty()) return scene.unknown(Reason::not_supplied, missing);
    return scene.no();
}

}  // namespace cds::rules

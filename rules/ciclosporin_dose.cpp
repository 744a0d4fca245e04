#include "rules/ciclosporin_dose.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace cds::rules {

namespace {

/// Ciclosporin capsules come in 25 mg steps. Source: catalogue section 7.
constexpr long long capsule_mg = 25;

bool is_rate(Dosage const& dosage) {
    return dosage.amount == Amount::mg_per_hour || dosage.amount == Amount::mg_per_kg_per_hour;
}

std::optional<Day> end_of(MedicationRow const& row) {
    if (row.bounds_end) return row.bounds_end.last;
    if (row.validity_end) return row.validity_end.last;
    return std::nullopt;
}

/// Doses in mg for each kg need the weight as well as the comparison does.
bool weight_matters(DailyDose const& without_weight) {
    return without_weight || without_weight.problem == DoseProblem::no_weight;
}

void divide_by_weight(CiclosporinDose& dose) {
    if (dose.daily && dose.weight)
        dose.mg_per_kg = (dose.daily.mg_per_day / dose.weight->kg).rounded(1);
}

CiclosporinDose dose_on(std::vector<MedicationRow const*> rows, Day day,
                        std::optional<Chart::Weight> const& weight) {
    CiclosporinDose dose;
    dose.day = day;
    dose.weight = weight;
    dose.daily = daily_dose(rows, day, weight ? std::optional{weight->kg} : std::nullopt);
    dose.rows = std::move(rows);
    divide_by_weight(dose);
    return dose;
}

}  // namespace

bool is_intravenous_ciclosporin(MedicationRow const& row) {
    if (row.route == Route::intravenous) return true;
    if (row.route != Route::absent && row.route != Route::other) return false;
    if (std::any_of(row.dosages.begin(), row.dosages.end(), is_rate)) return true;
    // The oral solution has 100 mg/mL, the concentrate for infusion 50 mg/mL.
    if (row.product.mg_per_ml && *row.product.mg_per_ml == Rational{50}) return true;
    std::string words;
    base::fold(row.label, words);
    return words.find("injection") != std::string::npos ||
           words.find("infusion") != std::string::npos;
}

DraftList ciclosporin_drafts(Chart const& chart, bool intravenous) {
    DraftList drafts;
    for (auto const* draft : chart.start_drafts(ciclosporin())) {
        if (is_intravenous_ciclosporin(*draft->row) == intravenous) drafts.push_back(draft);
    }
    return drafts;
}

Indicator contraindication_indicator(Use const& use) {
    auto const outright =
        set_of(Disease::atopic_dermatitis, Disease::psoriasis, Disease::rheumatoid_arthritis);
    if ((use.diseases & outright).any()) return Indicator::critical;
    // Asthma, polyps and the like on the problem list are no reason for ciclosporin: its purpose
    // stays unknown.
    auto const known = set_of(Disease::acute_severe_uc_label, Disease::ulcerative_colitis,
                              Disease::other_dermatosis, Disease::crohns_disease, Disease::behcet,
                              Disease::transplant);
    auto const unknown = !use.stated && !use.unrecognised && (use.diseases & known).none();
    return unknown ? Indicator::critical : Indicator::warning;
}

bool starts_ciclosporin(DraftKind kind) { return kind != DraftKind::continuation; }

namespace {

/// Orders that are in force together from a day on.
struct Together {
    std::vector<MedicationRow const*> rows;
    Day day{};
};

std::vector<Together> in_force_together(DraftList const& drafts) {
    std::vector<Together> periods;
    for (auto const* first : drafts) {
        Together together{{}, first->start};
        for (auto const* draft : drafts) {
            auto const end = end_of(*draft->row);
            auto const in_force = draft->start <= first->start && (!end || *end >= first->start);
            if (draft == first || in_force) together.rows.push_back(draft->row);
        }
        periods.push_back(std::move(together));
    }
    return periods;
}

CiclosporinDose highest_dose(std::vector<Together> periods,
                             std::optional<Chart::Weight> const& weight) {
    std::optional<CiclosporinDose> highest;
    for (auto& period : periods) {
        auto dose = dose_on(std::move(period.rows), period.day, weight);
        if (!dose.daily) return dose;  // one order that cannot be read makes the whole unverifiable
        if (!highest || dose.daily.mg_per_day > highest->daily.mg_per_day)
            highest = std::move(dose);
    }
    return highest ? *highest : CiclosporinDose{};
}

}  // namespace

CiclosporinDose ciclosporin_dose(Scene& scene, DraftList const& drafts) {
    auto& known = scene.known_doses().all;
    for (auto const& one : known) {
        if (one.drafts != drafts) continue;
        if (one.asked_for_weight) scene.weight();  // this rule's answer rests on it too
        return one.dose;
    }
    auto periods = in_force_together(drafts);
    auto const needs_weight =
        !periods.empty() && std::all_of(periods.begin(), periods.end(), [](Together const& period) {
            return weight_matters(daily_dose(period.rows, period.day, std::nullopt));
        });
    auto const weight = needs_weight ? scene.weight() : std::nullopt;
    auto dose = highest_dose(std::move(periods), weight);
    known.push_back({drafts, std::move(dose), needs_weight});
    return known.back().dose;
}

namespace {

std::vector<MedicationRow const*> ongoing_rows(Chart const& chart, Day day,
                                               MedicationSource source) {
    std::vector<MedicationRow const*> rows;
    for (auto const* exposure : chart.all_ongoing(ciclosporin(), day)) {
        if (exposure->source() == source) rows.push_back(exposure->row);
    }
    return rows;
}

/// Total of the last day with administrations, when neither an order nor a statement says the dose.
DailyDose last_day_total(Chart const& chart, Day day, std::optional<Rational> const& kg) {
    DailyDose total;
    std::optional<Day> last;
    for (auto const& exposure : chart.exposures()) {
        if (!has(exposure.row->drugs, Drug::ciclosporin) || !exposure.start ||
            exposure.start.first > day)
            continue;
        if (exposure.source() != MedicationSource::administration) continue;
        if (last && exposure.start.first < *last) continue;
        auto const dose = unit_dose(*exposure.row, day, kg);
        if (!last || exposure.start.first > *last) {
            total = {};
            total.problem = DoseProblem::none;
            last = exposure.start.first;
        }
        if (!dose) total.problem = dose.problem;
        total.mg_per_day = total.mg_per_day + dose.mg;
    }
    return total;
}

}  // namespace

CiclosporinDose stored_ciclosporin_dose(Scene& scene, Day day) {
    auto const& chart = scene.chart();
    auto rows = ongoing_rows(chart, day, MedicationSource::request);
    if (rows.empty()) rows = ongoing_rows(chart, day, MedicationSource::statement);
    auto const plain = rows.empty() ? last_day_total(chart, day, std::nullopt)
                                    : daily_dose(rows, day, std::nullopt);
    auto const weight = weight_matters(plain) ? scene.weight() : std::nullopt;
    if (!rows.empty()) return dose_on(std::move(rows), day, weight);
    CiclosporinDose dose;
    dose.day = day;
    dose.weight = weight;
    dose.daily = last_day_total(chart, day, weight ? std::optional{weight->kg} : std::nullopt);
    divide_by_weight(dose);
    return dose;
}

void show_dose(Scene& scene, Finding& finding, CiclosporinDose const& dose) {
    auto& facts = finding.facts;
    for (auto const* row : dose.rows) {
        scene.show(finding, "orders", *row);
        if (row->draft) finding.medications.push_back(row);
    }
    facts.text("day", scene.day_text(dose.day));
    facts.flag("several_orders", dose.rows.size() > 1);
    if (dose.daily) {
        facts.text("mg_per_day", scene.number_text(dose.daily.mg_per_day, 1));
        facts.flag("as_needed", dose.daily.as_needed);
        facts.flag("capped", dose.daily.capped);
        if (dose.daily.times_per_day)
            facts.text("times_per_day", scene.number_text(*dose.daily.times_per_day, 1));
    }
    if (dose.mg_per_kg) facts.text("mg_per_kg", scene.number_text(*dose.mg_per_kg, 1));
    if (!dose.weight) return;
    scene.show(finding, "weight", *dose.weight->row);
    facts.text("weight_days", scene.number_text(Rational{dose.weight->age_days}, 0));
    facts.flag("weight_stale", dose.weight->stale);
    facts.flag("weight_estimated", dose.weight->estimated);
}

Suggestion remove_all(DraftList const& drafts, std::string_view key) {
    Suggestion suggestion;
    suggestion.key = key;
    for (auto const* draft : drafts)
        suggestion.actions.push_back(remove_draft(*draft, key).actions.front());
    return suggestion;
}

namespace {

/// Whether one drafted order with one line of instructions says the whole dose, so that it can be
/// rewritten.
MedicationRow const* order_to_rewrite(CiclosporinDose const& dose) {
    if (!dose.daily || dose.daily.continuous || !dose.weight || dose.weight->stale) return nullptr;
    if (dose.rows.size() != 1 || !dose.rows.front()->draft) return nullptr;
    return dose.rows.front()->dosages.size() == 1 ? dose.rows.front() : nullptr;
}

}  // namespace

void offer_dose(Scene& scene, Finding& finding, CiclosporinDose const& dose,
                Rational const& mg_per_day, Rounding rounding, Rational const& low,
                Rational const& high) {
    auto const* row = order_to_rewrite(dose);
    auto const half = mg_per_day / Rational{2};
    auto const each = rounding == Rounding::down ? half.floor_to(Rational{capsule_mg})
                                                 : half.ceil_to(Rational{capsule_mg});
    auto const total = each * Rational{2};
    if (!row || !(each > Rational{0}) || total < low || total > high) {
        finding.suggestions.push_back(task("review-dose"));
        return;
    }
    Suggestion change;
    change.key = "change-dose";
    Action action;
    action.type = Action::Type::update_dose;
    action.medication = row;
    action.dose_mg = each;
    action.times_per_day = 2;
    change.actions.push_back(std::move(action));
    finding.suggestions.push_back(std::move(change));
    finding.facts.text("new_mg_each", scene.number_text(each, 0));
    finding.facts.text("new_mg_per_day", scene.number_text(total, 0));
    finding.facts.text("new_mg_per_kg", scene.number_text((total / dose.weight->kg).rounded(1), 1));
}

}  // namespace cds::rules

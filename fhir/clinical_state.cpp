#include "fhir/clinical_state.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "fhir/indication.hpp"

namespace cds::fhir {

using base::days_between;

bool counts(Verification verification) {
    return verification != Verification::refuted && verification != Verification::entered_in_error;
}

bool is_confirmed(Verification verification) { return verification == Verification::confirmed; }

std::vector<ConditionRow const*> active_conditions(PatientRecord const& record,
                                                   DiseaseSet const& diseases) {
    std::vector<ConditionRow const*> found;
    for (auto const& row : record.conditions) {
        if (row.active && counts(row.verification) && (row.diseases & diseases).any())
            found.push_back(&row);
    }
    return found;
}

std::vector<ConditionRow const*> recorded_conditions(PatientRecord const& record,
                                                     DiseaseSet const& diseases) {
    std::vector<ConditionRow const*> found;
    for (auto const& row : record.conditions) {
        if (counts(row.verification) && (row.diseases & diseases).any()) found.push_back(&row);
    }
    return found;
}

std::vector<AllergyRow const*> active_allergies(PatientRecord const& record,
                                                AllergenSet const& allergens) {
    std::vector<AllergyRow const*> found;
    for (auto const& row : record.allergies) {
        auto const certain =
            is_confirmed(row.verification) || row.verification == Verification::unconfirmed;
        if (row.active && certain && (row.allergens & allergens).any()) found.push_back(&row);
    }
    return found;
}

std::vector<ConditionRow const*> active_infections(Chart const& chart) {
    std::vector<ConditionRow const*> found;
    for (auto const* row :
         active_conditions(chart.record(), set_of(Disease::serious_infection, Disease::active_tb,
                                                  Disease::persistent_infection))) {
        auto const lasting = has(row->diseases, Disease::active_tb) ||
                             has(row->diseases, Disease::persistent_infection);
        auto const recent = !row->onset || days_between(row->onset.first, chart.today()) <= 90;
        if (lasting || recent) found.push_back(row);
    }
    return found;
}

Pregnancy pregnancy(Chart const& chart) {
    Pregnancy found;
    auto const conditions = active_conditions(chart.record(), set_of(Disease::pregnancy));
    if (!conditions.empty()) found.condition = conditions.front();
    for (auto const& reading : usable_results(chart.record(), set_of(Test::hcg))) {
        if (!within(*reading.row, 30, chart.today())) break;
        if (reading.row->outcome == Outcome::positive) {
            found.test = reading.row;
            break;
        }
    }
    return found;
}

namespace {

/// "Stopped for intolerance": words of a statusReason. Source: fact-encodings section 2.
bool says_intolerance(MedicationRow const& row) {
    if (row.status != RowStatus::stopped) return false;
    auto const code = row.status_reason_code;
    if (code == "sintol" || code == "SINTOL" || code == "salg" || code == "SALG" ||
        code == "sddi" || code == "SDDI") {
        return true;
    }
    std::string words;
    base::fold(row.status_reason_text, words);
    for (auto word : {"intoleran", "adverse", "side effect", "toxicity", "nausea", "hepat", "liver",
                      "pneumonitis", "mucositis"}) {
        if (words.find(word) != std::string::npos) return true;
    }
    return false;
}

struct BarDisease {
    Disease disease;
    std::string_view why;
};
constexpr BarDisease bar_diseases[] = {
    {Disease::methotrexate_intolerance, "documented methotrexate intolerance"},
    {Disease::pregnancy, "pregnancy"},
    {Disease::pregnancy_planned, "planned pregnancy"},
    {Disease::severe_liver_disease, "severe liver disease"},
    {Disease::ckd_stage_4_5, "chronic kidney disease stage 4 or 5"},
    {Disease::alcohol_use_disorder, "alcohol-use disorder"},
};

}  // namespace

MedicationRow const* ltbi_treatment_in_force(Chart const& chart, Day day) {
    for (auto const* exposure : chart.all_ongoing(set_of(Drug::ltbi_treatment), day)) {
        if (!exposure->start || exposure->start.first <= day) return exposure->row;
    }
    for (auto const* draft : chart.start_drafts(set_of(Drug::ltbi_treatment))) {
        if (draft->start <= day) return draft->row;
    }
    return nullptr;
}

MethotrexateBar methotrexate_bar(Chart const& chart, Day day, bool confirmed_only) {
    auto const& record = chart.record();
    auto const allergies = active_allergies(record, set_of(Allergen::methotrexate));
    if (!allergies.empty())
        return {"methotrexate allergy or intolerance", allergies.front()->label};
    for (auto const& bar : bar_diseases) {
        for (auto const* row : active_conditions(record, set_of(bar.disease))) {
            if (!confirmed_only || is_confirmed(row->verification)) return {bar.why, row->label};
        }
    }
    for (auto const& row : record.procedures) {
        std::string words;
        base::fold(row.label, words);
        if (row.completed && words.find("methotrexate intolerance") != std::string::npos) {
            return {"documented methotrexate intolerance", row.label};
        }
    }
    if (auto const found = pregnancy(chart); found.test)
        return {"positive pregnancy test", found.test->code_text};
    for (auto const& reading : usable_results(record, set_of(Test::egfr))) {
        if (!within(*reading.row, 90, chart.today())) break;
        if (is_below(*reading.row, Rational{30}) == Meets::yes)
            return {"eGFR below 30", reading.row->code_text};
        break;
    }
    if (auto const* row = ltbi_treatment_in_force(chart, day)) {
        return {"treatment of latent tuberculosis", row->label};
    }
    for (auto const& row : record.medications) {
        if (has(row.drugs, Drug::methotrexate) && row.source == MedicationSource::request &&
            says_intolerance(row)) {
            return {"methotrexate stopped for intolerance", row.status_reason_text};
        }
        if (has(row.drugs, Drug::methotrexate) && row.source == MedicationSource::statement &&
            says_intolerance(row)) {
            return {"methotrexate stopped for intolerance", row.status_reason_text};
        }
    }
    return {};
}

int age_days(ResultRow const& row, Day today) { return days_between(row.when.first, today); }
bool within(ResultRow const& row, int days, Day today) { return age_days(row, today) <= days; }

namespace {

/// Days of results of `tests` that count as done: usable values, and for panels the mere report.
void add_days(PatientRecord const& record, TestSet const& tests, bool panels,
              std::vector<Day>& out) {
    if ((tests & record.tests_with_results).none()) return;
    constexpr std::size_t usual = 8;
    out.reserve(out.size() + usual);
    for (auto const& row : record.results) {
        if (!has(tests, row.test) || row.status != ResultStatus::usable || row.data_absent)
            continue;
        if (!not_after_now(row.when, record.context)) continue;
        if (!panels && (row.problem != Problem::none || !row.has_value)) continue;
        out.push_back(row.when.first);
    }
}

void sort_unique(std::vector<Day>& days) {
    std::sort(days.begin(), days.end());
    days.erase(std::unique(days.begin(), days.end()), days.end());
}

}  // namespace

std::vector<Day> blood_count_days(PatientRecord const& record) {
    std::vector<Day> days, leukocytes, haemoglobin, platelets;
    add_days(record, set_of(Test::cbc_panel), true, days);
    add_days(record, set_of(Test::leukocytes), false, leukocytes);
    add_days(record, set_of(Test::haemoglobin), false, haemoglobin);
    add_days(record, set_of(Test::platelets), false, platelets);
    for (auto day : leukocytes) {
        auto const on = [day](std::vector<Day> const& list) {
            return std::find(list.begin(), list.end(), day) != list.end();
        };
        if (on(haemoglobin) && on(platelets)) days.push_back(day);
    }
    sort_unique(days);
    return days;
}

std::vector<Day> liver_test_days(PatientRecord const& record) {
    std::vector<Day> days;
    add_days(record, set_of(Test::lft_panel, Test::comprehensive_metabolic_panel), true, days);
    add_days(record, set_of(Test::alt, Test::ast), false, days);
    sort_unique(days);
    return days;
}

std::vector<Day> lipid_days(PatientRecord const& record) {
    std::vector<Day> days;
    add_days(record, set_of(Test::lipid_panel), true, days);
    add_days(record, set_of(Test::cholesterol, Test::ldl), false, days);
    sort_unique(days);
    return days;
}

std::vector<Day> urinalysis_days(PatientRecord const& record) {
    std::vector<Day> days;
    add_days(record, set_of(Test::urinalysis_panel), true, days);
    add_days(record, set_of(Test::urine_protein), false, days);
    sort_unique(days);
    return days;
}

std::vector<Day> value_or_panel_days(PatientRecord const& record, Test test) {
    std::vector<Day> days;
    add_days(record, set_of(test), false, days);
    if (test == Test::potassium || test == Test::bun || test == Test::creatinine) {
        // A panel without members counts as done; it has no value for the numeric rules
        // (fact-encodings section 5).
        for (auto const& row : record.results) {
            auto const panel = row.test == Test::metabolic_panel ||
                               row.test == Test::comprehensive_metabolic_panel;
            if (!panel || row.status != ResultStatus::usable || row.data_absent) continue;
            if (row.node["hasMember"].size() > 0 || row.node["component"].size() > 0) continue;
            if (not_after_now(row.when, record.context)) days.push_back(row.when.first);
        }
    }
    sort_unique(days);
    return days;
}

std::optional<Day> newest(std::vector<Day> const& days) {
    if (days.empty()) return std::nullopt;
    return *std::max_element(days.begin(), days.end());
}

}  // namespace cds::fhir

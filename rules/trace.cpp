#include "rules/trace.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace cds::rules {

using namespace cds::fhir;  // NOLINT: the record's language

namespace {

/// A text of the chart, cut.
std::string cut(std::string_view text) {
    return base::shortened(text, Trace::most_value_code_points);
}

std::string joined(std::string_view a, std::string_view b, std::string_view between) {
    std::string out{a};
    if (!out.empty() && !b.empty()) out += between;
    return out.append(b);
}

std::string_view date_text(MedicationRow const& row) {
    switch (row.source) {
        case MedicationSource::request:
            return row.authored.text;
        case MedicationSource::statement:
        case MedicationSource::administration:
            return row.effective_start.text.empty() ? row.authored.text : row.effective_start.text;
        case MedicationSource::dispense:
            return row.handed_over.text;
    }
    return {};
}

std::string_view medication_element(Value node) {
    for (std::string_view const element :
         {"medicationCodeableConcept", "medicationReference", "medication"}) {
        if (node[element]) return element;
    }
    return {};
}

std::string_view value_element(Value node) {
    for (std::string_view const element :
         {"valueQuantity", "valueCodeableConcept", "valueString", "valueBoolean", "valueInteger",
          "valueDateTime", "dataAbsentReason", "component", "interpretation"}) {
        if (node[element]) return element;
    }
    return "code";
}

std::string_view sign(Comparator comparator) {
    switch (comparator) {
        case Comparator::less:
            return "<";
        case Comparator::less_equal:
            return "<=";
        case Comparator::greater_equal:
            return ">=";
        case Comparator::greater:
            return ">";
        case Comparator::none:
            break;
    }
    return {};
}

std::string value_of(ResultRow const& row) {
    if (!row.number.empty()) {
        std::string text{sign(row.comparator)};
        text += row.number;
        return joined(text, row.unit, " ");
    }
    if (!row.text.empty()) return std::string{row.text};
    if (row.boolean) return *row.boolean ? "true" : "false";
    if (!row.date_value.text.empty()) return std::string{row.date_value.text};
    if (row.outcome == Outcome::positive) return "positive";
    if (row.outcome == Outcome::negative) return "negative";
    return row.outcome == Outcome::indeterminate ? "indeterminate" : "";
}

}  // namespace

std::string_view name(Question question) {
    switch (question) {
        case Question::ongoing:
            return "ongoing";
        case Question::ongoing_or_ordered:
            return "ongoing-or-ordered";
        case Question::in_use:
            return "in-use";
        case Question::last_exposure:
            return "last-exposure";
        case Question::therapy:
            return "therapy";
        case Question::earlier_product:
            return "earlier-product";
        case Question::other_product:
            return "other-product";
        case Question::draft_kind:
            return "draft-kind";
        case Question::reason_for_use:
            return "reason-for-use";
        case Question::problem_list:
            return "problem-list";
        case Question::active_conditions:
            return "active-conditions";
        case Question::recorded_conditions:
            return "recorded-conditions";
        case Question::allergies:
            return "allergies";
        case Question::results:
            return "results";
        case Question::newest_result:
            return "newest-result";
        case Question::unusable_results:
            return "unusable-results";
        case Question::test_days:
            return "test-days";
        case Question::blood_pressure:
            return "blood-pressure";
        case Question::weight:
            return "weight";
        case Question::age:
            return "age";
        case Question::sex:
            return "sex";
        case Question::procedures:
            return "procedures";
        case Question::service_requests:
            return "service-requests";
    }
    return {};
}

std::string_view name(DraftKind kind) {
    switch (kind) {
        case DraftKind::initiation:
            return "initiation";
        case DraftKind::restart:
            return "restart";
        case DraftKind::continuation:
            return "continuation";
        case DraftKind::unknown:
            return "unknown";
    }
    return {};
}

TracedRow traced(MedicationRow const& row) {
    return {row.node["resourceType"].string(), row.id, medication_element(row.node), cut(row.label),
            date_text(row)};
}

TracedRow traced(ConditionRow const& row) {
    return {row.node["resourceType"].string(), row.id, "code", cut(row.label), row.onset.text};
}

TracedRow traced(AllergyRow const& row) {
    return {row.node["resourceType"].string(), row.id, "code",
            cut(joined(row.label, row.reaction, ": ")), row.recorded.text};
}

TracedRow traced(ProcedureRow const& row) {
    return {row.node["resourceType"].string(), row.id, "code", cut(row.label), row.start.text};
}

TracedRow traced(ServiceRow const& row) {
    return {row.node["resourceType"].string(), row.id, "code", cut(row.label),
            row.start.text.empty() ? row.authored.text : row.start.text};
}

TracedRow traced(ResultRow const& row) {
    return {row.node["resourceType"].string(), row.id, value_element(row.node), cut(value_of(row)),
            row.when.text};
}

QuerySet Trace::rests_on(std::uint16_t rule) const {
    auto const found = rests_on_.find(rule);
    return found == rests_on_.end() ? QuerySet{} : found->second;
}

LookUp& Trace::add(Question question, std::string asked, std::optional<Day> day) {
    auto& look_up = look_ups_.emplace_back();
    look_up.rule = rule_;
    look_up.question = question;
    look_up.asked = std::move(asked);
    look_up.day = day;
    return look_up;
}

template <class Row>
void Trace::add_rows(Question question, std::string asked, std::span<Row const* const> found) {
    auto& look_up = add(question, std::move(asked));
    look_up.count = found.size();
    for (auto const* row : found.first(std::min(found.size(), most_rows)))
        look_up.found.push_back(traced(*row));
}

void Trace::exposures(Question question, DrugSet const& drugs, Day day,
                      std::span<Exposure const* const> found) {
    auto& look_up = add(question, names_of<Drug>(drugs), day);
    for (auto const* exposure : found) {
        if (!exposure) continue;
        ++look_up.count;
        if (look_up.found.size() < most_rows) look_up.found.push_back(traced(*exposure->row));
    }
}

void Trace::presence(DrugSet const& drugs, Day day, Presence const& found) {
    auto& look_up = add(Question::ongoing_or_ordered, names_of<Drug>(drugs), day);
    if (found.draft) look_up.found.push_back(traced(*found.draft->row));
    if (found.ongoing) look_up.found.push_back(traced(*found.ongoing->row));
    look_up.count = look_up.found.size();
}

void Trace::last_exposure(DrugSet const& drugs, Day day, std::optional<LastExposure> const& found) {
    auto& look_up = add(Question::last_exposure, names_of<Drug>(drugs), day);
    if (!found) return;
    look_up.answer = (found->estimated ? "ended about " : "ended ") + base::iso(found->day);
    look_up.count = 1;
    look_up.found.push_back(traced(*found->exposure->row));
}

void Trace::therapy(DrugSet const& drugs, Day day, std::optional<Therapy> const& found) {
    auto& look_up = add(Question::therapy, names_of<Drug>(drugs), day);
    if (!found) return;
    look_up.answer = found->start_known && found->start
                         ? "since " + base::iso(found->start.first)
                         : std::string{"since a day that is not known"};
    if (found->ended) look_up.answer += ", ended " + base::iso(*found->ended);
    if (found->first) look_up.found.push_back(traced(*found->first->row));
    if (found->last && found->last != found->first)
        look_up.found.push_back(traced(*found->last->row));
    look_up.count = look_up.found.size();
}

void Trace::draft_kind(Draft const& draft, DrugSet const& drugs, DraftKind kind) {
    auto& look_up =
        add(Question::draft_kind, names_of<Drug>(drugs & draft.row->drugs), draft.start);
    look_up.answer = name(kind);
    look_up.found.push_back(traced(*draft.row));
    look_up.count = 1;
}

void Trace::use(Use const& use, DiseaseSet const& diseases) {
    auto& look_up = add(Question::reason_for_use, names_of<Disease>(diseases));
    if (use.unrecognised)
        look_up.answer = "a reason that is in none of the lists";
    else if (use.diseases.none())
        look_up.answer = "no reason known";
    else
        look_up.answer = names_of<Disease>(use.diseases) +
                         (use.stated ? ", stated on the order" : ", from the problem list");
}

void Trace::listed(Disease disease, Day day, bool found) {
    auto& look_up = add(Question::problem_list, names_of<Disease>(set_of(disease)), day);
    look_up.answer = found ? "listed" : "not listed";
}

void Trace::conditions(Question question, DiseaseSet const& diseases,
                       std::span<ConditionRow const* const> found) {
    add_rows(question, names_of<Disease>(diseases), found);
}

void Trace::allergies(AllergenSet const& allergens, std::span<AllergyRow const* const> found) {
    add_rows(Question::allergies, names_of<Allergen>(allergens), found);
}

void Trace::results(Question question, TestSet const& tests, std::span<Reading const> found) {
    auto& look_up = add(question, names_of<Test>(tests));
    look_up.count = found.size();
    for (auto const& reading : found.first(std::min(found.size(), most_rows)))
        look_up.found.push_back(traced(*reading.row));
}

void Trace::days(TestSet const& tests, std::span<Day const> found) {
    auto& look_up = add(Question::test_days, names_of<Test>(tests));
    look_up.count = found.size();
    for (auto const day : found.first(std::min(found.size(), most_rows)))
        look_up.answer = joined(look_up.answer, base::iso(day), ", ");
}

void Trace::pressures(std::span<DayPressure const> found) {
    auto& look_up = add(Question::blood_pressure, "blood pressure");
    look_up.count = found.size();
    for (auto const& day : found.first(std::min(found.size(), most_rows))) {
        auto const text =
            base::iso(day.day) + " " + day.systolic.text(1) + "/" + day.diastolic.text(1) + " mmHg";
        look_up.answer = joined(look_up.answer, text, "; ");
    }
}

void Trace::weight(std::optional<Chart::Weight> const& found) {
    auto& look_up = add(Question::weight, "weight");
    if (!found) return;
    look_up.answer = found->kg.text(1) + " kg";
    if (found->stale) look_up.answer += ", " + std::to_string(found->age_days) + " days old";
    if (found->estimated) look_up.answer += ", estimated";
    look_up.count = 1;
    if (found->row) look_up.found.push_back(traced(*found->row));
}

void Trace::age(PatientRecord const& record, std::optional<int> years) {
    auto& look_up = add(Question::age, "age");
    if (!years) return;
    look_up.answer = std::to_string(*years) + " years";
    look_up.count = 1;
    look_up.found.push_back({"Patient",
                             record.context.patient_id,
                             "birthDate",
                             std::string{record.patient.birth.text},
                             {}});
}

void Trace::sex(PatientRecord const& record) {
    auto& look_up = add(Question::sex, "sex");
    if (record.patient.sex == Sex::unknown) return;
    look_up.count = 1;
    look_up.found.push_back({"Patient",
                             record.context.patient_id,
                             "gender",
                             record.patient.sex == Sex::male ? "male" : "female",
                             {}});
}

void Trace::procedures(ServiceSet const& services, std::span<ProcedureRow const* const> found) {
    add_rows(Question::procedures, names_of<Service>(services), found);
}

void Trace::service_requests(ServiceSet const& services, std::span<ServiceRow const* const> found) {
    add_rows(Question::service_requests, names_of<Service>(services), found);
}

void Trace::keep_view(void const* view, std::size_t mark) {
    views_[view] = {mark, look_ups_.size()};
}

void Trace::repeat_view(void const* view) {
    auto const kept = views_.find(view);
    if (kept == views_.end()) return;
    for (auto i = kept->second.from; i < kept->second.to; ++i) {
        auto again = look_ups_[i];
        again.rule = rule_;
        look_ups_.push_back(std::move(again));
    }
}

}  // namespace cds::rules

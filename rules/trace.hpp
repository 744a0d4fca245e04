#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fhir/chart.hpp"
#include "fhir/indication.hpp"
#include "fhir/results.hpp"

namespace cds::rules {

/// What a rule asked the record for. Closed vocabulary; `name()` is its code in explanations.
enum class Question : std::uint8_t {
    ongoing,
    ongoing_or_ordered,
    in_use,
    last_exposure,
    therapy,
    earlier_product,
    other_product,
    draft_kind,
    reason_for_use,
    problem_list,
    active_conditions,
    recorded_conditions,
    allergies,
    results,
    newest_result,
    unusable_results,
    test_days,
    blood_pressure,
    weight,
    age,
    sex,
    procedures,
    service_requests
};
std::string_view name(Question question);

/// A row of the record as evidence: where it stands and what it says.
struct TracedRow {
    std::string_view resource_type;
    std::string_view resource_id;  ///< empty when the resource has none
    std::string_view element;      ///< FHIR path below the resource
    std::string value;             ///< as reported, with its unit; a long text is cut
    std::string_view date;         ///< as reported
};

/// One question of a rule and what was found.
struct LookUp {
    std::uint16_t rule = 0;
    Question question = Question::ongoing;
    std::string asked;             ///< concept names with commas: "ciclosporin, tacrolimus"
    std::optional<fhir::Day> day;  ///< the day asked about; none: as the record stands now
    std::string answer;            ///< what it came to, when that is no row: "initiation", "41"
    std::size_t count = 0;         ///< rows found; `found` lists the first of them
    std::vector<TracedRow> found;
};

/// Keeps what the rules ask while one chart is evaluated, for an explanation. Attached to a Scene;
/// without one nothing is recorded and nothing is paid.
class Trace {
public:
    /// Rows of one look-up that are listed; all are counted.
    static constexpr std::size_t most_rows = 5;
    /// Code points of a row's value that are kept: rows are named again and again, and a long text
    /// must not multiply.
    static constexpr std::size_t most_value_code_points = 200;

    std::vector<LookUp> const& look_ups() const noexcept { return look_ups_; }
    /// The queries that a rule's answer rests on because nothing, or not everything, was found in
    /// them; empty for a rule that did not run.
    fhir::QuerySet rests_on(std::uint16_t rule) const;

    // --- called by the Scene, and by rules that read the chart themselves
    void begin(std::uint16_t rule) { rule_ = rule; }
    void end(fhir::QuerySet const& rests_on) { rests_on_[rule_] = rests_on; }
    void exposures(Question question, fhir::DrugSet const& drugs, fhir::Day day,
                   std::span<fhir::Exposure const* const> found);
    void presence(fhir::DrugSet const& drugs, fhir::Day day, fhir::Presence const& found);
    void last_exposure(fhir::DrugSet const& drugs, fhir::Day day,
                       std::optional<fhir::LastExposure> const& found);
    void therapy(fhir::DrugSet const& drugs, fhir::Day day,
                 std::optional<fhir::Therapy> const& found);
    void draft_kind(fhir::Draft const& draft, fhir::DrugSet const& drugs, fhir::DraftKind kind);
    void use(fhir::Use const& use, fhir::DiseaseSet const& diseases);
    void listed(fhir::Disease disease, fhir::Day day, bool found);
    void conditions(Question question, fhir::DiseaseSet const& diseases,
                    std::span<fhir::ConditionRow const* const> found);
    void allergies(fhir::AllergenSet const& allergens,
                   std::span<fhir::AllergyRow const* const> found);
    /// Newest first.
    void results(Question question, fhir::TestSet const& tests,
                 std::span<fhir::Reading const> found);
    void days(fhir::TestSet const& tests, std::span<fhir::Day const> found);
    void pressures(std::span<fhir::DayPressure const> found);
    void weight(std::optional<fhir::Chart::Weight> const& found);
    void age(fhir::PatientRecord const& record, std::optional<int> years);
    void sex(fhir::PatientRecord const& record);
    void procedures(fhir::ServiceSet const& services,
                    std::span<fhir::ProcedureRow const* const> found);
    void service_requests(fhir::ServiceSet const& services,
                          std::span<fhir::ServiceRow const* const> found);

    // --- views that rules share: worked out once, asked by each
    std::size_t mark() const noexcept { return look_ups_.size(); }
    /// What was asked since `mark` belongs to the view.
    void keep_view(void const* view, std::size_t mark);
    /// The current rule asked for a view that was worked out before.
    void repeat_view(void const* view);

private:
    LookUp& add(Question question, std::string asked, std::optional<fhir::Day> day = {});
    template <class Row>
    void add_rows(Question question, std::string asked, std::span<Row const* const> found);

    std::uint16_t rule_ = 0;
    std::vector<LookUp> look_ups_;
    std::map<std::uint16_t, fhir::QuerySet> rests_on_;
    struct Range {
        std::size_t from, to;
    };
    std::map<void const*, Range> views_;
};

TracedRow traced(fhir::MedicationRow const& row);
TracedRow traced(fhir::ConditionRow const& row);
TracedRow traced(fhir::AllergyRow const& row);
TracedRow traced(fhir::ProcedureRow const& row);
TracedRow traced(fhir::ServiceRow const& row);
TracedRow traced(fhir::ResultRow const& row);

/// "initiation", "restart", "continuation", "unknown".
std::string_view name(fhir::DraftKind kind);

/// Names of a set's members with commas, words instead of underscores: "blood pressure, weight".
template <class E>
std::string names_of(fhir::SetOf<E> const& set) {
    std::string out;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (!set.test(i)) continue;
        if (!out.empty()) out += ", ";
        for (char const c : name(static_cast<E>(i))) out += c == '_' ? ' ' : c;
    }
    return out;
}

}  // namespace cds::rules

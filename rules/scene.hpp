#pragma once
#include <boost/container/small_vector.hpp>
#include <memory>
#include <memory_resource>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "fhir/chart.hpp"
#include "fhir/clinical_state.hpp"
#include "fhir/indication.hpp"
#include "fhir/results.hpp"
#include "rules/finding.hpp"
#include "rules/knowledge.hpp"

namespace cds::rules {

using base::Date;
using base::Day;
using base::days_between;
using base::Rational;
using namespace cds::fhir;  // NOLINT: the rules speak the record's language

struct Pair;
struct DermConflict;
struct ClassCount;
struct KnownDoses;
class Trace;

enum class Region : std::uint8_t { us, eu };

enum class Truth : std::uint8_t { no, yes, unknown };

/// What a rule says about a request.
struct Answer {
    Truth truth = Truth::no;
    std::optional<Finding> finding;  ///< yes
    QuerySet open;                 ///< unknown: the incomplete queries that could change the answer
    Reason reason = Reason::none;  ///< unknown for another reason than a query
    std::string_view detail;       ///< what was missing, our words, arena text
};

/// All that a rule sees: the chart with its drafts, the knowledge, and what it has asked for so
/// far.
///
/// Look-ups through the scene remember which query they rest on when they found nothing (more rows
/// cannot undo what was found), or when a newer or further row could change them. A rule that ends
/// with `no()` after such a look at an incomplete query has not been answered: the missing rows
/// could still make it fire, and the answer becomes unknown. Facts that only soften or decorate a
/// finding are read from `chart()` directly and leave no trace.
class Scene {
public:
    Scene(Chart const& chart, Knowledge const& knowledge, Region region,
          std::pmr::memory_resource* arena, Audience const& audience = {});
    ~Scene();
    /// Records every look-up from now on; nullptr ends it. For explanations.
    void attach(Trace* trace) noexcept { trace_ = trace; }
    /// For rules that read the chart themselves; nullptr: nobody listens.
    Trace* trace() const noexcept { return trace_; }

    Chart const& chart() const noexcept { return chart_; }
    PatientRecord const& record() const noexcept { return chart_.record(); }
    Knowledge const& knowledge() const noexcept { return knowledge_; }
    Terminology const& terminology() const noexcept { return knowledge_.terminology(); }
    Region region() const noexcept { return region_; }
    Day today() const noexcept { return chart_.today(); }
    std::pmr::memory_resource* arena() const noexcept { return arena_; }

    // --- look-ups that are remembered
    Exposure const* ongoing(DrugSet const& drugs, Day day);
    std::vector<Exposure const*> all_ongoing(DrugSet const& drugs, Day day);
    Presence present(DrugSet const& drugs, Day day);
    Exposure const* in_use(DrugSet const& drugs, Day day);
    std::optional<LastExposure> last_exposure(DrugSet const& drugs, Day day);
    std::optional<Therapy> therapy(DrugSet const& drugs, Day day);
    /// `unknown` when orders are missing that could make an initiation or restart a continuation.
    DraftKind kind(Draft const& draft, DrugSet const& drugs);
    /// Whether a use is for one of these diseases; when it is not, the answer rests on the problem
    /// list (unless the order itself states its reason). Ask `ciclosporin_use(chart(), day)` and
    /// the like for the use itself.
    bool is_for(Use const& use, DiseaseSet const& diseases);
    bool is_for(Use const& use, Disease disease) { return is_for(use, set_of(disease)); }
    bool is_listed(Disease disease, Day day);
    std::vector<ConditionRow const*> active(DiseaseSet const& diseases);
    std::vector<ConditionRow const*> recorded(DiseaseSet const& diseases);
    /// Active serious infections (fhir/clinical_state.hpp).
    std::vector<ConditionRow const*> infections();
    std::vector<AllergyRow const*> allergies(AllergenSet const& allergens);
    std::vector<Reading> results(TestSet const& tests);
    std::optional<Reading> newest(TestSet const& tests);
    std::vector<DayPressure> const& pressures();
    /// The same for a fact that only decorates a finding: not remembered.
    std::vector<DayPressure> const& shown_pressures();
    /// Days on which a test or group of tests was done (fact-encodings section 5).
    std::vector<Day> blood_count_days();
    std::vector<Day> liver_test_days();
    std::vector<Day> lipid_days();
    std::vector<Day> urinalysis_days();
    std::vector<Day> value_or_panel_days(Test test);
    std::optional<Chart::Weight> weight();
    std::optional<int> age_years();
    Sex sex();
    /// Procedures that state one of `services` and were done or are under way.
    std::vector<ProcedureRow const*> procedures(ServiceSet const& services);
    /// Active stored ServiceRequests for one of `services`.
    std::vector<ServiceRow const*> service_requests(ServiceSet const& services);
    /// Says that the coming answer needs results of these types. Ask only when all conditions that
    /// are no Observations hold: an unusable newest result of an asked type is then reported
    /// (`data-quality-unusable`).
    void ask(TestSet const& tests);
    struct Asked {
        Test test;
        std::uint16_t rule;
    };
    std::vector<Asked> const& asked() const noexcept { return asked_; }
    /// Says that the coming answer rests on these queries.
    void rests_on(QuerySet const& set) { touched_ |= set; }
    template <class... Q>
    void rests_on(Q... q) {
        touched_ |= queries(q...);
    }

    // --- shared views, worked out once for each scene
    /// The infliximab-ciclosporin pair of this request (rules/pair.hpp).
    Pair const& pair();
    /// Ciclosporin for eczema or psoriasis with another immunosuppressant (rules/derm.hpp).
    DermConflict const& derm_conflict();
    /// Classes of immunosuppressants in force (rules/burden.hpp).
    ClassCount const& classes();
    bool transplant();
    /// The doses of ciclosporin worked out so far (rules/ciclosporin_dose.hpp).
    KnownDoses& known_doses();

    // --- other rules
    /// Whether that rule's card is shown here. A rule stands back for another one only when it is:
    /// otherwise both would be silent.
    bool shows(std::string_view rule_id) const;
    bool shows(RuleInfo const& rule) const { return rule.shown_to(audience_); }

    // --- the current rule
    void begin(std::uint16_t rule);
    QuerySet const& touched() const noexcept { return touched_; }
    RuleInfo const& rule() const;
    Rational const& threshold(std::string_view name) const { return rule().threshold(name); }
    int days(std::string_view name) const { return rule().days(name); }

    Finding finding(Indicator indicator, std::string_view variant = {}) const;
    Answer no();
    /// The finding rests on what was found.
    Answer yes(Finding finding);
    /// The finding rests on something not being there: with one of these queries incomplete it is
    /// not concluded.
    Answer yes_by_absence(Finding finding, QuerySet const& rests_on);
    Answer unknown(Reason reason, std::string_view detail);

    // --- words
    std::string_view keep(std::string_view text) const;
    std::string_view day_text(Day day) const;
    /// "104 umol/L" as reported, with the canonical unit in brackets when it differs: "1.2 mg/dL
    /// (106.1 umol/L)".
    std::string_view value_text(ResultRow const& row) const;
    std::string_view number_text(Rational const& number, int decimals) const;
    /// INN of a medication's drug among `drugs`: "infliximab"; the order's label when none fits.
    std::string_view drug_name(MedicationRow const& row, DrugSet const& drugs) const;

    // --- facts that many cards show
    /// `name`, `name_date` and evidence of a result.
    void show(Finding& finding, std::string_view name, ResultRow const& row) const;
    /// An item in list `list`: drug, label, source, since/until; and evidence.
    void show(Finding& finding, std::string_view list, MedicationRow const& row,
              Exposure const* exposure = nullptr) const;
    void show(Finding& finding, std::string_view name, ConditionRow const& row) const;
    void show(Finding& finding, std::string_view name, AllergyRow const& row) const;

private:
    void note(TestSet const& tests);

    Chart const& chart_;
    Knowledge const& knowledge_;
    Region region_;
    std::pmr::memory_resource* arena_;
    Audience audience_;
    QuerySet open_ = record().queries.open();  ///< queries that are not complete
    std::uint16_t rule_ = 0;
    QuerySet touched_, pair_rests_on_, derm_rests_on_, classes_rest_on_;
    std::vector<Asked> asked_;
    TestSet asked_tests_;
    std::unique_ptr<Pair> pair_;
    std::unique_ptr<DermConflict> derm_;
    std::unique_ptr<ClassCount> classes_;
    std::unique_ptr<KnownDoses> doses_;
    /// Days that were put into words: cards name few days often.
    mutable boost::container::small_vector<std::pair<Day, std::string_view>, 16> day_texts_;
    std::optional<bool> transplant_;
    std::optional<std::vector<DayPressure>> pressures_;
    Trace* trace_ = nullptr;
};

// Suggestions that many rules offer; the keys name their words in the rule's wording.
Suggestion remove_draft(Draft const& draft, std::string_view key, bool recommended = false);
Suggestion order_tests(std::string_view key, std::initializer_list<std::string_view> tests);
Suggestion task(std::string_view key);
Action test_action(std::string_view order_key);
Action refer_action(std::string_view order_key, bool urgent = false);
Action task_action(std::string_view wording_key);
Action prescribe_action(std::string_view order_key);

}  // namespace cds::rules

#include "rules/scene.hpp"

#include <algorithm>

#include "rules/burden.hpp"
#include "rules/ciclosporin_dose.hpp"
#include "rules/derm.hpp"
#include "rules/pair.hpp"
#include "rules/trace.hpp"

namespace cds::rules {

Scene::Scene(Chart const& chart, Knowledge const& knowledge, Region region,
             std::pmr::memory_resource* arena, Audience const& audience)
    : chart_{chart}, knowledge_{knowledge}, region_{region}, arena_{arena}, audience_{audience} {}
Scene::~Scene() = default;

Exposure const* Scene::ongoing(DrugSet const& drugs, Day day) {
    auto const* found = chart_.ongoing(drugs, day);
    if (!found) touched_ |= medication_queries();
    if (trace_) trace_->exposures(Question::ongoing, drugs, day, {&found, 1});
    return found;
}

std::vector<Exposure const*> Scene::all_ongoing(DrugSet const& drugs, Day day) {
    auto found = chart_.all_ongoing(drugs, day);
    if (found.empty()) touched_ |= medication_queries();
    if (trace_) trace_->exposures(Question::ongoing, drugs, day, found);
    return found;
}

Presence Scene::present(DrugSet const& drugs, Day day) {
    auto const found = chart_.present(drugs, day);
    if (!found) touched_ |= medication_queries();
    if (trace_) trace_->presence(drugs, day, found);
    return found;
}

Exposure const* Scene::in_use(DrugSet const& drugs, Day day) {
    auto const* found = chart_.in_use(drugs, day);
    if (!found) touched_ |= medication_queries();
    if (trace_) trace_->exposures(Question::in_use, drugs, day, {&found, 1});
    return found;
}

std::optional<LastExposure> Scene::last_exposure(DrugSet const& drugs, Day day) {
    touched_ |= medication_queries();  // a later one may be missing
    auto const found = chart_.last_exposure(drugs, day);
    if (trace_) trace_->last_exposure(drugs, day, found);
    return found;
}

std::optional<Therapy> Scene::therapy(DrugSet const& drugs, Day day) {
    touched_ |= medication_queries();  // an earlier row may be missing
    auto const found = chart_.therapy(drugs, day);
    if (trace_) trace_->therapy(drugs, day, found);
    return found;
}

DraftKind Scene::kind(Draft const& draft, DrugSet const& drugs) {
    auto kind = chart_.kind(draft, drugs);
    if (kind != DraftKind::continuation) {
        touched_ |= medication_queries();
        if ((medication_queries() & open_).any()) kind = DraftKind::unknown;
    }
    if (trace_) trace_->draft_kind(draft, drugs, kind);
    return kind;
}

bool Scene::is_for(Use const& use, DiseaseSet const& diseases) {
    if (trace_) trace_->use(use, diseases);
    if ((use.diseases & diseases).any()) return true;
    if (!use.stated) rests_on(Query::conditions);
    return false;
}

bool Scene::is_listed(Disease disease, Day day) {
    auto const found = has(listed_indications(chart_, day), disease);
    if (!found) rests_on(Query::conditions);
    if (trace_) trace_->listed(disease, day, found);
    return found;
}

std::vector<ConditionRow const*> Scene::active(DiseaseSet const& diseases) {
    auto found = active_conditions(record(), diseases);
    if (found.empty()) rests_on(Query::conditions);
    if (trace_) trace_->conditions(Question::active_conditions, diseases, found);
    return found;
}

std::vector<ConditionRow const*> Scene::recorded(DiseaseSet const& diseases) {
    auto found = recorded_conditions(record(), diseases);
    if (found.empty()) rests_on(Query::conditions);
    if (trace_) trace_->conditions(Question::recorded_conditions, diseases, found);
    return found;
}

std::vector<ConditionRow const*> Scene::infections() {
    auto found = active_infections(chart_);
    if (found.empty()) rests_on(Query::conditions);
    if (trace_) {
        trace_->conditions(
            Question::active_conditions,
            set_of(Disease::serious_infection, Disease::active_tb, Disease::persistent_infection),
            found);
    }
    return found;
}

std::vector<AllergyRow const*> Scene::allergies(AllergenSet const& allergens) {
    auto found = active_allergies(record(), allergens);
    if (found.empty()) rests_on(Query::allergies);
    if (trace_) trace_->allergies(allergens, found);
    return found;
}

void Scene::ask(TestSet const& tests) {
    note(tests);
    if (trace_) trace_->results(Question::results, tests, usable_results(record(), tests));
}

void Scene::note(TestSet const& tests) {
    rests_on(Query::observations);
    auto const unknown = tests & ~asked_tests_;
    // A rule that nobody sees needs nothing that others should be told of.
    if (unknown.none() || !shows(rule())) return;
    for (auto i = unknown._Find_first(); i < unknown.size(); i = unknown._Find_next(i)) {
        asked_.push_back({static_cast<Test>(i), rule_});
    }
    asked_tests_ |= unknown;
}

std::vector<Day> Scene::blood_count_days() {
    auto const tests = set_of(Test::leukocytes, Test::haemoglobin, Test::platelets);
    note(tests);
    auto found = fhir::blood_count_days(record());
    if (trace_) trace_->days(tests, found);
    return found;
}

std::vector<Day> Scene::liver_test_days() {
    auto const tests = set_of(Test::alt, Test::ast);
    note(tests);
    auto found = fhir::liver_test_days(record());
    if (trace_) trace_->days(tests, found);
    return found;
}

std::vector<Day> Scene::lipid_days() {
    auto const tests = set_of(Test::cholesterol, Test::ldl);
    note(tests);
    auto found = fhir::lipid_days(record());
    if (trace_) trace_->days(tests, found);
    return found;
}

std::vector<Day> Scene::urinalysis_days() {
    auto const tests = set_of(Test::urine_protein);
    note(tests);
    auto found = fhir::urinalysis_days(record());
    if (trace_) trace_->days(tests, found);
    return found;
}

std::vector<Day> Scene::value_or_panel_days(Test test) {
    note(set_of(test));
    auto found = fhir::value_or_panel_days(record(), test);
    if (trace_) trace_->days(set_of(test), found);
    return found;
}

std::vector<Reading> Scene::results(TestSet const& tests) {
    note(tests);
    auto found = usable_results(record(), tests);
    if (trace_) trace_->results(Question::results, tests, found);
    return found;
}

std::optional<Reading> Scene::newest(TestSet const& tests) {
    note(tests);
    auto const found = newest_result(record(), tests);
    if (trace_)
        trace_->results(Question::newest_result, tests,
                        {found ? &*found : nullptr, found ? 1U : 0U});
    return found;
}

std::vector<DayPressure> const& Scene::pressures() {
    note(set_of(Test::blood_pressure));
    auto const& found = shown_pressures();
    if (trace_) trace_->pressures(found);
    return found;
}

std::vector<DayPressure> const& Scene::shown_pressures() {
    if (!pressures_) pressures_ = fhir::pressures(record());
    return *pressures_;
}

std::optional<Chart::Weight> Scene::weight() {
    note(set_of(Test::weight));
    auto const found = chart_.weight();
    if (trace_) trace_->weight(found);
    return found;
}

std::optional<int> Scene::age_years() {
    auto const age = chart_.age_years();
    if (!age) rests_on(Query::patient);
    if (trace_) trace_->age(record(), age);
    return age;
}

Sex Scene::sex() {
    auto const sex = record().patient.sex;
    if (sex == Sex::unknown) rests_on(Query::patient);
    if (trace_) trace_->sex(record());
    return sex;
}

std::vector<ProcedureRow const*> Scene::procedures(ServiceSet const& services) {
    std::vector<ProcedureRow const*> found;
    for (auto const& row : record().procedures) {
        if ((row.completed || row.in_progress) && (row.services & services).any())
            found.push_back(&row);
    }
    if (found.empty()) rests_on(Query::procedures);
    if (trace_) trace_->procedures(services, found);
    return found;
}

std::vector<ServiceRow const*> Scene::service_requests(ServiceSet const& services) {
    std::vector<ServiceRow const*> found;
    for (auto const& row : record().services) {
        if (row.active && (row.services & services).any()) found.push_back(&row);
    }
    if (found.empty()) rests_on(Query::service_requests);
    if (trace_) trace_->service_requests(services, found);
    return found;
}

namespace {

/// Works out a shared view once, and lets every rule that asks for it rest on what it rested on.
template <class View, class Find>
View const& once(std::unique_ptr<View>& view, QuerySet& view_rests_on, QuerySet& touched,
                 Trace* trace, Find find) {
    if (view) {
        if (trace) trace->repeat_view(view.get());
    } else {
        auto const mark = trace ? trace->mark() : 0;
        auto const before = touched;
        touched.reset();
        view = std::make_unique<View>(find());
        view_rests_on = touched;
        touched = before;
        if (trace) trace->keep_view(view.get(), mark);
    }
    touched |= view_rests_on;
    return *view;
}

}  // namespace

Pair const& Scene::pair() {
    return once(pair_, pair_rests_on_, touched_, trace_, [this] { return find_pair(*this); });
}

DermConflict const& Scene::derm_conflict() {
    return once(derm_, derm_rests_on_, touched_, trace_,
                [this] { return find_derm_conflict(*this); });
}

ClassCount const& Scene::classes() {
    return once(classes_, classes_rest_on_, touched_, trace_, [this] {
        auto day = today();
        if (auto const* draft = chart_.start_draft(all_immunosuppressants())) day = draft->start;
        return count_classes(*this, day);
    });
}

bool Scene::transplant() {
    if (!transplant_) transplant_ = fhir::transplant(chart_);
    return *transplant_;
}

KnownDoses& Scene::known_doses() {
    if (!doses_) doses_ = std::make_unique<KnownDoses>();
    return *doses_;
}

void Scene::begin(std::uint16_t rule) {
    rule_ = rule;
    touched_.reset();
    if (trace_) trace_->begin(rule);
}

RuleInfo const& Scene::rule() const { return knowledge_.rules()[rule_]; }

bool Scene::shows(std::string_view rule_id) const {
    auto const* info = knowledge_.find(rule_id);
    return info && shows(*info);
}

Finding Scene::finding(Indicator indicator, std::string_view variant) const {
    Finding finding{arena_};
    finding.rule = rule_;
    finding.indicator = indicator;
    finding.variant = variant;
    return finding;
}

Answer Scene::no() {
    Answer answer;
    answer.open = touched_ & open_;
    answer.truth = answer.open.any() ? Truth::unknown : Truth::no;
    return answer;
}

Answer Scene::yes(Finding finding) {
    Answer answer;
    answer.truth = Truth::yes;
    answer.finding = std::move(finding);
    return answer;
}

Answer Scene::yes_by_absence(Finding finding, QuerySet const& rests_on_these) {
    Answer answer;
    answer.open = rests_on_these & open_;
    if (answer.open.any()) {
        answer.truth = Truth::unknown;
        return answer;
    }
    return yes(std::move(finding));
}

Answer Scene::unknown(Reason reason, std::string_view detail) {
    Answer answer;
    answer.truth = Truth::unknown;
    answer.reason = reason;
    answer.detail = keep(detail);
    answer.open = touched_ & open_;
    return answer;
}

}  // namespace cds::rules

#include <algorithm>
#include <set>

#include "fhir/clinical_state.hpp"
#include "fhir/results.hpp"
#include "hooks/explain_parts.hpp"

namespace cds::hooks::explanation {

using namespace fhir;  // NOLINT: the record's language
using base::json::Node;
using base::json::Value;

namespace {

/// Why something that is there does not count: a code of the closed list in docs/explaining.md, and
/// the sentence for it.
struct Why {
    std::string_view code, words;
    explicit operator bool() const { return !code.empty(); }
};

bool is_panel(Test test) {
    return test == Test::cbc_panel || test == Test::lft_panel || test == Test::lipid_panel ||
           test == Test::metabolic_panel || test == Test::comprehensive_metabolic_panel ||
           test == Test::urinalysis_panel || test == Test::blood_pressure;
}

bool is_pressure(Test test) {
    return test == Test::systolic || test == Test::diastolic || test == Test::blood_pressure;
}

Why of_problem(Problem problem) {
    switch (problem) {
        case Problem::none:
            break;
        case Problem::unit_missing:
            return {"unit-missing", "it has no unit, and none is assumed"};
        case Problem::unit_unknown:
            return {"unit-unknown", "its unit is not known for this test"};
        case Problem::implausible:
            return {"implausible", "its value is outside what is possible"};
        case Problem::not_a_number:
            return {"not-a-number", "its value is no number"};
        case Problem::half_missing:
            return {"half-missing", "one of its two values is missing"};
        case Problem::no_cut_off:
            return {"no-cut-off", "it gives neither a cut-off nor an interpretation"};
    }
    return {};
}

Why of_date(base::Date const& date, ReadContext const& context) {
    if (date.precision == base::Precision::absent) return {"date-missing", "it has no date"};
    if (!date) return {"date-imprecise", "its date is too coarse or cannot be read"};
    if (!not_after_now(date, context)) return {"date-in-future", "it is dated after now"};
    return {};
}

Why of_result(ResultRow const& row, ReadContext const& context) {
    bool const own_pressure =
        is_pressure(row.test) && !row.encounter.empty() && row.encounter == context.encounter_id;
    if (row.status == ResultStatus::preliminary && !own_pressure)
        return {"preliminary", "it is preliminary"};
    if (row.status == ResultStatus::other)
        return {"not-final", "its status is not final, amended or corrected"};
    if (row.data_absent) return {"data-absent", "it says itself that it has no value"};
    if (auto const why = of_problem(row.problem)) return why;
    if (!row.has_value && !is_panel(row.test)) return {"no-value", "it has no value"};
    return of_date(row.when, context);
}

Why of_verification(Verification verification) {
    if (verification == Verification::refuted) return {"refuted", "it is refuted"};
    if (verification == Verification::entered_in_error)
        return {"entered-in-error", "it was entered in error"};
    return {};
}

/// Rows of a covered drug that count as no exposure.
Why of_medication(MedicationRow const& row) {
    if (row.status == RowStatus::entered_in_error)
        return {"entered-in-error", "it was entered in error"};
    if (row.do_not_perform) return {"not-given", "it says that the drug is not to be given"};
    if (!row.intent_counts) return {"not-ordered", "it is a proposal or a plan, no order"};
    return {"not-given", "its status or dates do not say that the drug was given"};
}

class Writer {
public:
    Writer(Observed const& call, Places const& places, std::string& out)
        : record_{call.chart.record()}, chart_{call.chart}, places_{places}, list_{out} {}

    void write(std::vector<Resource> const& resources) {
        for (auto const& row : record_.discarded) discarded_.emplace(row.resource_type, row.id);
        for (auto const& row : record_.discarded) write_reader_s(row);
        for (auto const& draft : chart_.drafts()) {
            hold(draft.row->node);
            if (draft.role == DraftRole::ignored)
                add(draft.row->node, {"entered-in-error", "it was entered in error"});
        }
        for (auto const* row : chart_.service_drafts()) hold(row->node);
        for (auto const& row : record_.medications) look_at(row);
        for (auto const& row : record_.results) {
            hold(row.node);
            add(row.node, of_result(row, record_.context), name(row.test));
        }
        for (auto const& row : record_.conditions) {
            hold(row.node);
            add(row.node, of_verification(row.verification));
        }
        for (auto const& row : record_.allergies) {
            hold(row.node);
            add(row.node, of_verification(row.verification));
        }
        for (auto const& row : record_.procedures) {
            hold(row.node);
            if (!row.completed && !row.in_progress) add(row.node, {"not-done", "it was not done"});
        }
        for (auto const& row : record_.services) hold(row.node);
        hold(record_.patient.node);
        hold(record_.encounter.node);
        for (auto const& [key, resource] : record_.medication_resources) hold(resource);
        write_the_rest(resources);
        list_.close();
    }

private:
    void hold(Value value) {
        if (value) held_.insert(value.node());
    }

    void look_at(MedicationRow const& row) {
        hold(row.node);
        if (row.drugs.none()) return;
        auto const exposures = chart_.exposures();
        if (std::none_of(exposures.begin(), exposures.end(),
                         [&](Exposure const& exposure) { return exposure.row == &row; }))
            add(row.node, of_medication(row));
    }

    void add(Value resource, Why why, std::string_view part = {}) {
        if (!why) return;
        JsonObject object{list_.next()};
        source(object, resource, places_);
        object.text("part", part);
        object.text("reason", why.code);
        object.text("detail", why.words);
        object.close();
    }

    void write_reader_s(Discarded const& row) {
        JsonObject object{list_.next()};
        object.text("resourceType", row.resource_type);
        object.text("id", row.id);
        object.text("reason", name(row.reason));
        object.text("detail", row.why);
        object.close();
    }

    /// What no row holds: kinds of resources, and codes, that no rule reads.
    void write_the_rest(std::vector<Resource> const& resources) {
        for (auto const& resource : resources) {
            auto const value = resource.value;
            if (held_.contains(value.node())) continue;
            if (discarded_.contains({value["resourceType"].string(), value["id"].string()}))
                continue;
            add(value, {"not-needed", "no rule reads it"});
        }
    }

    PatientRecord const& record_;
    Chart const& chart_;
    Places const& places_;
    JsonList list_;
    std::set<Node const*> held_;
    std::set<std::pair<std::string_view, std::string_view>> discarded_;
};

}  // namespace

void write_discarded(Observed const& call, std::vector<Resource> const& resources,
                     Places const& places, std::string& out) {
    Writer{call, places, out}.write(resources);
}

}  // namespace cds::hooks::explanation

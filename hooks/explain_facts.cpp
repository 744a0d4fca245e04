#include <algorithm>

#include "fhir/clinical_state.hpp"
#include "hooks/explain_parts.hpp"

namespace cds::hooks::explanation {

using namespace fhir;  // NOLINT: the record's language
using base::json::Value;

namespace {

Query query_of(MedicationSource source) {
    switch (source) {
        case MedicationSource::request:
            return Query::medications;
        case MedicationSource::statement:
            return Query::statements;
        case MedicationSource::administration:
            return Query::administrations;
        case MedicationSource::dispense:
            break;
    }
    return Query::dispenses;
}

/// Where a fact stands: resource, place, query, element, date as reported.
void origin(JsonObject& object, Value node, Places const& places, Query query,
            rules::TracedRow const& row) {
    source(object, node, places);
    object.text("query", key(query));
    object.text("element", row.element);
    object.text("value", row.value);
    object.text("date", row.date);
}

void date(JsonObject& object, std::string_view name, Date const& value) {
    object.text(name,
                value.text.empty() && value ? base::iso(value.first) : std::string{value.text});
}

void write_exposure(Exposure const& exposure, Day today, std::string& out) {
    JsonObject object{out};
    date(object, "start", exposure.start);
    day(object, "ended", exposure.ended);
    day(object, "plannedEnd", exposure.planned_end);
    day(object, "endedByDraft", exposure.stop_draft);
    flag(object, "ongoing", exposure.ongoing(today, today));
    if (exposure.estimated) flag(object, "endEstimated", true);
    if (exposure.on_hold) flag(object, "onHold", true);
    if (exposure.stopped) flag(object, "stopped", true);
    object.close();
}

class Writer {
public:
    Writer(Observed const& call, Places const& places, std::string& out)
        : record_{call.chart.record()}, chart_{call.chart}, places_{places}, object_{out} {}

    void write() {
        write_patient();
        write_medications();
        write_results();
        write_pressures();
        write_conditions();
        write_allergies();
        write_procedures();
        write_services();
        object_.close();
    }

private:
    void write_patient() {
        JsonList list{object_.member("patient")};
        if (record_.patient.present) {
            auto const add = [&](std::string_view element, std::string_view value) {
                if (value.empty()) return;
                JsonObject fact{list.next()};
                source(fact, record_.patient.node, places_);
                fact.text("query", key(Query::patient));
                fact.text("element", element);
                fact.text("value", value);
                fact.close();
            };
            add("birthDate", record_.patient.birth.text);
            add("gender", record_.patient.node["gender"].string());
        }
        if (record_.has_encounter) {
            JsonObject fact{list.next()};
            source(fact, record_.encounter.node, places_);
            fact.text("query", key(Query::encounter));
            fact.text("element", "class");
            fact.text("value", encounter_class());
            fact.text("date", record_.encounter.start.text);
            flag(fact, "inProgress", record_.encounter.in_progress);
            fact.close();
        }
        list.close();
    }

    std::string_view encounter_class() const {
        switch (record_.encounter.encounter_class) {
            case EncounterClass::inpatient:
                return "inpatient";
            case EncounterClass::emergency:
                return "emergency";
            case EncounterClass::ambulatory:
                return "ambulatory";
            case EncounterClass::other:
                break;
        }
        return "other";
    }

    void write_medications() {
        JsonList list{object_.member("medications")};
        for (auto const& row : record_.medications) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, query_of(row.source), rules::traced(row));
            medication(fact, row, *record_.context.terminology);
            auto const exposures = chart_.exposures();
            auto const found =
                std::find_if(exposures.begin(), exposures.end(),
                             [&](Exposure const& exposure) { return exposure.row == &row; });
            if (found != exposures.end())
                write_exposure(*found, chart_.today(), fact.member("exposure"));
            fact.close();
        }
        list.close();
    }

    void write_results() {
        JsonList list{object_.member("results")};
        for (auto const& row : record_.results) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, Query::observations, rules::traced(row));
            fact.text("test", name(row.test));
            fact.text("label", row.code_text);
            fact.text("number", row.number);
            fact.text("unit", row.unit);
            if (row.converted && row.value) {
                auto const& info = record_.context.terminology->test(row.test);
                fact.text("converted", row.value->text(2) + " " + info.canonical_unit);
            }
            fact.close();
        }
        list.close();
    }

    void write_pressures() {
        JsonList list{object_.member("bloodPressures")};
        for (auto const& pressure : pressures(record_)) {
            JsonObject fact{list.next()};
            day(fact, "date", pressure.day);
            fact.text("systolic", pressure.systolic.text(1));
            fact.text("diastolic", pressure.diastolic.text(1));
            fact.text("unit", "mmHg");
            number(fact, "readings", pressure.readings.size());
            if (pressure.contradictory) flag(fact, "contradictory", true);
            fact.close();
        }
        list.close();
    }

    void write_conditions() {
        JsonList list{object_.member("conditions")};
        for (auto const& row : record_.conditions) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, Query::conditions, rules::traced(row));
            names<Disease>(fact, "means", row.diseases);
            fact.text("code", row.code);
            flag(fact, "active", row.active);
            flag(fact, "confirmed", is_confirmed(row.verification));
            date(fact, "abatement", row.abatement);
            fact.close();
        }
        list.close();
    }

    void write_allergies() {
        JsonList list{object_.member("allergies")};
        for (auto const& row : record_.allergies) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, Query::allergies, rules::traced(row));
            names<Allergen>(fact, "means", row.allergens);
            flag(fact, "active", row.active);
            flag(fact, "confirmed", is_confirmed(row.verification));
            fact.close();
        }
        list.close();
    }

    void write_procedures() {
        JsonList list{object_.member("procedures")};
        for (auto const& row : record_.procedures) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, Query::procedures, rules::traced(row));
            names<Service>(fact, "means", row.services);
            fact.text("status", row.completed     ? "completed"
                                : row.in_progress ? "in-progress"
                                                  : "not done");
            fact.close();
        }
        list.close();
    }

    void write_services() {
        JsonList list{object_.member("serviceRequests")};
        for (auto const& row : record_.services) {
            JsonObject fact{list.next()};
            origin(fact, row.node, places_, Query::service_requests, rules::traced(row));
            names<Service>(fact, "means", row.services);
            names<Test>(fact, "tests", row.tests);
            names<Drug>(fact, "drugs", row.drugs);
            flag(fact, "active", row.active);
            fact.close();
        }
        list.close();
    }

    PatientRecord const& record_;
    Chart const& chart_;
    Places const& places_;
    JsonObject object_;
};

}  // namespace

void write_facts(Observed const& call, Places const& places, std::string& out) {
    Writer{call, places, out}.write();
}

void write_queries(PatientRecord const& record, std::string& out) {
    JsonList list{out};
    for (std::size_t i = 0; i < static_cast<std::size_t>(Query::count_); ++i) {
        auto const query = static_cast<Query>(i);
        JsonObject object{list.next()};
        object.text("query", key(query));
        auto const reason = record.queries[query];
        flag(object, "complete", reason == Reason::none);
        if (reason != Reason::none) object.text("reason", name(reason));
        object.close();
    }
    list.close();
}

}  // namespace cds::hooks::explanation

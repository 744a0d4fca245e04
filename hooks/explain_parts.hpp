#pragma once
#include <string>
#include <string_view>

#include "cards/json_list.hpp"
#include "cards/json_object.hpp"
#include "hooks/observed.hpp"
#include "hooks/resources.hpp"

// The parts of an explanation (hooks/explain.hpp), each appended as one JSON value. Members without
// a value are left out.

namespace cds::hooks::explanation {

using cards::JsonList;
using cards::JsonObject;

void flag(JsonObject& object, std::string_view name, bool value);
void number(JsonObject& object, std::string_view name, std::size_t value);
void day(JsonObject& object, std::string_view name, std::optional<base::Day> value);
/// An array of the names of a set's members; left out when there is none.
template <class E>
void names(JsonObject& object, std::string_view name, fhir::SetOf<E> const& set) {
    if (set.none()) return;
    JsonList list{object.member(name)};
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (set.test(i)) list.text(fhir::name(static_cast<E>(i)));
    }
    list.close();
}

/// Type, id, place in the request and query of a resource.
void source(JsonObject& object, base::json::Value resource, Places const& places);
void source(JsonObject& object, rules::TracedRow const& row);

void write_orders(Observed const& call, Places const& places, std::string& out);
void write_facts(Observed const& call, Places const& places, std::string& out);
void write_discarded(Observed const& call, std::vector<Resource> const& resources,
                     Places const& places, std::string& out);
void write_queries(fhir::PatientRecord const& record, std::string& out);
/// `only`: the id of one rule; empty: all.
void write_rules(Observed const& call, rules::Trace const& trace, std::string_view only,
                 std::string& out);

/// Appends the members that a medication row has in common as order, draft and exposure.
void medication(JsonObject& object, fhir::MedicationRow const& row,
                fhir::Terminology const& terminology);

}  // namespace cds::hooks::explanation

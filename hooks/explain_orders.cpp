#include "base/text.hpp"
#include "fhir/dose.hpp"
#include "hooks/explain_parts.hpp"

namespace cds::hooks::explanation {

using namespace fhir;  // NOLINT: the record's language
using base::json::Value;

namespace {

std::string_view name_of(Route route) {
    switch (route) {
        case Route::absent:
            return "";
        case Route::oral:
            return "oral";
        case Route::intravenous:
            return "intravenous";
        case Route::subcutaneous:
            return "subcutaneous";
        case Route::intramuscular:
            return "intramuscular";
        case Route::topical:
            return "topical";
        case Route::ophthalmic:
            return "ophthalmic";
        case Route::intravitreal:
            return "intravitreal";
        case Route::inhaled:
            return "inhaled";
        case Route::nasal:
            return "nasal";
        case Route::otic:
            return "otic";
        case Route::intra_articular:
            return "intra-articular";
        case Route::rectal:
            return "rectal";
        case Route::intralesional:
            return "intralesional";
        case Route::intradermal:
            return "intradermal";
        case Route::intravesical:
            return "intravesical";
        case Route::other:
            break;
    }
    return "other";
}

std::string_view unit_of(Amount amount) {
    switch (amount) {
        case Amount::none:
        case Amount::unreadable:
            return "";
        case Amount::mg:
            return "mg";
        case Amount::mg_per_kg:
            return "mg/kg";
        case Amount::pieces:
            return "pieces";
        case Amount::ml:
            return "mL";
        case Amount::mg_per_hour:
            return "mg/h";
        case Amount::mg_per_kg_per_hour:
            break;
    }
    return "mg/kg/h";
}

std::string_view name_of(DraftRole role) {
    switch (role) {
        case DraftRole::start:
            return "start";
        case DraftRole::stop:
            return "stop";
        case DraftRole::hold:
            return "hold";
        case DraftRole::ignored:
            break;
    }
    return "ignored";
}

void write_dosage(Dosage const& dosage, std::string& out) {
    JsonObject object{out};
    if (dosage.amount == Amount::unreadable) flag(object, "unreadable", true);
    if (auto const unit = unit_of(dosage.amount); !unit.empty()) {
        object.text("amount", dosage.value.text(4));
        object.text("unit", unit);
    }
    if (dosage.per_day) object.text("timesPerDay", dosage.per_day->text(2));
    if (dosage.interval_days) object.text("intervalDays", dosage.interval_days->text(2));
    if (dosage.max_mg_per_day) object.text("maxMgPerDay", dosage.max_mg_per_day->text(2));
    if (dosage.as_needed) flag(object, "asNeeded", true);
    object.text("text", dosage.node["text"].string());
    if (!object.close()) out += "{}";
}

void write_draft(Draft const& draft, Observed const& call, Places const& places, std::string& out) {
    auto const& row = *draft.row;
    JsonObject object{out};
    source(object, row.node, places);
    object.text("label", row.label);
    flag(object, "identified", row.identified);
    object.text("role", name_of(draft.role));
    object.text("takesEffect", base::iso(draft.start));
    if (draft.role == DraftRole::start && row.drugs.any())
        object.text("kind", rules::name(call.chart.kind(draft, row.drugs)));
    if (draft.resent) object.text("sentAgain", draft.resent->id);
    medication(object, row, call.knowledge.terminology());
    object.close();
}

void write_service(ServiceRow const& row, Places const& places, std::string& out) {
    JsonObject object{out};
    source(object, row.node, places);
    object.text("label", row.label);
    object.text("role", row.stop ? "stop" : row.active ? "start" : "ignored");
    names<Service>(object, "means", row.services);
    names<Test>(object, "tests", row.tests);
    names<Drug>(object, "drugs", row.drugs);
    object.close();
}

}  // namespace

void flag(JsonObject& object, std::string_view name, bool value) {
    object.member(name) += value ? "true" : "false";
}

void number(JsonObject& object, std::string_view name, std::size_t value) {
    object.member(name) += std::to_string(value);
}

void day(JsonObject& object, std::string_view name, std::optional<base::Day> value) {
    if (value) object.text(name, base::iso(*value));
}

void source(JsonObject& object, Value resource, Places const& places) {
    object.text("resourceType", resource["resourceType"].string());
    object.text("id", resource["id"].string());
    auto const place = places.find(resource.node());
    if (place != places.end()) object.text("at", place->second);
}

void source(JsonObject& object, rules::TracedRow const& row) {
    object.text("resourceType", row.resource_type);
    object.text("id", base::shortened(row.resource_id, rules::Trace::most_value_code_points));
    object.text("element", row.element);
    object.text("value", row.value);
    object.text("date", base::shortened(row.date, rules::Trace::most_value_code_points));
}

void medication(JsonObject& object, MedicationRow const& row, Terminology const& terminology) {
    if (!row.ingredients.empty()) {
        JsonList list{object.member("ingredients")};
        for (auto const id : row.ingredients) list.text(terminology.ingredient(id).name);
        list.close();
    }
    names<Drug>(object, "drugs", row.drugs);
    object.text("status", row.node["status"].string());
    object.text("route", name_of(row.route));
    if (row.drugs.any() && !row.systemic) flag(object, "systemic", false);
    if (row.drugs.any() && !row.dosages.empty()) {
        JsonList list{object.member("dosages")};
        for (auto const& dosage : row.dosages) write_dosage(dosage, list.next());
        list.close();
    }
    if (row.reasons.empty()) return;
    auto& out = object.member("reasons");
    JsonList list{out};
    for (auto const& reason : row.reasons) {
        JsonObject element{list.next()};
        element.text("text", reason.text);
        names<Disease>(element, "means", reason.diseases);
        if (!element.close()) out += "{}";
    }
    list.close();
}

void write_orders(Observed const& call, Places const& places, std::string& out) {
    JsonList list{out};
    for (auto const& draft : call.chart.drafts()) write_draft(draft, call, places, list.next());
    for (auto const* row : call.chart.service_drafts()) write_service(*row, places, list.next());
    list.close();
}

}  // namespace cds::hooks::explanation

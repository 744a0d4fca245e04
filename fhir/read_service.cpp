#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

ServiceSet services_of(ReadContext const& context, Value concept_value) {
    ServiceSet services;
    for_each_coding(concept_value, *context.terminology,
                    [&](System system, std::string_view code, std::string_view) {
                        if (auto const* meaning = context.terminology->find(system, code))
                            services |= meaning->services;
                    });
    auto& words = folded_scratch();
    append_folded_words(concept_value, words);
    if (services.none() && !words.empty()) return context.terminology->match_services(words);
    // "PUVA phototherapy" coded as plain phototherapy is PUVA: words may only make a modality more
    // exact.
    if (has(services, Service::phototherapy) && !words.empty()) {
        auto const by_text = context.terminology->match_services(words);
        for (auto modality : {Service::puva, Service::nbuvb, Service::uvb}) {
            if (!has(by_text, modality)) continue;
            services.reset(static_cast<std::size_t>(Service::phototherapy));
            services |= set_of(modality);
            break;
        }
    }
    return services;
}

void read_span(Value resource, std::string_view stem, ReadContext const& context, base::Date& start,
               base::Date& end) {
    std::string member{stem};
    member += "DateTime";
    if (auto const date = read_date(resource[member], context);
        date.precision != base::Precision::absent) {
        start = end = date;
        return;
    }
    member.resize(stem.size());
    member += "Period";
    auto const period = resource[member];
    start = read_date(period["start"], context);
    end = read_date(period["end"], context);
}

}  // namespace

ProcedureRow read_procedure(ReadContext const& context, Value resource) {
    ProcedureRow row;
    row.node = resource;
    row.id = resource["id"].string();
    auto const status = resource["status"].string();
    row.completed = status == "completed" || (status.empty() && !resource["_status"]);
    row.in_progress = status == "in-progress";
    row.label = concept_label(context, resource["code"]);
    if (!row.completed && !row.in_progress) return row;
    row.services = services_of(context, resource["code"]);
    read_span(resource, "performed", context, row.start, row.end);
    if (!row.start && !row.end)
        read_span(resource, "occurrence", context, row.start, row.end);  // R5
    if (!row.end && row.completed && row.start) row.end = row.start;
    return row;
}

ServiceRow read_service(ReadContext const& context, Value resource, bool draft) {
    ServiceRow row{context.arena};
    row.node = resource;
    row.id = resource["id"].string();
    row.draft = draft;
    auto const status = resource["status"].string();
    auto const ended = status == "revoked" || status == "completed" || status == "cancelled";
    auto const ignored = status == "entered-in-error" || status == "unknown" ||
                         (status.empty() && static_cast<bool>(resource["_status"]));
    row.stop = draft && (ended || resource["doNotPerform"].boolean().value_or(false));
    row.active =
        !ended && !ignored && !row.stop && !resource["doNotPerform"].boolean().value_or(false);
    auto code = resource["code"];
    if (auto const inner = code["concept"]) code = inner;  // R5
    row.label = concept_label(context, code);
    auto const& terminology = *context.terminology;
    for_each_coding(code, terminology,
                    [&](System system, std::string_view value, std::string_view) {
                        auto const* meaning = terminology.find(system, value);
                        if (!meaning) return;
                        row.tests |= meaning->tests;
                        for (auto id : meaning->ingredients) row.ingredients.push_back(id);
                    });
    row.services = services_of(context, code);
    auto& words = folded_scratch();
    append_folded_words(code, words);
    if (row.tests.none() && row.ingredients.empty() && row.services.none() && !words.empty()) {
        row.tests = terminology.match_tests(words);
        thread_local std::vector<IngredientId> matched;
        matched.clear();
        terminology.match_ingredients(words, matched);
        for (auto id : matched) row.ingredients.push_back(id);
    }
    for (auto id : row.ingredients) row.drugs |= terminology.ingredient(id).drugs;
    row.intravesical = words.find("intravesical") != std::string::npos;
    read_span(resource, "occurrence", context, row.start, row.end);
    if (resource["occurrenceDateTime"]) row.end = {};
    row.authored = read_date(resource["authoredOn"], context);
    return row;
}

EncounterRow read_encounter(ReadContext const& context, Value resource) {
    EncounterRow row;
    row.node = resource;
    row.id = resource["id"].string();
    auto code = resource["class"];
    auto text = code["code"].string();
    if (text.empty())
        text = first_code(code);  // R5 and STU3 shapes: CodeableConcept(s) or a plain code
    if (text == "IMP" || text == "ACUTE" || text == "NONAC" || text == "inpatient") {
        row.encounter_class = EncounterClass::inpatient;
    } else if (text == "EMER" || text == "emergency") {
        row.encounter_class = EncounterClass::emergency;
    } else if (text == "AMB") {
        row.encounter_class = EncounterClass::ambulatory;
    }
    auto const status = resource["status"].string();
    auto period = resource["period"];
    if (!period) period = resource["actualPeriod"];
    row.start = read_date(period["start"], context);
    row.end = read_date(period["end"], context);
    auto const before_now = [&](base::Date const& date) {
        return date &&
               (date.has_time() ? date.instant <= context.now : date.first <= context.today);
    };
    row.in_progress =
        (status == "in-progress" || status == "onleave") && (!row.start || before_now(row.start)) &&
        !(row.end && before_now(row.end) && (row.end.has_time() || row.end.last < context.today));
    return row;
}

PatientRow read_patient(ReadContext const& context, Value resource) {
    PatientRow row;
    row.node = resource;
    row.present = true;
    auto const gender = resource["gender"].string();
    row.sex = gender == "male" ? Sex::male : gender == "female" ? Sex::female : Sex::unknown;
    row.birth = read_date(resource["birthDate"], context);
    return row;
}

}  // namespace cds::fhir

#include "hooks/prefetch.hpp"

#include <algorithm>
#include <set>

#include "base/json.hpp"
#include "fhir/query.hpp"

namespace cds::hooks {

using fhir::Query;

namespace {

/// Drugs whose administrations rules read (catalogue 3.8): infusions and injections given in a
/// clinic.
fhir::DrugSet administered() {
    return fhir::set_of(fhir::Drug::infliximab, fhir::Drug::omalizumab, fhir::Drug::ciclosporin);
}

bool is_wanted(fhir::CodeMeaning const& meaning, fhir::Terminology const& terminology, bool tests) {
    if (tests) return meaning.tests.any();
    return std::any_of(meaning.ingredients.begin(), meaning.ingredients.end(),
                       [&](fhir::IngredientId id) {
                           return (terminology.ingredient(id).drugs & administered()).any();
                       });
}

/// Whether a value set can hold codes of tests, or of the administered drugs: the others are not
/// read at all.
bool may_hold(std::string_view file, bool tests) {
    if (!file.starts_with("valuesets/") || !file.ends_with(".json")) return false;
    if (tests) return file.find(".loinc.") != file.npos;
    for (std::string_view const drug : {"infliximab", "omalizumab", "ciclosporin-modified",
                                        "ciclosporin-nonmodified", "ciclosporin-unspecified"}) {
        if (file.find(drug) != file.npos && file.find(".loinc.") == file.npos) return true;
    }
    return false;
}

/// The codes, without their systems to keep the query short, sorted and with commas between them.
std::string code_list(rules::Knowledge const& knowledge, bool tests) {
    auto const& terminology = knowledge.terminology();
    auto const pack = rules::embedded_pack();
    std::set<std::string, std::less<>> codes;
    base::json::Document document;
    for (auto const& file : pack.files()) {
        if (!may_hold(file.name, tests)) continue;
        auto const root = document.parse(file.bytes);
        if (!root) continue;
        auto const system = terminology.system((*root)["codeSystem"].string());
        for (auto const entry : (*root)["codes"].each()) {
            auto const code = entry["code"].string();
            auto const* meaning = terminology.find(system, code);
            if (meaning && is_wanted(*meaning, terminology, tests)) codes.emplace(code);
        }
    }
    std::string out;
    for (auto const& code : codes) {
        if (!out.empty()) out += ',';
        out += code;
    }
    return out;
}

std::string search(std::string_view type, std::string_view rest = {}) {
    std::string out{type};
    out += "?patient={{context.patientId}}";
    out += rest;
    return out;
}

}  // namespace

std::vector<PrefetchTemplate> prefetch_templates(rules::Knowledge const& knowledge,
                                                 bool include_medication) {
    std::vector<PrefetchTemplate> all;
    auto const add = [&](Query query, std::string text) {
        all.push_back({fhir::key(query), std::move(text), query});
    };
    add(Query::patient, "Patient/{{context.patientId}}");
    add(Query::medications,
        search("MedicationRequest", "&status=active,on-hold,completed,stopped,cancelled,unknown") +
            (include_medication ? "&_include=MedicationRequest:medication" : ""));
    add(Query::statements,
        search("MedicationStatement", "&status=active,completed,intended,stopped,on-hold,unknown"));
    add(Query::administrations,
        search("MedicationAdministration",
               "&status=in-progress,on-hold,completed,stopped,unknown&code=") +
            code_list(knowledge, false));
    add(Query::dispenses,
        search("MedicationDispense", "&status=in-progress,on-hold,completed,stopped,unknown"));
    add(Query::conditions, search("Condition"));
    add(Query::allergies, search("AllergyIntolerance"));
    add(Query::observations, search("Observation", "&code=") + code_list(knowledge, true));
    add(Query::procedures, search("Procedure", "&status=in-progress,completed"));
    add(Query::service_requests, search("ServiceRequest", "&status=active,on-hold"));
    // Last: the context often names no encounter, and a client may stop at a template that it
    // cannot fill.
    add(Query::encounter, "Encounter/{{context.encounterId}}");
    return all;
}

PathTemplate const* path_template(Hook hook) {
    // Products that drafts only refer to: `_include` brings those of stored orders alone.
    static constexpr PathTemplate products{
        "draftMedications",
        "Medication?_id={{context.draftOrders.entry.resource.ofType(MedicationRequest).medication"
        ".resolve().ofType(Medication).id}}"};
    static constexpr PathTemplate orders{"dispatchedOrders",
                                         "MedicationRequest?_id={{context.dispatchedOrders.resolve("
                                         ").ofType(MedicationRequest).id}}"};
    switch (hook) {
        case Hook::order_sign:
        case Hook::order_select:
            return &products;
        case Hook::order_dispatch:
            return &orders;
        case Hook::patient_view:
        case Hook::encounter_discharge:
            break;
    }
    return nullptr;
}

}  // namespace cds::hooks

#include <algorithm>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

DiseaseSet diseases_of(ReadContext const& context, Value concept_value,
                       std::string_view* recognised_code) {
    auto const& terminology = *context.terminology;
    DiseaseSet diseases;
    for_each_coding(concept_value, terminology,
                    [&](System system, std::string_view code, std::string_view) {
                        auto const* meaning = terminology.find(system, code);
                        if (!meaning || meaning->diseases.none()) return;
                        diseases |= meaning->diseases;
                        if (recognised_code && recognised_code->empty()) *recognised_code = code;
                    });
    auto& words = folded_scratch();
    append_folded_words(concept_value, words);
    if (words.empty()) return diseases;
    if (diseases.none())
        return terminology.match_diseases(words) | terminology.match_always_text(words);
    return diseases | terminology.match_always_text(words);
}

namespace {

/// The code of a status; where it only has a text ("Entered in Error"), that text as a code is
/// spelled.
std::string status_code(Value status) {
    if (auto const code = first_code(status); !code.empty()) return std::string{code};
    std::string words;
    base::fold(status.first()["text"].string(), words);
    std::replace(words.begin(), words.end(), ' ', '-');
    return words;
}

Verification verification_of(Value status) {
    auto const code = status_code(status);
    if (code == "provisional") return Verification::provisional;
    if (code == "differential") return Verification::differential;
    if (code == "unconfirmed" || code == "unknown") return Verification::unconfirmed;
    if (code == "refuted") return Verification::refuted;
    if (code == "entered-in-error") return Verification::entered_in_error;
    return Verification::confirmed;
}

bool is_active_code(std::string_view code) {
    return code == "active" || code == "recurrence" || code == "relapse";
}

bool severity_is_severe(Value severity) {
    for (auto coding : severity["coding"].each()) {
        if (coding["code"].string() == "24484000") return true;
    }
    auto& words = folded_scratch();
    append_folded_words(severity, words);
    return words.find("severe") != std::string::npos;
}

base::Date first_date(Value resource, std::initializer_list<std::string_view> members,
                      ReadContext const& context) {
    base::Date best;
    for (auto member : members) {
        auto const dot = member.find('.');
        auto element = dot == std::string_view::npos
                           ? resource[member]
                           : resource[member.substr(0, dot)][member.substr(dot + 1)];
        auto const date = read_date(element, context);
        if (date) return date;
        if (best.precision == base::Precision::absent) best = date;
    }
    return best;
}

}  // namespace

ConditionRow read_condition(ReadContext const& context, Value resource) {
    ConditionRow row;
    row.node = resource;
    row.id = resource["id"].string();
    auto const code = resource["code"];
    row.label = concept_label(context, code);
    row.diseases = diseases_of(context, code, &row.code);
    row.verification = verification_of(resource["verificationStatus"]);
    row.onset = first_date(
        resource,
        {"onsetDateTime", "onsetPeriod.start", "recordedDate", "assertedDate", "dateRecorded"},
        context);
    row.abatement = first_date(resource, {"abatementDateTime", "abatementPeriod.end"}, context);
    auto const status = status_code(resource["clinicalStatus"]);
    // A clinicalStatus that only has an extension (`_clinicalStatus`) is unknown, never "active".
    if (status.empty()) {
        row.active =
            row.abatement.precision == base::Precision::absent && !resource["_clinicalStatus"];
    } else {
        row.active = is_active_code(status);
    }
    row.severe = severity_is_severe(resource["severity"]);
    return row;
}

namespace {

/// DSTU2 calls the code of an allergy its substance.
Value allergen_of(Value resource) {
    return resource["code"] ? resource["code"] : resource["substance"];
}

bool speaks_of_eye_product(ReadContext const& context, Value resource, AllergyRow const& row) {
    if (!has(row.allergens, Allergen::ciclosporin)) return false;
    bool eye = false, systemic_code = false;
    for_each_coding(allergen_of(resource), *context.terminology,
                    [&](System system, std::string_view code, std::string_view) {
                        auto const* meaning = context.terminology->find(system, code);
                        if (!meaning) return;
                        for (auto id : meaning->ingredients) {
                            auto const& drugs = context.terminology->ingredient(id).drugs;
                            if (has(drugs, Drug::ciclosporin_ophthalmic)) eye = true;
                            if (has(drugs, Drug::ciclosporin)) systemic_code = true;
                        }
                    });
    if (eye && !systemic_code) return true;
    auto& words = folded_scratch();
    append_folded_words(allergen_of(resource), words);
    for (auto word : {"ophth", "eye", "restasis", "cequa", "ikervis", "verkazia", "vevye"}) {
        if (words.find(word) != std::string::npos) return true;
    }
    bool all_eye = false;
    for (auto reaction : resource["reaction"].each()) {
        auto const route = reaction["exposureRoute"];
        if (!route) return false;
        all_eye = read_route(route) == Route::ophthalmic;
        if (!all_eye) return false;
    }
    return all_eye;
}

void read_reactions(ReadContext const&, Value resource, AllergyRow& row) {
    auto& words = folded_scratch();
    auto const add = [&words](std::string_view text) {
        words += " ; ";
        base::fold(text, words);
    };
    for (auto reaction : resource["reaction"].each()) {
        add(reaction["description"].string());
        for (auto manifestation : reaction["manifestation"].each()) {
            append_folded_words(manifestation, words);
            // R5: manifestation is a CodeableReference
            append_folded_words(manifestation["concept"], words);
            if (row.reaction.empty()) row.reaction = concept_label(manifestation);
        }
        if (row.reaction.empty()) row.reaction = reaction["description"].string();
        for (auto note : reaction["note"].each()) add(note["text"].string());
    }
    for (auto note : resource["note"].each()) add(note["text"].string());
    row.anaphylaxis = words.find("anaphyla") != std::string::npos;
    add(allergen_of(resource)["text"].string());
    row.first_dose_reaction = words.find("first dose") != std::string::npos ||
                              words.find("first infusion") != std::string::npos;
}

}  // namespace

AllergyRow read_allergy(ReadContext const& context, Value resource) {
    AllergyRow row;
    row.node = resource;
    row.id = resource["id"].string();
    auto const code = allergen_of(resource);
    row.label = concept_label(context, code);
    auto const add_codes = [&](Value concept_value) {
        for_each_coding(concept_value, *context.terminology,
                        [&](System system, std::string_view value, std::string_view) {
                            if (auto const* meaning = context.terminology->find(system, value))
                                row.allergens |= meaning->allergens;
                        });
    };
    add_codes(code);
    if (row.allergens.none()) {
        auto& words = folded_scratch();
        append_folded_words(code, words);
        row.allergens = context.terminology->match_allergens(words);
        for (auto reaction : resource["reaction"].each()) {
            add_codes(reaction["substance"]);
            words.clear();
            append_folded_words(reaction["substance"], words);
            if (!words.empty()) row.allergens |= context.terminology->match_allergens(words);
        }
    }
    auto const status = status_code(resource["clinicalStatus"]);
    row.active = status.empty() ? !resource["_clinicalStatus"] : status == "active";
    row.verification = verification_of(resource["verificationStatus"]);
    if (auto const older = resource["status"]) {  // DSTU2: one status for both
        row.verification = verification_of(older);
        row.active = older.string() != "inactive" && older.string() != "resolved";
    }
    row.recorded = first_date(resource, {"recordedDate", "onsetDateTime", "assertedDate"}, context);
    read_reactions(context, resource, row);
    row.eye_product_only = speaks_of_eye_product(context, resource, row);
    return row;
}

}  // namespace cds::fhir

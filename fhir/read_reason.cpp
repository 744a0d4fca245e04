#include <algorithm>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

void read_reason(PatientRecord const& record, Value resource, MedicationRow& row) {
    auto const add = [&](Value concept_value, bool severe) {
        StatedReason reason;
        reason.diseases = diseases_of(record.context, concept_value);
        reason.text = concept_label(concept_value);
        reason.node = concept_value;
        reason.severe = severe;
        row.reasons.push_back(reason);
    };
    for (auto concept_value : resource["reasonCode"].each()) add(concept_value, false);
    if (auto const older = resource["reasonCodeableConcept"]) add(older, false);  // DSTU2
    for (auto element : resource["reason"].each()) {                              // R5
        if (auto const inner = element["concept"]) add(inner, false);
    }
    for (auto reference : resource["reasonReference"].each()) {
        auto const target = reference["reference"].string();
        auto const id = reference_id(target);
        if (!target.empty() && target.front() == '#') {
            if (auto const condition = contained(resource, target.substr(1))) {
                add(condition["code"], false);
                continue;
            }
        }
        auto const found = std::find_if(
            record.conditions.begin(), record.conditions.end(),
            [&](ConditionRow const& condition) { return condition.id == id && !id.empty(); });
        StatedReason reason;
        reason.node = reference;
        reason.text = reference["display"].string();
        if (found != record.conditions.end()) {
            if (found->verification == Verification::refuted ||
                found->verification == Verification::entered_in_error) {
                continue;
            }
            reason.diseases = found->diseases;
            reason.severe = found->severe;
            if (reason.text.empty()) reason.text = found->label;
        } else if (reason.text.empty()) {
            continue;  // what it refers to is not here: no reason that could be read is stated
        } else {
            auto& words = folded_scratch();
            base::fold(reason.text, words);
            reason.diseases = record.context.terminology->match_diseases(words) |
                              record.context.terminology->match_always_text(words);
        }
        row.reasons.push_back(reason);
    }
}

}  // namespace cds::fhir

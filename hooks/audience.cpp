#include "hooks/audience.hpp"

namespace cds::hooks {

rules::Audience audience_of(Client const& client, fhir::PatientRecord const& record) {
    rules::Audience audience;
    audience.client = client.id;
    auto const& wanted = record.context.encounter_id;
    if (!record.has_encounter || wanted.empty() || record.encounter.id != wanted) return audience;
    for (auto const type : record.encounter.node["serviceType"].each()) {
        for (auto const coding : type["coding"].each()) {
            auto const system = coding["system"].string(), code = coding["code"].string();
            if (!system.empty() && !code.empty()) audience.specialties.push_back({system, code});
        }
    }
    return audience;
}

}  // namespace cds::hooks

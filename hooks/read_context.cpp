#include "hooks/read_context.hpp"

namespace cds::hooks {

fhir::ReadContext read_context(rules::Knowledge const& knowledge, Site const& site,
                               Request const& request, base::Instant now,
                               std::pmr::memory_resource& arena) {
    fhir::ReadContext context;
    context.terminology = &knowledge.terminology();
    context.zone = &site.zone;
    context.now = now;
    context.today = site.zone.day_of(now);
    context.patient_id = request.patient_id;
    context.encounter_id = request.encounter_id;
    context.arena = &arena;
    return context;
}

}  // namespace cds::hooks

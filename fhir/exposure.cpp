#include "fhir/exposure.hpp"

#include <algorithm>

namespace cds::fhir {

std::optional<Day> Exposure::end_at(Day day, Day today) const {
    std::optional<Day> end;
    if (ended) {
        // An active statement or an administration counts on its last day; what was stopped or
        // completed has ended.
        auto const runs_through = source() == MedicationSource::administration ||
                                  source() == MedicationSource::dispense ||
                                  (source() == MedicationSource::statement &&
                                   row->status == RowStatus::active && !stopped);
        if (!runs_through || *ended < day) end = ended;
    } else if (planned_end) {
        auto const stale = *planned_end < day - std::chrono::days{28} && !later_administration;
        auto const planned = *planned_end > today && *planned_end < day;
        if (stale || planned) end = planned_end;
    }
    if (stop_draft && *stop_draft <= day) end = end ? std::min(*end, *stop_draft) : *stop_draft;
    return end;
}

int chain_gap_days(DrugSet const& drugs) {
    if (has(drugs, Drug::infliximab)) return 90;
    if (has(drugs, Drug::omalizumab)) return 56;
    return 28;
}

}  // namespace cds::fhir

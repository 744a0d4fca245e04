#pragma once
#include <optional>

#include "fhir/medication_row.hpp"

namespace cds::fhir {

/// One stored row as a stretch of time in which the patient was given a drug (catalogue 3.2, 3.3).
struct Exposure {
    MedicationRow const* row = nullptr;
    Date start;                ///< may be absent (unknown) or a year (too coarse)
    std::optional<Day> ended;  ///< it has ended, or ends for certain, on this day
    std::optional<Day>
        planned_end;  ///< a live order's own end: counts or not, depending on the day asked about
    bool later_administration = false;  ///< the drug was given after `planned_end`
    bool estimated = false;             ///< `ended` is worked out from supply or 28 days
    bool on_hold = false;               ///< ended by a hold: can be resumed
    bool stopped = false;  ///< status stopped or cancelled, a statusReason, or a stop draft
    std::optional<Day> stop_draft;  ///< a draft of the bundle ends it on this day

    /// The day on which it had ended, seen from `day`; none while it is ongoing then.
    std::optional<Day> end_at(Day day, Day today) const;
    bool ongoing(Day day, Day today) const { return !end_at(day, today); }
    MedicationSource source() const { return row->source; }
};

/// A stretch of treatment without a gap beyond the drug's limit.
struct Therapy {
    Date start;  ///< earliest start; absent when some row of it has no known start
    bool start_known = false;
    std::optional<Day> ended;  ///< none: ongoing on the day asked about
    bool estimated = false;    ///< the end is an estimate
    Exposure const* first = nullptr;
    Exposure const* last = nullptr;  ///< the row that runs longest
};

/// The last time that a drug was given or ended, before a day.
struct LastExposure {
    Day day{};
    bool estimated = false;
    bool on_hold = false;
    bool by_stop_draft = false;
    Exposure const* exposure = nullptr;
};

/// Longest gap inside one continuous therapy: 28 d, omalizumab 56 d, infliximab 90 d
/// (catalogue 3.3).
int chain_gap_days(DrugSet const& drugs);

}  // namespace cds::fhir

#pragma once
#include <boost/container/small_vector.hpp>
#include <memory_resource>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "fhir/dose.hpp"
#include "fhir/drug_groups.hpp"
#include "fhir/exposure.hpp"
#include "fhir/record.hpp"

namespace cds::fhir {

enum class DraftRole : std::uint8_t { start, stop, hold, ignored };

/// One drafted medication order and what it does.
struct Draft {
    MedicationRow const* row = nullptr;
    DraftRole role = DraftRole::start;
    Day start{};  ///< D(draft), catalogue 3.1; for a stop or hold: the day it takes effect
    MedicationRow const* resent = nullptr;  ///< the stored order that is sent again (same id)
};

/// Drafts of one kind: hardly ever more than a few, so they stand in place.
using DraftList = boost::container::small_vector<Draft const*, 4>;

/// Whether a draft begins, resumes or carries on a therapy. `unknown`: the orders could not be had.
enum class DraftKind : std::uint8_t { initiation, restart, continuation, unknown };

/// Where a drug was found to be present: drafted, ongoing, or both.
struct Presence {
    Exposure const* ongoing = nullptr;
    Draft const* draft = nullptr;
    explicit operator bool() const { return ongoing || draft; }
    MedicationRow const* row() const {
        return draft ? draft->row : ongoing ? ongoing->row : nullptr;
    }
};

/// The record with its drafts applied: therapies and their times. Built once for the request, and
/// again for each suggestion whose consequence is asked for. Pure; all days are calendar days of
/// the site.
class Chart {
public:
    /// `drafts` are rows that outlive the chart (the record's own, or with one replaced, removed or
    /// added).
    Chart(PatientRecord const& record, std::vector<MedicationRow const*> drafts,
          std::vector<ServiceRow const*> service_drafts);

    PatientRecord const& record() const noexcept { return record_; }
    Day today() const noexcept { return record_.context.today; }
    base::Instant now() const noexcept { return record_.context.now; }

    std::span<Draft const> drafts() const noexcept { return drafts_; }
    std::span<ServiceRow const* const> service_drafts() const noexcept { return service_drafts_; }
    std::span<Exposure const> exposures() const noexcept { return exposures_; }

    /// First draft that starts or carries on one of `drugs`; nullptr when there is none.
    Draft const* start_draft(DrugSet const& drugs) const;
    DraftList start_drafts(DrugSet const& drugs) const;
    Draft const* stop_draft(DrugSet const& drugs) const;
    /// Whether a stop draft ends one of `drugs` in this bundle.
    bool stopped_in_bundle(DrugSet const& drugs) const { return stop_draft(drugs) != nullptr; }

    /// The exposure that makes one of `drugs` ongoing on `day`, preferring orders; nullptr when
    /// none does.
    Exposure const* ongoing(DrugSet const& drugs, Day day) const;
    /// Every ongoing exposure of `drugs`.
    std::vector<Exposure const*> all_ongoing(DrugSet const& drugs, Day day) const;
    /// Ongoing on `day`, or drafted to start.
    Presence present(DrugSet const& drugs, Day day) const;
    /// Ongoing, or given recently enough and not stopped (catalogue 3.3 "in use": infliximab 90 d,
    /// omalizumab 56 d).
    Exposure const* in_use(DrugSet const& drugs, Day day) const;

    /// The last exposure that had ended by `day`. For infliximab the last infusion (or SC
    /// hand-over) on record counts, unless a stop draft of this bundle ends an ongoing therapy.
    /// None when nothing has ended.
    std::optional<LastExposure> last_exposure(DrugSet const& drugs, Day day) const;
    /// The continuous therapy that holds, or was the last before, `day`. Drafts do not count.
    std::optional<Therapy> therapy(DrugSet const& drugs, Day day) const;
    /// The therapies (chains) before `day`, oldest first.
    std::vector<Therapy> therapies(DrugSet const& drugs, Day day) const;
    /// Whether the record holds any exposure to one of `drugs`.
    bool ever(DrugSet const& drugs) const;
    /// What a start draft is for its drugs, judged at its own start day. Never `unknown`: see the
    /// caller's query state.
    DraftKind kind(Draft const& draft, DrugSet const& drugs) const;

    /// Weight for mg/kg (catalogue 3.4): newest usable; measured before estimated within the
    /// window.
    struct Weight {
        ResultRow const* row = nullptr;
        Rational kg;
        bool stale = false;
        bool estimated = false;
        int age_days = 0;
    };
    std::optional<Weight> weight() const;

    /// Completed years at today; none without a usable birth date. A partial date gives the
    /// youngest possible age.
    std::optional<int> age_years() const;
    std::optional<int> age_years_at(Day day) const;

private:
    void read_draft_roles(std::vector<MedicationRow const*> const& rows);
    void build_exposures();
    void apply_stops();

    PatientRecord const& record_;
    std::vector<Draft> drafts_;
    std::vector<ServiceRow const*> service_drafts_;
    std::vector<Exposure> exposures_;
};

/// D(draft): first of timing.event, boundsPeriod.start, validityPeriod.start, authoredOn (not older
/// than a day), else today; never before today.
Day draft_start(MedicationRow const& row, Day today);

}  // namespace cds::fhir

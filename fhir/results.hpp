#pragma once
#include <optional>
#include <vector>

#include "fhir/record.hpp"

// Which results count, newest first (catalogue 3.5).

namespace cds::fhir {

/// A usable result; of several with the same time the one that is safer for the patient, with the
/// other beside it.
struct Reading {
    ResultRow const* row = nullptr;
    ResultRow const* contradicted = nullptr;  ///< another value of the same time
    Day day() const { return row->when.first; }
};

/// Final, dated not later than now, with a usable value or outcome. One reading for each point in
/// time, newest first.
std::vector<Reading> usable_results(PatientRecord const& record, TestSet const& tests);
/// The newest of them; none when there is none.
std::optional<Reading> newest_result(PatientRecord const& record, TestSet const& tests);

/// The newest result of these tests when it is there but cannot be used; nullptr otherwise.
/// Preliminary, cancelled, future-dated, undated, month-only results and those with
/// dataAbsentReason are passed over.
ResultRow const* newest_is_unusable(PatientRecord const& record, TestSet const& tests);

/// Whether a value meets a condition, when a comparator leaves it open.
enum class Meets : std::uint8_t { no, yes, open };
Meets is_above(ResultRow const& row, Rational const& limit);
Meets is_at_least(ResultRow const& row, Rational const& limit);
Meets is_below(ResultRow const& row, Rational const& limit);
Meets is_at_most(ResultRow const& row, Rational const& limit);

/// Whether the date is not after now (a plain date: not after today).
bool not_after_now(base::Date const& date, ReadContext const& context);

/// One blood pressure: a panel, or a systolic and a diastolic value at most 5 minutes apart.
struct PressureReading {
    Date when;
    Rational systolic, diastolic;
    ResultRow const* systolic_row = nullptr;
    ResultRow const* diastolic_row = nullptr;
};

/// The blood pressure of one day: the mean of its readings, component by component, not rounded.
struct DayPressure {
    Day day{};
    Rational systolic, diastolic;
    std::vector<PressureReading> readings;
    bool contradictory = false;
};

/// Usable blood pressures by day, newest first. A preliminary one enters only when its encounter is
/// the context's.
std::vector<DayPressure> pressures(PatientRecord const& record);
/// The newest blood pressure that is there but cannot be used (half missing, unit); nullptr when
/// the newest is usable.
ResultRow const* newest_pressure_is_unusable(PatientRecord const& record);

}  // namespace cds::fhir

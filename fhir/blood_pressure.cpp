#include <algorithm>
#include <chrono>

#include "fhir/results.hpp"

namespace cds::fhir {

namespace {

/// Plausible limits, mm[Hg]. Source: catalogue 3.5.
bool plausible(Rational const& systolic, Rational const& diastolic) {
    return systolic >= Rational{50} && systolic <= Rational{300} && diastolic >= Rational{20} &&
           diastolic <= Rational{200} && diastolic < systolic;
}

bool may_count(ResultRow const& row, PatientRecord const& record) {
    if (row.status == ResultStatus::preliminary) {
        return !row.encounter.empty() && row.encounter == record.context.encounter_id;
    }
    return row.status == ResultStatus::usable;
}

bool belong_together(ResultRow const& a, ResultRow const& b) {
    if (a.node.node() == b.node.node()) return true;
    if (a.when.first != b.when.first && !(a.when.has_time() && b.when.has_time())) return false;
    if (a.when.has_time() != b.when.has_time()) return false;
    if (!a.when.has_time()) return true;
    auto const apart = a.when.instant > b.when.instant ? a.when.instant - b.when.instant
                                                       : b.when.instant - a.when.instant;
    return apart <= std::chrono::minutes{5};
}

bool from_panel(ResultRow const& row) { return static_cast<bool>(row.node["component"]); }

/// The diastolic partner of a systolic row: of the same Observation, or a separate one close in
/// time.
ResultRow const* partner(PatientRecord const& record, ResultRow const& systolic) {
    ResultRow const* best = nullptr;
    auto const apart = [&](ResultRow const& row) {
        return std::chrono::abs(row.when.instant - systolic.when.instant);
    };
    for (auto const& row : record.results) {
        if (row.test != Test::diastolic || !may_count(row, record)) continue;
        if (row.node.node() == systolic.node.node()) return &row;
        if (from_panel(systolic) || from_panel(row) || !belong_together(systolic, row)) continue;
        // The nearest in time; of two at one time the higher.
        auto const nearer = best && apart(row) < apart(*best);
        auto const higher = best && apart(row) == apart(*best) && row.value &&
                            (!best->value || *row.value > *best->value);
        if (!best || nearer || higher) best = &row;
    }
    return best;
}

bool usable(ResultRow const& row) {
    return row.problem == Problem::none && row.value && !row.data_absent;
}

}  // namespace

std::vector<DayPressure> pressures(PatientRecord const& record) {
    std::vector<PressureReading> readings;
    for (auto const& row : record.results) {
        if (row.test != Test::systolic || !may_count(row, record) || !usable(row)) continue;
        if (!not_after_now(row.when, record.context)) continue;
        auto const* other = partner(record, row);
        if (!other || !usable(*other) || !plausible(*row.value, *other->value)) continue;
        readings.push_back({row.when, *row.value, *other->value, &row, other});
    }
    std::stable_sort(readings.begin(), readings.end(), [](auto const& a, auto const& b) {
        if (a.when.first != b.when.first) return a.when.first > b.when.first;
        if (a.when.has_time() && b.when.has_time()) return a.when.instant > b.when.instant;
        return !a.when.has_time() && b.when.has_time();
    });
    std::vector<DayPressure> days;
    for (auto const& reading : readings) {
        if (days.empty() || days.back().day != reading.when.first) {
            days.push_back({reading.when.first, {}, {}, {reading}, false});
            continue;
        }
        auto& day = days.back();
        auto& last = day.readings.back();
        auto const same = !reading.when.has_time() || !last.when.has_time() ||
                          reading.when.instant == last.when.instant;
        if (!same) {
            day.readings.push_back(reading);
            continue;
        }
        // One time, two values: the higher one of each component.
        if (!(reading.systolic == last.systolic) || !(reading.diastolic == last.diastolic))
            day.contradictory = true;
        if (reading.systolic > last.systolic) {
            last.systolic = reading.systolic;
            last.systolic_row = reading.systolic_row;
        }
        if (reading.diastolic > last.diastolic) {
            last.diastolic = reading.diastolic;
            last.diastolic_row = reading.diastolic_row;
        }
    }
    for (auto& day : days) {
        Rational systolic, diastolic;
        for (auto const& reading : day.readings) {
            systolic = systolic + reading.systolic;
            diastolic = diastolic + reading.diastolic;
        }
        auto const count = Rational{static_cast<long long>(day.readings.size())};
        day.systolic = systolic / count;
        day.diastolic = diastolic / count;
    }
    return days;
}

ResultRow const* newest_pressure_is_unusable(PatientRecord const& record) {
    auto const days = pressures(record);
    ResultRow const* newest = nullptr;
    for (auto const& row : record.results) {
        auto const is_part = row.test == Test::systolic || row.test == Test::diastolic;
        if ((!is_part && row.test != Test::blood_pressure) || row.status != ResultStatus::usable)
            continue;
        if (row.when.precision < base::Precision::day || !not_after_now(row.when, record.context))
            continue;
        auto const in_reading = std::any_of(days.begin(), days.end(), [&](DayPressure const& day) {
            return std::any_of(day.readings.begin(), day.readings.end(),
                               [&](PressureReading const& reading) {
                                   return belong_together(*reading.systolic_row, row);
                               });
        });
        if (in_reading || !is_part) continue;
        if (!row.has_value)
            continue;  // the other half speaks for it; without any value there is no result
        if (!newest || row.when.first > newest->when.first ||
            (row.when.first == newest->when.first && row.when.has_time() &&
             newest->when.has_time() && row.when.instant > newest->when.instant)) {
            newest = &row;
        }
    }
    if (!newest) return nullptr;
    if (!days.empty()) {
        auto const& top = days.front().readings.front().when;
        auto const older =
            newest->when.first < top.first ||
            (newest->when.first == top.first &&
             (!newest->when.has_time() || !top.has_time() || newest->when.instant <= top.instant));
        if (older) return nullptr;
    }
    return newest;
}

}  // namespace cds::fhir

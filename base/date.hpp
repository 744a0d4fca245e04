#pragma once
#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cds::base {

/// A calendar day in the site's zone.
using Day = std::chrono::sys_days;
/// A point in time.
using Instant = std::chrono::sys_time<std::chrono::milliseconds>;

/// The zone in which calendar days are compared (catalogue 3.1). UTC costs nothing.
class Zone {
public:
    Zone() = default;  ///< UTC
    /// By IANA name, "Europe/Amsterdam". Fails with not_found for an unknown name.
    static Result<Zone> find(std::string_view iana_name);
    Day day_of(Instant instant) const;
    /// The time that clocks in the zone show as `local`.
    Instant instant_of(std::chrono::local_time<std::chrono::milliseconds> local) const;
    std::string_view name() const noexcept { return name_; }

private:
    void const* zone_ = nullptr;  ///< the zone's table of offsets, never freed; null for UTC
    std::string name_ = "UTC";
};

enum class Precision : std::uint8_t {
    absent,   ///< nothing there
    invalid,  ///< there, but no FHIR date
    year,     ///< too coarse for any day-level rule: treated as absent, reason date-imprecise
    month,
    day,
    instant,
};

/// A FHIR date, dateTime or instant as the interval of days that it may mean.
struct Date {
    Precision precision = Precision::absent;
    Day first{};        ///< month, year: its first day
    Day last{};         ///< month, year: its last day; day and instant: same as first
    Instant instant{};  ///< day: its midnight UTC; only an `instant` precision has a time
    std::string_view text;

    /// Whether a day-level rule may use it.
    explicit operator bool() const noexcept { return precision >= Precision::month; }
    bool has_time() const noexcept { return precision == Precision::instant; }
};

/// Reads YYYY, YYYY-MM, YYYY-MM-DD or a dateTime with zone (seconds and fractions optional; a
/// dateTime without zone is read in the site's zone; an hour that happens twice is its first, one
/// that never happens is the moment of the change). Leap seconds count as :59. The day of a
/// dateTime is its day in `zone`.
Date parse_date(std::string_view text, Zone const& zone);
/// A known day as a Date.
Date day_date(Day day);

/// Same day number `months` later, clamped to the month's end (30 Nov + 3 = 28 Feb).
Day add_months(Day day, int months);
/// Whole days from `from` to `to`; negative when `to` is earlier.
int days_between(Day from, Day to);
/// Completed years of age at `at` of someone born on `birth`; 29 February counts as 1 March in
/// other years.
int completed_years(Day birth, Day at);

/// "2026-03-10".
std::string iso(Day day);
void append_iso(Day day, std::string& out);
/// "2026-03-10T09:00:00Z" (milliseconds only when not zero).
std::string iso(Instant instant);

}  // namespace cds::base

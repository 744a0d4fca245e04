#include "base/date.hpp"

#include <gtest/gtest.h>

namespace cds::base {
namespace {

Zone zone(std::string_view name) {
    auto const found = Zone::find(name);
    EXPECT_TRUE(found) << name;
    return found ? *found : Zone{};
}

Day day(std::string_view text) {
    auto const date = parse_date(text, Zone{});
    EXPECT_EQ(date.precision, Precision::day) << text;
    return date.first;
}

struct Form {
    char const* text;
    Precision precision;
};

TEST(Date, AcceptsTheFormsOfFhirAndNoOthers) {
    using enum Precision;
    constexpr Form rows[] = {
        {"", absent},
        {"2026", year},
        {"0001", year},
        {"9999", year},
        {"2026-03", month},
        {"2026-12", month},
        {"2026-03-10", day},
        {"2024-02-29", day},
        {"2000-02-29", day},
        {"2026-03-10T09:00", instant},
        {"2026-03-10T09:00Z", instant},
        {"2026-03-10T09:00:00Z", instant},
        {"2026-03-10T09:00:00", instant},
        {"2026-03-10T09:00:00.1+14:00", instant},
        {"2026-03-10T23:59:60Z", instant},
        {"2026-03-10T00:00:00.123456789-13:59", instant},
        {"0000", invalid},
        {"0000-01-01", invalid},
        {"26", invalid},
        {"20260310", invalid},
        {"2026-", invalid},
        {"2026-00", invalid},
        {"2026-13", invalid},
        {"2026-3", invalid},
        {"2026-03-", invalid},
        {"2026-03-00", invalid},
        {"2026-03-32", invalid},
        {"2026-02-29", invalid},
        {"2026-02-30", invalid},
        {"1900-02-29", invalid},
        {"2026-04-31", invalid},
        {"2026/03/10", invalid},
        {"10-03-2026", invalid},
        {" 2026-03-10", invalid},
        {"2026-03-10 ", invalid},
        {"2026-03-10T", invalid},
        {"2026-03-10T09", invalid},
        {"2026-03-10T09Z", invalid},
        {"2026-03-10 09:00:00Z", invalid},
        {"2026-03-10t09:00:00Z", invalid},
        {"2026-03-10T09:00:00z", invalid},
        {"2026-03-10T24:00:00Z", invalid},
        {"2026-03-10T23:60:00Z", invalid},
        {"2026-03-10T23:59:61Z", invalid},
        {"2026-03-10T09:00:00.Z", invalid},
        {"2026-03-10T09:00:00,5Z", invalid},
        {"2026-03-10T09:00.5Z", invalid},
        {"2026-03-10T09:00:00+0100", invalid},
        {"2026-03-10T09:00:00+01", invalid},
        {"2026-03-10T09:00:00+14:01", invalid},
        {"2026-03-10T09:00:00+15:00", invalid},
        {"2026-03-10T09:00:00+01:60", invalid},
        {"2026-03-10T09:00:00ZZ", invalid},
        {"2026-W10", invalid},
        {"-2026", invalid},
        {"unknown", invalid},
    };
    for (auto const& row : rows) {
        auto const date = parse_date(row.text, Zone{});
        EXPECT_EQ(date.precision, row.precision) << row.text;
        EXPECT_EQ(date.text, row.text);
        EXPECT_EQ(static_cast<bool>(date), row.precision >= month) << row.text;
        EXPECT_EQ(date.has_time(), row.precision == instant) << row.text;
    }
}

TEST(Date, APartialDateIsTheIntervalThatItMayMean) {
    auto const month = parse_date("2024-02", Zone{});
    EXPECT_EQ(iso(month.first), "2024-02-01");
    EXPECT_EQ(iso(month.last), "2024-02-29");
    auto const year = parse_date("2026", Zone{});
    EXPECT_EQ(iso(year.first), "2026-01-01");
    EXPECT_EQ(iso(year.last), "2026-12-31");
    EXPECT_FALSE(year);
    auto const whole = parse_date("2026-03-10", Zone{});
    EXPECT_EQ(whole.first, whole.last);
    EXPECT_EQ(iso(whole.instant), "2026-03-10T00:00:00Z");
    EXPECT_EQ(day_date(whole.first).first, whole.first);
    EXPECT_EQ(day_date(whole.first).precision, Precision::day);
}

struct InZone {
    char const *zone, *text, *day, *instant;
};

TEST(Date, TheDayOfATimeIsItsDayInTheZone) {
    constexpr InZone rows[] = {
        {"UTC", "2026-03-10T23:30:00Z", "2026-03-10", "2026-03-10T23:30:00Z"},
        {"UTC", "2026-03-10T00:30:00+01:00", "2026-03-09", "2026-03-09T23:30:00Z"},
        {"UTC", "2026-03-10T09:00", "2026-03-10", "2026-03-10T09:00:00Z"},
        {"UTC", "2026-03-10T23:59:60Z", "2026-03-10", "2026-03-10T23:59:59Z"},
        {"UTC", "2026-03-10T09:00:00.1239Z", "2026-03-10", "2026-03-10T09:00:00.123Z"},
        // Winter, one hour ahead.
        {"Europe/Amsterdam", "2026-01-10T22:59:59Z", "2026-01-10", "2026-01-10T22:59:59Z"},
        {"Europe/Amsterdam", "2026-01-10T23:00:00Z", "2026-01-11", "2026-01-10T23:00:00Z"},
        // Summer, two.
        {"Europe/Amsterdam", "2026-07-10T21:59:59Z", "2026-07-10", "2026-07-10T21:59:59Z"},
        {"Europe/Amsterdam", "2026-07-10T22:00:00Z", "2026-07-11", "2026-07-10T22:00:00Z"},
        // The days of the changes, 29 March and 25 October 2026, at 01:00 UTC.
        {"Europe/Amsterdam", "2026-03-28T23:00:00Z", "2026-03-29", "2026-03-28T23:00:00Z"},
        {"Europe/Amsterdam", "2026-03-29T21:59:59Z", "2026-03-29", "2026-03-29T21:59:59Z"},
        {"Europe/Amsterdam", "2026-03-29T22:00:00Z", "2026-03-30", "2026-03-29T22:00:00Z"},
        {"Europe/Amsterdam", "2026-10-25T22:59:59Z", "2026-10-25", "2026-10-25T22:59:59Z"},
        {"Europe/Amsterdam", "2026-10-25T23:00:00Z", "2026-10-26", "2026-10-25T23:00:00Z"},
        // Without zone: clocks on the wall.
        {"Europe/Amsterdam", "2026-01-10T00:10", "2026-01-10", "2026-01-09T23:10:00Z"},
        {"Europe/Amsterdam", "2026-07-10T00:10:00", "2026-07-10", "2026-07-09T22:10:00Z"},
        {"Europe/Amsterdam", "2026-10-25T02:30:00", "2026-10-25", "2026-10-25T00:30:00Z"},
        {"Europe/Amsterdam", "2026-03-29T02:30:00", "2026-03-29", "2026-03-29T01:00:00Z"},
        {"America/New_York", "2026-03-10T03:59:59Z", "2026-03-09", "2026-03-10T03:59:59Z"},
        {"America/New_York", "2026-03-10T04:00:00Z", "2026-03-10", "2026-03-10T04:00:00Z"},
        {"Pacific/Kiritimati", "2026-03-10T10:00:00Z", "2026-03-11", "2026-03-10T10:00:00Z"},
        {"Asia/Kolkata", "2026-03-10T18:29:59Z", "2026-03-10", "2026-03-10T18:29:59Z"},
        {"Asia/Kolkata", "2026-03-10T18:30:00Z", "2026-03-11", "2026-03-10T18:30:00Z"},
        // Outside the years that are tabulated.
        {"Asia/Kolkata", "2150-03-10T18:30:00Z", "2150-03-11", "2150-03-10T18:30:00Z"},
        {"America/New_York", "1890-03-10T01:00:00Z", "1890-03-09", "1890-03-10T01:00:00Z"},
    };
    for (auto const& row : rows) {
        auto const date = parse_date(row.text, zone(row.zone));
        EXPECT_EQ(iso(date.first), row.day) << row.text << " in " << row.zone;
        EXPECT_EQ(date.first, date.last);
        EXPECT_EQ(iso(date.instant), row.instant) << row.text << " in " << row.zone;
    }
}

TEST(Date, KnowsZonesByTheirIanaNames) {
    EXPECT_EQ(Zone{}.name(), "UTC");
    EXPECT_EQ(zone("UTC").name(), "UTC");
    EXPECT_EQ(zone("Europe/Amsterdam").name(), "Europe/Amsterdam");
    for (auto const* const name :
         {"", "Europe", "Europe/Atlantis", "europe/amsterdam", "../../etc/passwd"}) {
        auto const missing = Zone::find(name);
        ASSERT_FALSE(missing) << name;
        EXPECT_EQ(missing.error().code, ErrorCode::not_found);
    }
}

struct Months {
    char const* from;
    int months;
    char const* to;
};

TEST(Date, AddsMonthsAndClampsToTheEndOfTheMonth) {
    constexpr Months rows[] = {
        {"2025-11-30", 3, "2026-02-28"},  {"2023-11-30", 3, "2024-02-29"},
        {"2026-01-31", 1, "2026-02-28"},  {"2026-01-31", 3, "2026-04-30"},
        {"2026-03-10", 3, "2026-06-10"},  {"2026-03-10", 0, "2026-03-10"},
        {"2026-03-31", -1, "2026-02-28"}, {"2026-01-15", -1, "2025-12-15"},
        {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},
        {"2026-10-31", 14, "2027-12-31"}, {"2026-12-31", 2, "2027-02-28"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(iso(add_months(day(row.from), row.months)), row.to) << row.from;
}

TEST(Date, CountsWholeDays) {
    EXPECT_EQ(days_between(day("2026-03-10"), day("2026-03-10")), 0);
    EXPECT_EQ(days_between(day("2026-03-10"), day("2026-03-09")), -1);
    EXPECT_EQ(days_between(day("2024-02-28"), day("2024-03-01")), 2);
    EXPECT_EQ(days_between(day("2026-03-28"), day("2026-03-30")), 2);
}

struct Age {
    char const *birth, *at;
    int years;
};

TEST(Date, CountsCompletedYears) {
    constexpr Age rows[] = {
        {"1960-05-17", "2026-05-16", 65}, {"1960-05-17", "2026-05-17", 66},
        {"1960-05-17", "2026-05-18", 66}, {"2008-02-29", "2026-02-28", 17},
        {"2008-02-29", "2026-03-01", 18}, {"2008-02-29", "2028-02-28", 19},
        {"2008-02-29", "2028-02-29", 20}, {"2026-03-10", "2026-03-10", 0},
        {"2026-03-10", "2026-03-09", -1}, {"1999-12-31", "2000-01-01", 0},
    };
    for (auto const& row : rows)
        EXPECT_EQ(completed_years(day(row.birth), day(row.at)), row.years)
            << row.birth << " at " << row.at;
}

TEST(Date, WritesIsoText) {
    std::string text = "on ";
    append_iso(day("0044-03-15"), text);
    EXPECT_EQ(text, "on 0044-03-15");
    EXPECT_EQ(iso(parse_date("1969-12-31T23:59:59.999Z", Zone{}).instant),
              "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(iso(parse_date("2026-03-10T09:00:00.050Z", Zone{}).instant),
              "2026-03-10T09:00:00.050Z");
}

}  // namespace
}  // namespace cds::base

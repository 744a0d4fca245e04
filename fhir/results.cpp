#include "fhir/results.hpp"

#include <algorithm>
#include <iterator>

namespace cds::fhir {

namespace {

/// Of two values at one time, which is safer to believe (catalogue 3.5): the lower one for these,
/// else the higher.
bool lower_is_safer(Test test) {
    return test == Test::weight || test == Test::weight_estimated || test == Test::egfr ||
           test == Test::infliximab_level || test == Test::neutrophils ||
           test == Test::leukocytes || test == Test::haemoglobin;
}

bool same_time(ResultRow const& a, ResultRow const& b) {
    if (a.when.first != b.when.first) return false;
    return !a.when.has_time() || !b.when.has_time() || a.when.instant == b.when.instant;
}

/// A result of a day without a time may be of any time: it stands before the timed ones of its day
/// and is then compared with them as of the same time.
bool newer(ResultRow const& a, ResultRow const& b) {
    if (a.when.first != b.when.first) return a.when.first > b.when.first;
    if (a.when.has_time() && b.when.has_time()) return a.when.instant > b.when.instant;
    return !a.when.has_time() && b.when.has_time();
}

bool has_usable_value(ResultRow const& row) {
    return row.has_value && !row.data_absent && row.problem == Problem::none &&
           (row.value || row.outcome != Outcome::none || !row.text.empty() || row.boolean ||
            row.date_value || row.reported);
}

/// Whether `a` is the safer of two results of one time.
bool safer(ResultRow const& a, ResultRow const& b) {
    if (a.value && b.value)
        return lower_is_safer(a.test) ? *a.value < *b.value : *a.value > *b.value;
    // Detected over not detected; but not in remission over remission.
    auto const good_when_positive = a.test == Test::remission || a.test == Test::clinical_response;
    auto const rank = [good_when_positive](ResultRow const& row) {
        switch (row.outcome) {
            case Outcome::positive:
                return good_when_positive ? 1 : 3;
            case Outcome::indeterminate:
                return 2;
            case Outcome::negative:
                return good_when_positive ? 3 : 1;
            case Outcome::none:
                return 0;
        }
        return 0;
    };
    return rank(a) > rank(b);
}

bool differ(ResultRow const& a, ResultRow const& b) {
    if (a.value && b.value) return !(*a.value == *b.value) || a.comparator != b.comparator;
    return a.outcome != b.outcome || (a.outcome == Outcome::none && a.text != b.text);
}

}  // namespace

bool not_after_now(base::Date const& date, ReadContext const& context) {
    if (!date) return false;
    return date.has_time() ? date.instant <= context.now : date.first <= context.today;
}

std::vector<Reading> usable_results(PatientRecord const& record, TestSet const& tests) {
    std::vector<Reading> readings;
    if ((tests & record.tests_with_results).none()) return readings;
    constexpr std::size_t usual = 8;
    readings.reserve(usual);
    for (auto const& row : record.results) {
        if (!has(tests, row.test) || row.status != ResultStatus::usable || !has_usable_value(row))
            continue;
        if (!not_after_now(row.when, record.context)) continue;
        readings.push_back({&row, nullptr});
    }
    auto const later = [](Reading const& a, Reading const& b) { return newer(*a.row, *b.row); };
    if (!std::is_sorted(readings.begin(), readings.end(), later))
        std::stable_sort(readings.begin(), readings.end(), later);
    auto merged = readings.begin();  // behind those that are kept
    for (auto const reading : readings) {
        if (merged == readings.begin() || !same_time(*std::prev(merged)->row, *reading.row) ||
            std::prev(merged)->row->test != reading.row->test) {
            *merged++ = reading;
            continue;
        }
        auto& kept = *std::prev(merged);
        if (!differ(*kept.row, *reading.row)) continue;
        if (safer(*reading.row, *kept.row)) {
            kept.contradicted = kept.row;
            kept.row = reading.row;
        } else {
            kept.contradicted = reading.row;
        }
    }
    readings.erase(merged, readings.end());
    return readings;
}

std::optional<Reading> newest_result(PatientRecord const& record, TestSet const& tests) {
    if ((tests & record.tests_with_results).none()) return std::nullopt;
    auto const all = usable_results(record, tests);
    if (all.empty()) return std::nullopt;
    return all.front();
}

ResultRow const* newest_is_unusable(PatientRecord const& record, TestSet const& tests) {
    ResultRow const* newest = nullptr;
    if ((tests & record.tests_with_results).none()) return newest;
    for (auto const& row : record.results) {
        if (!has(tests, row.test) || row.status != ResultStatus::usable || row.data_absent)
            continue;
        if (!row.has_value || row.when.precision < base::Precision::day) continue;
        if (!not_after_now(row.when, record.context)) continue;
        // At one time a usable value stands for the report.
        auto const same = newest && same_time(row, *newest);
        auto const better =
            !newest || (!same && newer(row, *newest)) ||
            (same && newest->problem != Problem::none && row.problem == Problem::none);
        if (better) newest = &row;
    }
    return newest && newest->problem != Problem::none ? newest : nullptr;
}

Meets is_above(ResultRow const& row, Rational const& limit) {
    if (!row.value) return Meets::open;
    auto const& value = *row.value;
    switch (row.comparator) {
        case Comparator::none:
            return value > limit ? Meets::yes : Meets::no;
        case Comparator::less:
        case Comparator::less_equal:
            return value <= limit ? Meets::no : Meets::open;
        case Comparator::greater:
            return value >= limit ? Meets::yes : Meets::open;
        case Comparator::greater_equal:
            return value > limit ? Meets::yes : Meets::open;
    }
    return Meets::open;
}

Meets is_at_least(ResultRow const& row, Rational const& limit) {
    if (!row.value) return Meets::open;
    auto const& value = *row.value;
    switch (row.comparator) {
        case Comparator::none:
            return value >= limit ? Meets::yes : Meets::no;
        case Comparator::less:
            return value <= limit ? Meets::no : Meets::open;
        case Comparator::less_equal:
            return value < limit ? Meets::no : Meets::open;
        case Comparator::greater:
        case Comparator::greater_equal:
            return value >= limit ? Meets::yes : Meets::open;
    }
    return Meets::open;
}

namespace {
Meets opposite(Meets meets) {
    return meets == Meets::open ? Meets::open : meets == Meets::yes ? Meets::no : Meets::yes;
}
}  // namespace

Meets is_below(ResultRow const& row, Rational const& limit) {
    return opposite(is_at_least(row, limit));
}
Meets is_at_most(ResultRow const& row, Rational const& limit) {
    return opposite(is_above(row, limit));
}

}  // namespace cds::fhir

#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/date.hpp"
#include "base/json.hpp"
#include "base/rational.hpp"
#include "fhir/codes.hpp"

namespace cds::fhir {

enum class ResultStatus : std::uint8_t { usable, preliminary, other };
enum class Comparator : std::uint8_t { none, less, less_equal, greater_equal, greater };
/// A coded, written or interpreted outcome.
enum class Outcome : std::uint8_t { none, positive, negative, indeterminate };
enum class Flag : std::uint8_t { none, low, high };

/// Why a result that is there cannot be used (catalogue 3.5); each is reported by
/// data-quality-unusable.
enum class Problem : std::uint8_t {
    none,
    unit_missing,
    unit_unknown,
    implausible,
    not_a_number,
    half_missing,
    no_cut_off
};

/// One result: an Observation, or one component of it.
struct ResultRow {
    Test test = Test::count_;
    base::json::Value node;  ///< the Observation
    std::string_view id;
    ResultStatus status = ResultStatus::other;
    base::Date when;
    bool has_value = false;
    bool data_absent = false;  ///< dataAbsentReason: no result, skipped without a report

    std::string_view number;  ///< digits as reported
    std::string_view unit;    ///< unit as reported
    std::optional<base::Rational>
        value;  ///< in the test's canonical unit; none when there is a problem
    std::optional<base::Rational> reported;  ///< in the reported unit
    bool converted = false;                  ///< reported in another unit than the canonical one
    Comparator comparator = Comparator::none;
    std::optional<base::Rational> range_low, range_high;  ///< in the reported unit
    Outcome outcome = Outcome::none;
    Flag flag = Flag::none;
    std::string_view text;  ///< valueString, or text/display of a coded value
    std::optional<bool> boolean;
    base::Date date_value;  ///< valueDateTime
    Problem problem = Problem::none;
    std::string_view encounter;  ///< id of its encounter
    std::string_view code_text;  ///< how the report names the test
    bool interpreted = false;    ///< an interpretation was given
};

}  // namespace cds::fhir

#include <algorithm>
#include <array>
#include <set>

#include "rules/policy_read.hpp"

namespace cds::rules {

using base::Rational;
using base::json::Value;

namespace {

/// `factor` of `to` make one `from`. Months have no fixed length in days, and amounts of substance
/// depend on what was measured: neither is converted.
struct Conversion {
    std::string_view from, to;
    long long numerator, denominator;
};
constexpr std::array conversions{
    Conversion{"wk", "d", 7, 1},
    Conversion{"a", "mo", 12, 1},
    Conversion{"g", "mg", 1000, 1},
    Conversion{"ug", "mg", 1, 1000},
    Conversion{"g/d", "mg/d", 1000, 1},
    Conversion{"mg/dL", "mg/L", 10, 1},
    Conversion{"10*3/uL", "10*9/L", 1, 1},
    Conversion{"10*6/L", "10*9/L", 1, 1000},
    Conversion{"[IU]/L", "[IU]/mL", 1, 1000},
    Conversion{"k[IU]/L", "[IU]/mL", 1, 1},
};

bool counts_time(std::string_view unit) { return unit == "d" || unit == "mo" || unit == "wk"; }

/// Days, months, years and counts are whole numbers in every rule.
bool is_whole_unit(std::string_view unit) {
    return counts_time(unit) || unit == "a" || unit == "1" || unit == "/d";
}

/// By how much a site may move a number either way. Beyond it the number is more likely a slip of
/// the unit or the decimal point than a decision.
Rational farthest(std::string_view unit) {
    if (counts_time(unit) || unit == "1" || unit == "/d") return Rational{10};
    if (unit == "mm[Hg]" || unit == "a" || unit == "kg") return Rational::ratio(3, 2);
    if (unit == "Cel") return Rational::ratio(106, 100);
    return Rational{4};
}

std::string number(Rational const& value, std::string_view unit) {
    return value.text(6) + " " + std::string{unit};
}

}  // namespace

std::optional<Rational> converted(Rational const& value, std::string_view unit,
                                  std::string_view wanted) {
    if (unit == wanted) return value;
    for (auto const& one : conversions) {
        auto const factor = Rational::ratio(one.numerator, one.denominator);
        if (one.from == unit && one.to == wanted) return value * factor;
        if (one.to == unit && one.from == wanted) return value / factor;
    }
    return std::nullopt;
}

void PolicyReader::read_threshold(Value value, Place const& place, RuleInfo const& rule,
                                  PolicyEntry& entry) {
    entry.threshold = text(value, "name", place, 80);
    auto const found =
        std::find_if(rule.thresholds.begin(), rule.thresholds.end(),
                     [&](Threshold const& one) { return one.name == entry.threshold; });
    if (found == rule.thresholds.end()) {
        std::string all;
        for (auto const& one : rule.thresholds) all.append(all.empty() ? "" : ", ") += one.name;
        return fail(place.at("name"),
                    all.empty() ? "the rule has no threshold at all"
                                : "the rule has no threshold of this name; it has: " + all);
    }
    auto const unit = text(value, "unit", place, 40);
    auto const given = Rational::parse(value["value"].number());
    if (!given) return fail(place.at("value"), "a number is needed");
    auto const same_unit = converted(*given, unit, found->unit);
    if (!same_unit || !same_unit->valid())
        return fail(place.at("unit"),
                    "this cannot be converted; the rule's unit is " + found->unit);
    entry.value = *same_unit;
    if (is_whole_unit(found->unit) && entry.value.floor_to(1) != entry.value)
        return fail(place.at("value"), "a whole number of " + found->unit + " is needed");
    auto const& before = found->value;
    if (before == Rational{0}) {
        if (entry.value < Rational{0} || entry.value > Rational{31})
            fail(place.at("value"), "0 to 31 " + found->unit + " is possible");
        return;
    }
    auto const least = before / farthest(found->unit), most = before * farthest(found->unit);
    if (!(entry.value >= least && entry.value <= most))
        fail(place.at("value"), "this is too far from the knowledge's " +
                                    number(before, found->unit) + "; possible are " +
                                    number(least, found->unit) + " to " +
                                    number(most, found->unit));
}

/// A lower limit above its upper one would switch a rule off without saying so: on each day the
/// rule's numbers of one unit keep their order. Spans of time stand for different things and are
/// left alone.
void PolicyReader::check_order_of_thresholds() {
    std::set<base::Day> days;
    for (auto const& entry : made_.entries) days.insert(entry.expires);
    Place const root{""};
    auto const here = root.at("entries");
    for (auto const day : days) {
        for (std::size_t i = 0; i < made_.entries.size(); ++i) {
            auto const& entry = made_.entries[i];
            if (entry.change != PolicyEntry::Change::threshold || !Policy::holds(entry, day))
                continue;
            auto const& rule = *knowledge_.find(entry.rule);
            auto const on_day = [&](Threshold const& threshold) {
                for (auto const& other : made_.entries) {
                    if (other.rule == rule.id && other.threshold == threshold.name &&
                        Policy::holds(other, day))
                        return other.value;
                }
                return threshold.value;
            };
            auto const& own =
                *std::find_if(rule.thresholds.begin(), rule.thresholds.end(),
                              [&](Threshold const& one) { return one.name == entry.threshold; });
            for (auto const& other : rule.thresholds) {
                if (other.unit != own.unit || counts_time(own.unit)) continue;
                bool const turned = (own.value < other.value && on_day(own) > on_day(other)) ||
                                    (own.value > other.value && on_day(own) < on_day(other));
                if (turned)
                    fail(here.at(i).at("value"),
                         "with it " + own.name + " (" + number(on_day(own), own.unit) + ") and " +
                             other.name + " (" + number(on_day(other), own.unit) +
                             ") would change places on " + base::iso(day) +
                             "; change both, or neither");
            }
        }
    }
}

}  // namespace cds::rules

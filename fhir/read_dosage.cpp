#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "fhir/element.hpp"
#include "fhir/read.hpp"

namespace cds::fhir {

using base::json::Value;

namespace {

/// The unit of a quantity: its code when it is UCUM-like, else its unit text; braces of annotations
/// dropped.
std::string unit_of(Value quantity) {
    auto unit = quantity["code"].string();
    // "1", or a code of another system than UCUM (SNOMED CT 428673006 "tablet"): the unit's text
    // tells.
    auto const system = quantity["system"].string();
    auto const foreign =
        !system.empty() && system.find("unitsofmeasure.org") == std::string_view::npos;
    if (unit.empty() || unit == "1" || foreign) {
        if (auto const text = quantity["unit"].string(); !text.empty()) unit = text;
    }
    std::string folded;
    for (auto c : unit) {
        if (c == '{' || c == '}' || c == ' ') continue;
        folded += (c >= 'A' && c <= 'Z') ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return folded;
}

bool is_piece(std::string_view unit) {
    static constexpr std::array pieces{"capsule", "capsules", "cap",  "caps",    "tablet",
                                       "tablets", "tab",      "tabs", "tbl",     "vial",
                                       "vials",   "pen",      "pens", "syringe", "syringes",
                                       "pill",    "pills",    "each", "dose",    "unit_dose"};
    return std::find(pieces.begin(), pieces.end(), unit) != pieces.end();
}

std::optional<Rational> mass_factor_to_mg(std::string_view unit) {
    if (unit == "mg" || unit == "milligram" || unit == "milligrams") return Rational{1};
    if (unit == "g" || unit == "gram" || unit == "grams") return Rational{1000};
    if (unit == "ug" || unit == "mcg" || unit == "µg" || unit == "μg")
        return Rational::ratio(1, 1000);
    return std::nullopt;
}

void read_quantity(Value quantity, Dosage& dosage) {
    auto const number = quantity["value"].number();
    auto const value = number.empty() ? std::nullopt : Rational::parse(number);
    dosage.amount = Amount::unreadable;
    if (!value || *value < Rational{0} || !quantity["comparator"].string().empty()) return;
    auto const unit = unit_of(quantity);
    dosage.value = *value;
    if (auto const factor = mass_factor_to_mg(unit)) {
        dosage.amount = Amount::mg;
        dosage.value = *value * *factor;
    } else if (unit == "mg/kg") {
        dosage.amount = Amount::mg_per_kg;
    } else if (unit == "ml" || unit == "milliliter" || unit == "millilitre") {
        dosage.amount = Amount::ml;
    } else if (is_piece(unit)) {
        dosage.amount = Amount::pieces;
    }
}

void read_rate(Value dose_and_rate, Dosage& dosage) {
    auto const quantity = dose_and_rate["rateQuantity"];
    if (quantity) {
        auto const number = quantity["value"].number();
        auto const value = number.empty() ? std::nullopt : Rational::parse(number);
        dosage.amount = Amount::unreadable;
        if (!value) return;
        auto const unit = unit_of(quantity);
        dosage.value = *value;
        if (unit == "mg/h" || unit == "mg/hr" || unit == "mg/hour")
            dosage.amount = Amount::mg_per_hour;
        if (unit == "mg/kg/h" || unit == "mg/kg/hr" || unit == "mg/kg/hour")
            dosage.amount = Amount::mg_per_kg_per_hour;
        if (unit == "mg/kg/d" || unit == "mg/kg/day") {
            dosage.amount = Amount::mg_per_kg_per_hour;
            dosage.value = *value * Rational::ratio(1, 24);
        }
        return;
    }
    auto const ratio = dose_and_rate["rateRatio"];
    if (!ratio) return;
    dosage.amount = Amount::unreadable;
    auto const numerator = Rational::parse(ratio["numerator"]["value"].number());
    auto const denominator = Rational::parse(ratio["denominator"]["value"].number());
    if (!numerator || !denominator || *denominator <= Rational{0}) return;
    auto const over = unit_of(ratio["denominator"]);
    Rational hours{0};
    if (over == "h" || over == "hr" || over == "hour") hours = *denominator;
    if (over == "d" || over == "day") hours = *denominator * Rational{24};
    auto const factor = mass_factor_to_mg(unit_of(ratio["numerator"]));
    auto const per_kg = unit_of(ratio["numerator"]) == "mg/kg";
    if (hours <= Rational{0} || (!factor && !per_kg)) return;
    dosage.amount = per_kg ? Amount::mg_per_kg_per_hour : Amount::mg_per_hour;
    dosage.value = *numerator * (factor ? *factor : Rational{1}) / hours;
}

/// Which of several doseAndRate rows is the order: Epic sends calculated, admin-amount and ordered;
/// never summed.
Value ordered_row(Value rows) {
    Value chosen;
    for (auto row : rows.each()) {
        auto const type = first_code(row["type"]);
        if (type == "ordered") return row;
        if (!chosen) chosen = row;
    }
    return chosen;
}

/// A rate that can be read comes before a range of doses (catalogue 3.4).
bool is_rate_readable(Value dose_and_rate) {
    Dosage rate;
    read_rate(dose_and_rate, rate);
    return rate.amount == Amount::mg_per_hour || rate.amount == Amount::mg_per_kg_per_hour;
}

void read_amount(Value element, Dosage& dosage) {
    auto row = ordered_row(element["doseAndRate"]);
    if (!row)
        row = element;  // STU3: doseQuantity directly on the dosage; MedicationAdministration:
                        // dosage.dose
    if (auto const quantity = row["doseQuantity"]) {
        read_quantity(quantity, dosage);
    } else if (auto const dose = row["dose"]) {
        read_quantity(dose, dosage);
    } else if (auto const range = row["doseRange"]; range && !is_rate_readable(row)) {
        if (range["high"])
            read_quantity(range["high"], dosage);
        else
            dosage.amount = Amount::unreadable;
    } else {
        read_rate(row, dosage);
    }
    auto const cap = element["maxDosePerPeriod"].first();
    if (!cap) return;
    auto const top = Rational::parse(cap["numerator"]["value"].number());
    auto const over = Rational::parse(cap["denominator"]["value"].number());
    auto const factor = mass_factor_to_mg(unit_of(cap["numerator"]));
    auto const unit = unit_of(cap["denominator"]);
    if (!top || !over || !factor || *over <= Rational{0}) return;
    if (unit == "d" || unit == "day") dosage.max_mg_per_day = *top * *factor / *over;
    if (unit == "h" || unit == "hr") dosage.max_mg_per_day = *top * *factor * Rational{24} / *over;
}

struct TimingCode {
    std::string_view code;
    int times_per_day;
};
constexpr std::array timing_codes{TimingCode{"QD", 1},  TimingCode{"BID", 2},  TimingCode{"TID", 3},
                                  TimingCode{"QID", 4}, TimingCode{"Q12H", 2}, TimingCode{"Q8H", 3},
                                  TimingCode{"Q6H", 4}, TimingCode{"Q24H", 1}, TimingCode{"AM", 1},
                                  TimingCode{"PM", 1}};

/// Administrations a day by a timing code: any coding (a local one may stand first), else the text.
std::optional<Rational> times_of_code(Value code) {
    auto const times_of = [](std::string_view text) -> std::optional<Rational> {
        for (auto const& known : timing_codes) {
            if (text == known.code) return Rational{known.times_per_day};
        }
        return std::nullopt;
    };
    for (auto coding : code["coding"].each()) {
        if (auto const times = times_of(coding["code"].string())) return times;
    }
    return times_of(code["text"].string());
}

/// Days of one period unit; months as 30 days only for the interval, which is compared with day
/// ranges (28-31).
std::optional<Rational> unit_days(std::string_view unit) {
    if (unit == "d") return Rational{1};
    if (unit == "h") return Rational::ratio(1, 24);
    if (unit == "min") return Rational::ratio(1, 1440);
    if (unit == "wk") return Rational{7};
    if (unit == "mo") return Rational{30};
    if (unit == "a") return Rational{365};
    return std::nullopt;
}

void read_timing(Value timing, ReadContext const& context, Dosage& dosage, MedicationRow& row) {
    auto const repeat = timing["repeat"];
    auto number = [](Value value) -> std::optional<Rational> {
        auto const text = value.number();
        return text.empty() ? std::nullopt : Rational::parse(text);
    };
    auto const period = number(repeat["period"]);
    auto frequency = number(repeat["frequency"]);
    if (auto const most = number(repeat["frequencyMax"]); most && frequency && *most > *frequency)
        frequency = most;
    auto const unit = repeat["periodUnit"] ? repeat["periodUnit"] : repeat["periodUnits"];  // DSTU2
    auto const days = unit_days(unit.string());
    // `when` and `timeOfDay`: each entry is one administration; with a frequency, that decides.
    auto const entries = std::max(repeat["timeOfDay"].size(), repeat["when"].size());
    if (period && days && *period > Rational{0}) {
        auto const times =
            frequency ? *frequency : Rational{entries > 0 ? static_cast<long long>(entries) : 1};
        dosage.per_day = times / (*period * *days);
        if (times > Rational{0}) dosage.interval_days = (*period * *days) / times;
    } else if (entries > 0) {
        dosage.per_day = Rational{static_cast<long long>(entries)};
    }
    if (!dosage.per_day) dosage.per_day = times_of_code(timing["code"]);
    auto const bounds = repeat["boundsPeriod"];
    dosage.bounds_start = read_date(bounds["start"], context);
    dosage.bounds_end = read_date(bounds["end"], context);
    for (auto event : timing["event"].each()) row.events.push_back(read_date(event, context));
}

}  // namespace

void read_dosages(PatientRecord const& record, MedicationRow& row) {
    auto elements = row.node["dosageInstruction"];
    if (!elements) elements = row.node["dosage"];
    for (auto element : elements.each()) {
        Dosage dosage;
        dosage.node = element;
        dosage.route = read_route(element["route"]);
        auto as_needed = element["asNeededBoolean"].boolean();
        if (!as_needed) as_needed = element["asNeeded"].boolean();
        dosage.as_needed = as_needed.value_or(false) ||
                           static_cast<bool>(element["asNeededCodeableConcept"]) ||
                           static_cast<bool>(element["asNeededFor"]);  // R5
        dosage.sequence = element["sequence"].integer();
        read_amount(element, dosage);
        read_timing(element["timing"], record.context, dosage, row);
        if (dosage.bounds_start &&
            (!row.bounds_start || dosage.bounds_start.first < row.bounds_start.first)) {
            row.bounds_start = dosage.bounds_start;
        }
        row.dosages.push_back(dosage);
    }
    // The row's end: the latest end, and none as soon as one line runs on.
    auto open_line = false;
    for (auto const& dosage : row.dosages) {
        if (!dosage.bounds_end) {
            open_line = open_line || (dosage.bounds_start && row.dosages.size() > 1);
            continue;
        }
        if (!row.bounds_end || dosage.bounds_end.last > row.bounds_end.last)
            row.bounds_end = dosage.bounds_end;
    }
    if (open_line) row.bounds_end = {};
}

}  // namespace cds::fhir

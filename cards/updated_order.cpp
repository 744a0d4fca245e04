#include "cards/updated_order.hpp"

#include <algorithm>
#include <array>

#include "cards/json_object.hpp"
#include "cards/phrase.hpp"
#include "fhir/element.hpp"

namespace cds::cards {

using base::Rational;
using base::json::Value;
using fhir::Amount;
using rules::Action;

namespace {

constexpr int dose_decimals = 2;

template <std::size_t n>
bool is_one_of(std::string_view name, std::array<std::string_view, n> const& names) {
    // "_frequency" holds the extensions of "frequency" and goes with it.
    if (!name.empty() && name.front() == '_') name.remove_prefix(1);
    return std::find(names.begin(), names.end(), name) != names.end();
}

bool changes_schedule(Action const& action) {
    return action.times_per_day || action.every_days || !action.events.empty();
}
bool changes_words(Action const& action) { return action.dose_mg || changes_schedule(action); }

/// The new dose in the pieces (capsules, vials) that the order counts; none when it is no whole
/// number of them.
std::optional<Rational> in_pieces(fhir::MedicationRow const& row, Rational const& mg) {
    auto const& strength = row.product.mg_per_piece;
    if (!strength || !(*strength > Rational{0})) return std::nullopt;
    auto const pieces = mg / *strength;
    if (!(pieces == pieces.floor_to(Rational{1})) || pieces == Rational{0}) return std::nullopt;
    return pieces;
}

bool is_mg(Value quantity) {
    auto const code = quantity["code"].string();
    auto const unit = quantity["unit"].string();
    return (code == "mg" || (code.empty() && unit == "mg")) && (unit.empty() || unit == "mg");
}

void write_quantity(Value old, fhir::Dosage const& dosage, fhir::MedicationRow const& row,
                    Rational const& mg, std::string& out) {
    static constexpr std::array<std::string_view, 5> replaced{"value", "unit", "system", "code",
                                                              "comparator"};
    auto const pieces = dosage.amount == Amount::pieces ? in_pieces(row, mg) : std::nullopt;
    bool const same_unit = pieces || (dosage.amount == Amount::mg && is_mg(old));
    auto const value = pieces ? pieces->text(dose_decimals) : mg.text(dose_decimals);
    JsonObject quantity{out};
    bool written = false;
    for (auto const member : old) {
        if (member.key() == "value") {
            quantity.member("value") += value;
            written = true;
        } else if (!is_one_of(member.key(), replaced) ||
                   (same_unit && member.key() != "comparator")) {
            quantity.copy_of(member);
        }
    }
    if (!written) quantity.member("value") += value;
    if (!same_unit) {
        quantity.text("unit", "mg");
        quantity.text("system", "http://unitsofmeasure.org");
        quantity.text("code", "mg");
    }
    quantity.close();
}

/// The element that states the dose: a doseAndRate row, or the dosage itself in the older form.
struct DoseWriter {
    fhir::MedicationRow const& row;
    fhir::Dosage const& dosage;
    Rational mg;

    static bool states_dose(std::string_view name) {
        static constexpr std::array<std::string_view, 3> names{"doseQuantity", "doseRange", "dose"};
        return is_one_of(name, names);
    }
    void dose(Value element, JsonObject& object, std::string& out) const {
        auto old = element["doseQuantity"];
        if (!old) old = element["doseRange"]["high"];
        if (!old) old = element["dose"];
        object.member("doseQuantity");
        write_quantity(old, dosage, row, mg, out);
    }
    /// doseAndRate with one row: the ordered one. The others were worked out from the old dose.
    void rows(Value rows_value, std::string& out) const {
        Value ordered;
        for (auto const candidate : rows_value.each()) {
            bool const is_ordered = fhir::first_code(candidate["type"]) == "ordered";
            if (!ordered || is_ordered) ordered = candidate;
            if (is_ordered) break;
        }
        out += '[';
        JsonObject object{out};
        bool written = false;
        for (auto const member : ordered) {
            if (!states_dose(member.key())) {
                object.copy_of(member);
            } else if (!written) {
                dose(ordered, object, out);
                written = true;
            }
        }
        object.close();
        out += ']';
    }
};

void write_bounds(Value repeat, Action const& action, JsonObject& object, std::string& out) {
    object.member("boundsPeriod");
    JsonObject bounds{out};
    for (auto const member : repeat["boundsPeriod"]) {
        if (member.key() != "end" && member.key() != "_end") bounds.copy_of(member);
    }
    bounds.text("end", base::iso(*action.period_end));
    bounds.close();
}

void write_repeat(Value old, Action const& action, JsonObject& timing, std::string& out) {
    static constexpr std::array<std::string_view, 11> schedule{
        "frequency", "frequencyMax", "period", "periodMax", "periodUnit", "when",
        "timeOfDay", "dayOfWeek",    "offset", "count",     "countMax"};
    static constexpr std::array<std::string_view, 3> bounds{"boundsPeriod", "boundsDuration",
                                                            "boundsRange"};
    auto const before = out.size();
    timing.member("repeat");
    JsonObject repeat{out};
    for (auto const member : old) {
        bool const drop = (changes_schedule(action) && is_one_of(member.key(), schedule)) ||
                          (action.period_end && is_one_of(member.key(), bounds));
        if (!drop) repeat.copy_of(member);
    }
    if (action.period_end) write_bounds(old, action, repeat, out);
    if (action.times_per_day || action.every_days) {
        repeat.member("frequency") += std::to_string(action.times_per_day.value_or(1));
        repeat.member("period") += std::to_string(action.every_days.value_or(1));
        repeat.text("periodUnit", "d");
    }
    repeat.close(before);
}

void write_timing(Value old, Action const& action, JsonObject& dosage, std::string& out) {
    auto const before = out.size();
    dosage.member("timing");
    JsonObject timing{out};
    if (!action.events.empty()) {
        auto& list = timing.member("event");
        for (auto const day : action.events) {
            list += list.back() == ':' ? '[' : ',';
            base::json::write_string(base::iso(day), list);
        }
        list += ']';
    }
    for (auto const member : old) {
        bool const drop =
            member.key() == "repeat" ||
            (changes_schedule(action) &&
             (member.key() == "code" || member.key() == "event" || member.key() == "_event"));
        if (!drop) timing.copy_of(member);
    }
    write_repeat(old["repeat"], action, timing, out);
    timing.close(before);
}

/// "75 mg, 2 times a day": what stands in dosageInstruction.text from now on.
std::string words(Context const& context, fhir::Dosage const* dosage, Action const& action) {
    auto const say = [&](std::string_view key) {
        return phrase(context.knowledge, context.call.language, key);
    };
    std::string dose;
    if (action.dose_mg) {
        dose = action.dose_mg->text(dose_decimals) + " mg";
    } else if (dosage && dosage->amount == Amount::mg) {
        dose = dosage->value.text(dose_decimals) + " mg";
    } else if (dosage && dosage->amount == Amount::mg_per_kg) {
        dose = dosage->value.text(dose_decimals) + " mg/kg";
    }
    if (dose.empty()) return {};
    std::string out;
    if (!action.events.empty()) {
        std::string days;
        for (auto const day : action.events) days += (days.empty() ? "" : ", ") + base::iso(day);
        append_filled(say("dose.on-days"), {{"dose", dose}, {"days", days}}, out);
        return out;
    }
    auto times =
        action.times_per_day ? std::optional{Rational{*action.times_per_day}} : std::nullopt;
    auto every = action.every_days ? std::optional{Rational{*action.every_days}} : std::nullopt;
    if (!times && !every && dosage) {
        if (dosage->per_day && *dosage->per_day >= Rational{1})
            times = dosage->per_day;
        else
            every = dosage->interval_days;
    }
    if (times && *times == Rational{1}) {
        append_filled(say("dose.once-a-day"), {{"dose", dose}}, out);
    } else if (times) {
        append_filled(say("dose.times-a-day"), {{"dose", dose}, {"count", times->text(1)}}, out);
    } else if (every) {
        append_filled(say("dose.every-days"), {{"dose", dose}, {"count", every->text(1)}}, out);
    } else {
        out = dose;
    }
    return out;
}

bool has_digit(std::string_view text) { return text.find_first_of("0123456789") != text.npos; }

void write_dosage(Context const& context, Value old, fhir::Dosage const* dosage,
                  Action const& action, std::string& out) {
    auto const new_words = changes_words(action) ? words(context, dosage, action) : std::string{};
    JsonObject object{out};
    bool dose_written = false;
    for (auto const member : old) {
        auto const name = member.key();
        bool const states_dose =
            action.dose_mg && (name == "doseAndRate" || DoseWriter::states_dose(name));
        if (changes_words(action) && (name == "text" || name == "_text")) {
            if (name == "text") object.text("text", new_words);
        } else if (changes_words(action) && name == "patientInstruction" &&
                   has_digit(member.string())) {
            continue;
        } else if (name == "timing") {
            write_timing(member, action, object, out);
        } else if (!states_dose) {
            object.copy_of(member);
        } else if (!dose_written) {
            DoseWriter const writer{*action.medication, *dosage, *action.dose_mg};
            if (name == "doseAndRate")
                writer.rows(member, object.member("doseAndRate"));
            else
                writer.dose(old, object, out);
            dose_written = true;
        }
    }
    if (!old["timing"]) write_timing({}, action, object, out);
    object.close();
}

bool can_change(Action const& action) {
    auto const& row = *action.medication;
    auto const lines = row.dosages.size();
    if (!row.node.is_object() || lines > 1) return false;
    if (!action.dose_mg) return lines == 1 || action.period_end || !action.events.empty();
    if (lines == 0) return false;
    switch (row.dosages.front().amount) {
        case Amount::mg:
        case Amount::mg_per_kg:
            return true;
        case Amount::pieces:
            return row.product.mg_per_piece.has_value();
        case Amount::ml:
            return row.product.mg_per_ml.has_value();
        case Amount::none:
        case Amount::mg_per_hour:
        case Amount::mg_per_kg_per_hour:
        case Amount::unreadable:
            break;
    }
    return false;
}

}  // namespace

bool write_updated(Context const& context, Action const& action, std::string& out) {
    if (!action.medication || !can_change(action)) return false;
    auto const& row = *action.medication;
    auto const* dosage = row.dosages.empty() ? nullptr : &row.dosages.front();
    JsonObject order{out};
    bool written = false;
    for (auto const member : row.node) {
        auto const name = member.key();
        if (name == "dosageInstruction") {
            write_dosage(context, member.first(), dosage, action, order.member(name) += '[');
            out += ']';
            written = true;
        } else if (name != "text" || !changes_words(action) ||
                   member["status"].string() != "generated") {
            order.copy_of(member);
        }
    }
    if (!written) {
        write_dosage(context, {}, dosage, action, order.member("dosageInstruction") += '[');
        out += ']';
    }
    order.close();
    return true;
}

}  // namespace cds::cards

#include "hooks/feedback.hpp"

#include <algorithm>

namespace cds::hooks {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::json::Kind;
using base::json::Value;

namespace {

bool is_hexadecimal(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }

bool is_absent(Value value) { return !value || value.is_null(); }

Error invalid(std::string where, std::string_view what) {
    return {ErrorCode::invalid, std::move(where), std::string{what}};
}

Error too_large(std::string where, std::string_view what, std::size_t most) {
    return {ErrorCode::too_large, std::move(where),
            std::string{what} + " may be " + std::to_string(most) + " at most."};
}

/// Reads one report; the first thing that cannot be read is the answer.
class Reader {
public:
    Reader(Value item, std::string place, Tolerances& tolerated)
        : item_{item}, place_{std::move(place)}, tolerated_{tolerated} {}

    Result<Report> read() {
        if (!item_.is_object())
            return invalid(place_,
                           "A report must be an object with card, outcome and "
                           "outcomeTimestamp.");
        if (auto error = read_card()) return *error;
        if (auto error = read_outcome()) return *error;
        if (auto error = read_suggestions()) return *error;
        if (auto error = read_time()) return *error;
        if (auto error = read_reason()) return *error;
        return std::move(report_);
    }

private:
    std::string at(std::string_view member) const { return place_ + "/" + std::string{member}; }
    void tolerate(std::string where, Leniency rule) {
        tolerated_.push_back({std::move(where), rule});
    }

    std::optional<Error> read_card() {
        auto const uuid = as_uuid(item_["card"].string());
        if (!uuid)
            return invalid(at("card"), "A report names its card; send the uuid that the card had.");
        report_.card = *uuid;
        return std::nullopt;
    }

    std::optional<Error> read_outcome() {
        auto const outcome = item_["outcome"].string();
        if (outcome != "accepted" && outcome != "overridden")
            return invalid(at("outcome"), "The outcome must be accepted or overridden.");
        report_.accepted = outcome == "accepted";
        return std::nullopt;
    }

    std::optional<Error> read_suggestions() {
        auto const where = at("acceptedSuggestions");
        auto const list = item_["acceptedSuggestions"];
        if (!is_absent(list) && !list.is_array() && !list.is_object())
            return invalid(where,
                           "This must be an array of objects, each with the id of a "
                           "suggestion.");
        if (list.is_object()) tolerate(where, Leniency::feedback_form);
        for (auto const entry : list.each()) {
            auto const uuid = as_uuid(entry["id"].string());
            if (!uuid)
                return invalid(where + "/" + std::to_string(report_.suggestions.size()) + "/id",
                               "Send the uuid of the suggestion.");
            if (report_.suggestions.size() >= most_suggestions)
                return too_large(where, "The number of suggestions", most_suggestions);
            report_.suggestions.push_back(*uuid);
        }
        if (report_.accepted && report_.suggestions.empty())
            return invalid(where,
                           "An accepted card names the suggestions that were accepted, as "
                           "[{\"id\": uuid}].");
        return std::nullopt;
    }

    std::optional<Error> read_time() {
        auto const date = base::parse_date(item_["outcomeTimestamp"].string(), base::Zone{});
        if (!date.has_time())
            return invalid(at("outcomeTimestamp"),
                           "Send the time of the outcome with date, time and zone, for example "
                           "2026-03-10T09:00:00Z.");
        report_.at = date.instant;
        return std::nullopt;
    }

    /// A text, held to its length. Without U+0000: no database keeps it.
    std::optional<Error> read_text(Value value, std::string where, std::size_t most,
                                   std::optional<std::string>& text) {
        if (is_absent(value)) return std::nullopt;
        if (!value.is_string()) return invalid(std::move(where), "This must be a string.");
        if (value.string().find('\0') != std::string_view::npos)
            return invalid(std::move(where), "This must not hold the character U+0000.");
        if (value.string().size() > most)
            return too_large(std::move(where), "The length in bytes", most);
        text = value.string();
        return std::nullopt;
    }

    std::optional<Error> read_reason() {
        std::string name = "overrideReason";
        auto given = item_[name];
        if (is_absent(given) && !is_absent(item_["overrideReasons"])) {
            name = "overrideReasons";
            given = item_[name];
            tolerate(at(name), Leniency::override_reasons);
        }
        if (is_absent(given)) return std::nullopt;
        auto where = at(name);
        if (given.is_array()) {
            if (given.size() > 1) return invalid(where, "A report has one override reason.");
            tolerate(where, Leniency::feedback_form);
            given = given.first();
            where += "/0";
            if (is_absent(given)) return std::nullopt;
        }
        if (!given.is_object())
            return invalid(where, "This must be an object with reason and userComment.");
        if (auto error = read_coding(given["reason"], where + "/reason")) return error;
        if (auto error = read_text(given["userComment"], where + "/userComment",
                                   longest_comment_bytes, report_.comment))
            return error;
        return read_extension(given["extension"], where + "/extension");
    }

    std::optional<Error> read_coding(Value reason, std::string const& where) {
        if (is_absent(reason)) return std::nullopt;
        if (!reason.is_object())
            return invalid(where, "This must be an object with code and system.");
        struct {
            char const* member;
            std::optional<std::string>& text;
        } const parts[] = {{"code", report_.reason_code},
                           {"system", report_.reason_system},
                           {"display", report_.reason_display}};
        for (auto const& [member, text] : parts)
            if (auto error =
                    read_text(reason[member], where + "/" + member, longest_code_bytes, text))
                return error;
        return std::nullopt;
    }

    /// Kept as it came. Epic says the reason here alone: category, title and display of the reason
    /// that its user chose.
    std::optional<Error> read_extension(Value extension, std::string const& where) {
        if (is_absent(extension)) return std::nullopt;
        std::string text;
        base::json::write(extension, text);
        if (text.size() > longest_comment_bytes)
            return too_large(where, "The length in bytes", longest_comment_bytes);
        report_.extension = std::move(text);
        if (report_.reason_code || report_.reason_display) return std::nullopt;
        for (auto const member : extension) {
            auto const value = member.string();
            if (value.empty() || value.size() > longest_code_bytes ||
                value.find('\0') != std::string_view::npos)
                continue;
            auto const name = member.key();
            if (name.ends_with(".overrideReason.reasonCategory")) report_.reason_code = value;
            if (name.ends_with(".overrideReason.reasonDisplay")) report_.reason_display = value;
        }
        return std::nullopt;
    }

    Value item_;
    std::string const place_;
    Tolerances& tolerated_;
    Report report_;
};

void drop_repeated(std::vector<std::string>& texts) {
    std::vector<std::string> once;
    for (auto& text : texts)
        if (std::find(once.begin(), once.end(), text) == once.end())
            once.push_back(std::move(text));
    texts = std::move(once);
}

}  // namespace

std::optional<std::string> as_uuid(std::string_view text) {
    constexpr std::string_view prefix = "urn:uuid:";
    if (text.starts_with(prefix)) text.remove_prefix(prefix.size());
    if (text.size() != 36) return std::nullopt;
    std::string out{text};
    for (std::size_t i = 0; i < out.size(); ++i) {
        auto& c = out[i];
        if (c >= 'A' && c <= 'F') c = static_cast<char>(c - 'A' + 'a');
        bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
        if (dash ? c != '-' : !is_hexadecimal(c)) return std::nullopt;
    }
    return out;
}

Result<Feedback> read_feedback(Value root) {
    if (!root.is_object())
        return invalid("", "The body must be an object with the array feedback.");
    Feedback feedback;
    auto const list = root["feedback"];
    bool const bare = is_absent(list) && !is_absent(root["card"]);
    if (!bare && !list.is_array() && !list.is_object())
        return invalid("/feedback", "Send the reports as an array, {\"feedback\": […]}.");
    if (list.is_array() && list.size() > most_reports)
        return too_large("/feedback", "The number of reports in one call", most_reports);
    if (bare || list.is_object())
        feedback.tolerated.push_back({bare ? "" : "/feedback", Leniency::feedback_form});
    auto const items = bare ? root : list;
    for (auto const item : items.each()) {
        std::string place = bare ? "" : "/feedback";
        if (list.is_array()) place += "/" + std::to_string(feedback.reports.size());
        auto report = Reader{item, std::move(place), feedback.tolerated}.read();
        if (!report) return report.error();
        drop_repeated(report->suggestions);
        feedback.reports.push_back(*std::move(report));
    }
    return feedback;
}

}  // namespace cds::hooks

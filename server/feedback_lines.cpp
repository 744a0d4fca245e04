#include "server/feedback_lines.hpp"

#include "base/json.hpp"
#include "cards/json_list.hpp"
#include "cards/json_object.hpp"
#include "hooks/feedback.hpp"
#include "server/feedback.hpp"

namespace cds::server {
namespace {

using base::json::Value;
using cards::JsonObject;

void add_text(JsonObject& object, std::string_view name, std::optional<std::string> const& text) {
    if (text) base::json::write_string(*text, object.member(name));
}

void add_reason(JsonObject& object, store::FeedbackRow const& row) {
    bool const coded = row.reason_code || row.reason_system || row.reason_display;
    if (!coded && !row.comment && !row.extension) return;
    JsonObject given{object.member("overrideReason")};
    if (coded) {
        JsonObject reason{given.member("reason")};
        add_text(reason, "code", row.reason_code);
        add_text(reason, "system", row.reason_system);
        add_text(reason, "display", row.reason_display);
        reason.close();
    }
    add_text(given, "userComment", row.comment);
    if (row.extension) given.member("extension") += *row.extension;
    given.close();
}

base::Error unreadable(std::string_view where, std::string_view what) {
    return {base::ErrorCode::invalid, std::string{where}, std::string{what}};
}

base::Result<base::Instant> read_instant(Value value, std::string_view where) {
    auto const date = base::parse_date(value.string(), base::Zone{});
    if (!date.has_time()) return unreadable(where, "An instant is missing here.");
    return date.instant;
}

base::Result<ExportedLine> read_card(Value line) {
    auto const sent_at = read_instant(line["sentAt"], "/sentAt");
    if (!sent_at) return sent_at.error();
    store::CardRow row{std::string{line["card"].string()}, std::string{line["client"].string()},
                       std::string{line["rule"].string()}, std::string{line["indicator"].string()},
                       *sent_at};
    bool const known =
        row.indicator == "info" || row.indicator == "warning" || row.indicator == "critical";
    if (row.uuid.empty() || row.rule.empty() || !known)
        return unreadable("/card", "A card has card, rule and indicator.");
    return row;
}

}  // namespace

void append_ndjson(store::ReportedCard const& reported, std::string& out) {
    auto const& row = reported.feedback;
    JsonObject object{out};
    object.text("id", row.id);
    base::json::write_string(row.client, object.member("client"));
    object.text("service", row.service);
    object.text("card", row.card);
    object.text("outcome", row.outcome);
    if (!row.accepted.empty()) {
        cards::JsonList list{object.member("acceptedSuggestions")};
        for (auto const& suggestion : row.accepted) {
            JsonObject element{list.next()};
            element.text("id", suggestion);
            element.close();
        }
        list.close();
    }
    add_reason(object, row);
    object.text("outcomeTimestamp", base::iso(row.outcome_at));
    object.text("receivedAt", base::iso(row.received_at));
    if (reported.card) {
        JsonObject sent{object.member("sent")};
        sent.text("rule", reported.card->rule);
        sent.text("indicator", reported.card->indicator);
        sent.text("at", base::iso(reported.card->sent_at));
        sent.close();
    }
    object.close();
    out += '\n';
}

void append_ndjson(store::CardRow const& row, std::string& out) {
    JsonObject object{out};
    object.text("card", row.uuid);
    base::json::write_string(row.client, object.member("client"));
    object.text("rule", row.rule);
    object.text("indicator", row.indicator);
    object.text("sentAt", base::iso(row.sent_at));
    object.close();
    out += '\n';
}

std::string_view csv_heads() {
    return "id,client,service,card,rule,indicator,sentAt,outcome,outcomeTimestamp,receivedAt,"
           "acceptedSuggestions,reasonCode,reasonSystem,reasonDisplay,userComment,extension\r\n";
}

void append_csv_field(std::string_view value, std::string& out) {
    static constexpr std::string_view formula = "=+-@\t\r";
    bool const prefixed = !value.empty() && formula.find(value.front()) != formula.npos;
    bool const quoted = value.find_first_of("\",\r\n") != value.npos;
    if (quoted) out += '"';
    if (prefixed) out += '\'';
    for (char const c : value) {
        if (c == '"') out += '"';
        out += c;
    }
    if (quoted) out += '"';
}

void append_csv(store::ReportedCard const& reported, std::string& out) {
    auto const& row = reported.feedback;
    std::string accepted;
    for (auto const& suggestion : row.accepted)
        (accepted += accepted.empty() ? "" : " ") += suggestion;
    auto const sent = reported.card.value_or(store::CardRow{});
    std::string const fields[] = {row.id,
                                  row.client,
                                  row.service,
                                  row.card,
                                  sent.rule,
                                  sent.indicator,
                                  reported.card ? base::iso(sent.sent_at) : "",
                                  row.outcome,
                                  base::iso(row.outcome_at),
                                  base::iso(row.received_at),
                                  accepted,
                                  row.reason_code.value_or(""),
                                  row.reason_system.value_or(""),
                                  row.reason_display.value_or(""),
                                  row.comment.value_or(""),
                                  row.extension.value_or("")};
    for (auto const& field : fields) {
        if (&field != &fields[0]) out += ',';
        append_csv_field(field, out);
    }
    out += "\r\n";
}

base::Result<ExportedLine> read_ndjson(std::string_view line) {
    base::json::Document document;
    auto const root = document.parse(line);
    if (!root) return root.error();
    if ((*root)["sentAt"]) return read_card(*root);
    auto feedback = hooks::read_feedback(*root);
    if (!feedback) return feedback.error();
    if (feedback->reports.size() != 1) return unreadable("", "A line holds one report.");
    auto const received_at = read_instant((*root)["receivedAt"], "/receivedAt");
    if (!received_at) return received_at.error();
    auto const service = (*root)["service"].string();
    if (service.empty()) return unreadable("/service", "The service is missing.");
    auto rows =
        feedback_rows(*std::move(feedback), (*root)["client"].string(), service, *received_at);
    // Free text that has expired is no longer part of the line, but it is part of the name.
    if (auto const id = (*root)["id"].string(); !id.empty()) rows.front().id = id;
    return std::move(rows.front());
}

}  // namespace cds::server

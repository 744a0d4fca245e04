#include "server/request_log.hpp"

namespace cds::server {
namespace {

std::string_view method_name(Method method) {
    switch (method) {
        case Method::get:
            return "GET";
        case Method::head:
            return "HEAD";
        case Method::post:
            return "POST";
        case Method::options:
            return "OPTIONS";
        case Method::other:
            return "other";
    }
    return "other";
}

/// What a site's policy kept back: how many cards, and of which rules, as
/// "csa-thiazide=warning csa-pregnancy=critical". Nothing when there was none.
void add_withheld(hooks::CallStats const& stats, bool shadow, std::string const& name,
                  LogLine& line) {
    std::int64_t count = 0;
    std::string rules;
    for (auto const& one : stats.withheld) {
        if (one.shadow != shadow) continue;
        ++count;
        rules.append(rules.empty() ? "" : " ").append(one.rule).append("=");
        rules += cds::rules::name(one.indicator);
    }
    if (count > 0) line.number(name, count).text(name + "_rules", rules);
}

void add_stats(hooks::CallStats const& stats, LogLine& line) {
    line.number("drafts", stats.drafts)
        .number("cards", stats.cards)
        .number("critical", stats.critical)
        .number("warning", stats.warning)
        .number("info", stats.info)
        .number("not_checked", stats.not_checked)
        .number("discarded", stats.discarded)
        .number("tolerated", stats.tolerated);
    add_withheld(stats, true, "shadow", line);
    add_withheld(stats, false, "quiet", line);
}

void add_fetch(FetchSummary const& fetch, LogLine& line) {
    if (fetch.us == 0) return;
    line.number("fetch_requests", fetch.requests)
        .number("fetch_failed", fetch.failed)
        .number("fetch_us", fetch.us);
    if (fetch.refused_address) line.flag("fetch_refused_address", true);
    if (fetch.queue_full) line.flag("fetch_queue_full", true);
}

}  // namespace

LogLine request_line(RequestRecord const& record, Reply const& reply) {
    LogLine line{"request", reply.status >= 500 && reply.status != 503 ? "error" : "info"};
    line.text("id", record.request_id)
        .text("method", method_name(record.method))
        .text("route", reply.route);
    if (!reply.service.empty()) line.text("service", reply.service);
    if (!reply.client.empty()) line.text("client", reply.client);
    line.number("status", reply.status)
        .text("reason", reply.reason)
        .number("bytes_in", static_cast<std::int64_t>(record.bytes_in))
        .number("bytes_out", static_cast<std::int64_t>(record.bytes_out))
        .number("answer_us", record.answer_us)
        .number("total_us", record.total_us);
    if (reply.tolerated_path) line.flag("tolerated_path", true);
    if (reply.review_overdue) line.flag("review_overdue", true);
    if (!record.complete) line.flag("cut_off", true);
    if (reply.has_stats) add_stats(reply.stats, line);
    add_fetch(reply.fetch, line);
    return line;
}

}  // namespace cds::server

#include "server/report.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <exception>
#include <optional>

#include "server/address.hpp"
#include "server/feedback_lines.hpp"
#include "server/header_text.hpp"
#include "server/keeping.hpp"

namespace cds::server {
namespace {

constexpr std::int64_t most_waiting = 4;

/// One wait for the thread that reads.
struct Reading {
    explicit Reading(net::io_context& io) : wait{io} {}
    net::steady_timer wait;
    std::optional<base::Result<std::string>> outcome;
};

std::optional<store::Step> step_of(std::string_view name) {
    if (name == "day") return store::Step::day;
    if (name == "week") return store::Step::week;
    if (name == "month") return store::Step::month;
    return {};
}

std::optional<ReportWish> read_wish(std::string_view query) {
    ReportWish wish;
    while (!query.empty()) {
        auto value = next_part(query, '&');
        auto const name = next_part(value, '=');
        auto const step = step_of(value);
        if (name == "by" && step)
            wish.step = *step;
        else if (name == "format" && (value == "csv" || value == "json"))
            wish.csv = value == "csv";
        else
            return {};
    }
    return wish;
}

base::Result<std::string> read_report(Live const& live, ReportWish wish) {
    auto const place = store_place(live.settings);
    if (!place) return place.error();
    auto const database = store::open_for_reading(*place);
    if (!database) return database.error();
    auto const report =
        store::make_report(**database, store::all_time(), live.site.zone, wish.step);
    if (!report) return report.error();
    return wish.csv ? report_csv(*report) : report_json(*report);
}

/// The same on a thread where nobody would catch what a library throws.
base::Result<std::string> try_report(Live const& live, ReportWish wish) noexcept {
    try {
        return read_report(live, wish);
    } catch (std::exception const&) {
        // Without a text: there may be no memory for one.
        return base::Error{base::ErrorCode::store_unavailable, {}, {}};
    }
}

}  // namespace

void answer_report(Head const& head, std::string_view request_id, Reply& reply) {
    reply.own_pages_only = true;
    if (!is_loopback_host(head.host))
        return reply.refuse(404, "unknown-path", "Host",
                            "The report is read under the name of this machine: localhost or "
                            "127.0.0.1.",
                            request_id);
    auto const question = head.target.find('?');
    auto const wish = read_wish(
        question == std::string_view::npos ? std::string_view{} : head.target.substr(question + 1));
    if (!wish)
        return reply.refuse(400, "invalid", "the query",
                            "`by` is day, week or month; `format` is json or csv; there is nothing "
                            "else.",
                            request_id);
    reply.report = wish;
    if (wish->csv) reply.content_type = "text/csv; charset=utf-8";
}

Task<base::Result<std::string>> make_report(Worker& worker, std::shared_ptr<Live const> live,
                                            ReportWish wish) {
    auto& shared = worker.shared;
    if (shared.reports_waiting.fetch_add(1) >= most_waiting) {
        shared.reports_waiting.fetch_sub(1);
        base::Error busy{base::ErrorCode::store_unavailable, "",
                         "Other reports are being made; try again in a moment."};
        co_return busy;
    }
    auto const reading = std::make_shared<Reading>(worker.io);
    auto read = [reading, live, wish, &shared, &io = worker.io] {
        auto outcome = try_report(*live, wish);
        shared.reports_waiting.fetch_sub(1);
        net::post(io, [reading, outcome] {
            reading->outcome = outcome;
            reading->wait.cancel();
        });
    };
    // The outcome is posted to this very thread, so it cannot come before the wait begins.
    net::post(shared.reports, std::move(read));
    reading->wait.expires_at(net::steady_timer::time_point::max());
    co_await reading->wait.async_wait(as_result);
    if (!reading->outcome || !*reading->outcome) {
        // What a database says of itself is for the log and the command line.
        base::Error unread{base::ErrorCode::store_unavailable, "",
                           "The store cannot be read now; see `countersign feedback report`."};
        co_return unread;
    }
    co_return std::move(*reading->outcome);
}

}  // namespace cds::server

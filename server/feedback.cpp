#include "server/feedback.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "server/report.hpp"

namespace cds::server {
namespace {

base::Error not_kept(std::string_view what) {
    return {base::ErrorCode::store_unavailable, "", std::string{what}};
}

/// One wait for the store: the timer ends early when the answer comes.
struct Keeping {
    explicit Keeping(net::io_context& io) : wait{io} {}
    net::steady_timer wait;
    std::optional<base::Result<void>> outcome;
};

}  // namespace

std::vector<store::FeedbackRow> feedback_rows(hooks::Feedback&& feedback, std::string_view client,
                                              std::string_view service, base::Instant received_at) {
    std::vector<store::FeedbackRow> rows;
    rows.reserve(feedback.reports.size());
    for (auto& report : feedback.reports) {
        auto& row = rows.emplace_back();
        row.client = client;
        row.service = service;
        row.card = std::move(report.card);
        row.outcome = report.accepted ? "accepted" : "overridden";
        row.outcome_at = report.at;
        row.received_at = received_at;
        row.accepted = std::move(report.suggestions);
        row.reason_code = std::move(report.reason_code);
        row.reason_system = std::move(report.reason_system);
        row.reason_display = std::move(report.reason_display);
        row.comment = std::move(report.comment);
        row.extension = std::move(report.extension);
        row.id = store::feedback_id(row);
    }
    return rows;
}

std::vector<store::CardRow> card_rows(std::span<cards::SentCard const> cards,
                                      std::string_view client, base::Instant sent_at) {
    std::vector<store::CardRow> rows;
    rows.reserve(cards.size());
    for (auto const& card : cards)
        rows.push_back({std::string{card.uuid.data(), card.uuid.size()}, std::string{client},
                        std::string{card.rule}, std::string{rules::name(card.indicator)}, sent_at});
    return rows;
}

void answer_feedback(hooks::Client const& client, std::string_view service, std::string_view body,
                     Moment const& moment, Reply& reply) {
    base::json::Document document;
    auto const root = document.parse(body);
    if (!root) return reply.refuse(root.error(), moment.request_id);
    auto feedback = hooks::read_feedback(*root);
    if (!feedback) return reply.refuse(feedback.error(), moment.request_id);
    if (client.strict && !feedback->tolerated.empty())
        return reply.refuse(hooks::refusal(feedback->tolerated.front()), moment.request_id);
    reply.to_keep = feedback_rows(*std::move(feedback), client.id, service, moment.now);
    reply.body = "{}";
}

Task<void> finish_with_store(Worker& worker, std::shared_ptr<Live const> live,
                             std::string_view request_id, Reply& reply) {
    if (reply.report) {
        auto const wish = *reply.report;
        auto report = co_await make_report(worker, live, wish);
        if (!report)
            reply.refuse(report.error(), request_id);
        else
            reply.body = *std::move(report);
        co_return;
    }
    auto rows = std::move(reply.to_keep);
    std::chrono::milliseconds const patience{live->settings.store_wait_ms};
    auto const kept = co_await make_durable(worker, std::move(rows), patience);
    if (!kept) reply.refuse(kept.error(), request_id);
}

Task<base::Result<void>> make_durable(Worker& worker, std::vector<store::FeedbackRow> rows,
                                      std::chrono::milliseconds patience) {
    auto const keeping = std::make_shared<Keeping>(worker.io);
    auto told = [keeping, &io = worker.io](base::Result<void> const& outcome) {
        net::post(io, [keeping, outcome] {
            keeping->outcome = outcome;
            keeping->wait.cancel();
        });
    };
    bool const taken = worker.shared.store->save(std::move(rows), std::move(told));
    if (!taken)
        co_return not_kept("Too much feedback is waiting to be stored; try again in a moment.");
    // The answer is posted to this very thread, so it cannot come before the wait begins.
    keeping->wait.expires_after(patience);
    co_await keeping->wait.async_wait(as_result);
    if (!keeping->outcome)
        co_return not_kept(
            "The store did not answer in time; send the same feedback again, it is stored once.");
    auto const& outcome = *keeping->outcome;
    if (!outcome && outcome.error().code == base::ErrorCode::store_unavailable)
        co_return not_kept(
            "Feedback cannot be stored now; send the same again later, it is stored once.");
    co_return outcome;
}

}  // namespace cds::server

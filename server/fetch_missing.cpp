#include "server/fetch_missing.hpp"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>

#include "cards/not_checked.hpp"
#include "hooks/fetch_plan.hpp"
#include "server/fetcher.hpp"

namespace cds::server {
namespace {

using fhir::Reason;
using std::chrono::milliseconds;

/// How much later than the deadline the fetcher may hand over before it is no longer awaited.
constexpr milliseconds hand_over_time{20};

/// One wait for the fetcher: the timer ends early when it hands over.
struct Waiting {
    explicit Waiting(net::io_context& io) : wait{io} {}
    net::steady_timer wait;
    std::optional<std::vector<hooks::Fetched>> fetched;
    FetchCounts counts;
};

/// A call on its way to a better answer.
struct Completion {
    std::shared_ptr<FhirBase const> base;
    hooks::FhirAccess access;  ///< views into the body
    hooks::FetchPlan plan;
    Steady::time_point started, deadline, token_until;
};

/// None when there is nothing to fetch, or nobody to ask.
std::optional<Completion> make_completion(Live const& live, Dialogue const& dialogue,
                                          Route const& route, base::json::Value call,
                                          std::string_view body) {
    Completion one;
    one.started = Steady::now();
    one.access = hooks::read_access(call);
    one.base = find_base(dialogue.fhir_bases, one.access.server);
    if (!one.base) return {};
    auto plan = hooks::plan_fetch(*live.knowledge, live.site, dialogue.client, route.service, call,
                                  body, live.clinical_time(real_now()), one.base->url);
    if (!plan || (plan->wanted.empty() && plan->not_asked.empty())) return {};
    one.plan = *std::move(plan);
    auto const& settings = live.settings;
    one.deadline =
        one.started + milliseconds{one.plan.prefetch_complete ? settings.reference_deadline_ms
                                                              : settings.fetch_deadline_ms};
    one.token_until = Steady::time_point::max();
    if (auto const seconds = one.access.expires_s; seconds && *seconds < 86'400)
        one.token_until = one.started + std::chrono::seconds{*seconds};
    return one;
}

std::vector<hooks::Fetched> all_failed(std::size_t count, Reason reason) {
    std::vector<hooks::Fetched> fetched(count);
    for (auto& one : fetched) one.reason = reason;
    return fetched;
}

void add_counts(FetchCounts const& counts, Reply& reply) {
    reply.fetch.requests += counts.requests;
    reply.fetch.failed += counts.failed;
    reply.fetch.refused_address = reply.fetch.refused_address || counts.refused_address;
}

Task<std::vector<hooks::Fetched>> transfer(Worker& worker, Completion const& call,
                                           std::vector<hooks::Wanted> wanted, Reply& reply) {
    auto const count = wanted.size();
    if (count == 0) co_return std::vector<hooks::Fetched>{};
    auto const waiting = std::make_shared<Waiting>(worker.io);
    FetchJob job;
    job.base = call.base;
    job.token = Secret{call.access.token};
    job.deadline = call.deadline;
    job.token_until = call.token_until;
    job.wanted = std::move(wanted);
    job.done = [waiting, &io = worker.io](std::vector<hooks::Fetched> fetched, FetchCounts counts) {
        net::post(io, [waiting, got = std::move(fetched), counts]() mutable {
            waiting->fetched = std::move(got);
            waiting->counts = counts;
            waiting->wait.cancel();
        });
    };
    bool const taken = worker.shared.fetcher->submit(std::move(job));
    if (!taken) {
        reply.fetch.queue_full = true;
        co_return all_failed(count, Reason::unreachable);
    }
    // It is posted to this very thread, so it cannot come before the wait begins.
    waiting->wait.expires_at(call.deadline + hand_over_time);
    co_await waiting->wait.async_wait(as_result);
    if (!waiting->fetched) co_return all_failed(count, Reason::timed_out);
    add_counts(waiting->counts, reply);
    co_return std::move(*waiting->fetched);
}

/// Puts the answer to `body` in place of that in `reply`, when it is one.
void answer_anew(Worker& worker, Live const& live, Route const& route, std::string_view body,
                 std::string_view request_id, Reply& reply) {
    Reply better;
    better.body = worker.take_buffer();
    Moment const moment{real_now(), worker.draining, worker.shared.store->works(), request_id,
                        reply.client};
    answer(live, route, body, moment, worker.workspace, better);
    if (better.status == 200) {
        std::swap(reply.body, better.body);
        reply.stats = std::move(better.stats);
        reply.sent = std::move(better.sent);
    }
    worker.give_buffer(std::move(better.body));
}

/// 412 says that nothing could be evaluated (docs/decisions/230-fetching.md): the server does not
/// know the patient, the call brought nothing of a chart, and no rule had something to say.
bool nothing_was_evaluated(Route const& route, base::json::Value call, Reply const& reply) {
    if (route.kind != Route::Kind::service || hooks::holds_chart(call)) return false;
    return std::all_of(reply.sent.begin(), reply.sent.end(), [](store::CardRow const& card) {
        return card.rule == cards::not_evaluated;
    });
}

/// Whether what FHIR servers have may make an answer better.
bool may_fetch(Dialogue const& dialogue, Route const& route, Reply const& reply) {
    bool const hook = route.kind == Route::Kind::service || route.kind == Route::Kind::explain;
    return hook && !dialogue.fhir_bases.empty() && reply.has_stats && reply.stats.not_checked > 0;
}

}  // namespace

Task<void> fetch_missing(Worker& worker, Live const& live, Route const& route,
                         std::string_view body, std::string_view request_id, Reply& reply) {
    auto const& dialogue = live.dialogues.with(reply.client);
    if (!may_fetch(dialogue, route, reply)) co_return;
    base::json::Document document;
    auto const call = document.parse(body);
    if (!call) co_return;
    auto const completion = make_completion(live, dialogue, route, *call, body);
    if (!completion) co_return;
    auto const& plan = completion->plan;
    auto const& url = completion->base->url;
    auto fetched = co_await transfer(worker, *completion, plan.wanted, reply);
    bool const unknown = hooks::patient_is_unknown(plan, fetched);
    if (unknown) fetched = all_failed(plan.wanted.size(), Reason::not_supplied);
    auto text = hooks::completed_call(*call, body, plan, fetched, url);
    fetched.clear();

    base::json::Document completed;
    auto const second_call = completed.parse(text);
    if (second_call && !unknown) {
        auto const second = hooks::plan_medications(*second_call, completion->access, url, plan);
        if (!second.wanted.empty() || !second.not_asked.empty()) {
            auto const medications = co_await transfer(worker, *completion, second.wanted, reply);
            text = hooks::completed_call(*second_call, text, second, medications, url);
        }
    }
    answer_anew(worker, live, route, text, request_id, reply);
    reply.fetch.us = microseconds_since(completion->started);
    if (unknown && nothing_was_evaluated(route, *call, reply)) {
        base::Error const error{
            base::ErrorCode::unavailable, "/context/patientId",
            "The FHIR server has no such Patient and the call brings no prefetch, so nothing could "
            "be checked. Send the prefetch of the discovery document, or the id that the FHIR "
            "server of this call knows."};
        reply.refuse(error, request_id);
    }
}

}  // namespace cds::server

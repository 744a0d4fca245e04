#include "server/caller.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include "auth/token.hpp"
#include "server/clock.hpp"

namespace cds::server {
namespace {

using std::chrono::milliseconds;

/// How long a call waits for keys that are being fetched. A clinician waits with it.
constexpr milliseconds key_patience{1500};
constexpr milliseconds store_patience{1500};

/// A wait that ends early when the answer comes. `Answer` is set on the worker's thread.
template <class Answer>
struct Wait {
    explicit Wait(net::io_context& io) : timer{io} {}
    net::steady_timer timer;
    std::optional<Answer> answer;
};

/// Sets the answer from any thread.
template <class Answer>
auto answered(std::shared_ptr<Wait<Answer>> wait, net::io_context& io) {
    return [wait = std::move(wait), &io](Answer answer) {
        net::post(io, [wait, answer = std::move(answer)] {
            wait->answer = answer;
            wait->timer.cancel();
        });
    };
}

auth::RateLimit::Time rate_time() { return Steady::now().time_since_epoch(); }

Admission refused(Violation const& violation, auth::Client const* client = nullptr) {
    Admission admission;
    admission.client = client;
    admission.refusal = violation;
    return admission;
}

/// The same for every caller; only the log learns why.
Admission refused(auth::Refusal reason) {
    auto violation = refusals::no_good_token;
    violation.reason = auth::name(reason);
    return refused(violation);
}

std::vector<std::string> paths_of(Route const& route) {
    std::string const list = "/cds-services";
    if (route.kind == Route::Kind::discovery) return {list};
    auto const service = list + "/" + std::string{route.service};
    if (route.kind == Route::Kind::feedback) return {service + "/feedback", service};
    if (route.kind == Route::Kind::explain) return {service + "/$explain", service};
    return {service};
}

/// The keys with which the token may have been signed; fetched anew when its kid is not there.
Task<std::shared_ptr<auth::KeySet const>> find_keys(Worker& worker, auth::Candidate const& token) {
    auto& cache = *worker.shared.keys;
    auto const& client = *token.client;
    auto keys = cache.find(client);
    if ((keys && keys->find(*token.jws.key_id)) || client.jwks_url.empty()) co_return keys;
    auto const wait = std::make_shared<Wait<bool>>(worker.io);
    auto tell = answered(wait, worker.io);
    bool const started = cache.refresh(client, [tell = std::move(tell)] { tell(true); });
    if (started) {
        wait->timer.expires_after(key_patience);
        co_await wait->timer.async_wait(as_result);
        keys = cache.find(client);
    }
    co_return keys;
}

/// None: the store did not say.
Task<std::optional<bool>> is_first_use(Worker& worker, auth::Candidate const& token) {
    auto const wait = std::make_shared<Wait<std::optional<bool>>>(worker.io);
    auto tell = answered(wait, worker.io);
    store::TokenUse use{token.client->issuer, token.token_id, token.remember_until};
    auto told = [tell = std::move(tell)](base::Result<bool> const& first) {
        tell(first ? std::optional<bool>{*first} : std::nullopt);
    };
    bool const taken = worker.shared.store->use(std::move(use), std::move(told));
    if (!taken) co_return std::nullopt;
    wait->timer.expires_after(store_patience);
    co_await wait->timer.async_wait(as_result);
    co_return wait->answer ? *wait->answer : std::nullopt;
}

/// Signatures that were wrong: an honest caller sends hardly any, and each costs a processor half a
/// millisecond.
auth::RateLimit::Rate bad_signatures(Live const& live) {
    auto const rate = static_cast<double>(live.settings.bad_signatures_per_second);
    return {rate, 2 * rate};
}

/// Rates of calls whose signature was good.
bool within_rates(Worker& worker, Live const& live, auth::Client const& client) {
    auto const all = static_cast<double>(live.settings.calls_per_second);
    auth::RateLimit::Rate const own{client.calls_per_second, client.burst};
    auth::RateLimit::Rate const everybody{all, 2 * all};
    auto const now = rate_time();
    return worker.shared.rates.take("client " + client.id, own, now) &&
           worker.shared.rates.take("all", everybody, now);
}

}  // namespace

bool needs_token(Live const& live, Route const& route) {
    if (!live.clients) return false;
    if (route.kind == Route::Kind::discovery) return live.settings.discovery == "token";
    return route.posts();
}

Task<Admission> admit_caller(Worker& worker, Live const& live, Route route, Head const& head,
                             std::string peer) {
    auto const bearer = auth::bearer_token(head.authorization);
    if (!bearer) co_return refused(bearer.error());
    auto const paths = paths_of(route);
    auto const token = auth::check_token(*bearer, *live.clients, paths, real_now());
    if (!token) co_return refused(token.error());
    auto const& client = *token->client;
    auto const failures = "failures " + client.id + " " + peer;
    if (!worker.shared.rates.has(failures, bad_signatures(live), rate_time()))
        co_return refused(refusals::too_many_calls);
    auto const keys = co_await find_keys(worker, *token);
    if (!keys) co_return refused(refusals::no_keys);
    if (auto const good = auth::verify(token->jws, *keys); !good) {
        worker.shared.rates.take(failures, bad_signatures(live), rate_time());
        co_return refused(good.error());
    }
    if (!within_rates(worker, live, client)) co_return refused(refusals::too_many_calls, &client);
    if (!route.service.empty() && !client.may_use(route.service))
        co_return refused(refusals::not_granted, &client);
    if (client.replay == auth::Replay::never) {
        auto const first = co_await is_first_use(worker, *token);
        if (!first) co_return refused(refusals::no_replay_store, &client);
        if (!*first) co_return refused(auth::Refusal::replayed);
    }
    Admission admission;
    admission.client = &client;
    co_return admission;
}

}  // namespace cds::server

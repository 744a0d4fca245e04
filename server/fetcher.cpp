#include "server/fetcher.hpp"

#include <algorithm>
#include <list>
#include <map>
#include <random>
#include <set>

#include "server/base_health.hpp"
#include "server/transfer.hpp"

namespace cds::server {

using fhir::Reason;
using std::chrono::milliseconds;

namespace {

/// A repetition that would start with less than this left cannot end in time.
constexpr milliseconds least_time_left{100};

struct Running;

/// One thing that a job wants, from its first page to its last.
struct Errand {
    Errand(Running& owner, std::size_t number, FhirBase const& base, RequestFields const& fields)
        : job{owner}, index{number}, transfer{base, fields} {}

    Running& job;
    std::size_t const index;
    Transfer transfer;
    std::string target;
    std::set<std::string, std::less<>> seen;  ///< pages that were asked for
    std::size_t entries = 0, bytes = 0;
    bool repeated = false, in_flight = false, finished = false;
    Steady::time_point repeat_at = Steady::time_point::max();
};

struct Running {
    Running(std::uint64_t id, FetchJob wanted)
        : number{id},
          job{std::move(wanted)},
          fields{job.token.view()},
          fetched(job.wanted.size()) {}

    std::uint64_t const number;
    FetchJob job;
    RequestFields fields;
    std::vector<hooks::Fetched> fetched;
    std::list<Errand> errands;
    std::size_t unfinished = 0;
    std::size_t room = 0;  ///< bytes that the call may still receive
    FetchCounts counts;
};

bool is_worth_repeating(long status) {
    return status == 429 || status == 502 || status == 503 || status == 504;
}

bool broke_off(CURLcode code) {
    return code == CURLE_COULDNT_CONNECT || code == CURLE_SEND_ERROR || code == CURLE_RECV_ERROR ||
           code == CURLE_GOT_NOTHING || code == CURLE_COULDNT_RESOLVE_HOST;
}

/// What a transfer that did not come to its end means.
Reason reason_of(CURLcode code) {
    switch (code) {
        case CURLE_OPERATION_TIMEDOUT:
            return Reason::timed_out;
        case CURLE_PARTIAL_FILE:
        case CURLE_BAD_CONTENT_ENCODING:
        case CURLE_WEIRD_SERVER_REPLY:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_HTTP2:
            return Reason::unreadable;
        default:
            return Reason::unreachable;
    }
}

Reason reason_of(long status) {
    if (status == 401 || status == 403) return Reason::not_permitted;
    if (status >= 500 || status == 429 || status == 408) return Reason::unreachable;
    if (status >= 400) return Reason::not_supplied;
    return Reason::unreadable;  // redirects, 204
}

}  // namespace

struct Fetcher::State {
    State(std::size_t most, FetchLimits of_calls) : most_jobs{most}, limits{of_calls} {
        static bool const ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
        multi = ready ? curl_multi_init() : nullptr;
        if (!multi) throw std::bad_alloc{};
        curl_multi_setopt(multi, CURLMOPT_MAX_HOST_CONNECTIONS, 64L);
        curl_multi_setopt(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, 256L);
        curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, 64L);
        thread = std::thread{[this] { run(); }};
    }
    ~State() {
        if (thread.joinable()) thread.join();
        drop_jobs();
        curl_multi_cleanup(multi);
    }

    /// After the thread's end.
    void drop_jobs() {
        for (auto& job : running)
            for (auto& errand : job.errands)
                if (errand.in_flight) curl_multi_remove_handle(multi, errand.transfer.handle());
        running.clear();
        queue.clear();
    }

    void run();
    void take_jobs();
    void begin(FetchJob job);
    void ask(Errand& errand);
    void finish(Errand& errand, Reason reason);
    void answered(Errand& errand, CURLcode code);
    void take_page(Errand& errand);
    void go_on(Errand& errand, hooks::Page const& page);
    bool repeat(Errand& errand, milliseconds wait);
    void look_at_clock();
    void hand_over();
    milliseconds pause() const;
    BaseHealth& health_of(Errand const& errand) { return health[errand.job.job.base->url.text()]; }

    std::size_t const most_jobs;
    FetchLimits const limits;
    CURLM* multi = nullptr;
    std::list<Running> running;
    std::map<std::string, BaseHealth, std::less<>> health;
    std::uint64_t jobs_begun = 0;
    std::minstd_rand jitter{std::random_device{}()};

    std::mutex mutex;  ///< of the two below
    std::vector<FetchJob> queue;
    bool ending = false;
    std::atomic<std::size_t> jobs{0};  ///< waiting and running
    std::thread thread;
};

void Fetcher::State::run() {
    while (true) {
        take_jobs();
        {
            std::lock_guard const lock{mutex};
            if (ending) return;
        }
        int active = 0;
        curl_multi_perform(multi, &active);
        int left = 0;
        while (auto const* message = curl_multi_info_read(multi, &left)) {
            if (message->msg != CURLMSG_DONE) continue;
            char* self = nullptr;
            curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &self);
            auto const code = message->data.result;
            auto& errand = *static_cast<Errand*>(static_cast<void*>(self));
            curl_multi_remove_handle(multi, errand.transfer.handle());
            errand.in_flight = false;
            try {
                answered(errand, code);
            } catch (std::exception const&) {
                finish(errand, Reason::internal);  // short of memory
            }
        }
        look_at_clock();
        hand_over();
        auto const wait = static_cast<int>(pause().count());
        if (wait > 0) curl_multi_poll(multi, nullptr, 0, wait, nullptr);
    }
}

void Fetcher::State::take_jobs() {
    std::vector<FetchJob> fresh;
    {
        std::lock_guard const lock{mutex};
        fresh.swap(queue);
    }
    for (auto& job : fresh) {
        try {
            begin(std::move(job));
        } catch (std::exception const&) {
            // Short of memory. What was begun ends by its deadline, which its caller keeps anyhow.
            if (running.empty() || running.back().number != jobs_begun) jobs.fetch_sub(1);
        }
    }
}

void Fetcher::State::begin(FetchJob job) {
    auto& one = running.emplace_back(++jobs_begun, std::move(job));
    one.unfinished = one.job.wanted.size();
    one.room = limits.call_bytes;
    for (std::size_t i = 0; i < one.job.wanted.size(); ++i) {
        auto& errand = one.errands.emplace_back(one, i, *one.job.base, one.fields);
        errand.target = one.job.wanted[i].target;
        errand.seen.insert(errand.target);
        ask(errand);
    }
}

/// Sends the request for the errand's target, when the server may be asked now.
void Fetcher::State::ask(Errand& errand) {
    auto const now = Steady::now();
    auto& job = errand.job;
    errand.repeat_at = Steady::time_point::max();
    if (now >= job.job.deadline) return finish(errand, Reason::timed_out);
    if (now >= job.job.token_until) return finish(errand, Reason::not_permitted);
    auto& base = health_of(errand);
    if (!base.may_ask(now, job.number)) return finish(errand, Reason::unreachable);
    auto const left = std::chrono::duration_cast<milliseconds>(job.job.deadline - now);
    errand.transfer.prepare(errand.target, left + milliseconds{1},
                            limits.bytes - std::min(errand.bytes, limits.bytes),
                            limits.header_bytes, job.room);
    curl_easy_setopt(errand.transfer.handle(), CURLOPT_PRIVATE, static_cast<void*>(&errand));
    base.asked(now);
    ++job.counts.requests;
    errand.in_flight = curl_multi_add_handle(multi, errand.transfer.handle()) == CURLM_OK;
    if (!errand.in_flight) finish(errand, Reason::internal);
}

void Fetcher::State::finish(Errand& errand, Reason reason) {
    if (errand.finished) return;
    errand.finished = true;
    auto& job = errand.job;
    job.fetched[errand.index].reason = reason;
    if (reason != Reason::none) ++job.counts.failed;
    --job.unfinished;
}

void Fetcher::State::answered(Errand& errand, CURLcode code) {
    auto const now = Steady::now();
    auto& transfer = errand.transfer;
    auto& base = health_of(errand);
    long status = 0;
    curl_easy_getinfo(transfer.handle(), CURLINFO_RESPONSE_CODE, &status);
    errand.job.counts.refused_address |= transfer.refused_address;
    if (transfer.too_large) {
        base.answered();
        return finish(errand, Reason::incomplete);
    }
    if (code != CURLE_OK) {
        if (transfer.refused_address) return finish(errand, Reason::unreachable);
        base.failed(now);
        if (broke_off(code) && repeat(errand, milliseconds{0})) return;
        return finish(errand, reason_of(code));
    }
    if (status == 200) {
        base.answered();
        return take_page(errand);
    }
    auto const& wait = transfer.response.retry_after;
    if (status == 429 || (status == 503 && wait))
        base.limited(now, wait.value_or(std::chrono::seconds{1}));
    status >= 500 ? base.failed(now) : base.answered();
    if (is_worth_repeating(status) && repeat(errand, wait.value_or(std::chrono::seconds{0})))
        return;
    errand.job.fetched[errand.index].gone = status == 404 || status == 410;
    finish(errand, reason_of(status));
}

/// Plans the one repetition that each errand has, if it fits before the deadline.
bool Fetcher::State::repeat(Errand& errand, milliseconds wait) {
    if (errand.repeated) return false;
    auto const now = Steady::now();
    std::uniform_int_distribution<int> spread{20, 120};
    auto const when = now + wait + milliseconds{spread(jitter)};
    if (when + least_time_left > errand.job.job.deadline) return false;
    errand.repeated = true;
    errand.repeat_at = when;
    return true;
}

void Fetcher::State::take_page(Errand& errand) {
    auto& job = errand.job;
    auto& response = errand.transfer.response;
    if (!response.is_json) return finish(errand, Reason::unreadable);
    auto const page = hooks::look_at_page(response.body, job.job.base->url);
    if (page.reason == Reason::unreadable) return finish(errand, page.reason);
    errand.bytes += response.body.size();
    errand.entries += page.entries;
    job.fetched[errand.index].pages.push_back(std::move(response.body));
    if (page.reason != Reason::none || !page.has_next) return finish(errand, page.reason);
    go_on(errand, page);
}

void Fetcher::State::go_on(Errand& errand, hooks::Page const& page) {
    using Kind = hooks::Wanted::Kind;
    auto const kind = errand.job.job.wanted[errand.index].kind;
    bool const pages = kind == Kind::search || kind == Kind::more_pages;
    bool const within =
        errand.seen.size() < limits.pages && errand.entries < limits.entries && !page.next.empty();
    // A link back to a page that was read already has no end.
    if (!pages || !within || !errand.seen.insert(page.next).second)
        return finish(errand, Reason::incomplete);
    errand.target = page.next;
    ask(errand);
}

void Fetcher::State::look_at_clock() {
    auto const now = Steady::now();
    for (auto& job : running) {
        if (now >= job.job.deadline && job.errands.size() < job.fetched.size())
            job.unfinished -= job.fetched.size() - job.errands.size();  // never begun
        for (auto& errand : job.errands) {
            if (errand.finished) continue;
            if (now >= job.job.deadline) {
                if (errand.in_flight) {
                    curl_multi_remove_handle(multi, errand.transfer.handle());
                    health_of(errand).failed(now);
                }
                errand.in_flight = false;
                finish(errand, Reason::timed_out);
            } else if (now >= errand.repeat_at) {
                ask(errand);
            }
        }
    }
}

void Fetcher::State::hand_over() {
    for (auto job = running.begin(); job != running.end();) {
        if (job->unfinished > 0) {
            ++job;
            continue;
        }
        auto done = std::move(job->job.done);
        auto fetched = std::move(job->fetched);
        auto const counts = job->counts;
        job = running.erase(job);
        jobs.fetch_sub(1);
        try {
            done(std::move(fetched), counts);
        } catch (std::exception const&) {
            // Short of memory: whoever waits does so until the deadline.
        }
    }
}

/// Until the next thing that happens by the clock alone.
milliseconds Fetcher::State::pause() const {
    auto next = Steady::now() + std::chrono::seconds{60};
    for (auto const& job : running) {
        next = std::min(next, job.job.deadline);
        for (auto const& errand : job.errands)
            if (!errand.finished) next = std::min(next, errand.repeat_at);
    }
    auto const left = std::chrono::ceil<milliseconds>(next - Steady::now());
    return std::max(left, milliseconds{0});
}

Fetcher::Fetcher(std::size_t most_jobs, FetchLimits limits)
    : state_{std::make_unique<State>(most_jobs, limits)} {}

Fetcher::~Fetcher() { close(); }

bool Fetcher::submit(FetchJob job) {
    auto& state = *state_;
    if (state.jobs.fetch_add(1) >= state.most_jobs) {
        state.jobs.fetch_sub(1);
        return false;
    }
    {
        std::lock_guard const lock{state.mutex};
        if (state.ending) return false;
        state.queue.push_back(std::move(job));
    }
    curl_multi_wakeup(state.multi);
    return true;
}

void Fetcher::close() {
    if (!state_) return;
    {
        std::lock_guard const lock{state_->mutex};
        state_->ending = true;
    }
    curl_multi_wakeup(state_->multi);
    if (state_->thread.joinable()) state_->thread.join();
    // What waits for them may not outlive the worker that it belongs to.
    state_->drop_jobs();
}

}  // namespace cds::server

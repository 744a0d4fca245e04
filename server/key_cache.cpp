#include "server/key_cache.hpp"

#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include "server/key_transfer.hpp"

namespace cds::server {
namespace {

using Keys = std::shared_ptr<auth::KeySet const>;

/// What is known of one client's keys.
struct Entry {
    KeyTransfer::Source source;
    Keys keys;
    std::chrono::nanoseconds lifetime{};
    Steady::time_point fetched{};  ///< of `keys`
    Steady::time_point next{};     ///< when to fetch
    Steady::time_point demanded{};
    bool ever_demanded = false;
    bool running = false;
    bool failing = false;  ///< the last attempt did; told once
    std::vector<KeyCache::Done> waiting;

    bool usable(Steady::time_point now) const { return keys && now - fetched <= lifetime; }
};

}  // namespace

struct KeyCache::State {
    explicit State(Options given) : options{given}, multi{curl_multi_init()} {}
    ~State() {
        running.clear();
        curl_multi_cleanup(multi);
    }

    Options const options;
    CURLM* const multi;
    mutable std::mutex mutex;
    std::map<std::string, Entry> entries;  ///< by the client's id
    bool ending = false;
    /// The thread's own: client id and transfer, by handle.
    std::map<CURL*, std::pair<std::string, std::unique_ptr<KeyTransfer>>> running;
    std::thread thread;

    void run();
    std::chrono::milliseconds start_due();
    void start(std::string const& id, KeyTransfer::Source const& source);
    void finish_ended();
    void finish(std::string const& id, KeyTransfer& transfer, CURLcode outcome);
    void tell(std::string const& id, std::string_view fault);
};

KeyCache::KeyCache(Options options) : state_{std::make_unique<State>(options)} {
    static CURLcode const initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    static_cast<void>(initialised);
    state_->thread = std::thread{[this] { state_->run(); }};
}

KeyCache::~KeyCache() { close(); }

void KeyCache::close() {
    std::vector<Done> waiting;
    {
        std::lock_guard const lock{state_->mutex};
        state_->ending = true;
        for (auto& [id, entry] : state_->entries)
            for (auto& done : std::exchange(entry.waiting, {})) waiting.push_back(std::move(done));
    }
    curl_multi_wakeup(state_->multi);
    if (state_->thread.joinable()) state_->thread.join();
    for (auto const& done : waiting) done();
}

void KeyCache::use(std::shared_ptr<auth::Registry const> registry) {
    {
        std::lock_guard const lock{state_->mutex};
        auto before = std::exchange(state_->entries, {});
        for (auto const& client : registry->clients()) {
            if (client.jwks_url.empty()) continue;
            auto& entry = state_->entries[client.id];
            auto const known = before.find(client.id);
            if (known != before.end()) {
                bool const same = known->second.source.url == client.jwks_url;
                auto waiting = std::exchange(known->second.waiting, {});
                if (same) entry = std::move(known->second);
                entry.waiting = std::move(waiting);
            }
            entry.source = {client.jwks_url, client.jwks_ca_file, client.networks};
            entry.lifetime = client.key_lifetime;
        }
    }
    curl_multi_wakeup(state_->multi);
}

std::shared_ptr<auth::KeySet const> KeyCache::find(auth::Client const& client) const {
    if (client.keys) return client.keys;
    std::lock_guard const lock{state_->mutex};
    auto const found = state_->entries.find(client.id);
    bool const usable =
        found != state_->entries.end() && found->second.usable(state_->options.now());
    return usable ? found->second.keys : nullptr;
}

bool KeyCache::refresh(auth::Client const& client, Done done) {
    {
        std::lock_guard const lock{state_->mutex};
        auto const found = state_->entries.find(client.id);
        if (found == state_->entries.end() || state_->ending) return false;
        auto& entry = found->second;
        auto const now = state_->options.now();
        bool const starting = entry.running || entry.next <= now;
        if (!starting) {
            if (entry.ever_demanded && now < entry.demanded + state_->options.on_demand)
                return false;
            entry.ever_demanded = true;
            entry.demanded = entry.next = now;
        }
        entry.waiting.push_back(std::move(done));
    }
    curl_multi_wakeup(state_->multi);
    return true;
}

void KeyCache::State::run() {
    while (true) {
        {
            std::lock_guard const lock{mutex};
            if (ending) return;
        }
        auto const pause = start_due();
        int active = 0;
        curl_multi_perform(multi, &active);
        finish_ended();
        curl_multi_poll(multi, nullptr, 0, static_cast<int>(pause.count()), nullptr);
    }
}

/// Starts what is due; returns how long nothing else will be.
std::chrono::milliseconds KeyCache::State::start_due() {
    std::lock_guard const lock{mutex};
    std::chrono::milliseconds pause{1000};
    auto const now = options.now();
    for (auto& [id, entry] : entries) {
        if (entry.running) continue;
        if (entry.next <= now) {
            entry.running = true;
            start(id, entry.source);
            pause = std::chrono::milliseconds{0};
        } else {
            auto const left = std::chrono::ceil<std::chrono::milliseconds>(entry.next - now);
            pause = std::min(pause, left);
        }
    }
    return pause;
}

void KeyCache::State::start(std::string const& id, KeyTransfer::Source const& source) {
    auto transfer = std::make_unique<KeyTransfer>(source, options.transfer_limit);
    auto* const handle = transfer->handle();
    curl_multi_add_handle(multi, handle);
    running[handle] = {id, std::move(transfer)};
}

void KeyCache::State::finish_ended() {
    int left = 0;
    while (auto const* const message = curl_multi_info_read(multi, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        auto* const handle = message->easy_handle;
        auto const outcome = message->data.result;
        curl_multi_remove_handle(multi, handle);
        auto node = running.extract(handle);
        if (!node.empty()) finish(node.mapped().first, *node.mapped().second, outcome);
    }
}

void KeyCache::State::finish(std::string const& id, KeyTransfer& transfer, CURLcode outcome) {
    Keys fresh;
    if (transfer.good(outcome)) {
        auto set = auth::KeySet::read(transfer.body);
        // An empty set takes all keys back; one of which nothing can be used is a mistake.
        if (set && (!set->keys().empty() || set->passed_over() == 0))
            fresh = std::make_shared<auth::KeySet const>(*std::move(set));
        else
            transfer.fault = set ? "no key in it can be used" : "it is no JWKS, or beyond the caps";
    }
    std::vector<Done> waiting;
    {
        std::lock_guard const lock{mutex};
        auto const found = entries.find(id);
        // A reload may have taken the client away, or changed the address meanwhile.
        if (found == entries.end() || found->second.source.url != transfer.url()) return;
        auto& entry = found->second;
        auto const now = options.now();
        entry.running = false;
        entry.next = now + (fresh ? options.renewal : options.retry);
        if (fresh) {
            entry.keys = fresh;
            entry.fetched = now;
        }
        bool const changed = std::exchange(entry.failing, !fresh) == bool{fresh};
        if (changed) tell(id, transfer.fault);
        waiting = std::exchange(entry.waiting, {});
    }
    for (auto const& done : waiting) done();
}

void KeyCache::State::tell(std::string const& id, std::string_view fault) {
    LogLine line{fault.empty() ? "keys-fetched" : "keys-unavailable",
                 fault.empty() ? "info" : "warning"};
    line.text("client", id);
    if (!fault.empty()) line.text("what", fault);
    options.log->write(std::move(line));
}

}  // namespace cds::server

#pragma once
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "auth/rate_limit.hpp"
#include "hooks/engine.hpp"
#include "server/connections.hpp"
#include "server/key_cache.hpp"
#include "server/fetcher.hpp"
#include "server/live.hpp"
#include "server/log.hpp"
#include "store/store.hpp"

namespace cds::server {

/// Bodies beyond this size count as large.
inline constexpr std::size_t large_body_bytes = 256 * 1024;

/// What all threads share.
struct Shared {
    explicit Shared(Log& sink) : log{sink} {}
    Log& log;
    Connections connections;
    std::atomic<std::int64_t> large_bodies{0};  ///< being read or answered
    std::atomic<std::uint64_t> failed_sessions{0};
    std::string id_prefix;  ///< of request ids, another one at each start
    /// Open from the start to the end. Closed before any worker goes: it calls back to them.
    std::unique_ptr<store::Store> store;
    /// Reads reports of feedback, one after the other. Joined before any worker goes, like the
    /// store.
    boost::asio::thread_pool reports{1};
    std::atomic<std::int64_t> reports_waiting{0};
    /// The same holds for it.
    std::unique_ptr<KeyCache> keys;
    auth::RateLimit rates;
    /// Closed before any worker goes, for the same reason.
    std::unique_ptr<Fetcher> fetcher;
};

/// One of the places for large bodies, while a connection holds it.
class LargeBodySlot {
public:
    explicit LargeBodySlot(std::atomic<std::int64_t>& taken) : taken_{taken} {}
    ~LargeBodySlot() { give(); }
    LargeBodySlot(LargeBodySlot const&) = delete;
    LargeBodySlot& operator=(LargeBodySlot const&) = delete;

    /// Whether there is a place; holding one already counts.
    bool take(std::int64_t most) {
        if (held_) return true;
        held_ = taken_.fetch_add(1) < most;
        if (!held_) taken_.fetch_sub(1);
        return held_;
    }
    void give() {
        if (held_) taken_.fetch_sub(1);
        held_ = false;
    }

private:
    std::atomic<std::int64_t>& taken_;
    bool held_ = false;
};

/// Something with a deadline, looked at by its worker's tick. Everything here happens on that
/// worker's thread.
class Watched {
public:
    virtual ~Watched() = default;
    /// The deadline has passed.
    virtual void expire() = 0;
    /// The service is shutting down.
    virtual void drain() = 0;
    Steady::time_point deadline = Steady::time_point::max();
    std::size_t watch_index = 0;
};

/// One thread with its own io_context: a connection lives on one worker from accept to close, so
/// nothing of it needs a lock, and kept buffers stay in one core's caches.
class Worker {
public:
    Worker(Shared& all, unsigned worker_number, std::shared_ptr<Live const> first);
    ~Worker();

    Shared& shared;
    unsigned const number;
    std::shared_ptr<Live const> live;  ///< replaced on this thread only
    hooks::Workspace workspace;
    bool draining = false;

    /// A deadline is noticed up to one tick late.
    void watch(Watched& watched);
    void unwatch(Watched& watched);
    /// A kept string, empty but with capacity, and its return.
    std::string take_buffer();
    void give_buffer(std::string buffer);
    std::string next_request_id();
    /// The Date field of now, made once a second.
    std::string_view date(base::Instant now);

    /// Lets idle connections go soon; the io_context runs out once the last is closed.
    void drain();

private:
    void tick();

    std::vector<Watched*> watched_;
    std::vector<std::string> buffers_;
    std::uint64_t requests_ = 0;
    std::string date_;
    base::Instant date_until_{};
    bool ticking_ = false;

public:
    // Declared after what connections use: its destruction destroys them.
    boost::asio::io_context io{1};

private:
    boost::asio::steady_timer tick_timer_{io};
    std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
};

}  // namespace cds::server

#pragma once
#include <chrono>
#include <cstdint>
#include <deque>

#include "server/clock.hpp"

namespace cds::server {

/// How a FHIR server fared lately: whether it may be asked now. Times are handed in.
class BaseHealth {
public:
    static constexpr int failures_to_open = 5;
    static constexpr std::chrono::seconds open_for{10};
    /// While a server limits us, at most so many requests start within a second.
    static constexpr std::size_t most_per_second_while_limited = 2;

    /// Whether `job` may send a request now. After five failures in a row nothing may for ten
    /// seconds; then one job may try.
    bool may_ask(Steady::time_point now, std::uint64_t job);
    void asked(Steady::time_point now);
    void answered();
    void failed(Steady::time_point now);
    /// The server said 429, or 503 with a time: `wait` is its Retry-After, at least a second.
    void limited(Steady::time_point now, std::chrono::seconds wait);

private:
    int failures_ = 0;
    Steady::time_point open_until_{}, limited_until_{};
    bool probing_ = false;
    std::uint64_t probe_job_ = 0;
    std::deque<Steady::time_point> starts_;  ///< the last ones
};

}  // namespace cds::server

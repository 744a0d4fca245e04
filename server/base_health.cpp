#include "server/base_health.hpp"

#include <algorithm>

namespace cds::server {

bool BaseHealth::may_ask(Steady::time_point now, std::uint64_t job) {
    if (failures_ >= failures_to_open) {
        if (now < open_until_) return false;
        if (probing_ && probe_job_ != job) return false;
        probing_ = true;
        probe_job_ = job;
    }
    if (now >= limited_until_) return true;
    auto const recent = std::count_if(starts_.begin(), starts_.end(), [&](auto start) {
        return now - start < std::chrono::seconds{1};
    });
    return static_cast<std::size_t>(recent) < most_per_second_while_limited;
}

void BaseHealth::asked(Steady::time_point now) {
    starts_.push_back(now);
    if (starts_.size() > most_per_second_while_limited) starts_.pop_front();
}

void BaseHealth::answered() {
    failures_ = 0;
    probing_ = false;
}

void BaseHealth::failed(Steady::time_point now) {
    probing_ = false;
    if (failures_ < failures_to_open) ++failures_;
    if (failures_ >= failures_to_open) open_until_ = now + open_for;
}

void BaseHealth::limited(Steady::time_point now, std::chrono::seconds wait) {
    // A server may not silence itself for longer than a breaker would.
    auto const least = std::max(wait, std::chrono::seconds{1});
    limited_until_ = std::max(limited_until_, now + std::min(least, std::chrono::seconds{60}));
}

}  // namespace cds::server

#include "server/worker.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cds::server {
namespace {

constexpr std::size_t kept_buffers = 16;
constexpr std::size_t kept_buffer_bytes = 2 * 1024 * 1024;

/// A quarter of the shortest timeout, so that none is missed by much, between 1 and 50 ms.
std::chrono::milliseconds tick_length(Settings const& settings) {
    auto const shortest = std::min({settings.header_timeout_ms, settings.body_timeout_ms,
                                    settings.idle_timeout_ms, settings.write_timeout_ms});
    return std::chrono::milliseconds{std::clamp<std::int64_t>(shortest / 4, 1, 50)};
}

}  // namespace

Worker::Worker(Shared& all, unsigned worker_number, std::shared_ptr<Live const> first)
    : shared{all}, number{worker_number}, live{std::move(first)} {
    work_.emplace(io.get_executor());
}

Worker::~Worker() = default;

void Worker::watch(Watched& watched) {
    watched.watch_index = watched_.size();
    watched_.push_back(&watched);
    if (!ticking_) tick();
}

void Worker::unwatch(Watched& watched) {
    auto* const last = watched_.back();
    watched_[watched.watch_index] = last;
    last->watch_index = watched.watch_index;
    watched_.pop_back();
}

void Worker::tick() {
    ticking_ = !watched_.empty();
    if (!ticking_) return;
    tick_timer_.expires_after(tick_length(live->settings));
    tick_timer_.async_wait([this](boost::system::error_code error) {
        if (error) return;
        auto const now = Steady::now();
        // expire() only cancels; connections leave the list later, from their own coroutines.
        for (auto* const watched : watched_)
            if (watched->deadline <= now) watched->expire();
        tick();
    });
}

std::string Worker::take_buffer() {
    if (buffers_.empty()) return {};
    auto buffer = std::move(buffers_.back());
    buffers_.pop_back();
    buffer.clear();
    return buffer;
}

void Worker::give_buffer(std::string buffer) {
    wipe(buffer);  // a token or a chart may be in it
    if (buffer.capacity() <= kept_buffer_bytes && buffers_.size() < kept_buffers)
        buffers_.push_back(std::move(buffer));
}

std::string Worker::next_request_id() {
    std::array<char, 32> text{};
    auto const length = std::snprintf(text.data(), text.size(), "-%u-%llx", number,
                                      static_cast<unsigned long long>(++requests_));
    return shared.id_prefix + std::string{text.data(), static_cast<std::size_t>(length)};
}

std::string_view Worker::date(base::Instant now) {
    auto const second = std::chrono::floor<std::chrono::seconds>(now);
    if (date_.empty() || second != date_until_) {
        date_ = http_date(now);
        date_until_ = second;
    }
    return date_;
}

void Worker::drain() {
    draining = true;
    for (auto* const watched : watched_) watched->drain();
    work_.reset();
}

}  // namespace cds::server

#include "server/log.hpp"

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <cstring>

#include "base/json.hpp"
#include "server/clock.hpp"

namespace cds::server {
namespace {

using namespace std::chrono_literals;

/// How long the writer gathers lines before it looks again: under load it wakes 50 times a second
/// instead of once a request.
constexpr auto gathering = 20ms;
/// How long one write waits for a blocked sink before the ending of the Log is looked at again.
constexpr int blocked_poll_ms = 100;

}  // namespace

LogLine::LogLine(std::string_view event, std::string_view level) {
    line_.reserve(512);
    line_ += R"({"time":")";
    line_ += base::iso(real_now());
    line_ += R"(","level":")";
    line_ += level;
    line_ += R"(","event":")";
    line_ += event;
    line_ += '"';
}

LogLine& LogLine::text(std::string_view name, std::string_view value) {
    ((line_ += ",\"") += name) += "\":";
    base::json::write_string(value, line_);
    return *this;
}

LogLine& LogLine::number(std::string_view name, std::int64_t value) {
    ((line_ += ",\"") += name) += "\":";
    line_ += std::to_string(value);
    return *this;
}

LogLine& LogLine::flag(std::string_view name, bool value) {
    ((line_ += ",\"") += name) += value ? "\":true" : "\":false";
    return *this;
}

std::string LogLine::finish() && {
    line_ += "}\n";
    return std::move(line_);
}

Log::Log(int descriptor, std::size_t capacity)
    : start_descriptor_{descriptor}, capacity_{capacity}, descriptor_{descriptor} {
    thread_ = std::thread{[this] { run(); }};
}

Log::~Log() { close(); }

void Log::write(LogLine&& line) {
    auto text = std::move(line).finish();
    std::lock_guard const lock{mutex_};
    if (ending_ || queue_.size() >= capacity_) {
        ++dropped_;
        ++dropped_untold_;
        return;
    }
    queue_.push_back(std::move(text));
    if (idle_) wake_.notify_one();
}

base::Result<void> Log::open(std::string const& path) {
    if (path.empty()) {
        use(start_descriptor_, false);
        return {};
    }
    int const file =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0600);
    if (file < 0)
        return base::Error{
            base::ErrorCode::not_found, "log-file",
            "The log file cannot be opened: " + std::string{std::strerror(errno)} + "."};
    use(file, true);
    return {};
}

void Log::use(int descriptor, bool owned) {
    int old = -1;
    {
        std::lock_guard const lock{mutex_};
        if (owned_) old = descriptor_;
        descriptor_ = descriptor;
        owned_ = owned;
        if (old >= 0 && writing_) {
            // The writer closes it after its round.
            to_close_.push_back(old);
            old = -1;
        }
    }
    if (old >= 0) ::close(old);
}

std::uint64_t Log::dropped() const {
    std::lock_guard const lock{mutex_};
    return dropped_;
}

void Log::close() {
    {
        std::lock_guard const lock{mutex_};
        ending_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    use(start_descriptor_, false);
}

bool Log::put(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        pollfd ready{descriptor, POLLOUT, 0};
        auto const polled = ::poll(&ready, 1, blocked_poll_ms);
        if (polled < 0 && errno == EINTR) continue;
        if (polled <= 0) {
            std::lock_guard const lock{mutex_};
            if (polled < 0 || ending_) return false;
            continue;
        }
        // A pipe that polls as writable takes PIPE_BUF bytes without blocking.
        auto const written =
            ::write(descriptor, bytes.data(), std::min<std::size_t>(bytes.size(), PIPE_BUF));
        if (written < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (written <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

std::uint64_t Log::put_lines(int descriptor, std::vector<std::string> const& lines) {
    std::uint64_t lost = 0, in_batch = 0;
    std::string batch;
    auto const flush = [&] {
        // After one failure the rest of the round is lost too: nobody waits long for a dead sink.
        if (lost > 0 || (in_batch > 0 && !put(descriptor, batch))) lost += in_batch;
        batch.clear();
        in_batch = 0;
    };
    for (auto const& line : lines) {
        if (batch.size() + line.size() > PIPE_BUF) flush();
        batch += line;
        ++in_batch;
    }
    flush();
    return lost;
}

void Log::run() {
    std::vector<std::string> lines;
    std::unique_lock lock{mutex_};
    while (true) {
        if (queue_.empty() && !ending_) wake_.wait_for(lock, gathering);
        if (queue_.empty() && !ending_) {
            idle_ = true;
            wake_.wait(lock, [this] { return !queue_.empty() || ending_; });
            idle_ = false;
        }
        if (queue_.empty() && ending_) return;
        lines.clear();
        lines.swap(queue_);
        auto const untold = dropped_untold_;
        if (untold > 0) {
            LogLine line{"log-lines-dropped", "warning"};
            line.number("lines", static_cast<std::int64_t>(untold));
            lines.push_back(std::move(line).finish());
        }
        int const sink = descriptor_;
        writing_ = true;
        lock.unlock();
        auto const lost = put_lines(sink, lines);
        lock.lock();
        writing_ = false;
        for (int const old : to_close_) ::close(old);
        to_close_.clear();
        if (lost == 0) {
            dropped_untold_ -= untold;
        } else {
            auto const of_requests = untold > 0 ? lost - 1 : lost;
            dropped_ += of_requests;
            dropped_untold_ += of_requests;
        }
    }
}

}  // namespace cds::server

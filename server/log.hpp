#pragma once
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/result.hpp"

namespace cds::server {

/// One JSON line for the log, with time and event first. Takes fixed words, counts and ids of our
/// own: never anything of a patient, a token, a query string or a whole target.
class LogLine {
public:
    explicit LogLine(std::string_view event, std::string_view level = "info");
    LogLine& text(std::string_view name, std::string_view value);
    LogLine& number(std::string_view name, std::int64_t value);
    LogLine& flag(std::string_view name, bool value);
    /// The finished line with its line feed.
    std::string finish() &&;

private:
    std::string line_;
};

/// Writes lines from a bounded queue with a thread of its own. When the sink blocks or fails, lines
/// are dropped and counted, and requests go on; the count is logged once the sink takes lines
/// again.
class Log {
public:
    /// `descriptor` is not closed by the Log unless it came from `open`.
    Log(int descriptor, std::size_t capacity);
    ~Log();
    Log(Log const&) = delete;
    Log& operator=(Log const&) = delete;

    void write(LogLine&& line);
    /// Goes on in the file at `path` (appended, mode 0600); empty: in the descriptor of the start.
    /// On an error the old sink stays.
    base::Result<void> open(std::string const& path);
    std::uint64_t dropped() const;
    /// Writes what can be written without blocking for long, and ends the thread.
    void close();

private:
    void run();
    /// Whether all was written.
    bool put(int descriptor, std::string_view bytes);
    /// How many of `lines` could not be written.
    std::uint64_t put_lines(int descriptor, std::vector<std::string> const& lines);
    void use(int descriptor, bool owned);

    int const start_descriptor_;
    std::size_t const capacity_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    std::vector<std::string> queue_;
    int descriptor_;
    bool owned_ = false;
    bool writing_ = false;
    std::vector<int> to_close_;
    bool idle_ = false;
    bool ending_ = false;
    std::uint64_t dropped_ = 0;
    std::uint64_t dropped_untold_ = 0;
    std::thread thread_;
};

}  // namespace cds::server

#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"

namespace cds::store {

/// The one thread that writes. Jobs wait in bounded queues; all that wait are written in one
/// transaction, so that one commit makes many of them durable, and each is told afterwards.
///
/// Two kinds of job: those that somebody awaits (`submit`) start a transaction at once; those that
/// nobody awaits (`submit_later`) go along with them, or after a quarter of a second by themselves.
class Writer {
public:
    /// Connects and migrates; called again when the connection is lost.
    using Open = std::function<base::Result<std::unique_ptr<Database>>()>;
    /// Runs inside a transaction, and again in one of its own when the first was rolled back: it
    /// must set its results anew each time.
    using Work = std::function<base::Result<void>(Database&)>;
    /// Called on the writer's thread, once, after the commit or after it is certain that there was
    /// none. Must neither throw nor block.
    using Done = std::function<void(base::Result<void> const&)>;
    /// Told that the store has begun to fail, with the error, or that it works again. On the
    /// writer's thread.
    using Watch = std::function<void(base::Result<void> const& condition)>;

    struct Limits {
        std::size_t awaited = 1024;      ///< jobs
        std::size_t not_awaited = 4096;  ///< jobs
    };
    struct Counts {
        std::uint64_t commits = 0;  ///< transactions
        std::uint64_t written = 0;  ///< jobs made durable
        std::uint64_t failed = 0;   ///< awaited jobs that were not
        std::uint64_t dropped = 0;  ///< jobs of `submit_later` that were not
    };

    /// `database` may be absent: the store is then tried each second.
    Writer(Open open, std::unique_ptr<Database> database, Limits limits, Watch watch);
    ~Writer();
    Writer(Writer const&) = delete;
    Writer& operator=(Writer const&) = delete;

    /// False when the queue is full or the writer is closed: `done` is then never called.
    [[nodiscard]] bool submit(Work work, Done done);
    /// Never blocks for long and never tells; a job for which there is no room is counted.
    void submit_later(Work work);
    /// Whether the last attempt to write succeeded.
    bool works() const noexcept { return works_.load(std::memory_order_relaxed); }
    Counts counts() const;
    /// Writes what waits, as far as the store takes it, and ends the thread.
    void close();

private:
    struct Job {
        Work work;
        Done done;  ///< empty: not awaited
    };
    using Jobs = std::vector<Job>;

    void run();
    void wait_for_work(std::unique_lock<std::mutex>& lock);
    base::Result<void> ready();
    void write(Jobs& jobs);
    base::Result<void> write_together(std::span<Job const> jobs);
    void finish(std::span<Job const> jobs, base::Result<void> const& outcome);
    void note(base::Result<void> const& outcome);

    Open const open_;
    Limits const limits_;
    Watch const watch_;
    std::unique_ptr<Database> database_;  ///< the thread's, once it runs
    std::atomic<bool> works_;
    mutable std::mutex mutex_;
    std::condition_variable wake_;
    Jobs awaited_, later_;
    Counts counts_;
    bool closing_ = false;
    std::thread thread_;
};

}  // namespace cds::store

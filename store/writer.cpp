#include "store/writer.hpp"

#include <algorithm>
#include <chrono>
#include <exception>
#include <iterator>

namespace cds::store {
namespace {

using std::chrono::milliseconds;

/// How long jobs that nobody awaits gather, so that they share a commit.
constexpr milliseconds gathering{250};
/// How often a store that failed is tried.
constexpr milliseconds between_attempts{1000};

base::Result<void> guarded(Writer::Work const& work, Database& database) {
    try {
        return work(database);
    } catch (std::exception const&) {
        return base::Error{base::ErrorCode::internal, "store",
                           "The store failed; the fault is "
                           "ours."};
    }
}

/// Writes for the sake of it: only that tells whether a full disk has room again.
base::Result<void> probe(Database& database) {
    if (auto const begun = database.begin(); !begun) return begun.error();
    auto const written = database.execute(
        "INSERT INTO probe (one, tried) VALUES (1, 1) ON CONFLICT (one) DO UPDATE SET tried = "
        "probe.tried + 1");
    auto const outcome = written ? database.commit() : base::Result<void>{written.error()};
    if (!outcome) database.roll_back();
    return outcome;
}

}  // namespace

Writer::Writer(Open open, std::unique_ptr<Database> database, Limits limits, Watch watch)
    : open_{std::move(open)},
      limits_{limits},
      watch_{std::move(watch)},
      database_{std::move(database)},
      works_{database_ != nullptr},
      thread_{[this] { run(); }} {}

Writer::~Writer() { close(); }

bool Writer::submit(Work work, Done done) {
    {
        std::lock_guard const lock{mutex_};
        if (closing_ || awaited_.size() >= limits_.awaited) return false;
        awaited_.push_back({std::move(work), std::move(done)});
    }
    wake_.notify_one();
    return true;
}

void Writer::submit_later(Work work) {
    bool wake = false;
    {
        std::lock_guard const lock{mutex_};
        if (closing_ || later_.size() >= limits_.not_awaited) {
            ++counts_.dropped;
            return;
        }
        later_.push_back({std::move(work), {}});
        wake = later_.size() == 1 || later_.size() == limits_.not_awaited / 2;
    }
    if (wake) wake_.notify_one();
}

Writer::Counts Writer::counts() const {
    std::lock_guard const lock{mutex_};
    return counts_;
}

void Writer::close() {
    {
        std::lock_guard const lock{mutex_};
        closing_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Writer::wait_for_work(std::unique_lock<std::mutex>& lock) {
    auto const urgent = [this] { return closing_ || !awaited_.empty(); };
    if (!works_) {
        wake_.wait_for(lock, between_attempts, urgent);
        return;
    }
    wake_.wait(lock, [&] { return urgent() || !later_.empty(); });
    wake_.wait_for(lock, gathering,
                   [&] { return urgent() || later_.size() >= limits_.not_awaited / 2; });
}

void Writer::run() {
    std::unique_lock lock{mutex_};
    while (true) {
        wait_for_work(lock);
        bool const last = closing_;
        Jobs jobs = std::move(awaited_);
        awaited_.clear();
        lock.unlock();
        auto const up = ready();
        lock.lock();
        // While the store is down, what nobody awaits stays where it is and waits for it.
        if (up || last) {
            std::move(later_.begin(), later_.end(), std::back_inserter(jobs));
            later_.clear();
        }
        lock.unlock();
        if (up)
            write(jobs);
        else
            finish(jobs, up);
        jobs.clear();
        lock.lock();
        if (last && awaited_.empty() && later_.empty()) return;
    }
}

/// Connects when there is no good connection, and tries a store that failed.
base::Result<void> Writer::ready() {
    if (works_ && database_ && !database_->broken()) return {};
    base::Result<void> outcome;
    if (!database_ || database_->broken()) {
        database_.reset();
        auto fresh = open_();
        if (fresh)
            database_ = *std::move(fresh);
        else
            outcome = fresh.error();
    }
    if (outcome) outcome = probe(*database_);
    note(outcome);
    return outcome;
}

void Writer::write(Jobs& jobs) {
    if (jobs.empty()) return;
    auto const outcome = write_together(jobs);
    bool const refused = !outcome && outcome.error().code != base::ErrorCode::store_unavailable;
    if (!refused) note(outcome);
    if (!refused || jobs.size() == 1) return finish(jobs, outcome);
    // One of them is at fault: each by itself, so that the others do not suffer for it.
    for (auto const& job : jobs) {
        std::span const one{&job, 1};
        finish(one, write_together(one));
    }
}

base::Result<void> Writer::write_together(std::span<Job const> jobs) {
    auto outcome = database_->begin();
    for (auto const& job : jobs) {
        if (!outcome) break;
        outcome = guarded(job.work, *database_);
    }
    if (outcome) outcome = database_->commit();
    if (!outcome) database_->roll_back();
    return outcome;
}

void Writer::finish(std::span<Job const> jobs, base::Result<void> const& outcome) {
    {
        std::lock_guard const lock{mutex_};
        if (outcome && !jobs.empty()) ++counts_.commits;
        for (auto const& job : jobs) {
            auto& count = outcome ? counts_.written : job.done ? counts_.failed : counts_.dropped;
            ++count;
        }
    }
    for (auto const& job : jobs)
        if (job.done) job.done(outcome);
}

void Writer::note(base::Result<void> const& outcome) {
    bool const now = outcome.has_value();
    if (works_.exchange(now) != now && watch_) watch_(outcome);
}

}  // namespace cds::store

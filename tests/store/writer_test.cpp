/// The queue, and what happens when the store fails: with a database that fails when it is told to.
#include "store/writer.hpp"

#include <gtest/gtest.h>

#include <future>

#include "tests/store/kinds.hpp"

namespace cds::store {
namespace {

using test::Reply;

base::Error down() { return {base::ErrorCode::store_unavailable, "store", "down"}; }

/// What a test makes of its database.
struct Fate {
    std::atomic<bool> opens{true}, begins{true}, commits{true}, broken{false};
    std::atomic<int> opened{0}, rolled_back{0};
};

class Fake final : public Database {
public:
    explicit Fake(Fate& fate) : fate_{fate} {}
    base::Result<void> begin() override { return outcome(fate_.begins); }
    base::Result<void> commit() override { return outcome(fate_.commits); }
    void roll_back() noexcept override { ++fate_.rolled_back; }
    base::Result<std::int64_t> execute(std::string_view, std::span<Value const>) override {
        return std::int64_t{1};
    }
    base::Result<void> query(std::string_view, std::span<Value const>, Handler const&) override {
        return {};
    }
    base::Result<void> lock_schema() override { return {}; }
    bool broken() const noexcept override { return fate_.broken; }

private:
    static base::Result<void> outcome(bool good) {
        if (!good) return down();
        return {};
    }
    Fate& fate_;
};

class WriterOf : public testing::Test {
protected:
    Writer::Open open() {
        return [this]() -> base::Result<std::unique_ptr<Database>> {
            if (!fate_.opens) return down();
            ++fate_.opened;
            fate_.broken = false;
            return std::unique_ptr<Database>{std::make_unique<Fake>(fate_)};
        };
    }
    void start(Writer::Limits limits = {}) {
        writer_.emplace(open(), std::make_unique<Fake>(fate_), limits,
                        [this](base::Result<void> const& condition) {
                            std::lock_guard const lock{mutex_};
                            told_.push_back(condition.has_value());
                            changed_.notify_all();
                        });
    }
    /// Holds the writer inside a job until the promise is kept.
    void occupy(std::promise<void>& release) {
        std::promise<void> begun;
        ASSERT_TRUE(writer_->submit(
            [&, once = false](Database&) mutable -> base::Result<void> {
                if (!std::exchange(once, true)) begun.set_value();
                release.get_future().wait();
                return {};
            },
            [](auto const&) {}));
        begun.get_future().wait();
    }
    void wait_until_told(std::size_t times) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return told_.size() >= times; });
    }
    static base::Result<void> nothing(Database&) { return {}; }

    Fate fate_;
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> told_;
    std::optional<Writer> writer_;
};

TEST_F(WriterOf, AFullQueueRefusesAtOnceAndTakesAgainLater) {
    start({3, 2});
    std::promise<void> release;
    occupy(release);
    std::array<Reply, 3> replies;
    for (auto& reply : replies) ASSERT_TRUE(writer_->submit(nothing, reply.done()));
    Reply refused;
    EXPECT_FALSE(writer_->submit(nothing, refused.done()));
    for (int i = 0; i < 5; ++i) writer_->submit_later(nothing);
    EXPECT_EQ(writer_->counts().dropped, 3U);
    release.set_value();
    for (auto& reply : replies) EXPECT_TRUE(reply.wait());
    Reply later;
    ASSERT_TRUE(writer_->submit(nothing, later.done()));
    EXPECT_TRUE(later.wait());
}

TEST_F(WriterOf, WhatWaitsTogetherIsCommittedTogether) {
    start();
    std::promise<void> release;
    occupy(release);
    std::array<Reply, 20> replies;
    for (auto& reply : replies) ASSERT_TRUE(writer_->submit(nothing, reply.done()));
    release.set_value();
    for (auto& reply : replies) EXPECT_TRUE(reply.wait());
    EXPECT_EQ(writer_->counts().commits, 2U);
    EXPECT_EQ(writer_->counts().written, 21U);
}

TEST_F(WriterOf, ACommitThatFailsAcknowledgesNobody) {
    start();
    fate_.commits = false;
    Reply first, second;
    ASSERT_TRUE(writer_->submit(nothing, first.done()));
    auto const outcome = first.wait();
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::ErrorCode::store_unavailable);
    EXPECT_GE(fate_.rolled_back, 1);
    EXPECT_FALSE(writer_->works());
    ASSERT_TRUE(writer_->submit(nothing, second.done()));
    EXPECT_FALSE(second.wait());
    EXPECT_EQ(writer_->counts().written, 0U);
    EXPECT_EQ(writer_->counts().failed, 2U);
}

TEST_F(WriterOf, AStoreThatWorksAgainIsNoticedWithoutACall) {
    start();
    fate_.begins = false;
    Reply failed, stored;
    ASSERT_TRUE(writer_->submit(nothing, failed.done()));
    EXPECT_FALSE(failed.wait());
    wait_until_told(1);
    fate_.begins = true;
    wait_until_told(2);
    EXPECT_EQ(told_, (std::vector{false, true}));
    EXPECT_TRUE(writer_->works());
    ASSERT_TRUE(writer_->submit(nothing, stored.done()));
    EXPECT_TRUE(stored.wait());
}

TEST_F(WriterOf, ALostConnectionIsOpenedAnew) {
    start();
    fate_.broken = true;
    fate_.opens = false;
    Reply failed, stored;
    ASSERT_TRUE(writer_->submit(nothing, failed.done()));
    EXPECT_FALSE(failed.wait());
    fate_.opens = true;
    ASSERT_TRUE(writer_->submit(nothing, stored.done()));
    EXPECT_TRUE(stored.wait());
    EXPECT_EQ(fate_.opened, 1);
}

TEST_F(WriterOf, WhatNobodyAwaitsOutlivesAShortFailure) {
    start();
    fate_.begins = false;
    Reply failed, stored;
    ASSERT_TRUE(writer_->submit(nothing, failed.done()));
    EXPECT_FALSE(failed.wait());
    wait_until_told(1);
    writer_->submit_later(nothing);
    fate_.begins = true;
    ASSERT_TRUE(writer_->submit(nothing, stored.done()));
    EXPECT_TRUE(stored.wait());
    EXPECT_EQ(writer_->counts().dropped, 0U);
    EXPECT_EQ(writer_->counts().written, 2U);
}

TEST_F(WriterOf, WhatCannotBeWrittenAtTheEndIsCounted) {
    start();
    fate_.begins = false;
    writer_->submit_later(nothing);
    writer_->submit_later(nothing);
    writer_->close();
    EXPECT_EQ(writer_->counts().dropped, 2U);
    Reply reply;
    EXPECT_FALSE(writer_->submit(nothing, reply.done()));
}

TEST_F(WriterOf, AJobThatThrowsFailsAlone) {
    start();
    std::promise<void> release;
    occupy(release);
    Reply thrown, good;
    ASSERT_TRUE(writer_->submit([](Database&) -> base::Result<void> { throw std::bad_alloc{}; },
                                thrown.done()));
    ASSERT_TRUE(writer_->submit(nothing, good.done()));
    release.set_value();
    EXPECT_FALSE(thrown.wait());
    EXPECT_TRUE(good.wait());
    EXPECT_TRUE(writer_->works());
}

}  // namespace
}  // namespace cds::store

#include "store/tokens.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "tests/store/kinds.hpp"

namespace cds::store::test {
namespace {

/// Waits for the answer of `Store::use`.
base::Result<bool> use(Store& store, std::string const& issuer, std::string const& id,
                       base::Instant until = at(100'000)) {
    Reply reply;
    auto first = std::make_shared<bool>(false);
    auto const done = reply.done();
    bool const taken = store.use({issuer, id, until}, [=](base::Result<bool> const& outcome) {
        if (outcome) *first = *outcome;
        done(outcome ? base::Result<void>{} : base::Result<void>{outcome.error()});
    });
    if (!taken) return base::Error{base::ErrorCode::store_unavailable, "", "full"};
    if (auto const outcome = reply.wait(); !outcome) return outcome.error();
    return *first;
}

template <class Kind>
class TokenUses : public testing::Test {
protected:
    Kind kind;
};
TYPED_TEST_SUITE(TokenUses, Kinds, KindNames);

TYPED_TEST(TokenUses, AreTakenOnceForEachIssuer) {
    auto const store = open_store(this->kind.place);
    EXPECT_TRUE(use(*store, "a", "1").value());
    EXPECT_FALSE(use(*store, "a", "1").value());
    EXPECT_TRUE(use(*store, "b", "1").value()) << "another issuer may use the same id";
    EXPECT_TRUE(use(*store, "a", "2").value());
    std::string const odd{"'; DROP TABLE token_use; --\0\xff", 30};
    EXPECT_TRUE(use(*store, "a", odd).value());
    EXPECT_FALSE(use(*store, "a", odd).value());
}

TYPED_TEST(TokenUses, AreRememberedAcrossARestartAndByAnotherInstance) {
    {
        auto const store = open_store(this->kind.place);
        EXPECT_TRUE(use(*store, "a", "1").value());
    }
    auto const again = open_store(this->kind.place);
    EXPECT_FALSE(use(*again, "a", "1").value());
    auto const beside = open_store(this->kind.place);
    EXPECT_TRUE(use(*beside, "a", "2").value());
    EXPECT_FALSE(use(*again, "a", "2").value());
}

TYPED_TEST(TokenUses, AHundredThreadsUseTwoHundredTokensOnceEach) {
    constexpr int threads = 100, tokens = 200;
    Writer::Limits limits;
    limits.awaited = threads * tokens;
    std::atomic<int> successes{0}, failures{0};
    {
        auto const store = open_store(this->kind.place, limits);
        std::vector<std::thread> all;
        for (int i = 0; i < threads; ++i)
            all.emplace_back([&, i] {
                for (int n = 0; n < tokens; ++n) {
                    auto const first = use(*store, "a", std::to_string((n + 2 * i) % tokens));
                    (first ? successes : failures) += first ? (*first ? 1 : 0) : 1;
                }
            });
        for (auto& one : all) one.join();
    }
    EXPECT_EQ(successes, tokens);
    EXPECT_EQ(failures, 0);
    auto const again = open_store(this->kind.place, limits);
    for (int n = 0; n < tokens; ++n) EXPECT_FALSE(use(*again, "a", std::to_string(n)).value());
}

TYPED_TEST(TokenUses, AreForgottenOnceTheyAreRefusedAsExpired) {
    auto const store = open_store(this->kind.place);
    EXPECT_TRUE(use(*store, "a", "1", at(1000)).value());
    EXPECT_TRUE(use(*store, "a", "2", at(2000)).value());
    Horizon horizon;
    horizon.tokens = at(2000);
    Reply reply;
    auto const done = reply.done();
    auto const removed = std::make_shared<Removed>();
    ASSERT_TRUE(store->expire(horizon, [=](base::Result<Removed> const& outcome) {
        if (outcome) *removed = *outcome;
        done({});
    }));
    ASSERT_TRUE(reply.wait());
    EXPECT_EQ(removed->tokens, 1);
    EXPECT_TRUE(use(*store, "a", "1").value());
    EXPECT_FALSE(use(*store, "a", "2").value());
}

TEST(TokenUsesWithoutStore, FailInsteadOfPassing) {
    Folder const folder;
    auto const place = *find_place((folder.path() / "file" / "store.db").string(), "");
    // A file where the folder should be: the store cannot be opened.
    std::fclose(std::fopen((folder.path() / "file").c_str(), "w"));
    auto const store = open_store(place);
    auto const first = use(*store, "a", "1");
    ASSERT_FALSE(first);
    EXPECT_EQ(first.error().code, base::ErrorCode::store_unavailable);
}

}  // namespace
}  // namespace cds::store::test

/// What is special to a server: it can be killed, cut off, and set up so that commits are lost.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/store/kinds.hpp"

namespace cds::store {
namespace {

using namespace test;
using testing::HasSubstr;

std::string ask(Database& database, char const* sql) {
    std::string found;
    EXPECT_TRUE(database.query(sql, {}, [&](Row const& row) { found = row.text(0).value_or(""); }));
    return found;
}

TEST(PostgresqlServer, AKilledServerLosesNothingThatWasAcknowledged) {
    auto& server = PostgresServer::running();
    auto const place = *find_place(server.fresh_database(), "");
    auto const store = open_store(place);
    std::set<std::string> acknowledged;
    int number = 0;
    for (int round = 0; round < 3; ++round) {
        std::vector<Reply> replies(300);
        std::vector<std::string> cards;
        for (auto& reply : replies) {
            cards.push_back(uuid(++number));
            ASSERT_TRUE(store->save({feedback(number)}, reply.done()));
            if (cards.size() == 200) {
                EXPECT_TRUE(replies.front().wait());
                server.kill();
            }
        }
        bool refused = false;
        for (std::size_t i = 0; i < replies.size(); ++i) {
            if (replies[i].wait())
                acknowledged.insert(cards[i]);
            else
                refused = true;
        }
        EXPECT_TRUE(refused) << "the server was killed too late to show anything";
        server.start();
        // The service finds the server again by itself; a client that tries again gets through.
        while (!save(*store, {feedback(++number)})) continue;
        acknowledged.insert(uuid(number));
    }
    std::set<std::string> stored;
    for (auto const& row : all_feedback(place)) stored.insert(row.feedback.card);
    for (auto const& card : acknowledged) ASSERT_TRUE(stored.contains(card)) << card;
}

TEST(PostgresqlServer, AConnectionThatIsCutIsMadeAnew) {
    auto const place = *find_place(PostgresServer::running().fresh_database(), "");
    auto const store = open_store(place);
    ASSERT_TRUE(save(*store, {feedback(1)}));
    auto const other = connect(place, Use::writing);
    ASSERT_TRUE(other);
    ask(**other,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    // In doubt is not acknowledged; the same report again is stored once.
    while (!save(*store, {feedback(2)})) continue;
    EXPECT_EQ(all_feedback(place).size(), 2U);
}

TEST(PostgresqlServer, AnAbsentServerLeavesTheStoreDownWithoutThePasswordInItsWords) {
    std::string told;
    auto const store =
        open_store(*find_place("postgres://me:secret@127.0.0.1:1/cds", ""), {},
                   [&](base::Result<void> const& condition) { told = condition.error().what; });
    EXPECT_THAT(told, HasSubstr("cannot be reached"));
    EXPECT_THAT(told, testing::Not(HasSubstr("secret")));
    EXPECT_FALSE(store->works());
    auto const outcome = save(*store, {feedback(1)});
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, base::ErrorCode::store_unavailable);
}

TEST(PostgresqlServer, CommitsAreMadeDurableWhereTheDefaultIsNot) {
    auto const address = PostgresServer::running().fresh_database();
    {
        auto const database = connect_postgresql(address, Use::writing);
        ASSERT_TRUE(database);
        auto const name = ask(**database, "SELECT current_database()");
        ASSERT_TRUE(
            (*database)->execute("ALTER DATABASE " + name + " SET synchronous_commit = off"));
    }
    auto const database = connect_postgresql(address, Use::writing);
    ASSERT_TRUE(database);
    EXPECT_EQ(ask(**database, "SHOW synchronous_commit"), "on");
}

TEST(PostgresqlServer, AServerThatDoesNotFlushIsRefused) {
    auto& server = PostgresServer::running();
    auto const place = *find_place(server.fresh_database(), "");
    server.kill();
    server.start({"-c", "fsync=off"});
    auto const store = Store::open({place, {}, {}});
    server.kill();
    server.start();
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().code, base::ErrorCode::invalid);
    EXPECT_THAT(store.error().what, HasSubstr("fsync = off"));
}

TEST(PostgresqlServer, ADatabaseOfAnotherEncodingIsRefused) {
    auto const address = PostgresServer::running().fresh_database(
        "ENCODING 'SQL_ASCII' TEMPLATE "
        "template0");
    auto const store = Store::open({*find_place(address, ""), {}, {}});
    ASSERT_FALSE(store);
    EXPECT_THAT(store.error().what, HasSubstr("UTF8"));
}

TEST(PostgresqlServer, TwoServicesThatStartTogetherMigrateOnce) {
    auto const place = *find_place(PostgresServer::running().fresh_database(), "");
    std::vector<std::thread> threads;
    std::atomic<int> opened{0};
    for (int i = 0; i < 4; ++i)
        threads.emplace_back([&] { opened += open_for_writing(place).has_value() ? 1 : 0; });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(opened, 4);
}

}  // namespace
}  // namespace cds::store

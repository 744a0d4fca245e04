/// POST /cds-services/{id}/feedback and the cards that are remembered for it, through a running
/// server.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <iterator>
#include <set>

#include "base/json.hpp"
#include "server/keeping.hpp"
#include "store/schema.hpp"
#include "tests/server/kept.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

/// A server with a store of its own.
struct Keeper {
    explicit Keeper(std::function<void(Settings&)> const& change = {})
        : server{[this, change](Settings& settings) {
              settings.store = folder.file();
              if (change) change(settings);
          }} {}
    Answer post_feedback(std::string const& body) {
        return *ask(server.port(), send_feedback(body));
    }

    StoreFolder folder;
    RunningServer server;
};

std::string order_sign_body() {
    std::ifstream file{std::string{COUNTERSIGN_SOURCE_DIR} +
                       "/test-fixtures/requests/uc-infliximab-ciclosporin.json"};
    return {std::istreambuf_iterator<char>{file}, {}};
}

TEST(FeedbackRoute, WhatIsAnsweredWith200IsInTheStore) {
    Keeper keeper;
    auto const answer = keeper.post_feedback(
        batch(override_of(card_uuid(1), R"(,"overrideReason":{"reason":{"code":"c"},)"
                                        R"("userComment":"words"})") +
              "," + override_of(card_uuid(2))));
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.body, "{}");
    EXPECT_EQ(answer.field("content-type"), "application/json");
    auto const rows = keeper.folder.feedback();  // by another connection, while the server runs
    ASSERT_EQ(rows.size(), 2U);
    std::set<std::string> cards{rows[0].feedback.card, rows[1].feedback.card};
    EXPECT_EQ(cards, (std::set{card_uuid(1), card_uuid(2)}));
    EXPECT_EQ(rows[0].feedback.service, "immunosuppressant-safety");
    EXPECT_EQ(base::iso(rows[0].feedback.outcome_at), "2026-03-10T09:00:00Z");
}

TEST(FeedbackRoute, ARetryIsAcknowledgedAndStoredOnce) {
    Keeper keeper;
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(keeper.post_feedback(batch(override_of(card_uuid(1)))).status, 200U);
    EXPECT_EQ(keeper.folder.feedback().size(), 1U);
}

TEST(FeedbackRoute, ABatchWithOneBadReportIsRefusedWhole) {
    Keeper keeper;
    auto const answer =
        keeper.post_feedback(batch(override_of(card_uuid(1)) + "," + override_of("canary")));
    EXPECT_EQ(answer.status, 400U);
    EXPECT_THAT(answer.body, HasSubstr("/feedback/1/card"));
    EXPECT_THAT(answer.body, Not(HasSubstr("canary")));
    EXPECT_TRUE(keeper.folder.feedback().empty());
}

TEST(FeedbackRoute, HasTheStatusesOfItsSpecification) {
    Keeper keeper{[](Settings& settings) { settings.max_body_bytes = 4096; }};
    auto const good = batch(override_of(card_uuid(1)));
    struct {
        char const* name;
        std::string request;
        unsigned status;
        char const* allow;
    } const rows[] = {
        {"good", send_feedback(good), 200, ""},
        {"bare", send_feedback(override_of(card_uuid(1))), 200, ""},
        {"nothing", send_feedback(R"({"feedback":[]})"), 200, ""},
        {"trailing slash",
         send_feedback(good, "", "/cds-services/immunosuppressant-safety/feedback/"), 200, ""},
        {"get", get(feedback_path), 405, "POST, OPTIONS"},
        {"options",
         "OPTIONS " + std::string{feedback_path} + " HTTP/1.1\r\nHost: localhost\r\n\r\n", 204,
         "POST, OPTIONS"},
        {"other service", send_feedback(good, "", "/cds-services/other/feedback"), 404, ""},
        {"longer path",
         send_feedback(good, "", "/cds-services/immunosuppressant-safety/feedback/x"), 404, ""},
        {"like it", send_feedback(good, "", "/cds-services/immunosuppressant-safety/feedbacks"),
         404, ""},
        {"half JSON", send_feedback(R"({"feedback":)"), 400, ""},
        {"repeated member", send_feedback(R"({"feedback":[],"feedback":[]})"), 400, ""},
        {"zipped", send_feedback(good, "Content-Encoding: gzip\r\n"), 415, ""},
        {"too large", send_feedback(std::string(5000, ' ')), 413, ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const answer = ask(keeper.server.port(), row.request);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, row.status) << answer->body;
        EXPECT_EQ(answer->field("allow"), row.allow);
        EXPECT_EQ(answer->field("cache-control"), "no-store");
        if (row.status >= 400) {
            EXPECT_THAT(answer->body, HasSubstr("OperationOutcome"));
        }
    }
    EXPECT_EQ(keeper.folder.feedback().size(), 1U);
}

TEST(FeedbackRoute, ACardThatWasSentIsFoundAgainWithItsRule) {
    StoreFolder const folder;
    std::string uuid;
    std::size_t cards = 0;
    {
        RunningServer const server{[&](Settings& settings) {
            settings.store = folder.file();
            settings.as_of = "2026-11-21T09:00:00Z";
        }};
        auto const answer = ask(server.port(), post(order_sign_body()));
        ASSERT_TRUE(answer);
        base::json::Document document;
        auto const body = document.parse(answer->body);
        ASSERT_TRUE(body);
        cards = (*body)["cards"].size();
        uuid = (*body)["cards"].first()["uuid"].string();
        // The card's own row may still wait; the answer must not depend on that.
        auto const known = ask(server.port(), send_feedback(batch(override_of(uuid))));
        auto const unknown = ask(server.port(), send_feedback(batch(override_of(card_uuid(1)))));
        for (auto const* reply : {&known, &unknown}) {
            ASSERT_TRUE(*reply);
            EXPECT_EQ((*reply)->status, 200U);
            EXPECT_EQ((*reply)->body, "{}");
        }
        EXPECT_EQ(known->fields.size(), unknown->fields.size());
    }
    EXPECT_GE(cards, 5U);
    EXPECT_EQ(folder.cards().size(), cards);
    for (auto const& row : folder.feedback()) {
        EXPECT_EQ(row.card.has_value(), row.feedback.card == uuid);
        if (!row.card) continue;
        EXPECT_EQ(row.card->rule, "uc-ifx-csa-concurrent");
        EXPECT_EQ(row.card->indicator, "critical");
        EXPECT_GT(row.card->sent_at, base::Instant{}) << "the real time, not the frozen one";
    }
}

TEST(FeedbackRoute, NothingOfTheCallIsInTheStoreButTheCards) {
    StoreFolder const folder;
    auto body = order_sign_body();
    base::json::Document document;
    auto const call = document.parse(body);
    ASSERT_TRUE(call);
    std::string const secrets[] = {std::string{(*call)["context"]["patientId"].string()},
                                   std::string{(*call)["context"]["userId"].string()},
                                   std::string{(*call)["hookInstance"].string()}};
    {
        RunningServer const server{[&](Settings& settings) { settings.store = folder.file(); }};
        ASSERT_EQ(ask(server.port(), post(body))->status, 200U);
        ASSERT_EQ(
            ask(server.port(), post(R"({"hook":"order-sign","hookInstance":"canary"})"))->status,
            400U);
    }
    ASSERT_FALSE(folder.cards().empty());
    std::ifstream file{folder.file(), std::ios::binary};
    std::string const bytes{std::istreambuf_iterator<char>{file}, {}};
    ASSERT_FALSE(bytes.empty());
    for (auto const& secret : secrets) {
        ASSERT_FALSE(secret.empty());
        EXPECT_EQ(bytes.find(secret), bytes.npos) << secret;
    }
}

TEST(FeedbackRoute, AnExplanationSendsNoCards) {
    StoreFolder const folder;
    {
        RunningServer const server{[&](Settings& settings) { settings.store = folder.file(); }};
        auto const explanation =
            ask(server.port(), send_feedback(order_sign_body(), "",
                                             "/cds-services/immunosuppressant-safety/$explain"));
        ASSERT_EQ(explanation->status, 200U);
    }
    EXPECT_TRUE(folder.cards().empty());
}

TEST(FeedbackRoute, WithoutAStoreHooksAreAnsweredAndFeedbackIsNot) {
    StoreFolder const folder;
    std::ofstream{folder.path() / "file"} << "x";
    RunningServer const server{[&](Settings& settings) {
        settings.store = (folder.path() / "file" / "store.db").string();
    }};
    EXPECT_THAT(server.server.storage(), HasSubstr("cannot be kept"));
    auto const hook = ask(server.port(), post(order_sign_body()));
    EXPECT_EQ(hook->status, 200U);
    EXPECT_THAT(hook->body, HasSubstr("uc-ifx-csa-concurrent"));
    auto const refused = ask(server.port(), send_feedback(batch(override_of(card_uuid(1)))));
    EXPECT_EQ(refused->status, 503U);
    EXPECT_EQ(refused->field("retry-after"), "1");
    EXPECT_THAT(refused->body, HasSubstr("stored once"));
    EXPECT_THAT(refused->body, Not(HasSubstr(folder.path().string())));
    EXPECT_EQ(ask(server.port(), get("/readyz"))->status, 503U);
    EXPECT_EQ(ask(server.port(), get("/healthz"))->status, 200U);
}

/// Holds the write lock of a store, as a program that hangs would.
struct Lock {
    explicit Lock(StoreFolder const& folder)
        : database{*store::connect(folder.place(), store::Use::writing)} {
        if (!database->begin()) throw std::runtime_error{"no lock"};
    }
    std::unique_ptr<store::Database> database;
};

TEST(FeedbackRoute, AFullQueueIsToldAtOnceAndHoldsUpNoHook) {
    Keeper keeper{[](Settings& settings) { settings.store_queue = 1; }};
    std::optional<Lock> lock{std::in_place, keeper.folder};
    std::atomic<bool> told_full{false};
    std::atomic<std::size_t> stored{0};
    // One call is being written and one waits: of four at a time, two find no place.
    auto const report_until_told = [&](int number) {
        do {
            auto const answer = keeper.post_feedback(batch(override_of(card_uuid(number))));
            if (answer.body.find("Too much feedback") != answer.body.npos) told_full = true;
            if (answer.status == 200U) ++stored;
            EXPECT_EQ(answer.field("retry-after"), answer.status == 503U ? "1" : "");
        } while (!told_full);
    };
    std::vector<std::thread> clients;
    for (int i = 0; i < 4; ++i) clients.emplace_back(report_until_told, i);
    while (!told_full) std::this_thread::yield();
    EXPECT_EQ(ask(keeper.server.port(), post(order_sign_body()))->status, 200U);
    lock.reset();
    for (auto& client : clients) client.join();
    EXPECT_EQ(keeper.folder.feedback().size(), stored);
}

TEST(FeedbackRoute, ASlowStoreIsNotWaitedForWithoutEnd) {
    Keeper keeper{[](Settings& settings) { settings.store_wait_ms = 20; }};
    {
        Lock const lock{keeper.folder};
        auto const answer = keeper.post_feedback(batch(override_of(card_uuid(1))));
        EXPECT_EQ(answer.status, 503U);
        EXPECT_THAT(answer.body, HasSubstr("stored once"));
    }
    while (keeper.post_feedback(batch(override_of(card_uuid(1)))).status != 200U) continue;
    EXPECT_EQ(keeper.folder.feedback().size(), 1U) << "also when the first was stored after all";
}

TEST(FeedbackRoute, OldRowsAreGoneAfterTheStart) {
    Keeper first;
    EXPECT_EQ(first.post_feedback(batch(override_of(card_uuid(1)))).status, 200U);
    first.server.stop();
    {
        auto const database = store::open_for_writing(first.folder.place());
        ASSERT_TRUE(database);
        ASSERT_TRUE((*database)->execute("UPDATE feedback SET received_at = 1000"));
        store::CardRow const old{card_uuid(1), "", "r", "info", base::Instant{}};
        ASSERT_TRUE(store::insert_cards(**database, std::span{&old, 1}));
    }
    RunningServer const second{[&](Settings& settings) { settings.store = first.folder.file(); }};
    // Whoever comes later waits behind the removal.
    EXPECT_EQ(ask(second.port(), send_feedback(batch(override_of(card_uuid(2)))))->status, 200U);
    auto const rows = first.folder.feedback();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows.front().feedback.card, card_uuid(2));
    EXPECT_TRUE(first.folder.cards().empty());
}

TEST(FeedbackRoute, AStoreOfALaterProgramStopsTheStart) {
    StoreFolder const folder;
    {
        static constexpr std::array<std::string_view, 1> step{"CREATE TABLE later (x INTEGER)"};
        std::vector<store::Migration> steps{store::migrations().begin(), store::migrations().end()};
        steps.emplace_back(step);
        auto const database = store::connect(folder.place(), store::Use::writing);
        ASSERT_TRUE(database && store::migrate(**database, steps));
    }
    Log log{STDERR_FILENO, 16};
    Server server{[&] {
                      return base::Result<Settings>{test_settings(
                          [&](Settings& settings) { settings.store = folder.file(); })};
                  },
                  log};
    auto const started = server.start();
    ASSERT_FALSE(started);
    EXPECT_THAT(started.error().what, HasSubstr("newer Countersign"));
}

TEST(FeedbackRoute, NothingOfAReportIsInTheLog) {
    StoreFolder const folder;
    auto const path = folder.path() / "log";
    {
        RunningServer server{[&](Settings& settings) {
            settings.store = folder.file();
            settings.log_file = path.string();
        }};
        auto const secret = R"(,"overrideReason":{"reason":{"code":"canary","system":"canary"},)"
                            R"("userComment":"canary"})";
        for (auto const& report :
             {override_of(card_uuid(1), secret), override_of("canary", secret)})
            EXPECT_TRUE(ask(server.port(), send_feedback(batch(report))));
        server.stop();
        server.log.close();
    }
    std::ifstream file{path};
    std::string const text{std::istreambuf_iterator<char>{file}, {}};
    EXPECT_THAT(text, HasSubstr("/cds-services/{id}/feedback"));
    EXPECT_THAT(text, Not(HasSubstr("canary")));
}

/// Serves until it is killed; tells its port first.
[[noreturn]] void serve_until_killed(StoreFolder const& folder, int tell) {
    RunningServer const server{[&](Settings& settings) { settings.store = folder.file(); }};
    auto const port = server.port();
    if (::write(tell, &port, sizeof port) != static_cast<ssize_t>(sizeof port)) ::_exit(3);
    while (true) ::pause();
}

/// Reports card after card until the server is gone; returns those that were acknowledged.
std::vector<std::string> report_until_gone(std::uint16_t port, int first,
                                           std::atomic<int>& acknowledged) {
    std::vector<std::string> cards;
    try {
        Client client{port};
        for (int number = first;; ++number) {
            if (!client.send(send_feedback(batch(override_of(card_uuid(number)))))) return cards;
            auto const answer = client.receive();
            if (!answer || answer->status != 200U) return cards;
            cards.push_back(card_uuid(number));
            ++acknowledged;
        }
    } catch (std::runtime_error const&) {
        return cards;
    }
}

TEST(FeedbackRoute, AKilledServerLosesNothingThatItAcknowledged) {
    StoreFolder const folder;
    test_store();  // made here, so that no child that is killed leaves one behind
    std::vector<std::string> acknowledged;
    for (int round = 0; round < 3; ++round) {
        std::array<int, 2> ends{};
        ASSERT_EQ(::pipe(ends.data()), 0);
        auto const child = ::fork();
        if (child == 0) serve_until_killed(folder, ends[1]);
        std::uint16_t port = 0;
        ASSERT_EQ(::read(ends[0], &port, sizeof port), static_cast<ssize_t>(sizeof port));
        std::atomic<int> count{0};
        std::array<std::vector<std::string>, 4> found;
        std::vector<std::thread> clients;
        for (std::size_t i = 0; i < found.size(); ++i)
            clients.emplace_back([&, i] {
                auto const first = (round * 4 + static_cast<int>(i)) * 100'000;
                found[i] = report_until_gone(port, first, count);
            });
        while (count < 60 * (round + 1)) std::this_thread::yield();
        ::kill(child, SIGKILL);
        for (auto& client : clients) client.join();
        ::waitpid(child, nullptr, 0);
        for (int const end : ends) ::close(end);
        for (auto const& cards : found)
            acknowledged.insert(acknowledged.end(), cards.begin(), cards.end());
    }
    std::set<std::string> stored;
    for (auto const& row : folder.feedback()) stored.insert(row.feedback.card);
    EXPECT_GE(acknowledged.size(), 360U);
    for (auto const& card : acknowledged) ASSERT_TRUE(stored.contains(card)) << card;
}

TEST(Retention, CountsDaysBackFromNow) {
    auto const settings = test_settings([](Settings& changed) {
        changed.card_retention_days = 30;
        changed.feedback_retention_days = 20;
        changed.comment_retention_days = 10;
    });
    auto const now = base::parse_date("2026-03-31T09:00:00Z", base::Zone{}).instant;
    auto const limits = horizon(settings, now);
    EXPECT_EQ(base::iso(limits.cards), "2026-03-01T09:00:00Z");
    EXPECT_EQ(base::iso(limits.feedback), "2026-03-11T09:00:00Z");
    EXPECT_EQ(base::iso(limits.comments), "2026-03-21T09:00:00Z");
}

}  // namespace
}  // namespace cds::server

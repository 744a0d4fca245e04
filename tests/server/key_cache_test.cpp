#include "server/key_cache.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <condition_variable>
#include <vector>

#include "tests/server/jwks_server.hpp"
#include "tests/server/registered.hpp"

namespace cds::server {
namespace {

using namespace test;
using namespace std::chrono_literals;
using auth::test::Keys;

std::string set_of(std::vector<std::string> const& keys) {
    std::string out = R"({"keys":[)";
    for (auto const& key : keys) out += (&key == &keys.front() ? "" : ",") + key;
    return out + "]}";
}

/// A cache whose clocks never fire by themselves: only what a test asks for is fetched.
class KeyCaches : public testing::Test {
protected:
    KeyCaches() {
        first_ = set_of({Keys::get().es384.public_jwk("one")});
        second_ =
            set_of({Keys::get().es384.public_jwk("one"), Keys::get().rs384.public_jwk("two")});
        server.serve(first_);
    }

    static KeyCache::Options patient(Log& log) {
        KeyCache::Options options;
        options.log = &log;
        options.renewal = options.retry = 1h;
        options.on_demand = 0ms;
        return options;
    }
    /// A registry with one client whose keys are at `url`.
    static std::shared_ptr<auth::Registry const> registry(std::string const& url,
                                                          std::string const& more = {}) {
        auto const networks = more.empty() ? R"(,"networks":["127.0.0.1"])" : more;
        auto const text =
            R"({"clients":[{"id":"ehr","issuer":"x","jwksUrl":")" + url + '"' + networks + "}]}";
        return std::make_shared<auth::Registry const>(
            *auth::Registry::read(text, "https://cds.example.org"));
    }
    static auth::Client const& client(auth::Registry const& registry) {
        return registry.clients().front();
    }
    /// Has the keys fetched and waits for it; false when it was not allowed.
    static bool refresh(KeyCache& cache, auth::Client const& client) {
        std::mutex mutex;
        std::condition_variable arrived;
        bool done = false;
        bool const taken = cache.refresh(client, [&] {
            std::lock_guard const lock{mutex};
            done = true;
            arrived.notify_one();
        });
        std::unique_lock lock{mutex};
        if (taken) arrived.wait(lock, [&] { return done; });
        return taken;
    }

    JwksServer server;
    Log log{::open("/dev/null", O_WRONLY | O_CLOEXEC), 64};
    std::string first_, second_;
};

TEST_F(KeyCaches, FetchKeysAndTheirSuccessors) {
    KeyCache cache{patient(log)};
    auto const clients = registry(server.url());
    cache.use(clients);
    EXPECT_TRUE(refresh(cache, client(*clients)));
    auto const keys = cache.find(client(*clients));
    ASSERT_TRUE(keys);
    EXPECT_NE(keys->find("one"), nullptr);
    EXPECT_EQ(keys->find("two"), nullptr);
    server.serve(second_);
    EXPECT_TRUE(refresh(cache, client(*clients)));
    EXPECT_NE(cache.find(client(*clients))->find("two"), nullptr) << "a new kid";
    server.serve(set_of({Keys::get().rs384.public_jwk("two")}));
    EXPECT_TRUE(refresh(cache, client(*clients)));
    EXPECT_EQ(cache.find(client(*clients))->find("one"), nullptr) << "a kid that was taken back";
}

TEST_F(KeyCaches, GoOnWithTheLastGoodKeysWhateverComes) {
    auto options = patient(log);
    options.transfer_limit = 2s;
    KeyCache cache{options};
    auto const clients = registry(server.url());
    cache.use(clients);
    ASSERT_TRUE(refresh(cache, client(*clients)));
    auto const head = std::string{"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: "};
    auto const with = [&](std::string const& body) {
        return head + "application/json\r\n\r\n" + body;
    };
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += R"({"kty":"oct"},)";
    std::pair<std::string, std::string> const rows[] = {
        {"an error", "HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n"},
        {"not found",
         "HTTP/1.1 404 Not Found\r\nContent-Type: application/json\r\n"
         "Connection: close\r\n\r\n" +
             second_},
        {"a redirect",
         "HTTP/1.1 302 Found\r\nLocation: " + server.url() + "\r\nContent-Length: 0\r\n\r\n"},
        {"a page", head + "text/html\r\n\r\n" + second_},
        {"no type", "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + second_},
        {"no JSON", with("keys")},
        {"cut off",
         "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
         "Content-Length: 5000\r\n\r\n" +
             second_},
        {"ten megabytes", with(R"({"x":")" + std::string(10 << 20, 'x') + "\"}")},
        {"ten thousand keys", with(R"({"keys":[)" + many + "{}]}")},
        {"unusable keys only", with(R"({"keys":[{"kty":"oct","k":"AA"}]})")},
        {"no answer", ""},
        {"no HTTP", "SSH-2.0-x\r\n"},
    };
    for (auto const& [name, answer] : rows) {
        SCOPED_TRACE(name);
        server.answer_with(answer);
        auto const before = server.requests();
        EXPECT_TRUE(refresh(cache, client(*clients)));
        EXPECT_EQ(server.requests(), before + 1);
        auto const keys = cache.find(client(*clients));
        ASSERT_TRUE(keys);
        EXPECT_NE(keys->find("one"), nullptr);
        EXPECT_EQ(keys->find("two"), nullptr);
    }
    server.serve(R"({"keys":[]})");
    EXPECT_TRUE(refresh(cache, client(*clients)));
    EXPECT_EQ(cache.find(client(*clients))->find("one"), nullptr) << "all were taken back";
}

/// A clock that a test moves.
std::atomic<Steady::rep> clock_offset{0};
Steady::time_point moved_now() {
    return Steady::time_point{} + Steady::duration{clock_offset.load()};
}
void move_clock(Steady::duration by) { clock_offset += by.count(); }

TEST_F(KeyCaches, UseKeysThatCannotBeRenewedForAnHourAndRenewThemBefore) {
    auto options = patient(log);
    options.now = moved_now;
    options.renewal = 10min;
    move_clock(24h);
    KeyCache cache{options};
    auto const clients = registry(server.url());
    cache.use(clients);
    while (!cache.find(client(*clients))) std::this_thread::yield();
    server.serve(second_);
    move_clock(10min);
    cache.use(clients);
    while (!cache.find(client(*clients))->find("two")) std::this_thread::yield();
    server.answer_with("HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n");
    move_clock(59min);
    ASSERT_TRUE(refresh(cache, client(*clients)));
    EXPECT_TRUE(cache.find(client(*clients)));
    move_clock(2min);
    EXPECT_FALSE(cache.find(client(*clients)));
    server.serve(second_);
    ASSERT_TRUE(refresh(cache, client(*clients)));
    EXPECT_TRUE(cache.find(client(*clients))) << "it recovers by itself";
}

TEST_F(KeyCaches, AskOnceForAllWhoWait) {
    server.hold(true);
    KeyCache cache{patient(log)};
    auto const clients = registry(server.url());
    cache.use(clients);
    std::atomic<int> told{0};
    for (int i = 0; i < 50; ++i) EXPECT_TRUE(cache.refresh(client(*clients), [&] { ++told; }));
    server.hold(false);
    while (told < 50) std::this_thread::yield();
    EXPECT_EQ(server.requests(), 1);
}

TEST_F(KeyCaches, CallsCanCauseOneRefreshInAWhileAndNoMore) {
    auto options = patient(log);
    options.on_demand = 1h;
    KeyCache cache{options};
    auto const clients = registry(server.url());
    cache.use(clients);
    while (!cache.find(client(*clients))) std::this_thread::yield();
    EXPECT_TRUE(refresh(cache, client(*clients)));
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(refresh(cache, client(*clients)));
    EXPECT_EQ(server.requests(), 2);
}

TEST_F(KeyCaches, DoNotConnectOutsideTheNetworksOfTheRegistration) {
    KeyCache cache{patient(log)};
    for (auto const* const networks : {R"(,"networks":[])", R"(,"networks":["10.0.0.0/8"])"}) {
        auto const clients = registry(server.url(), networks);
        cache.use(clients);
        refresh(cache, client(*clients));
        EXPECT_FALSE(cache.find(client(*clients))) << networks;
    }
    EXPECT_EQ(server.requests(), 0);
}

TEST_F(KeyCaches, AreNotAskedForKeysThatStandInTheRegistration) {
    KeyCache cache{patient(log)};
    auto const clients = auth::test::registry();
    cache.use(std::make_shared<auth::Registry const>(clients));
    EXPECT_TRUE(cache.find(clients.clients().front()));
    EXPECT_FALSE(refresh(cache, clients.clients().front()));
}

TEST_F(KeyCaches, KeepKeysAcrossAReloadUnlessTheAddressChanged) {
    KeyCache cache{patient(log)};
    auto const clients = registry(server.url());
    cache.use(clients);
    ASSERT_TRUE(refresh(cache, client(*clients)));
    auto const again = registry(server.url());
    cache.use(again);
    EXPECT_TRUE(cache.find(client(*again)));
    auto const moved = registry("http://127.0.0.1:1/jwks");
    cache.use(moved);
    EXPECT_FALSE(cache.find(client(*moved)));
}

TEST_F(KeyCaches, CallsWithoutKeysAre503AndANewKidIsTakenAtOnce) {
    Registered const files;
    server.serve(Keys::get().jwks());
    files.write("clients.json", R"({"clients":[{"id":"ehr","issuer":")" + auth::test::issuer +
                                    R"(","networks":["127.0.0.1"],"jwksUrl":")" + server.url() +
                                    "\"}," +
                                    R"({"id":"down","issuer":"down","networks":["127.0.0.1"],)" +
                                    R"("jwksUrl":"http://127.0.0.1:1/jwks"}]})");
    RunningServer const running{files.settings()};
    EXPECT_EQ(call(running.port(), token()), 200U);
    EXPECT_EQ(call(running.port(), token({{"iss", "\"down\""}})), 503U);
    EXPECT_EQ(call(running.port(), token()), 200U) << "the others are not concerned";
}

}  // namespace
}  // namespace cds::server

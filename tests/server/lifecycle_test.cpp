#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <future>

#include "server/request_log.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using test::Client;
using test::get;
using test::post;

/// Both ends of a pipe.
struct Pipe {
    Pipe() { EXPECT_EQ(::pipe2(ends, O_CLOEXEC), 0); }
    ~Pipe() {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    Pipe(Pipe const&) = delete;
    Pipe& operator=(Pipe const&) = delete;
    /// What was written so far, after the writing end was closed by the caller's doing.
    std::string take(std::size_t bytes) const {
        std::string text(bytes, '\0');
        std::size_t have = 0;
        while (have < bytes) {
            auto const count = ::read(ends[0], text.data() + have, bytes - have);
            if (count <= 0) break;
            have += static_cast<std::size_t>(count);
        }
        text.resize(have);
        return text;
    }
    int ends[2] = {-1, -1};
};

TEST(Drain, FinishesWhatIsRunningAndThenEnds) {
    test::RunningServer server{[](Settings& settings) { settings.drain_idle_ms = 10; }};
    std::string const body{test::empty_call()};
    Client running{server.port()};
    running.send(
        "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\nExpect: "
        "100-continue\r\n"
        "Content-Type: application/json\r\nContent-Length: " +
        std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(running.receive()->status, 100U);
    Client idle{server.port()};
    idle.send(get("/readyz"));
    EXPECT_EQ(idle.receive()->status, 200U);
    server.server.drain();
    EXPECT_TRUE(idle.closed());  // so the drain has begun
    EXPECT_THROW(Client{server.port()}, std::runtime_error);
    running.send(body);
    auto const answer = running.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    EXPECT_EQ(answer->field("connection"), "close");
    EXPECT_TRUE(running.closed());
    server.wait();
}

TEST(Drain, IsNotReadyButAnswersWhatIsOnItsWay) {
    test::RunningServer server{[](Settings& settings) { settings.drain_idle_ms = 20'000; }};
    std::optional<Client> kept, other;
    kept.emplace(server.port());
    other.emplace(server.port());
    for (auto* client : {&kept, &other}) {
        (*client)->send(get("/readyz"));
        EXPECT_EQ((*client)->receive()->status, 200U);
    }
    server.server.drain();
    auto status = 200U;
    while (status == 200U) {
        kept->send(get("/readyz"));
        auto const answer = kept->receive();
        status = answer ? answer->status : 0U;
    }
    EXPECT_EQ(status, 503U);
    EXPECT_TRUE(kept->closed());
    // The other connection has not sent anything yet: its request is still answered.
    other->send(get("/cds-services"));
    auto const answer = other->receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
    kept.reset();
    other.reset();
    server.wait();
}

TEST(Drain, CutsOffWhatDoesNotEnd) {
    test::RunningServer server{[](Settings& settings) { settings.drain_ms = 20; }};
    Client stuck{server.port()};
    stuck.send(
        "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\nExpect: "
        "100-continue\r\n"
        "Content-Type: application/json\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(stuck.receive()->status, 100U);
    server.stop();
}

TEST(Reload, ReplacesSettingsAndKeepsTheOldOnesWhenTheNewAreBroken) {
    std::atomic<int> step{0};
    test::RunningServer server{Server::Loader{[&step]() -> base::Result<Settings> {
        auto settings = test::test_settings();
        if (step == 1) settings.cors_origins = {"https://new.example"};
        if (step == 2) return base::Error{base::ErrorCode::invalid, "file", "broken"};
        if (step == 3) settings.knowledge = "/nonexistent/knowledge";
        return settings;
    }}};
    auto const allowed = [&] {
        auto const answer =
            test::ask(server.port(), get("/healthz", "Origin: https://old.example\r\n"));
        return answer && answer->field("access-control-allow-origin") != "";
    };
    EXPECT_TRUE(allowed());
    step = 1;
    server.server.reload();
    while (allowed()) continue;  // every answer is from the old or the new whole
    // A broken reload is done before the next connection is accepted, since one thread does both.
    for (int const broken : {2, 3}) {
        step = broken;
        server.server.reload();
        for (int i = 0; i < 4; ++i)
            EXPECT_NE(test::ask(server.port(), get("/healthz", "Origin: https://new.example\r\n"))
                          ->field("access-control-allow-origin"),
                      "");
    }
}

TEST(Start, SaysThatThePortIsTaken) {
    test::RunningServer const first;
    Log log{STDERR_FILENO, 16};
    Server second{[&] {
                      return base::Result<Settings>{test::test_settings([&](Settings& settings) {
                          settings.listen = "127.0.0.1:" + std::to_string(first.port());
                      })};
                  },
                  log};
    auto const started = second.start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().what.find("--listen"), std::string::npos);
}

TEST(Start, FailsOnMissingKnowledge) {
    Log log{STDERR_FILENO, 16};
    Server server{[] {
                      return base::Result<Settings>{test::test_settings([](Settings& settings) {
                          settings.knowledge = "/nonexistent/knowledge";
                      })};
                  },
                  log};
    auto const started = server.start();
    ASSERT_FALSE(started);
    EXPECT_NE(started.error().where.find("/nonexistent/knowledge"), std::string::npos);
}

TEST(Log, WritesWholeLinesInOrder) {
    Pipe pipe;
    std::string expected;
    {
        Log log{pipe.ends[1], 1000};
        for (int i = 0; i < 100; ++i) {
            LogLine line{"test"};
            line.number("i", i).text("quoted", "a\"b");
            log.write(std::move(line));
        }
        log.close();
        EXPECT_EQ(log.dropped(), 0U);
    }
    ::close(pipe.ends[1]);
    pipe.ends[1] = -1;
    auto const text = pipe.take(1 << 20);
    std::size_t lines = 0;
    for (std::size_t at = 0; (at = text.find('\n', at)) != std::string::npos; ++at) ++lines;
    EXPECT_EQ(lines, 100U);
    EXPECT_NE(text.find(R"("i":99,"quoted":"a\"b"})"), std::string::npos);
}

TEST(Log, DropsAndCountsWhenTheSinkIsBlocked) {
    Pipe pipe;
    Log log{pipe.ends[1], 50};
    // More than a pipe holds, and nobody reads: at some time the queue is full, and writing goes
    // on.
    for (int i = 0; log.dropped() < 10; ++i) {
        LogLine line{"test"};
        line.text("filler", std::string(1000, 'x'));
        log.write(std::move(line));
    }
    log.close();
    EXPECT_GE(log.dropped(), 10U);
}

TEST(Log, ABlockedSinkDoesNotStopRequests) {
    Pipe pipe;
    Log log{pipe.ends[1], 16};
    Server server{[] { return base::Result<Settings>{test::test_settings()}; }, log};
    ASSERT_TRUE(server.start());
    std::thread thread{[&] { server.run(); }};
    Client client{server.port()};
    for (int i = 0; log.dropped() == 0; ++i) {
        client.send(get("/healthz"));
        ASSERT_TRUE(client.receive());
    }
    server.drain();
    thread.join();
    EXPECT_GT(log.dropped(), 0U);
}

TEST(RequestLine, HoldsWordsOfOursAndCountsOnly) {
    RequestRecord record;
    record.request_id = "abc-1";
    record.method = Method::post;
    record.bytes_in = 10;
    Reply reply;
    reply.route = "/cds-services/{id}";
    reply.has_stats = true;
    reply.stats.cards = 3;
    auto const line = request_line(record, reply).finish();
    EXPECT_NE(
        line.find(
            R"("event":"request","id":"abc-1","method":"POST","route":"/cds-services/{id}","status":200)"),
        std::string::npos)
        << line;
    EXPECT_NE(line.find(R"("cards":3)"), std::string::npos);
    EXPECT_EQ(line.back(), '\n');
}

TEST(RequestLine, SaysWhatAPolicyKeptBack) {
    Reply reply;
    reply.has_stats = true;
    EXPECT_EQ(request_line({}, reply).finish().find("shadow"), std::string::npos);
    reply.stats.withheld = {{"csa-thiazide", rules::Indicator::warning, true},
                            {"csa-pregnancy", rules::Indicator::warning, false},
                            {"csa-prior-puva", rules::Indicator::critical, true}};
    auto const line = request_line({}, reply).finish();
    EXPECT_NE(
        line.find(R"("shadow":2,"shadow_rules":"csa-thiazide=warning csa-prior-puva=critical")"),
        std::string::npos)
        << line;
    EXPECT_NE(line.find(R"("quiet":1,"quiet_rules":"csa-pregnancy=warning")"), std::string::npos);
}

TEST(RequestLine, NothingOfTheRequestReachesTheLog) {
    Pipe pipe;
    {
        Log log{pipe.ends[1], 1000};
        Server server{[] { return base::Result<Settings>{test::test_settings()}; }, log};
        ASSERT_TRUE(server.start());
        std::thread thread{[&] { server.run(); }};
        for (
            auto const& request :
            {get("/canary-a?canary-b=1",
                 "Authorization: Bearer canary-c\r\nX-Canary-D: canary-e\r\n"),
             get("/cds-services/canary-f"), post(R"({"canary-g":"canary-h")"),
             get("/canary-i/../x"),
             post(
                 R"({"hook":"order-sign","hookInstance":"canary-j","context":{"patientId":"canary-k"}})")})
            EXPECT_TRUE(test::ask(server.port(), request));
        server.drain();
        thread.join();
        log.close();
    }
    ::close(pipe.ends[1]);
    pipe.ends[1] = -1;
    auto const text = pipe.take(1 << 20);
    EXPECT_NE(text.find("\"event\":\"request\""), std::string::npos);
    EXPECT_EQ(text.find("anary"), std::string::npos) << text;
}

}  // namespace
}  // namespace cds::server

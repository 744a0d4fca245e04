#include <gtest/gtest.h>

#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using test::Client;
using test::get;
using test::post;

TEST(Connection, IsKeptForFurtherRequests) {
    test::RunningServer const server;
    Client client{server.port()};
    for (int i = 0; i < 20; ++i) {
        client.send(i % 2 ? get("/healthz") : post(test::empty_call()));
        auto const answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200U) << answer->body;
        EXPECT_EQ(answer->field("connection"), "");
    }
}

TEST(Connection, AnswersPipelinedRequestsInOrder) {
    test::RunningServer const server;
    Client client{server.port()};
    std::string all;
    for (int i = 0; i < 100; ++i) all += i % 3 ? get("/healthz") : get("/nothing");
    client.send(all);
    for (int i = 0; i < 100; ++i) {
        auto const answer = client.receive();
        ASSERT_TRUE(answer) << i;
        EXPECT_EQ(answer->status, i % 3 ? 200U : 404U);
    }
}

TEST(Connection, TakesBytesOneByOne) {
    test::RunningServer const server;
    Client client{server.port()};
    for (auto const c : "\r\n" + post(test::empty_call())) client.send({&c, 1});
    auto const answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U);
}

TEST(Connection, TakesChunkedBodies) {
    test::RunningServer const server;
    Client client{server.port()};
    std::string const head =
        "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string body;
    for (auto const c : test::empty_call()) body += std::string{"1;a=b\r\n"} + c + "\r\n";
    client.send(head + body + "0\r\nX-Trailer: 1\r\n\r\n" + get("/healthz"));
    auto const answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 200U) << answer->body;
    EXPECT_EQ(client.receive()->status, 200U);
}

TEST(Connection, EndsWhenTheClientWishes) {
    test::RunningServer const server;
    for (auto const* request : {"GET /healthz HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
                                "GET /healthz HTTP/1.0\r\n\r\n"}) {
        Client client{server.port()};
        client.send(request);
        auto const answer = client.receive();
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->field("connection"), "close");
        EXPECT_TRUE(client.closed());
    }
    Client old{server.port()};
    old.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_EQ(old.receive()->field("connection"), "keep-alive");
    old.send("GET /healthz HTTP/1.0\r\n\r\n");
    EXPECT_TRUE(old.receive());
}

TEST(Connection, SendsContinueOnlyWhenTheBodyIsWanted) {
    test::RunningServer const server;
    std::string const body{test::empty_call()};
    auto const lines =
        "Host: localhost\r\nContent-Type: application/json\r\nExpect: "
        "100-continue\r\nContent-Length: ";
    Client client{server.port()};
    client.send("POST /cds-services/immunosuppressant-safety HTTP/1.1\r\n" + std::string{lines} +
                std::to_string(body.size()) + "\r\n\r\n");
    EXPECT_EQ(client.receive()->status, 100U);
    client.send(body);
    EXPECT_EQ(client.receive()->status, 200U);
    for (auto const* start : {"POST /nothing", "PUT /cds-services/immunosuppressant-safety"}) {
        Client refused{server.port()};
        refused.send(std::string{start} + " HTTP/1.1\r\n" + lines + "10\r\n\r\n");
        EXPECT_GE(refused.receive()->status, 404U);
        EXPECT_TRUE(refused.closed());
    }
}

TEST(Connection, EndsAfterARefusedHeader) {
    test::RunningServer const server;
    struct {
        char const* name;
        std::string request;
        unsigned status;
    } const rows[] = {
        {"framing", get("/", "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"target", get("/" + std::string(9000, 'a')), 414},
        {"endless target", "GET /" + std::string(65536, 'a'), 414},
        {"block", get("/", "X-A: " + std::string(17000, 'a') + "\r\n"), 431},
        {"announced body",
         "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\n"
         "Content-Type: application/json\r\nContent-Length: 9999999999\r\n\r\n",
         413},
        {"TLS", "\x16\x03\x01\x02", 400},
        {"HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Client client{server.port()};
        client.send(row.request + get("/healthz"));
        client.end_sending();
        auto const answers = client.receive_all();
        ASSERT_EQ(answers.size(), 1U);
        EXPECT_EQ(answers[0].status, row.status);
        EXPECT_EQ(answers[0].field("connection"), "close");
    }
}

TEST(Connection, BodiesAreLimited) {
    test::RunningServer const server{[](Settings& settings) { settings.max_body_bytes = 2000; }};
    auto const chunked = [](std::size_t size) {
        return "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: localhost\r\n"
               "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" +
               std::string(2000, ' ') + "\r\n" + (size > 2000 ? "1\r\n \r\n" : "") + "0\r\n\r\n";
    };
    struct {
        char const* name;
        std::string request;
        unsigned status;
    } const rows[] = {
        {"at the limit", post(std::string(2000, ' ')), 400},
        {"beyond the limit", post(std::string(2001, ' ')), 413},
        {"chunked at the limit", chunked(2000), 400},
        {"chunked beyond the limit", chunked(2001), 413},
    };
    for (auto const& row : rows) {
        auto const answer = test::ask(server.port(), row.request);
        ASSERT_TRUE(answer) << row.name;
        EXPECT_EQ(answer->status, row.status) << row.name;
    }
}

TEST(Connection, SlowClientsAreAnsweredWith408) {
    test::RunningServer const header{[](Settings& settings) { settings.header_timeout_ms = 30; }};
    test::RunningServer const body{[](Settings& settings) { settings.body_timeout_ms = 30; }};
    test::RunningServer const rate{[](Settings& settings) {
        settings.body_grace_ms = 10;
        settings.min_body_bytes_per_second = 1000;
    }};
    struct {
        char const* name;
        test::RunningServer const& server;
        std::string request;
    } const rows[] = {
        {"half a header", header, "GET /healthz HTTP/1.1\r\nHost:"},
        {"half a second header", header, get("/healthz") + "GET"},
        {"no body", body, "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"},
        {"half a body", body, "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"},
        {"half a chunk", body,
         "POST /healthz HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"},
        {"slow body", rate, "POST /healthz HTTP/1.1\r\nHost: a\r\nContent-Length: 9999\r\n\r\nabc"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Client client{row.server.port()};
        client.send(row.request);
        auto const answers = client.receive_all();
        ASSERT_FALSE(answers.empty());
        EXPECT_EQ(answers.back().status, 408U);
    }
}

TEST(Connection, SilentOnesAreClosedWithoutAnswer) {
    test::RunningServer const header{[](Settings& settings) { settings.header_timeout_ms = 20; }};
    EXPECT_TRUE(Client{header.port()}.closed());
    test::RunningServer const idle{[](Settings& settings) { settings.idle_timeout_ms = 20; }};
    Client client{idle.port()};
    client.send(get("/healthz"));
    EXPECT_TRUE(client.receive());
    EXPECT_TRUE(client.closed());
}

TEST(Connection, SlowReadersAreCutOff) {
    test::RunningServer const server{[](Settings& settings) {
        settings.write_timeout_ms = 50;
        settings.linger_ms = 0;
    }};
    Client client{server.port(), 2048};
    // Requests whose answers nobody reads, until the server gives the connection up.
    std::string many;
    for (int i = 0; i < 1000; ++i) many += get("/cds-services");
    bool open = true;
    for (int i = 0; open && i < 10'000; ++i) open = client.send(many);
    EXPECT_FALSE(open);
    EXPECT_EQ(test::ask(server.port(), get("/healthz"))->status, 200U);
}

TEST(Connection, TheOldestSilentOneMakesRoom) {
    test::RunningServer const server{[](Settings& settings) { settings.connections = 2; }};
    Client oldest{server.port()};
    Client second{server.port()};
    Client third{server.port()};
    EXPECT_TRUE(oldest.closed());
    second.send(get("/healthz"));
    third.send(get("/healthz"));
    EXPECT_EQ(second.receive()->status, 200U);
    EXPECT_EQ(third.receive()->status, 200U);
}

TEST(Connection, WithoutASilentOneANewOneIsAnsweredWith503) {
    test::RunningServer const server{[](Settings& settings) { settings.connections = 1; }};
    Client working{server.port()};
    working.send(
        "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: a\r\nExpect: "
        "100-continue\r\n"
        "Content-Type: application/json\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(working.receive()->status, 100U);
    auto const answer = Client{server.port()}.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 503U);
    EXPECT_EQ(answer->field("retry-after"), "1");
}

TEST(Connection, LargeBodiesAtTheSameTimeAreLimited) {
    test::RunningServer const server{[](Settings& settings) { settings.large_bodies = 1; }};
    auto const head = [](std::size_t size) {
        return "POST /cds-services/immunosuppressant-safety HTTP/1.1\r\nHost: a\r\nExpect: "
               "100-continue\r\n"
               "Content-Type: application/json\r\nContent-Length: " +
               std::to_string(size) + "\r\n\r\n";
    };
    Client first{server.port()}, second{server.port()}, small{server.port()};
    first.send(head(300'000));
    EXPECT_EQ(first.receive()->status, 100U);
    second.send(head(300'000));
    EXPECT_EQ(second.receive()->status, 503U);
    small.send(head(200'000));
    EXPECT_EQ(small.receive()->status, 100U);
    first.send(std::string(300'000, ' '));
    EXPECT_EQ(first.receive()->status, 400U);
    Client third{server.port()};
    third.send(head(300'000));
    EXPECT_EQ(third.receive()->status, 100U);
}

TEST(Connection, ResetsLeaveTheServerWell) {
    test::RunningServer const server;
    for (int i = 0; i < 200; ++i) {
        Client client{server.port()};
        client.send(post(test::empty_call()));
    }
    EXPECT_EQ(test::ask(server.port(), get("/healthz"))->status, 200U);
}

}  // namespace
}  // namespace cds::server

#include "server/address.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "server/clock.hpp"
#include "server/connections.hpp"
#include "server/cors.hpp"

namespace cds::server {
namespace {

TEST(Address, HostsOfThisMachine) {
    for (auto const* host : {"localhost", "LOCALHOST:80", "127.0.0.1", "127.1.2.3:8080", "[::1]",
                             "[::1]:8080", "[::ffff:127.0.0.1]:1"})
        EXPECT_TRUE(is_loopback_host(host)) << host;
    for (auto const* host : {"", "localhost.evil.example", "127.0.0.1.evil.example", "example.com",
                             "10.0.0.1", "::1", "[::1", "[::2]", "[127.0.0.1]", "localhost:x",
                             "localhost:99999", "0.0.0.0", "2130706433", "127.1", "[::1]x"})
        EXPECT_FALSE(is_loopback_host(host)) << host;
}

TEST(Address, Networks) {
    EXPECT_TRUE(in_network("10.1.2.3", "10.0.0.0/8"));
    EXPECT_FALSE(in_network("11.1.2.3", "10.0.0.0/8"));
    EXPECT_TRUE(in_network("10.0.0.127", "10.0.0.0/25"));
    EXPECT_FALSE(in_network("10.0.0.128", "10.0.0.0/25"));
    EXPECT_TRUE(in_network("10.0.0.5", "10.0.0.5"));
    EXPECT_TRUE(in_network("::ffff:10.0.0.5", "10.0.0.5"));
    EXPECT_TRUE(in_network("fe80::1", "fe80::/10"));
    EXPECT_FALSE(in_network("fec0::1", "fe80::/10"));
    EXPECT_TRUE(in_network("192.0.2.1", "0.0.0.0/0"));
}

TEST(Cors, ConfiguredOriginsAreComparedExactly) {
    std::vector<std::string> const allowed{"https://ehr.example.com", "http://localhost:4434"};
    EXPECT_EQ(allowed_origin(allowed, "x", "https://ehr.example.com"), "https://ehr.example.com");
    EXPECT_EQ(allowed_origin(allowed, "x", "http://localhost:4434"), "http://localhost:4434");
    for (auto const* origin : {"", "null", "http://ehr.example.com", "https://ehr.example.com.evil",
                               "https://ehr.example.com:444", "https://EHR.example.com",
                               "https://a.ehr.example.com", "https://ehr.example.com/", "*"})
        EXPECT_EQ(allowed_origin(allowed, "localhost", origin), "") << origin;
}

TEST(Cors, OnLoopbackAnyPageMayWhenTheHostIsThisMachine) {
    EXPECT_EQ(allowed_origin({}, "localhost:8080", "https://sandbox.example"),
              "https://sandbox.example");
    EXPECT_EQ(allowed_origin({}, "rebound.example:8080", "https://sandbox.example"), "");
    EXPECT_EQ(allowed_origin({}, "localhost", ""), "");
    EXPECT_EQ(allowed_origin({}, "localhost", std::string(400, 'a')), "");
}

std::shared_ptr<Connection> waiting(Steady::rep since, std::vector<Steady::rep>& closed,
                                    std::string peer = {}) {
    auto connection = std::make_shared<Connection>();
    connection->waiting_since = since;
    connection->counted_peer = std::move(peer);
    connection->close = [since, &closed] { closed.push_back(since); };
    return connection;
}

TEST(Connections, TheLongestWithoutHeaderMakesRoom) {
    Connections connections;
    std::vector<Steady::rep> closed;
    using Admission = Connections::Admission;
    Connections::Limits const limits{3, 64};
    auto const busy = waiting(0, closed);
    EXPECT_EQ(connections.admit(busy, limits), Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(7, closed), limits), Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(5, closed), limits), Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(9, closed), limits), Admission::admitted);
    EXPECT_EQ(closed, std::vector<Steady::rep>{5});
    EXPECT_EQ(connections.count(), 3U);
    connections.leave(busy);
    EXPECT_EQ(connections.count(), 2U);
}

TEST(Connections, WhenAllAreAtWorkANewOneIsRefused) {
    Connections connections;
    std::vector<Steady::rep> closed;
    Connections::Limits const limits{1, 64};
    EXPECT_EQ(connections.admit(waiting(0, closed), limits), Connections::Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(1, closed), limits), Connections::Admission::full);
    EXPECT_TRUE(closed.empty());
}

TEST(Connections, OnePeerHasItsOwnLimit) {
    Connections connections;
    std::vector<Steady::rep> closed;
    Connections::Limits const limits{100, 2};
    auto const first = waiting(1, closed, "192.0.2.1");
    EXPECT_EQ(connections.admit(first, limits), Connections::Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(2, closed, "192.0.2.1"), limits),
              Connections::Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(3, closed, "192.0.2.1"), limits),
              Connections::Admission::peer_full);
    EXPECT_EQ(connections.admit(waiting(4, closed, "192.0.2.2"), limits),
              Connections::Admission::admitted);
    connections.leave(first);
    connections.leave(first);
    EXPECT_EQ(connections.admit(waiting(5, closed, "192.0.2.1"), limits),
              Connections::Admission::admitted);
    EXPECT_EQ(connections.admit(waiting(6, closed, "192.0.2.1"), limits),
              Connections::Admission::peer_full);
}

TEST(Connections, LoopbackAndTrustedProxiesAreNotCounted) {
    std::vector<std::string> const trusted{"10.0.0.0/8"};
    EXPECT_EQ(counted_peer("127.0.0.1", trusted), "");
    EXPECT_EQ(counted_peer("::1", trusted), "");
    EXPECT_EQ(counted_peer("10.9.8.7", trusted), "");
    EXPECT_EQ(counted_peer("192.0.2.1", trusted), "192.0.2.1");
}

TEST(Clock, WritesDatesAsHttpDoes) {
    using namespace std::chrono_literals;
    base::Instant const instant =
        std::chrono::sys_days{std::chrono::year{2026} / 6 / 1} + 9h + 5min + 7s;
    EXPECT_EQ(http_date(instant), "Mon, 01 Jun 2026 09:05:07 GMT");
}

}  // namespace
}  // namespace cds::server

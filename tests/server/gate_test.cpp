#include "server/gate.hpp"

#include <gtest/gtest.h>

#include <string>

namespace cds::server {
namespace {

struct Row {
    char const* name;
    std::string header;
    unsigned status;  ///< 0: passes
};

std::string with(std::string const& lines) {
    return "POST /a HTTP/1.1\r\nHost: localhost\r\n" + lines + "\r\n";
}
std::string line(std::string const& request_line) {
    return request_line + "\r\nHost: localhost\r\n\r\n";
}

std::string fields(int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "X-" + std::to_string(i) + ": 1\r\n";
    return text;
}

TEST(Gate, RefusesWhateverIsReadDifferentlyElsewhere) {
    std::string const nul{'\0'};
    Row const rows[] = {
        {"plain", with(""), 0},
        {"body", with("Content-Length: 5\r\n"), 0},
        {"chunked", with("Transfer-Encoding: chunked\r\n"), 0},
        {"length of ten digits", with("Content-Length: 9999999999\r\n"), 0},
        {"length of eleven digits", with("Content-Length: 00000000001\r\n"), 400},
        {"no host", "GET /a HTTP/1.1\r\n\r\n", 400},
        {"no host in 1.0", "GET /a HTTP/1.0\r\n\r\n", 0},
        {"two hosts", with("Host: localhost\r\n"), 400},
        {"empty host", "GET /a HTTP/1.1\r\nHost:\r\n\r\n", 400},
        {"host with a path", "GET /a HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
        {"host with user", "GET /a HTTP/1.1\r\nHost: a@b\r\n\r\n", 400},
        {"folded line", with("X-A: 1\r\n 2\r\n"), 400},
        {"folded by tab", with("X-A: 1\r\n\t2\r\n"), 400},
        {"space before the first field", "GET /a HTTP/1.1\r\n Host: a\r\n\r\n", 400},
        {"space before colon", with("Content-Length : 5\r\n"), 400},
        {"no colon", with("Content-Length\r\n"), 400},
        {"no name", with(": 5\r\n"), 400},
        {"underscore", with("Content_Length: 5\r\n"), 400},
        {"name beyond ASCII", with("Content-L\xc3\xa9ngth: 5\r\n"), 400},
        {"coding other", with("Transfer-Encoding: gzip\r\n"), 400},
        {"coding list", with("Transfer-Encoding: gzip, chunked\r\n"), 400},
        {"coding twice", with("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"coding in capitals", with("Transfer-Encoding: CHUNKED\r\n"), 400},
        {"coding quoted", with("Transfer-Encoding: \"chunked\"\r\n"), 400},
        {"coding with a vertical tab",
         with("Transfer-Encoding: \x0b"
              "chunked\r\n"),
         400},
        {"coding empty", with("Transfer-Encoding:\r\n"), 400},
        {"coding and length", with("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n"), 400},
        {"length and coding", with("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n"), 400},
        {"coding in 1.0", "POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        {"length twice", with("Content-Length: 5\r\nContent-Length: 5\r\n"), 400},
        {"length list", with("Content-Length: 5, 5\r\n"), 400},
        {"length with sign", with("Content-Length: +5\r\n"), 400},
        {"length negative", with("Content-Length: -5\r\n"), 400},
        {"length hexadecimal", with("Content-Length: 0x5\r\n"), 400},
        {"length with a blank", with("Content-Length: 5 5\r\n"), 400},
        {"length empty", with("Content-Length:\r\n"), 400},
        {"control character", with("X-A: 1\x07\r\n"), 400},
        {"NUL", with("X-A: 1" + nul + "\r\n"), 400},
        {"DEL", with("X-A: 1\x7f\r\n"), 400},
        {"bare CR in a value", with("X-A: 1\rContent-Length: 5\r\n"), 400},
        {"bare LF", "GET /a HTTP/1.1\nHost: localhost\n\n", 400},
        {"tab in a value", with("X-A: 1\t2\r\n"), 0},
        {"bytes beyond ASCII in an unread field", with("X-A: caf\xc3\xa9\r\n"), 0},
        {"bytes beyond ASCII in a read field", with("Content-Type: application/json\xc3\xa9\r\n"),
         400},
        {"content type twice",
         with("Content-Type: application/json\r\nContent-Type: text/html\r\n"), 400},
        {"authorization twice", with("Authorization: a\r\nAuthorization: b\r\n"), 400},
        {"origin twice", with("Origin: https://a\r\nOrigin: https://b\r\n"), 400},
        {"connection twice", with("Connection: close\r\nConnection: x\r\n"), 0},
        {"upgrade", with("Connection: upgrade\r\nUpgrade: h2c\r\n"), 0},
        {"expect", with("Content-Length: 5\r\nExpect: 100-continue\r\n"), 0},
        {"expect other", with("Expect: 200-ok\r\n"), 417},
        {"absolute target", line("GET http://localhost/a HTTP/1.1"), 400},
        {"asterisk", line("OPTIONS * HTTP/1.1"), 400},
        {"authority", line("CONNECT localhost:80 HTTP/1.1"), 400},
        {"relative", line("GET a HTTP/1.1"), 400},
        {"fragment", line("GET /a#b HTTP/1.1"), 0},
        {"target beyond ASCII", line("GET /\xc3\xa9 HTTP/1.1"), 400},
        {"encoded NUL", line("GET /a%00 HTTP/1.1"), 400},
        {"encoded NUL in the query", line("GET /a?b=%00 HTTP/1.1"), 400},
        {"half an escape", line("GET /a%4 HTTP/1.1"), 400},
        {"no escape", line("GET /a%zz HTTP/1.1"), 400},
        {"climbing", line("GET /a/../b HTTP/1.1"), 400},
        {"climbing at the end", line("GET /a/.. HTTP/1.1"), 400},
        {"climbing before a query", line("GET /a/..?b HTTP/1.1"), 400},
        {"climbing encoded", line("GET /a/%2e%2E/b HTTP/1.1"), 400},
        {"climbing with an encoded slash", line("GET /a%2f..%2fb HTTP/1.1"), 400},
        {"climbing with a backslash", line("GET /a\\..\\b HTTP/1.1"), 400},
        {"dots in a name", line("GET /a..b/...c HTTP/1.1"), 0},
        {"dots in the query", line("GET /a?b=/../c HTTP/1.1"), 0},
        {"two spaces", line("GET  /a HTTP/1.1"), 400},
        {"space at the end", line("GET /a HTTP/1.1 "), 400},
        {"tab for space", line("GET\t/a\tHTTP/1.1"), 400},
        {"no version", line("GET /a"), 400},
        {"version 2", line("GET /a HTTP/2.0"), 400},
        {"version 1.2", line("GET /a HTTP/1.2"), 400},
        {"version in small letters", line("GET /a http/1.1"), 400},
        {"method with colon", line("GE:T /a HTTP/1.1"), 400},
        {"unknown method", line("BREW /a HTTP/1.1"), 0},
        {"target at its limit", line("GET /" + std::string(8191, 'a') + " HTTP/1.1"), 0},
        {"target beyond its limit", line("GET /" + std::string(8192, 'a') + " HTTP/1.1"), 414},
        {"fields at their limit", with(fields(99)), 0},
        {"fields beyond their limit", with(fields(100)), 431},
        {"block at its limit", with("X-A: " + std::string(16384 - 17 - 7, 'a') + "\r\n"), 0},
        {"block beyond its limit", with("X-A: " + std::string(16384 - 17 - 6, 'a') + "\r\n"), 431},
    };
    for (auto const& row : rows) {
        Head head;
        auto const violation = check_header(row.header, GateLimits{}, head);
        EXPECT_EQ(violation ? violation->status : 0U, row.status) << row.name;
    }
}

TEST(Gate, TellsWhatTheServiceNeeds) {
    Head head;
    std::string const header =
        "POST /a/b?c=d HTTP/1.1\r\nhost: localhost:80\r\nORIGIN: "
        "https://x\r\nContent-Type:\tapplication/json \r\n"
        "Content-Length: 12\r\nExpect: 100-Continue\r\nConnection: foo, Close\r\n\r\n";
    ASSERT_FALSE(check_header(header, GateLimits{}, head));
    EXPECT_EQ(head.method, Method::post);
    EXPECT_EQ(head.target, "/a/b?c=d");
    EXPECT_EQ(head.path, "/a/b");
    EXPECT_EQ(head.host, "localhost:80");
    EXPECT_EQ(head.origin, "https://x");
    EXPECT_EQ(head.content_type, "application/json");
    EXPECT_EQ(head.content_length, 12U);
    EXPECT_TRUE(head.expect_continue);
    EXPECT_FALSE(head.keep_alive);
    EXPECT_EQ(head.fields, 6U);
}

TEST(Gate, KeepsConnectionsAsTheVersionsSay) {
    auto const kept = [](std::string const& header) {
        Head head;
        EXPECT_FALSE(check_header(header, GateLimits{}, head));
        return head.keep_alive;
    };
    EXPECT_TRUE(kept("GET / HTTP/1.1\r\nHost: a\r\n\r\n"));
    EXPECT_FALSE(kept("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"));
    EXPECT_FALSE(kept("GET / HTTP/1.0\r\n\r\n"));
    EXPECT_TRUE(kept("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
    EXPECT_FALSE(kept("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"));
}

TEST(Gate, SalvagesTheOriginOfARefusedHeader) {
    Head head;
    EXPECT_TRUE(check_header("GET * HTTP/1.1\r\nOrigin: https://x\r\nHost: localhost\r\n\r\n",
                             GateLimits{}, head));
    EXPECT_EQ(head.origin, "https://x");
    EXPECT_EQ(head.host, "localhost");
    EXPECT_TRUE(check_header("GET * HTTP/1.1\r\nOrigin: a\r\nOrigin: b\r\nHost: a\r\n\r\n",
                             GateLimits{}, head));
    EXPECT_EQ(head.origin, "");
}

TEST(HeaderScan, FindsTheEndByteByByte) {
    std::string const header = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    auto const text = header + "rest";
    HeaderScan scan;
    for (std::size_t length = 1; length < header.size(); ++length)
        ASSERT_EQ(scan.look(std::string_view{text}.substr(0, length), GateLimits{}),
                  HeaderScan::State::more);
    EXPECT_EQ(scan.look(text, GateLimits{}), HeaderScan::State::complete);
    EXPECT_EQ(scan.end(), header.size());
}

TEST(HeaderScan, RefusesEarlyWhatCanNeverBecomeAHeader) {
    struct {
        char const* name;
        std::string bytes;
        unsigned status;
    } const rows[] = {
        {"a TLS hello", "\x16\x03\x01", 400},
        {"a bare line feed", "GET / HTTP/1.1\n", 400},
        {"an endless target", "GET /" + std::string(9000, 'a'), 414},
        {"an endless block", "GET / HTTP/1.1\r\nX: " + std::string(17000, 'a'), 431},
    };
    for (auto const& row : rows) {
        HeaderScan scan;
        ASSERT_EQ(scan.look(row.bytes, GateLimits{}), HeaderScan::State::refused) << row.name;
        EXPECT_EQ(scan.violation().status, row.status) << row.name;
    }
}

}  // namespace
}  // namespace cds::server

#include <gtest/gtest.h>

#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

/// Header lines with which a front end and a back end can be made to see different bodies. Our own
/// list, after the kinds of tricks that the public tools use.
std::vector<std::string> gadgets() {
    std::vector<std::string> lines{
        "Transfer-Encoding: chunked",
        "Transfer-Encoding : chunked",
        "Transfer-Encoding\t: chunked",
        " Transfer-Encoding: chunked",
        "\tTransfer-Encoding: chunked",
        "X: y\r\n Transfer-Encoding: chunked",
        "Transfer-Encoding:\r\n chunked",
        "Transfer-Encoding: x\r\n chunked",
        "X: y\rTransfer-Encoding: chunked",
        "X: y\nTransfer-Encoding: chunked",
        "X: y\r\rTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r",
        "Transfer-Encoding: Chunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: identity, chunked",
        "Transfer-Encoding: gzip",
        "Transfer-Encoding: identity",
        "Transfer-Encoding: chunkedchunked",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked;q=1",
        "Transfer-Encoding: \"chunked\"",
        "Transfer-Encoding: 'chunked'",
        "Transfer-Encoding: [chunked]",
        "Transfer-Encoding: pigeons",
        "Transfer-Encoding:",
        "Transfer-Encoding",
        "Transfer_Encoding: chunked",
        "Transfer Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
        "Transfer-Encoding: x\r\nTransfer-Encoding: chunked",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
        "Content-Length: 0",
        "Content-Length: 6",
        "Content-Length : 6",
        "Content_Length: 6",
        "Content-Length: 6, 6",
        "Content-Length: +6",
    };
    for (int byte = 1; byte < 256; ++byte) {
        if (byte == ' ' || byte == '\t' || byte == '\n' || (byte >= '0' && byte <= 'z')) continue;
        std::string const c(1, static_cast<char>(static_cast<unsigned char>(byte)));
        lines.push_back("Transfer-Encoding:" + c + "chunked");
        lines.push_back("Transfer-Encoding: chunked" + c);
        lines.push_back("Transfer-Encoding" + c + ": chunked");
    }
    return lines;
}

/// The requests that a front end would take for one: the second must never be answered as a
/// request.
std::string framed(std::string const& gadget, bool length_first) {
    std::string const smuggled = "GET /cds-services HTTP/1.1\r\nHost: localhost\r\n\r\n";
    std::string const body = "0\r\n\r\n" + smuggled;
    std::string const length = "Content-Length: " + std::to_string(body.size()) + "\r\n";
    std::string text = "POST /healthz HTTP/1.1\r\nHost: localhost\r\n";
    text += length_first ? length + gadget + "\r\n" : gadget + "\r\n" + length;
    return text + "\r\n" + body;
}

TEST(Smuggling, NoGadgetMakesASecondRequest) {
    test::RunningServer const server;
    std::size_t refused = 0, one_request = 0;
    for (auto const& gadget : gadgets())
        for (bool const length_first : {true, false}) {
            SCOPED_TRACE(testing::PrintToString(gadget));
            test::Client client{server.port()};
            client.send(framed(gadget, length_first));
            client.end_sending();
            auto const answers = client.receive_all();
            ASSERT_LE(answers.size(), 1U);
            if (answers.empty() || answers[0].status == 400)
                ++refused;
            else
                ++one_request;
            // The method is wrong for the path, so a request that is taken as one whole gets 405.
            for (auto const& answer : answers)
                EXPECT_TRUE(answer.status == 400 || answer.status == 405);
        }
    // Names with odd token characters (Transfer-Encoding!) are other fields: the length alone
    // counts then.
    std::printf("%zu refused, %zu taken as one whole request\n", refused, one_request);
    EXPECT_GT(refused, one_request);
    EXPECT_EQ(test::ask(server.port(), test::get("/healthz"))->status, 200U);
}

TEST(Smuggling, DamagedChunksAreRefused) {
    test::RunningServer const server;
    std::string const head =
        "POST /healthz HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    struct {
        char const* name;
        std::string body;
        bool good;
    } const rows[] = {
        {"plain", "5\r\nhello\r\n0\r\n\r\n", true},
        {"leading zeros", "0005\r\nhello\r\n000\r\n\r\n", true},
        {"capitals", "A\r\n0123456789\r\n0\r\n\r\n", true},
        {"extension", "5;a=b\r\nhello\r\n0;c\r\n\r\n", true},
        {"quoted extension", "5;a=\"b c\"\r\nhello\r\n0\r\n\r\n", true},
        {"trailer", "5\r\nhello\r\n0\r\nX-A: 1\r\n\r\n", true},
        {"trailer that would be a field of the request",
         "5\r\nhello\r\n0\r\nContent-Type: text/plain\r\n\r\n", true},
        {"minus", "-5\r\nhello\r\n0\r\n\r\n", false},
        {"plus", "+5\r\nhello\r\n0\r\n\r\n", false},
        {"hexadecimal prefix", "0x5\r\nhello\r\n0\r\n\r\n", false},
        {"underscore", "5_0\r\nhello\r\n0\r\n\r\n", false},
        {"no size", "\r\nhello\r\n0\r\n\r\n", false},
        {"extension without size", ";a\r\nhello\r\n0\r\n\r\n", false},
        {"bare line feed", "5\nhello\n0\n\n", false},
        {"bare line feed in an extension", "5;\nhello\r\n0\r\n\r\n", false},
        {"bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", false},
        {"chunk too long", "4\r\nhello\r\n0\r\n\r\n", false},
        {"chunk too short", "6\r\nhello\r\n0\r\n\r\n", false},
        {"two bytes that are no CRLF", "5\r\nhelloXX0\r\n\r\n", false},
        {"size that overflows", "10000000000000005\r\nhello\r\n0\r\n\r\n", false},
        {"trailer with a length", "5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n", false},
        {"trailer with a host", "5\r\nhello\r\n0\r\nHost: evil\r\n\r\n", false},
        {"trailer with a coding", "5\r\nhello\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n", false},
        {"trailer with authorization", "5\r\nhello\r\n0\r\nAuthorization: x\r\n\r\n", false},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        test::Client client{server.port()};
        client.send(head + row.body + test::get("/cds-services"));
        client.end_sending();
        auto const answers = client.receive_all();
        if (row.good) {
            ASSERT_EQ(answers.size(), 2U);
            EXPECT_EQ(answers[0].status, 405U);
            EXPECT_EQ(answers[1].status, 200U);
        } else {
            ASSERT_EQ(answers.size(), 1U);
            EXPECT_TRUE(answers[0].status == 400U || answers[0].status == 413U)
                << answers[0].status;
        }
    }
}

}  // namespace
}  // namespace cds::server

/// The workbench over HTTP: its files, the rules, the report of feedback, and who may have them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/beast/zlib/inflate_stream.hpp>

#include "base/json.hpp"
#include "server/live.hpp"
#include "server/rules_document.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/kept.hpp"
#include "tests/server/running_server.hpp"
#include "web/assets.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

Answer fetch(RunningServer const& server, std::string_view target, std::string_view lines = {}) {
    return *ask(server.port(), get(target, lines));
}

/// What a gzip file without optional fields holds; `size` is known.
std::string unzipped(std::string_view file, std::size_t size) {
    namespace zlib = boost::beast::zlib;
    constexpr std::size_t head = 10, tail = 8;
    if (file.size() < head + tail) return {};
    std::string out(size, ' ');
    zlib::inflate_stream stream;
    zlib::z_params place;
    place.next_in = file.data() + head;
    place.avail_in = file.size() - head - tail;
    place.next_out = out.data();
    place.avail_out = out.size();
    boost::beast::error_code ended;
    stream.write(place, zlib::Flush::finish, ended);
    out.resize(place.total_out);
    return out;
}

TEST(Workbench, ThePageMayRunNothingButItsOwnFiles) {
    RunningServer const server;
    auto const answer = fetch(server, "/");
    EXPECT_EQ(answer.status, 200U);
    auto const policy = answer.field("content-security-policy");
    EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
    EXPECT_THAT(policy, HasSubstr("script-src 'self'"));
    EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
    EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
    EXPECT_EQ(answer.field("x-content-type-options"), "nosniff");
}

TEST(Workbench, TheRootShowsItOrSaysThatItWasLeftOut) {
    RunningServer const server;
    auto const answer = fetch(server, "/");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_THAT(answer.body,
                HasSubstr(web::built_in() ? "/workbench.css" : "built without the workbench"));
    EXPECT_EQ(fetch(server, "/cds-cards.js").status, web::built_in() ? 200U : 404U);
}

TEST(Workbench, AFileIsSentCompressedPlainOrNotAtAll) {
    if (!web::built_in()) GTEST_SKIP() << "built without the workbench";
    RunningServer const server;
    auto const plain = fetch(server, "/cds-cards.js");
    EXPECT_EQ(plain.field("content-encoding"), "");
    EXPECT_EQ(plain.body, web::find("/cds-cards.js")->plain);
    EXPECT_THAT(plain.field("vary"), HasSubstr("Accept-Encoding"));
    auto const etag = plain.field("etag");
    auto const zipped = fetch(server, "/cds-cards.js", "Accept-Encoding: br, gzip;q=0.5\r\n");
    EXPECT_EQ(zipped.field("content-encoding"), "gzip");
    EXPECT_EQ(zipped.body, web::find("/cds-cards.js")->gzipped);
    EXPECT_LT(zipped.body.size(), plain.body.size());
    EXPECT_EQ(fetch(server, "/cds-cards.js", "Accept-Encoding: gzip;q=0\r\n").body, plain.body);
    auto const known =
        *ask(server.port(), get("/cds-cards.js", "If-None-Match: \"x\", " + etag + "\r\n"), true);
    EXPECT_EQ(known.status, 304U);
    EXPECT_EQ(known.field("content-length"), "");
    EXPECT_EQ(known.field("etag"), etag);
    EXPECT_EQ(fetch(server, "/cds-cards.js", "If-None-Match: \"x\"\r\n").status, 200U);
}

TEST(Workbench, FilesAreOnlyRead) {
    RunningServer const server;
    auto const answer = *ask(server.port(), "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n");
    EXPECT_EQ(answer.status, 405U);
    EXPECT_EQ(answer.field("allow"), "GET, HEAD, OPTIONS");
    EXPECT_EQ(fetch(server, "/no-such-file.js").status, 404U);
    EXPECT_EQ(fetch(server, "/%69con.svg").status, 404U) << "files have one name each";
}

TEST(Workbench, OddListsOfEncodingsAndVersionsAreNoReasonToRefuse) {
    RunningServer const server;
    EXPECT_EQ(fetch(server, "/healthz",
                    "Accept-Encoding: gzip\r\nAccept-Encoding: br\r\nIf-None-Match: \xC3\xA9\r\n")
                  .status,
              200U);
}

TEST(Workbench, ServesTheRulesOfTheKnowledgeInForce) {
    RunningServer const server;
    auto const answer = fetch(server, "/rules.json");
    EXPECT_EQ(answer.status, 200U);
    EXPECT_EQ(answer.field("content-type"), "application/json");
    auto const live = make_live(test_settings());
    auto const expected = rules_json(*(*live)->knowledge);
    EXPECT_EQ(answer.body, expected);
    auto const zipped = fetch(server, "/rules.json", "Accept-Encoding: gzip\r\n");
    EXPECT_EQ(zipped.field("content-encoding"), "gzip");
    EXPECT_LT(zipped.body.size(), expected.size() / 3);
    EXPECT_EQ(unzipped(zipped.body, expected.size()), expected);
}

TEST(Workbench, IsGoneWhenSwitchedOff) {
    RunningServer const server{[](Settings& settings) { settings.workbench = "off"; }};
    for (auto const* target : {"/", "/cds-cards.js", "/rules.json", "/feedback-report"})
        EXPECT_EQ(fetch(server, target).status, 404U) << target;
    EXPECT_EQ(fetch(server, "/healthz").status, 200U);
}

/// A server with a store of its own, which holds one card that was overridden.
struct Reported {
    Reported() : server{[this](Settings& settings) { settings.store = folder.file(); }} {
        auto const answer = *ask(server.port(), send_feedback(batch(override_of(card_uuid(1)))));
        EXPECT_EQ(answer.status, 200U);
    }
    StoreFolder folder;
    RunningServer server;
};

TEST(FeedbackReport, CountsWhatWasReported) {
    Reported const reported;
    auto const answer = fetch(reported.server, "/feedback-report?by=week");
    ASSERT_EQ(answer.status, 200U) << answer.body;
    EXPECT_EQ(answer.body, R"({"rules":[],"notOnRecord":{"accepted":0,"overridden":1}})");
    auto const csv = fetch(reported.server, "/feedback-report?format=csv");
    EXPECT_EQ(csv.field("content-type"), "text/csv; charset=utf-8");
    EXPECT_THAT(csv.body, HasSubstr("(not on record),,overridden,,1"));
    EXPECT_EQ(fetch(reported.server, "/feedback-report?by=year").status, 400U);
    EXPECT_EQ(fetch(reported.server, "/feedback-report?other=1").status, 400U);
}

TEST(FeedbackReport, IsForThisMachineAlone) {
    Reported const reported;
    auto const ours = fetch(reported.server, "/feedback-report", "Origin: http://page.test\r\n");
    EXPECT_EQ(ours.status, 200U);
    EXPECT_EQ(ours.field("access-control-allow-origin"), "") << "other pages cannot read it";
    auto const renamed =
        *ask(reported.server.port(), "GET /feedback-report HTTP/1.1\r\nHost: page.test\r\n\r\n");
    EXPECT_EQ(renamed.status, 404U) << "a name that leads here is not this machine's own";
    EXPECT_THAT(renamed.body, Not(HasSubstr("notOnRecord")));
}

}  // namespace
}  // namespace cds::server

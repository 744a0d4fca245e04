/// TLS over loopback: versions, resumption, client certificates, reload.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include "server/certificate.hpp"
#include "server/live.hpp"
#include "tests/server/registered.hpp"
#include "tests/server/tls_client.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::StartsWith;

/// An authority and what it issues, beside registered clients.
class TlsConnections : public testing::Test {
protected:
    TlsConnections() : authority_{*Certificate::authority(wanted("authority"))} {
        files.write("ca.pem", authority_.certificate_pem());
        renew();
    }

    static Certificate::Wanted wanted(std::string name) {
        Certificate::Wanted wanted;
        wanted.name = std::move(name);
        wanted.from = real_now() - std::chrono::hours{1};
        wanted.until = real_now() + std::chrono::days{60};
        return wanted;
    }
    /// Another server certificate of the same name.
    void renew(std::chrono::days life = std::chrono::days{60}) {
        auto server = wanted("localhost");
        server.hosts = {"localhost", "127.0.0.1"};
        server.until = real_now() + life;
        issue("server", server);
    }
    void issue(std::string const& name, Certificate::Wanted const& wanted) {
        auto const made = *authority_.issue(wanted);
        files.write(name + ".pem", made.certificate_pem());
        files.write(name + "-key.pem", made.key_pem());
    }
    std::function<void(Settings&)> settings(
        std::function<void(Settings&)> const& change = {}) const {
        return files.settings([this, change](Settings& settings) {
            settings.tls_certificate = files.path("server.pem");
            settings.tls_key = files.path("server-key.pem");
            if (change) change(settings);
        });
    }
    TlsWishes trusting() const {
        TlsWishes wishes;
        wishes.ca_file = files.path("ca.pem");
        return wishes;
    }
    TlsWishes only(int version, std::string const& ciphers = {}) const {
        auto wishes = trusting();
        wishes.least_version = wishes.most_version = version;
        wishes.ciphers = ciphers;
        return wishes;
    }

    Registered const files;

private:
    Certificate const authority_;
};

TEST_F(TlsConnections, AnswersCallsWithATokenOnOneConnection) {
    RunningServer const server{settings()};
    TlsClient client{server.port(), trusting()};
    ASSERT_TRUE(client.connected());
    for (int i = 0; i < 3; ++i)
        EXPECT_THAT(client.ask(post(empty_call(), bearer(token()))), StartsWith("HTTP/1.1 200 "));
    EXPECT_THAT(client.ask(post(empty_call())), StartsWith("HTTP/1.1 401 "));
    EXPECT_THAT(server.server.url(), StartsWith("https://"));
}

TEST_F(TlsConnections, LargeBodiesAndSmallPiecesArriveWhole) {
    RunningServer const server{settings()};
    TlsClient client{server.port(), trusting()};
    std::string body{empty_call()};
    body.insert(body.size() - 1, R"(,"extension":{"x":")" + std::string(300'000, 'x') + "\"}");
    EXPECT_THAT(client.ask(post(body, bearer(token()))), StartsWith("HTTP/1.1 200 "));
}

TEST_F(TlsConnections, SpeaksOneTwoAndOneThreeAndNothingOlderOrWeaker) {
    RunningServer const server{settings()};
    TlsClient const newest{server.port(), only(TLS1_3_VERSION)};
    EXPECT_EQ(newest.version(), "TLSv1.3");
    TlsClient const older{server.port(), only(TLS1_2_VERSION)};
    EXPECT_EQ(older.version(), "TLSv1.2");
    for (int const version : {TLS1_VERSION, TLS1_1_VERSION})
        EXPECT_FALSE((TlsClient{server.port(), only(version)}.connected())) << version;
    for (auto const* const weak : {"AES128-SHA", "AES256-GCM-SHA384", "ECDHE-ECDSA-AES128-SHA",
                                   "ECDHE-ECDSA-AES256-SHA384", "aNULL", "eNULL"})
        EXPECT_FALSE((TlsClient{server.port(), only(TLS1_2_VERSION, weak)}.connected())) << weak;
}

TEST_F(TlsConnections, ResumesSessionsOfBothVersions) {
    RunningServer const server{settings()};
    for (int const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
        auto wishes = only(version);
        TlsClient first{server.port(), wishes};
        // Tickets of TLS 1.3 come with the first answer.
        EXPECT_THAT(first.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
        EXPECT_FALSE(first.resumed());
        wishes.session = first.session();
        TlsClient second{server.port(), wishes};
        EXPECT_THAT(second.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
        EXPECT_TRUE(second.resumed()) << version;
    }
}

TEST_F(TlsConnections, OffersHttp11AndRefusesWhoWantsSomethingElseOnly) {
    RunningServer const server{settings()};
    auto wishes = trusting();
    wishes.protocols = std::string{"\x02h2\x08http/1.1"};
    TlsClient both{server.port(), wishes};
    EXPECT_EQ(both.protocol(), "http/1.1");
    wishes.protocols = "\x02h2";
    EXPECT_FALSE((TlsClient{server.port(), wishes}.connected()));
    TlsClient none{server.port(), trusting()};
    EXPECT_THAT(none.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(TlsConnections, ReadHttpAsPlainConnectionsDo) {
    RunningServer const encrypted{settings()};
    RunningServer const plain{files.settings()};
    auto const start = std::string{"POST /cds-services/immunosuppressant-safety HTTP/1.1\r\n"};
    for (auto const& stream :
         {get("/healthz"), get("/nothing"), std::string{"GET /healthz HTTP/1.1\r\n\r\n"},
          std::string{"GET /healthz HTTP/1.1\nHost: x\n\n"},
          std::string{"GET /healthz HTTP/2.0\r\nHost: x\r\n\r\n"},
          get("/healthz", "Host: other\r\n"), get("/healthz", "Folded: a\r\n b\r\n"),
          get("/" + std::string(9000, 'x')),
          get("/healthz", "X: " + std::string(17'000, 'x') + "\r\n"),
          start + "Host: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
          start + "Host: x\r\nTransfer-Encoding: pigeons\r\n\r\n",
          start + "Host: x\r\nContent-Length: 5, 5\r\n\r\nhello",
          post("{}", "Content-Encoding: gzip\r\n"), post("{}", "Expect: miracles\r\n"),
          post("{}")}) {
        SCOPED_TRACE(stream.substr(0, 120));
        auto const answer = ask(plain.port(), stream);
        ASSERT_TRUE(answer);
        TlsClient client{encrypted.port(), trusting()};
        EXPECT_THAT(client.ask(stream),
                    StartsWith("HTTP/1.1 " + std::to_string(answer->status) + " "));
    }
}

TEST_F(TlsConnections, PlainHttpOnItsPortGetsNoAnswerAndHurtsNobody) {
    RunningServer const server{settings()};
    EXPECT_FALSE(ask(server.port(), get("/healthz")).has_value() &&
                 ask(server.port(), get("/healthz"))->status == 200);
    TlsClient after{server.port(), trusting()};
    EXPECT_THAT(after.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(TlsConnections, AsksForClientCertificatesWhereAnAuthorityIsSet) {
    RunningServer const server{
        settings([this](Settings& settings) { settings.tls_client_ca = files.path("ca.pem"); })};
    auto const answered = [&](TlsWishes const& wishes) {
        TlsClient client{server.port(), wishes};
        return client.ask(get("/healthz")).starts_with("HTTP/1.1 200 ");
    };
    auto wishes = trusting();
    EXPECT_FALSE(answered(wishes));
    issue("client", wanted("ehr"));
    wishes.certificate_file = files.path("client.pem");
    wishes.key_file = files.path("client-key.pem");
    EXPECT_TRUE(answered(wishes));
    auto expired = wanted("ehr");
    expired.until = real_now() - std::chrono::minutes{1};
    issue("client", expired);
    EXPECT_FALSE(answered(wishes)) << "expired";
    auto const foreign = *Certificate::authority(wanted("authority"))->issue(wanted("ehr"));
    files.write("client.pem", foreign.certificate_pem());
    files.write("client-key.pem", foreign.key_pem());
    EXPECT_FALSE(answered(wishes)) << "of another authority";
}

/// A connection that was made after the reload that is under way.
std::string serial_after(RunningServer& server, TlsWishes const& wishes, std::string const& log,
                         std::function<std::string()> const& read_log) {
    server.server.reload();
    // The log tells when the reload is done.
    for (auto lines = read_log(); lines.size() == log.size(); lines = read_log())
        std::this_thread::yield();
    return TlsClient{server.port(), wishes}.peer_serial();
}

TEST_F(TlsConnections, AReloadTakesANewCertificateWithoutDroppingConnections) {
    RunningServer server{settings()};
    auto const log = [this] { return files.log(); };
    TlsClient before{server.port(), trusting()};
    EXPECT_THAT(before.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
    while (log().find("started") == std::string::npos) std::this_thread::yield();
    renew();
    auto const serial = serial_after(server, trusting(), log(), log);
    EXPECT_NE(serial, before.peer_serial());
    EXPECT_THAT(before.ask(get("/healthz")), StartsWith("HTTP/1.1 200 "));
}

TEST_F(TlsConnections, ABrokenPairKeepsTheOldOne) {
    RunningServer server{settings()};
    auto const log = [this] { return files.log(); };
    TlsClient const before{server.port(), trusting()};
    while (log().find("started") == std::string::npos) std::this_thread::yield();
    auto const key = files.read("server-key.pem");
    renew();
    files.write("server-key.pem", key);
    server.server.reload();
    while (log().find("reload-failed") == std::string::npos) std::this_thread::yield();
    EXPECT_EQ((TlsClient{server.port(), trusting()}.peer_serial()), before.peer_serial());
    EXPECT_THAT(log(), HasSubstr("tls-key"));
}

TEST_F(TlsConnections, BrokenFilesStopTheStartWithTheirSetting) {
    auto const fault = [&](std::function<void(Settings&)> const& change) {
        auto const live = make_live(test_settings(settings(change)));
        return live ? std::string{} : live.error().where;
    };
    EXPECT_EQ(fault({}), "");
    EXPECT_EQ(fault([](Settings& one) { one.tls_key.clear(); }), "tls-certificate");
    EXPECT_EQ(fault([](Settings& one) { one.tls_certificate = "missing.pem"; }), "tls-certificate");
    EXPECT_EQ(fault([this](Settings& one) { one.tls_key = files.path("ca.pem"); }), "tls-key");
    EXPECT_EQ(fault([this](Settings& one) { one.tls_client_ca = files.path("log"); }),
              "tls-client-ca");
}

TEST_F(TlsConnections, ACertificateThatEndsSoonIsWarnedOf) {
    auto const warning = [&] {
        return (*make_live(test_settings(settings())))->certificate_warning(real_now());
    };
    EXPECT_EQ(warning(), "");
    renew(std::chrono::days{31});
    EXPECT_THAT(warning(), HasSubstr("The TLS certificate ends at "));
    RunningServer const server{settings()};
    TlsClient client{server.port(), trusting()};
    EXPECT_THAT(client.ask(get("/readyz")), HasSubstr("The TLS certificate ends at "));
}

}  // namespace
}  // namespace cds::server

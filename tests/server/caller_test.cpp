/// Who may call: tokens over HTTP, and what a caller learns when it may not.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <set>
#include <thread>

#include "tests/server/registered.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

/// A body without the request's id, which is in X-Request-Id too.
std::string without_id(Answer const& answer) {
    auto body = answer.body;
    auto const id = answer.field("x-request-id");
    for (auto at = body.find(id); at != body.npos; at = body.find(id)) body.erase(at, id.size());
    return body;
}

TEST(Callers, AreLetInWithATokenOnce) {
    Registered const clients;
    auto const once = token();
    {
        RunningServer const server{clients.settings()};
        EXPECT_EQ(call(server.port(), once), 200U);
        EXPECT_EQ(call(server.port(), once), 401U);
        auto const elsewhere =
            ask(server.port(), send_feedback(batch(override_of(card_uuid(1))), bearer(once)));
        ASSERT_TRUE(elsewhere);
        EXPECT_EQ(elsewhere->status, 401U) << "another endpoint takes it no more";
        EXPECT_EQ(call(server.port(), token()), 200U);
    }
    RunningServer const again{clients.settings()};
    EXPECT_EQ(call(again.port(), once), 401U) << "a restart forgets nothing";
    RunningServer const beside{clients.settings()};
    auto const shared = token();
    EXPECT_EQ(call(again.port(), shared), 200U);
    EXPECT_EQ(call(beside.port(), shared), 401U) << "nor does a second instance on that store";
}

TEST(Callers, EveryAttackGetsTheSame401AndLeavesNothingInTheLog) {
    Registered const clients;
    std::vector<auth::test::Attack> const attacks = auth::test::attacks();
    std::set<std::string> bodies;
    std::size_t refused = 0;
    {
        RunningServer const server{clients.settings(
            [](Settings& settings) { settings.bad_signatures_per_second = 1'000'000; })};
        EXPECT_EQ(call(server.port(), token()), 200U);
        for (auto const& attack : attacks) {
            // Not every text can stand in a header field; what cannot is refused before.
            bool const sendable =
                std::ranges::all_of(attack.token, [](char c) { return c > ' ' && c <= '~'; });
            // The running server's clock goes on: a second later this one is within the leeway.
            bool const passing = attack.name == "T-11 iat just beyond the leeway";
            if (attack.accepted || !sendable || passing) continue;
            SCOPED_TRACE(attack.name);
            auto const answer = ask(server.port(), post(empty_call(), bearer(attack.token)));
            ASSERT_TRUE(answer);
            EXPECT_EQ(answer->status, 401U);
            EXPECT_EQ(answer->field("www-authenticate"), R"(Bearer error="invalid_token")");
            bodies.insert(without_id(*answer));
            ++refused;
        }
    }
    EXPECT_GE(refused, 200U);
    EXPECT_EQ(bodies.size(), 1U);
    auto const log = clients.log();
    for (auto const& attack : attacks) {
        if (attack.token.size() <= 20) continue;
        EXPECT_THAT(log, Not(HasSubstr(attack.token.substr(0, 20)))) << attack.name;
    }
    EXPECT_THAT(log, HasSubstr(R"("reason":"audience")")) << "the log says why";
    EXPECT_THAT(log, HasSubstr(R"("client":"ehr")"));
}

TEST(Callers, NeedATokenForEachPartOfAService) {
    Registered const clients;
    RunningServer const server{
        clients.settings([](Settings& settings) { settings.explain = "on"; })};
    auto const explain = std::string{"/cds-services/immunosuppressant-safety/$explain"};
    for (auto const& request : {post(empty_call()), send_feedback(batch(override_of(card_uuid(1)))),
                                send_feedback(empty_call(), {}, explain),
                                post(empty_call(), "Authorization: Basic eDp5\r\n"),
                                post(empty_call(), "Authorization: Bearer\r\n"),
                                post(empty_call(), "Cookie: token=" + token() + "\r\n")}) {
        auto const answer = ask(server.port(), request);
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 401U);
    }
    auto const in_query = send_feedback(
        empty_call(), {}, "/cds-services/immunosuppressant-safety?access_token=" + token());
    EXPECT_EQ(ask(server.port(), in_query)->status, 401U);
    auto const twice = ask(server.port(), post(empty_call(), bearer(token()) + bearer(token())));
    EXPECT_EQ(twice->status, 400U);
    EXPECT_EQ(ask(server.port(), get("/cds-services"))->status, 200U) << "discovery is open";
    EXPECT_EQ(ask(server.port(), get("/healthz"))->status, 200U);
}

TEST(Callers, DiscoveryTakesATokenWhereTheSettingSaysSo) {
    Registered const clients;
    RunningServer const server{
        clients.settings([](Settings& settings) { settings.discovery = "token"; })};
    EXPECT_EQ(ask(server.port(), get("/cds-services"))->status, 401U);
    auto const own = token({{"aud", '"' + auth::test::base_url + "/cds-services\""}});
    EXPECT_EQ(ask(server.port(), get("/cds-services", bearer(own)))->status, 200U);
    EXPECT_EQ(ask(server.port(), get("/cds-services", bearer(token())))->status, 401U);
}

TEST(Callers, TheAudienceIsTheConfiguredOneWhateverHostSays) {
    Registered const clients;
    RunningServer const server{clients.settings()};
    auto const named = [&](std::string const& host, std::string const& given) {
        auto request = post(empty_call(), bearer(given) + "X-Forwarded-Host: " + host + "\r\n");
        request.replace(request.find("localhost"), 9, host);
        return ask(server.port(), request)->status;
    };
    EXPECT_EQ(named("attacker.example.org", token()), 200U);
    auto const foreign =
        token({{"aud", "\"https://attacker.example.org" + auth::test::service_path + '"'}});
    EXPECT_EQ(named("attacker.example.org", foreign), 401U);
}

TEST(Callers, AForgedTokenUsesNobodysIdUp) {
    Registered const clients;
    RunningServer const server{clients.settings()};
    auth::test::now = real_now();
    auto const claims = auth::test::with(auth::test::good_claims(), {{"jti", "\"wanted\""}});
    auto const sealed = [&](auth::SigningKey const& key) {
        return auth::test::sealed(key, auth::test::object(auth::test::good_header()),
                                  auth::test::object(claims));
    };
    EXPECT_EQ(call(server.port(), sealed(auth::test::Keys::get().foreign)), 401U);
    EXPECT_EQ(call(server.port(), sealed(auth::test::Keys::get().es384)), 200U);
}

TEST(Callers, NothingOfTheBodyIsAskedForBeforeTheTokenIsGood) {
    Registered const clients;
    RunningServer const server{clients.settings()};
    auto request = post(empty_call(), "Expect: 100-continue\r\n");
    request.resize(request.find("\r\n\r\n") + 4);
    Client client{server.port()};
    client.send(request);
    auto const answer = client.receive();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 401U);
}

TEST(Callers, TooManyCallsOfOneClientAreToldToComeBack) {
    Registered const clients{R"(,"callsPerSecond":0.01,"burst":2)"};
    RunningServer const server{clients.settings()};
    EXPECT_EQ(call(server.port(), token()), 200U);
    EXPECT_EQ(call(server.port(), token()), 200U);
    auto const later = token();
    auto const answer = ask(server.port(), post(empty_call(), bearer(later)));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 429U);
    EXPECT_FALSE(answer->field("retry-after").empty());
}

TEST(Callers, AFloodOfWrongSignaturesIsCutOffBeforeItCostsMuch) {
    Registered const clients;
    RunningServer const server{
        clients.settings([](Settings& settings) { settings.bad_signatures_per_second = 1; })};
    std::vector<unsigned> answers;
    for (int i = 0; i < 100 && (answers.empty() || answers.back() != 429); ++i) {
        auto forged = token();
        auto const at = forged.rfind('.') + 10;
        forged[at] = forged[at] == 'A' ? 'B' : 'A';
        answers.push_back(call(server.port(), forged));
    }
    ASSERT_GE(answers.size(), 3U);
    EXPECT_EQ(answers[0], 401U);
    EXPECT_EQ(answers[1], 401U);
    EXPECT_EQ(answers.back(), 429U);
}

TEST(Callers, AServiceThatWasNotGrantedIs403) {
    Registered const clients{R"(,"services":["another-service"])"};
    RunningServer const server{clients.settings()};
    EXPECT_EQ(call(server.port(), token()), 403U);
}

TEST(Callers, WithoutAStoreForTokensTheAnswerIs503) {
    Registered const clients;
    clients.write("file", "no folder");
    auto const broken = [&](Settings& settings) { settings.store = clients.path("file/store.db"); };
    RunningServer const server{clients.settings(broken)};
    EXPECT_EQ(call(server.port(), token()), 503U);
    Registered const kit{R"(,"replay":"within-lifetime")"};
    RunningServer const lenient{kit.settings(broken)};
    auto const again = token();
    EXPECT_EQ(call(lenient.port(), again), 200U);
    EXPECT_EQ(call(lenient.port(), again), 200U) << "this client may send a token again";
}

TEST(Callers, FeedbackIsKeptUnderTheirName) {
    Registered const clients;
    {
        RunningServer const server{clients.settings()};
        auto const answer =
            ask(server.port(), send_feedback(batch(override_of(card_uuid(1))), bearer(token())));
        ASSERT_TRUE(answer);
        EXPECT_EQ(answer->status, 200U);
    }
    auto const rows = clients.folder().feedback();
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].feedback.client, "ehr");
}

TEST(Callers, OfOneTokenAtOnceExactlyOneIsLetIn) {
    Registered const clients{R"(,"callsPerSecond":100000)"};
    constexpr int threads = 16, tokens = 25;
    std::vector<std::string> all;
    for (int i = 0; i < tokens; ++i) all.push_back(token());
    std::atomic<int> successes{0}, refusals{0}, others{0};
    auto const race = [&](std::uint16_t port) {
        std::vector<std::thread> callers;
        for (int i = 0; i < threads; ++i)
            callers.emplace_back([&, i] {
                for (int n = 0; n < tokens; ++n) {
                    auto const& one = all[static_cast<std::size_t>((n + i) % tokens)];
                    auto const status = call(port, one);
                    ++(status == 200 ? successes : status == 401 ? refusals : others);
                }
            });
        for (auto& caller : callers) caller.join();
    };
    auto const settings =
        clients.settings([](Settings& changed) { changed.calls_per_second = 1'000'000; });
    {
        RunningServer const server{settings};
        race(server.port());
    }
    EXPECT_EQ(successes, tokens);
    EXPECT_EQ(refusals, threads * tokens - tokens);
    EXPECT_EQ(others, 0);
    RunningServer const again{settings};
    for (auto const& one : all) EXPECT_EQ(call(again.port(), one), 401U);
}

TEST(Callers, CanariesAreInNoLogAndNoBody) {
    Registered const clients;
    auto const canary = [](std::string const& name) { return "\"canary-" + name + "\""; };
    std::string bodies;
    {
        RunningServer const server{clients.settings()};
        for (auto const* const claim : {"iss", "sub", "aud", "tenant", "jti"}) {
            auto const answer =
                ask(server.port(), post(empty_call(), bearer(token({{claim, canary(claim)}}))));
            ASSERT_TRUE(answer);
            bodies += answer->body;
        }
        auto const header = auth::test::object(
            auth::test::with(auth::test::good_header(),
                             {{"kid", canary("kid")}, {"jku", "\"https://canary-jku\""}}));
        auto const odd = auth::test::sealed(auth::test::Keys::get().es384, header,
                                            auth::test::object(auth::test::good_claims()));
        bodies += ask(server.port(), post(empty_call(), bearer(odd)))->body;
        bodies += ask(server.port(), post(empty_call(), bearer("canary-token")))->body;
        bodies += ask(server.port(), get("/canary-path?canary-query=1"))->body;
    }
    EXPECT_THAT(bodies, Not(HasSubstr("canary")));
    EXPECT_THAT(clients.log(), Not(HasSubstr("canary")));
    EXPECT_THAT(clients.log(), HasSubstr(R"("status":401)"));
    EXPECT_THAT(clients.read("store.db"), Not(HasSubstr("canary")));
    EXPECT_THAT(clients.read("store.db-wal"), Not(HasSubstr("canary")));
}

}  // namespace
}  // namespace cds::server

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>

#include "server/base_health.hpp"
#include "tests/server/fetch_site.hpp"

// A FHIR server in trouble is left alone, and troubles nobody but the calls that need it.

namespace cds::server {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

Steady::time_point const start{seconds{1000}};

TEST(BaseHealth, OpensAfterFiveFailuresInARowForTenSeconds) {
    BaseHealth health;
    for (int i = 0; i < 4; ++i) health.failed(start);
    EXPECT_TRUE(health.may_ask(start, 1));
    health.failed(start);
    EXPECT_FALSE(health.may_ask(start, 2));
    EXPECT_FALSE(health.may_ask(start + milliseconds{9999}, 2));
    EXPECT_TRUE(health.may_ask(start + seconds{10}, 2));
}

TEST(BaseHealth, AnAnswerBetweenFailuresStartsTheCountAnew) {
    BaseHealth health;
    for (int i = 0; i < 4; ++i) health.failed(start);
    health.answered();
    for (int i = 0; i < 4; ++i) health.failed(start);
    EXPECT_TRUE(health.may_ask(start, 1));
}

TEST(BaseHealth, AfterThePauseOneJobTriesForAll) {
    BaseHealth health;
    for (int i = 0; i < 5; ++i) health.failed(start);
    auto const later = start + seconds{10};
    EXPECT_TRUE(health.may_ask(later, 7));
    EXPECT_TRUE(health.may_ask(later, 7)) << "the other requests of the same call";
    EXPECT_FALSE(health.may_ask(later, 8));
    health.failed(later);
    EXPECT_FALSE(health.may_ask(later + seconds{9}, 8));
    EXPECT_TRUE(health.may_ask(later + seconds{10}, 8));
    health.answered();
    EXPECT_TRUE(health.may_ask(later + seconds{10}, 9));
}

TEST(BaseHealth, ALimitedServerGetsTwoRequestsASecond) {
    BaseHealth health;
    health.asked(start);
    health.limited(start, seconds{3});
    EXPECT_TRUE(health.may_ask(start + milliseconds{10}, 1));
    health.asked(start + milliseconds{10});
    EXPECT_FALSE(health.may_ask(start + milliseconds{20}, 1));
    EXPECT_FALSE(health.may_ask(start + milliseconds{999}, 1));
    EXPECT_TRUE(health.may_ask(start + milliseconds{1000}, 1));
    EXPECT_TRUE(health.may_ask(start + seconds{3}, 1));
}

}  // namespace

namespace test {
namespace {

FhirReply body(std::string text) {
    FhirReply reply;
    reply.body = std::move(text);
    return reply;
}

TEST(FetchLoad, AfterFiveFailuresTheServerIsNotAskedAgain) {
    FhirServer fhir{[](FhirRequest const&) {
        FhirReply reply;
        reply.status = 500;
        return reply;
    }};
    FetchingService service{{fhir.base()}};
    for (int i = 0; i < 8; ++i) {
        EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(fhir.base()))),
                  cards_with({{"observations", outcome("transient")}}));
    }
    EXPECT_EQ(fhir.requests().size(), 5U);
}

TEST(FetchLoad, OneServerInTroubleIsNoReasonToLeaveAnother) {
    FhirServer bad{[](FhirRequest const&) {
        FhirReply reply;
        reply.status = 500;
        return reply;
    }};
    FhirServer good{[](FhirRequest const&) { return body(empty_bundle()); }};
    FetchingService service{{bad.base(), good.base()}};
    for (int i = 0; i < 6; ++i)
        service.cards(ciclosporin_call({{"observations", ""}}, access(bad.base())));
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(good.base()))),
              cards_with({{"observations", empty_bundle()}}));
}

TEST(FetchLoad, AServerThatComesAndGoesGivesTheSameCardsOrSaysThatItDidNot) {
    std::atomic<int> asked{0};
    FhirServer fhir{[&](FhirRequest const&) {
        auto reply = body(empty_bundle());
        if (++asked % 2 == 0) reply.status = 500;
        return reply;
    }};
    FetchingService service{{fhir.base()}};
    auto const up = cards_with({{"observations", empty_bundle()}});
    auto const down = cards_with({{"observations", outcome("transient")}});
    for (int i = 0; i < 6; ++i) {
        EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(fhir.base()))),
                  i % 2 == 0 ? up : down);
    }
    EXPECT_NE(up, down);
}

TEST(FetchLoad, ARefusedConnectionIsTriedOnceMore) {
    std::string gone;
    {
        FhirServer const closed{[](FhirRequest const&) { return FhirReply{}; }};
        gone = closed.base();
    }
    FetchingService service{{gone}};
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(gone))),
              cards_with({{"observations", outcome("transient")}}));
    EXPECT_THAT(service.log(), testing::HasSubstr(R"("fetch_requests":2)"));
}

TEST(FetchLoad, AServerWithoutTlsIsNotAskedInTheClear) {
    FhirServer fhir{[](FhirRequest const&) { return body(empty_bundle()); }};
    auto const base = "https" + fhir.base().substr(4);
    FetchingService service{{base}};
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(base))),
              cards_with({{"observations", outcome("transient")}}));
    EXPECT_THAT(fhir.requests(), testing::IsEmpty());
}

/// Many calls wait for a server that never answers; others are served meanwhile by two threads.
TEST(FetchLoad, WaitingCallsHoldNobodyUpAndAreBounded) {
    FhirServer fhir{[](FhirRequest const&) {
        FhirReply reply;
        reply.end = FhirReply::End::never;
        return reply;
    }};
    FetchingService service{{fhir.base()}, [](Settings& settings) {
                                settings.fetch_queue = 8;
                                settings.fetch_deadline_ms = 20'000;
                                settings.drain_ms = 50;
                            }};
    auto const call = post(ciclosporin_call({{"observations", ""}}, access(fhir.base())),
                           "Connection: close\r\n");
    std::vector<std::unique_ptr<Client>> waiting;
    for (int i = 0; i < 8; ++i) {
        waiting.push_back(std::make_unique<Client>(service.port()));
        waiting.back()->send(call);
    }
    // The queue is full once the server has all eight.
    while (fhir.requests().size() < 8) std::this_thread::yield();
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}}, access(fhir.base()))),
              cards_with({{"observations", outcome("transient")}}));
    EXPECT_EQ(fhir.requests().size(), 8U);
    auto const health = ask(service.port(), get("/healthz", "Connection: close\r\n"));
    ASSERT_TRUE(health);
    EXPECT_EQ(health->status, 200U);
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", empty_bundle()}})),
              cards_with({{"observations", empty_bundle()}}));
}

TEST(FetchLoad, TheDeadlineIsOneForAllThatACallFetches) {
    FhirServer fhir{[](FhirRequest const& request) {
        auto reply = body(empty_bundle());
        if (type_of(request.target) == "Observation") reply.end = FhirReply::End::never;
        return reply;
    }};
    FetchingService service{{fhir.base()},
                            [](Settings& settings) { settings.fetch_deadline_ms = 400; }};
    auto const before = std::chrono::steady_clock::now();
    EXPECT_EQ(service.cards(ciclosporin_call({{"observations", ""}, {"conditions", ""}},
                                             access(fhir.base()))),
              cards_with({{"observations", outcome("timeout")}, {"conditions", empty_bundle()}}));
    auto const took =
        std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - before);
    RecordProperty("took_ms", std::to_string(took.count()));
    EXPECT_GE(took.count(), 400);
}

}  // namespace
}  // namespace test
}  // namespace cds::server

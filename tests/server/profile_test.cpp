/// What callers that are not registered get: the settings default-profile and default-switches.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/server/kept.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

using namespace test;
using testing::HasSubstr;
using testing::Not;

/// Without hookInstance: read by all but the strict.
std::string const lenient_call =
    R"({"hook":"order-sign","context":{"userId":"Practitioner/1","patientId":"p1",)"
    R"("draftOrders":{"resourceType":"Bundle","type":"collection"}}})";

TEST(DefaultProfile, StrictRefusesWhatOthersReadWithThePath) {
    RunningServer const usual;
    EXPECT_EQ(ask(usual.port(), post(lenient_call))->status, 200U);
    RunningServer const strict{[](Settings& settings) { settings.default_profile = "strict"; }};
    auto const answer = ask(strict.port(), post(lenient_call));
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 400U);
    EXPECT_THAT(answer->body, HasSubstr("/hookInstance"));
    EXPECT_THAT(answer->body, HasSubstr("(hook-instance)"));
    EXPECT_EQ(ask(strict.port(), post(empty_call()))->status, 200U);
}

TEST(DefaultProfile, StrictHoldsFeedbackToTheSpecification) {
    StoreFolder const folder;
    RunningServer const strict{[&](Settings& settings) {
        settings.store = folder.file();
        settings.default_profile = "strict";
    }};
    auto const plural = override_of(card_uuid(1), R"(,"overrideReasons":{"userComment":"w"})");
    auto const refused = ask(strict.port(), send_feedback(batch(plural)));
    EXPECT_EQ(refused->status, 400U);
    EXPECT_THAT(refused->body, HasSubstr("/feedback/0/overrideReasons"));
    EXPECT_EQ(ask(strict.port(), send_feedback(override_of(card_uuid(1))))->status, 400U);
    EXPECT_TRUE(folder.feedback().empty());
    EXPECT_EQ(ask(strict.port(), send_feedback(batch(override_of(card_uuid(1)))))->status, 200U);
}

TEST(DefaultSwitches, AreGivenToEverybody) {
    RunningServer const server{[](Settings& settings) {
        settings.default_switches = {"report-tolerated", "cds-hooks-3"};
    }};
    EXPECT_THAT(ask(server.port(), post(lenient_call))->body,
                HasSubstr(R"("extension":{"urn:countersign:tolerated":[{"path":"/hookInstance")"));
    EXPECT_THAT(ask(server.port(), get("/cds-services"))->body, HasSubstr("\"hookVersion\""));
    RunningServer const usual;
    EXPECT_THAT(ask(usual.port(), post(lenient_call))->body, Not(HasSubstr("extension")));
}

}  // namespace
}  // namespace cds::server

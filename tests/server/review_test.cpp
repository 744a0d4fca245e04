#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "server/notices.hpp"
#include "server/request_log.hpp"
#include "server/routes.hpp"
#include "tests/server/running_server.hpp"

// Knowledge and policy carry a day by which they are to be reviewed.

namespace cds::server {
namespace {

using testing::HasSubstr;

base::Instant noon(base::Day day) { return day + std::chrono::hours{12}; }

Reply ready(Live const& live, base::Instant now) {
    Route route;
    route.kind = Route::Kind::ready;
    Reply reply;
    hooks::Workspace workspace;
    answer(live, route, "", {now, false, true, "r1"}, workspace, reply);
    return reply;
}

TEST(ReviewBy, ReadinessWarnsFromTheDayAfter) {
    auto const live = make_live(test::test_settings());
    ASSERT_TRUE(live);
    auto const review_by = (*live)->knowledge->review_by();
    ASSERT_GT(review_by, base::Day{});
    auto const in_time = ready(**live, noon(review_by));
    EXPECT_EQ(in_time.body, R"({"ready":true})");
    EXPECT_EQ(request_line({}, in_time).finish().find("review"), std::string::npos);
    // The same service, a day later: no reload is needed.
    auto const late = ready(**live, noon(review_by + std::chrono::days{1}));
    EXPECT_EQ(late.status, 200U);
    EXPECT_THAT(late.body, HasSubstr(R"({"ready":true,"warnings":["Knowledge version )"));
    EXPECT_THAT(late.body, HasSubstr(base::iso(review_by)));
    EXPECT_THAT(request_line({}, late).finish(), HasSubstr(R"("review_overdue":true)"));
}

TEST(ReviewBy, TheLogSaysItAtEachLoad) {
    auto const live = make_live(test::test_settings());
    ASSERT_TRUE(live);
    auto const review_by = (*live)->knowledge->review_by();
    EXPECT_TRUE(notices(**live, noon(review_by)).empty());
    auto lines = notices(**live, noon(review_by + std::chrono::days{1}));
    ASSERT_EQ(lines.size(), 1U);
    EXPECT_THAT(std::move(lines[0]).finish(), HasSubstr(R"("event":"review-overdue")"));
}

TEST(ReviewBy, AFrozenClinicalClockDoesNotHideIt) {
    auto const live = make_live(
        test::test_settings([](Settings& settings) { settings.as_of = "2026-03-10T09:00:00Z"; }));
    ASSERT_TRUE(live);
    EXPECT_EQ((*live)
                  ->overdue_reviews(noon((*live)->knowledge->review_by()) + std::chrono::days{1})
                  .size(),
              1U);
}

TEST(ReviewBy, HealthTellsTheDay) {
    auto const live = make_live(test::test_settings());
    ASSERT_TRUE(live);
    EXPECT_THAT((*live)->health,
                HasSubstr(R"("reviewBy":")" + base::iso((*live)->knowledge->review_by()) + "\""));
}

}  // namespace
}  // namespace cds::server

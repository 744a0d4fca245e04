#include "tests/rules/patient_view.hpp"

// What is due for ciclosporin that is taken now. The clock is 2026-03-10.

namespace cds::acceptance {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(CurrentCiclosporin, IsSilentWhileEverythingIsDoneAndFarFromDue) {
    auto const got = view(on_ciclosporin(-200, -16));
    EXPECT_EQ(got.body, R"({"cards":[]})") << "due in 15 days";
}

TEST(CurrentCiclosporin, SaysWhatComesDueWithinFourteenDays) {
    for (auto const days : {-17, -18, -31}) {
        auto const got = view(on_ciclosporin(-200, days));
        EXPECT_EQ(got.card("ciclosporin"), "info") << days;
        EXPECT_THAT(got.summary("ciclosporin"), HasSubstr("due by " + day(days + 31)));
        EXPECT_THAT(got.summary("ciclosporin"), HasSubstr("creatinine, blood pressure"));
        EXPECT_EQ(got.cards.size(), 1U) << got.body;
    }
    auto const got = view(on_ciclosporin(-200, -17));
    EXPECT_THAT(got.actions.at("monitoring-ciclosporin"), HasSubstr("Creatinine " + day(14)))
        << "the order is for the day on which it is due";
    EXPECT_THAT(got.detail("monitoring-ciclosporin"), HasSubstr("needed every 31 days"));
}

TEST(CurrentCiclosporin, WarnsFromTheDayAfterItWasDue) {
    auto const got = view(on_ciclosporin(-200, -32));
    EXPECT_EQ(got.card("ciclosporin"), "warning");
    EXPECT_THAT(got.summary("ciclosporin"), HasSubstr("overdue: creatinine, blood pressure"));
    EXPECT_THAT(got.detail("monitoring-ciclosporin"), HasSubstr("Overdue: creatinine, due by " + day(-1)));
    EXPECT_THAT(got.actions.at("monitoring-ciclosporin"), HasSubstr("ServiceRequest Creatinine"));
    EXPECT_THAT(got.actions.at("monitoring-ciclosporin"), HasSubstr("Task"));
}

TEST(CurrentCiclosporin, HasTheShorterIntervalInTheFirstThreeMonths) {
    EXPECT_EQ(view(on_ciclosporin(-60, -15)).card("ciclosporin"), "warning");
    EXPECT_EQ(view(on_ciclosporin(-60, -14)).card("ciclosporin"), "info") << "due today";
}

TEST(CurrentCiclosporin, WeighsTheMonthlyPanelAsItsRuleDoes) {
    auto const panel = [](int days) {
        auto patient = on_ciclosporin(-200, days);
        patient.lab("14682-9", "80", "umol/L", -1).pressure("120", "75", -1);
        return view(patient).card("ciclosporin");
    };
    EXPECT_EQ(panel(-16), "");
    EXPECT_EQ(panel(-32), "info");
    EXPECT_EQ(panel(-62), "info");
    EXPECT_EQ(panel(-63), "warning");
}

TEST(CurrentCiclosporin, WaitsForATestThatIsOrderedAndOffersItNoSecondTime) {
    auto due = on_ciclosporin(-200, -32);
    ordered(due, "2160-0", -3);
    auto const got = view(due);
    EXPECT_EQ(got.card("ciclosporin"), "warning") << "ordered is not done";
    EXPECT_THAT(got.detail("monitoring-ciclosporin"),
                HasSubstr("ordered on " + day(-3) + ", no result yet"));
    EXPECT_THAT(got.actions.at("monitoring-ciclosporin"), Not(HasSubstr("Creatinine")));

    auto early = on_ciclosporin(-200, -5);
    ordered(early, "2160-0", -3);
    EXPECT_EQ(view(early).card("ciclosporin"), "info");
    EXPECT_THAT(view(early).summary("ciclosporin"), HasSubstr("no result yet: creatinine"));
    auto answered = on_ciclosporin(-200, -5);
    ordered(answered, "2160-0", -5);
    EXPECT_EQ(view(answered).card("ciclosporin"), "") << "the result has come";
    auto later = on_ciclosporin(-200, -5);
    ordered(later, "2160-0", -3, R"(,"occurrenceDateTime":")" + day(20) + "\"");
    EXPECT_EQ(view(later).card("ciclosporin"), "") << "an order for a later day waits for nothing";
    auto lost = on_ciclosporin(-200, -60);
    ordered(lost, "2160-0", -29);
    EXPECT_THAT(view(lost).actions.at("monitoring-ciclosporin"), HasSubstr("Creatinine"))
        << "after four weeks without a result";
}

TEST(CurrentCiclosporin, NamesARiseOfCreatinineThatNobodyAnswered) {
    auto const risen = [](std::string const& value) {
        auto patient = on_ciclosporin(-60, -3);
        patient.lab("14682-9", "80", "umol/L", -70).lab("14682-9", value, "umol/L", -2);
        return patient;
    };
    EXPECT_EQ(view(risen("99")).card("ciclosporin"), "info") << "only what comes due";
    EXPECT_THAT(view(risen("99")).summary("ciclosporin"), Not(HasSubstr("baseline")));
    EXPECT_EQ(view(risen("110")).card("ciclosporin"), "warning");
    EXPECT_THAT(view(risen("110")).summary("ciclosporin"), HasSubstr("creatinine 37.5% above"));
    EXPECT_EQ(view(risen("120")).card("ciclosporin"), "critical");
    auto lowered = risen("120");
    lowered.order("m2", modified, "Neoral", -1, dose("75", 2));
    EXPECT_THAT(view(lowered).summary("ciclosporin"), Not(HasSubstr("baseline")));
}

TEST(CurrentCiclosporin, NamesARaisedPressureThatNobodyAnswered) {
    auto patient = on_ciclosporin(-200, -5);
    patient.pressure("150", "95", -2);
    EXPECT_EQ(view(patient).card("ciclosporin"), "warning");
    EXPECT_THAT(view(patient).detail("monitoring-ciclosporin"), HasSubstr("150/95 mmHg"));
    patient.order("m3", "17767", "amlodipine", -1);
    EXPECT_EQ(view(patient).card("ciclosporin"), "") << "treated since";
}

TEST(CurrentCiclosporin, CountsTheYearForTheSkin) {
    EXPECT_EQ(view(on_ciclosporin(-350, -5)).card("ciclosporin"), "") << "15 days left";
    EXPECT_EQ(view(on_ciclosporin(-351, -5)).card("ciclosporin"), "info");
    EXPECT_EQ(view(on_ciclosporin(-366, -5)).card("ciclosporin"), "warning");
    EXPECT_EQ(view(on_ciclosporin(-500, -5, "Rheumatoid arthritis")).card("ciclosporin"), "");
}

TEST(CurrentCiclosporin, LeavesTransplantsToTheirProtocol) {
    EXPECT_EQ(view(on_ciclosporin(-200, -60, "kidney transplant")).card("ciclosporin"), "");
}

}  // namespace
}  // namespace cds::acceptance

/// What is read of a feedback call, what is forgiven, and what is refused with place and fix.
#include "hooks/feedback.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cds::hooks {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

constexpr auto card = "4e0a3a1e-3283-4575-ab82-028d55fe2719";

base::Result<Feedback> read(std::string const& body) {
    base::json::Document document;
    auto const root = document.parse(body);
    if (!root) return root.error();
    return read_feedback(*root);
}

/// One report with these members beside card, outcome and time.
std::string overridden(std::string const& members = {}) {
    return R"({"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"overridden",)"
           R"("outcomeTimestamp":"2026-03-10T09:00:00Z")" +
           (members.empty() ? "" : "," + members) + "}";
}

std::string call(std::string const& reports) { return R"({"feedback":[)" + reports + "]}"; }

Report one(std::string const& body) {
    auto const feedback = read(body);
    EXPECT_TRUE(feedback) << body;
    if (!feedback || feedback->reports.size() != 1) return {};
    return feedback->reports.front();
}

TEST(Feedback, EveryFieldIsRead) {
    auto const report = one(call(
        R"({"card":"4e0a3a1e-3283-4575-ab82-028d55fe2719","outcome":"accepted",
            "acceptedSuggestions":[{"id":"e56e1945-20b3-4393-8503-a1a20fd73152"}],
            "overrideReason":{"reason":{"code":"c","system":"urn:s","display":"D"},
                              "userComment":"words","extension":{"a":1.50}},
            "outcomeTimestamp":"2026-03-10T10:00:00.250+01:00","unknown":{"x":[]}})"));
    EXPECT_EQ(report.card, card);
    EXPECT_TRUE(report.accepted);
    EXPECT_THAT(report.suggestions, ElementsAre("e56e1945-20b3-4393-8503-a1a20fd73152"));
    EXPECT_EQ(base::iso(report.at), "2026-03-10T09:00:00.250Z");
    EXPECT_EQ(report.reason_code, "c");
    EXPECT_EQ(report.reason_system, "urn:s");
    EXPECT_EQ(report.reason_display, "D");
    EXPECT_EQ(report.comment, "words");
    EXPECT_EQ(report.extension, R"({"a":1.50})");
}

TEST(Feedback, AnOverrideNeedsNoReason) {
    for (auto const* members :
         {"", R"("overrideReason":null)", R"("overrideReason":{})", R"("overrideReasons":[])"}) {
        auto const report = one(call(overridden(members)));
        EXPECT_FALSE(report.accepted);
        EXPECT_FALSE(report.reason_code || report.comment) << members;
    }
}

TEST(Feedback, OtherShapesOfTheSameAreReadAndCounted) {
    struct {
        char const* name;
        std::string body;
        std::uint32_t tolerated;
    } const rows[] = {
        {"as specified", call(overridden(R"("overrideReason":{"userComment":"w"})")), 0},
        {"bare", overridden(R"("overrideReason":{"userComment":"w"})"), 1},
        {"one for the array",
         R"({"feedback":)" + overridden(R"("overrideReason":{"userComment":"w"})") + "}", 1},
        {"plural", call(overridden(R"("overrideReasons":{"userComment":"w"})")), 1},
        {"plural list", call(overridden(R"("overrideReasons":[{"userComment":"w"}])")), 2},
        {"null beside plural",
         call(overridden(R"("overrideReason":null,"overrideReasons":{"userComment":"w"})")), 1},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(one(row.body).comment, "w");
        EXPECT_EQ(read(row.body)->tolerated.size(), row.tolerated);
    }
}

TEST(Feedback, UuidsAreComparedInOneSpelling) {
    auto const report = one(call(
        R"({"card":"urn:uuid:4E0A3A1E-3283-4575-AB82-028D55FE2719","outcome":"accepted",
            "acceptedSuggestions":[{"id":"E56E1945-20b3-4393-8503-a1a20fd73152"},
                                   {"id":"urn:uuid:e56e1945-20b3-4393-8503-a1a20fd73152"}],
            "outcomeTimestamp":"2026-03-10T09:00:00Z"})"));
    EXPECT_EQ(report.card, card);
    EXPECT_EQ(report.suggestions.size(), 1U);
}

TEST(Feedback, AReasonInAnExtensionAloneIsAReason) {
    auto const report = one(call(overridden(
        R"("overrideReasons":{"extension":{
           "com.epic.cdshooks.feedback.overrideReason.reasonCategory":"45",
           "com.epic.cdshooks.feedback.overrideReason.reasonDisplay":"Does not meet criteria"}})")));
    EXPECT_EQ(report.reason_code, "45");
    EXPECT_EQ(report.reason_display, "Does not meet criteria");
    EXPECT_TRUE(report.extension);
}

TEST(Feedback, AReasonOfItsOwnIsNotReplacedByTheExtension) {
    auto const report = one(call(overridden(
        R"("overrideReason":{"reason":{"code":"c"},"extension":{
           "com.epic.cdshooks.feedback.overrideReason.reasonDisplay":"other"}})")));
    EXPECT_EQ(report.reason_code, "c");
    EXPECT_FALSE(report.reason_display);
}

TEST(Feedback, AnEmptyArrayIsAnEmptyCall) {
    EXPECT_TRUE(read(R"({"feedback":[]})")->reports.empty());
}

struct Refused {
    char const* name;
    std::string body;
    char const* where;
};
void PrintTo(Refused const& row, std::ostream* out) { *out << row.name; }

std::string without(std::string const& member) {
    std::string const members[] = {R"("card":"4e0a3a1e-3283-4575-ab82-028d55fe2719")",
                                   R"("outcome":"overridden")",
                                   R"("outcomeTimestamp":"2026-03-10T09:00:00Z")"};
    std::string out;
    for (auto const& one_member : members) {
        if (one_member.starts_with("\"" + member + "\"")) continue;
        out += (out.empty() ? "" : ",") + one_member;
    }
    return "{" + out + "}";
}

std::string changed(std::string const& member, std::string const& value) {
    auto report = without(member);
    report.insert(1, "\"" + member + "\":" + value + ",");
    return report;
}

class RefusedFeedback : public testing::TestWithParam<Refused> {};

TEST_P(RefusedFeedback, HasAPlaceAndAFixAndNoEcho) {
    auto const feedback = read(GetParam().body);
    ASSERT_FALSE(feedback);
    EXPECT_EQ(feedback.error().where, GetParam().where);
    EXPECT_FALSE(feedback.error().what.empty());
    EXPECT_THAT(feedback.error().what, Not(HasSubstr("secret")));
    EXPECT_THAT(feedback.error().where, Not(HasSubstr("secret")));
}

std::vector<Refused> refused() {
    auto const long_text = "\"" + std::string(longest_comment_bytes + 1, 'x') + "\"";
    auto const good = overridden();
    std::string many = good;
    for (std::size_t i = 0; i < most_reports; ++i) many += "," + good;
    std::string suggestions = R"({"id":"e56e1945-20b3-4393-8503-a1a20fd73152"})";
    for (std::size_t i = 0; i < most_suggestions; ++i)
        suggestions += R"(,{"id":"e56e1945-20b3-4393-8503-a1a20fd73152"})";
    return {
        {"List", "[" + good + "]", ""},
        {"Nothing", "{}", "/feedback"},
        {"Text", R"({"feedback":"secret"})", "/feedback"},
        {"Null", R"({"feedback":null})", "/feedback"},
        {"TooMany", call(many), "/feedback"},
        {"NoObject", call(good + ",5"), "/feedback/1"},
        {"NoCard", call(good + "," + without("card")), "/feedback/1/card"},
        {"CardNoUuid", call(changed("card", R"("secret")")), "/feedback/0/card"},
        {"CardNumber", call(changed("card", "5")), "/feedback/0/card"},
        {"NoOutcome", call(without("outcome")), "/feedback/0/outcome"},
        {"OtherOutcome", call(changed("outcome", R"("secret")")), "/feedback/0/outcome"},
        {"OutcomeInCapitals", call(changed("outcome", R"("Accepted")")), "/feedback/0/outcome"},
        {"NoTime", call(without("outcomeTimestamp")), "/feedback/0/outcomeTimestamp"},
        {"DayOnly", call(changed("outcomeTimestamp", R"("2026-03-10")")),
         "/feedback/0/outcomeTimestamp"},
        {"NoTimeAtAll", call(changed("outcomeTimestamp", R"("secret")")),
         "/feedback/0/outcomeTimestamp"},
        {"AcceptedNothing", call(changed("outcome", R"("accepted")")),
         "/feedback/0/acceptedSuggestions"},
        {"SuggestionNoUuid", call(overridden(R"("acceptedSuggestions":[{"id":"secret"}])")),
         "/feedback/0/acceptedSuggestions/0/id"},
        {"SuggestionText", call(overridden(R"("acceptedSuggestions":"secret")")),
         "/feedback/0/acceptedSuggestions"},
        {"TooManySuggestions", call(overridden("\"acceptedSuggestions\":[" + suggestions + "]")),
         "/feedback/0/acceptedSuggestions"},
        {"LongComment", call(overridden(R"("overrideReason":{"userComment":)" + long_text + "}")),
         "/feedback/0/overrideReason/userComment"},
        {"NulInComment", call(overridden(R"("overrideReason":{"userComment":"secret\u0000"})")),
         "/feedback/0/overrideReason/userComment"},
        {"CommentNumber", call(overridden(R"("overrideReason":{"userComment":5})")),
         "/feedback/0/overrideReason/userComment"},
        {"LongCode",
         call(overridden(R"("overrideReasons":[{"reason":{"code":)" + long_text + "}}]")),
         "/feedback/0/overrideReasons/0/reason/code"},
        {"ReasonText", call(overridden(R"("overrideReason":{"reason":"secret"})")),
         "/feedback/0/overrideReason/reason"},
        {"OverrideText", call(overridden(R"("overrideReason":"secret")")),
         "/feedback/0/overrideReason"},
        {"TwoReasons", call(overridden(R"("overrideReasons":[{},{}])")),
         "/feedback/0/overrideReasons"},
        {"LongExtension",
         call(overridden(R"("overrideReason":{"extension":{"a":)" + long_text + "}}")),
         "/feedback/0/overrideReason/extension"},
        {"Bare", changed("outcome", "1"), "/outcome"},
    };
}

INSTANTIATE_TEST_SUITE_P(Feedback, RefusedFeedback, testing::ValuesIn(refused()),
                         [](auto const& row) { return row.param.name; });

TEST(Feedback, LimitsAreTooLargeAndNotInvalid) {
    for (auto const& row : refused()) {
        bool const limit = std::string_view{row.name}.starts_with("TooMany") ||
                           std::string_view{row.name}.starts_with("Long");
        EXPECT_EQ(read(row.body).error().code == base::ErrorCode::too_large, limit) << row.name;
    }
}

TEST(Feedback, TextsAtTheirLimitsAreTaken) {
    auto const text = std::string(longest_comment_bytes, 'x');
    EXPECT_EQ(one(call(overridden(R"("overrideReason":{"userComment":")" + text + "\"}"))).comment,
              text);
    std::string many = overridden();
    for (std::size_t i = 1; i < most_reports; ++i) many += "," + overridden();
    EXPECT_EQ(read(call(many))->reports.size(), most_reports);
}

}  // namespace
}  // namespace cds::hooks

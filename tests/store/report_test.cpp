/// The numbers that a pharmacy committee asks for.
#include "store/report.hpp"

#include <gtest/gtest.h>

#include "tests/store/kinds.hpp"

namespace cds::store {
namespace {

using namespace test;

base::Instant instant(char const* text) { return base::parse_date(text, base::Zone{}).instant; }

template <class Kind>
class Reports : public testing::Test {
protected:
    void fill(std::vector<CardRow> cards, std::vector<FeedbackRow> rows) {
        auto const store = open_store(kind_.place);
        store->record(std::move(cards));
        for (auto& row : rows) row.id = feedback_id(row);
        ASSERT_TRUE(save(*store, std::move(rows)));
        store->close();
    }
    Report report(Step step = Step::month, Span span = always()) {
        auto const database = reader(kind_.place);
        return *make_report(*database, span, base::Zone{}, step);
    }
    Kind kind_;
};
TYPED_TEST_SUITE(Reports, Kinds, KindNames);

FeedbackRow reported(int number, std::string outcome, std::int64_t outcome_ms = 1) {
    auto row = feedback(number, at(outcome_ms));
    row.outcome = std::move(outcome);
    row.outcome_at = at(outcome_ms);
    return row;
}

TYPED_TEST(Reports, ShownIsAcceptedPlusOverriddenPlusIgnored) {
    std::vector<CardRow> cards;
    for (int i = 0; i < 6; ++i) cards.push_back(card(i));
    cards.push_back(card(6));
    cards.back().rule = "other";
    auto with_display = reported(2, "overridden"), with_code = reported(3, "overridden"),
         with_text = reported(4, "overridden");
    with_display.reason_code = with_code.reason_code = "mdt-agreed";
    with_display.reason_display = "Agreed by a team";
    with_text.comment = "words";
    this->fill(cards, {reported(1, "accepted"), with_display, with_code, with_text,
                       reported(6, "overridden"), reported(77, "accepted"),
                       reported(78, "overridden"), reported(79, "overridden")});
    auto report = this->report();
    ASSERT_EQ(report.rules.size(), 2U);
    auto const& outcomes = report.rules["csa-thiazide"]["1970-01"];
    EXPECT_EQ(outcomes.shown, 6U);
    EXPECT_EQ(outcomes.accepted, 1U);
    EXPECT_EQ(outcomes.overridden, 3U);
    EXPECT_EQ(outcomes.ignored(), 2U);
    EXPECT_EQ(outcomes.reasons,
              (std::map<std::string, std::uint64_t>{
                  {"Agreed by a team", 1}, {"mdt-agreed", 1}, {"free text only", 1}}));
    EXPECT_EQ(report.rules["other"]["1970-01"].reasons.at("no reason given"), 1U);
    EXPECT_EQ(report.unmatched_accepted, 1U);
    EXPECT_EQ(report.unmatched_overridden, 2U);
}

TYPED_TEST(Reports, TheLastOutcomeOfACardCountsOnce) {
    this->fill({card(1), card(2)}, {reported(1, "overridden", 10), reported(1, "accepted", 20),
                                    reported(2, "accepted", 5), reported(2, "overridden", 9)});
    auto const outcomes = this->report().rules["csa-thiazide"]["1970-01"];
    EXPECT_EQ(outcomes.shown, 2U);
    EXPECT_EQ(outcomes.accepted, 1U);
    EXPECT_EQ(outcomes.overridden, 1U);
}

TYPED_TEST(Reports, TheSameUuidOfTwoClientsIsTwoCards) {
    auto other = card(1);
    other.client = "b";
    auto report_of_other = reported(1, "accepted");
    report_of_other.client = "b";
    this->fill({card(1), other}, {report_of_other});
    auto const outcomes = this->report().rules["csa-thiazide"]["1970-01"];
    EXPECT_EQ(outcomes.shown, 2U);
    EXPECT_EQ(outcomes.accepted, 1U);
}

TYPED_TEST(Reports, ACardCountsInThePeriodInWhichItWasSent) {
    this->fill(
        {card(1, instant("2026-01-31T23:59:59.999Z")), card(2, instant("2026-02-01T00:00:00Z")),
         card(3, instant("2026-02-28T12:00:00Z"))},
        {reported(1, "accepted", instant("2026-02-02T00:00:00Z").time_since_epoch().count())});
    auto months = this->report().rules["csa-thiazide"];
    EXPECT_EQ(months.size(), 2U);
    EXPECT_EQ(months["2026-01"].accepted, 1U);
    EXPECT_EQ(months["2026-02"].shown, 2U);
    auto const february = this->report(
        Step::month, {instant("2026-02-01T00:00:00Z"), instant("2026-02-28T12:00:00Z")});
    EXPECT_EQ(february.rules.at("csa-thiazide").at("2026-02").shown, 1U)
        << "the end of a span is not in it";
}

TEST(Reasons, OursAreNamedByCodeAndOthersByWhatTheirUserRead) {
    constexpr auto ours = "urn:countersign:override-reasons";
    using Text = std::optional<std::string>;
    struct {
        Text code, system, display, comment;
        char const* name;
    } const rows[] = {
        {"mdt-agreed", ours, "Agreed by a team", "words", "mdt-agreed"},
        {"mdt-agreed", ours, {}, {}, "mdt-agreed"},
        {"45", {}, "Does not meet criteria", {}, "Does not meet criteria"},
        {"45", "urn:other", "", {}, "45"},
        {{}, ours, "Agreed by a team", {}, "Agreed by a team"},
        {{}, {}, {}, "words", "free text only"},
        {"", ours, "", {}, "no reason given"},
    };
    for (auto const& row : rows) {
        FeedbackRow report;
        report.reason_code = row.code;
        report.reason_system = row.system;
        report.reason_display = row.display;
        report.comment = row.comment;
        EXPECT_EQ(reason_name(report), row.name);
    }
}

TEST(Periods, AreThoseOfTheSitesCalendar) {
    auto const amsterdam = *base::Zone::find("Europe/Amsterdam");
    struct {
        char const* instant;
        Step step;
        char const* period;
    } const rows[] = {
        {"2026-01-31T23:30:00Z", Step::month, "2026-02"},
        {"2026-01-31T22:59:59Z", Step::month, "2026-01"},
        {"2026-03-10T09:00:00Z", Step::day, "2026-03-10"},
        {"2026-01-01T09:00:00Z", Step::week, "2026-W01"},
        {"2025-12-29T09:00:00Z", Step::week, "2026-W01"},
        {"2025-12-28T09:00:00Z", Step::week, "2025-W52"},
        {"2027-01-03T09:00:00Z", Step::week, "2026-W53"},
        {"2027-01-04T09:00:00Z", Step::week, "2027-W01"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(period_of(instant(row.instant), amsterdam, row.step), row.period) << row.instant;
}

}  // namespace
}  // namespace cds::store

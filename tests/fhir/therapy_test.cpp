#include <gtest/gtest.h>

#include "fhir/drug_groups.hpp"
#include "tests/fhir/sample_record.hpp"

// Continuous therapies, what kind of start a draft is, and what is in use. Source: catalogue 3.3.

namespace cds::fhir {
namespace {

SampleRequest course(char const* drug, int from, int to) {
    SampleRequest request;
    return request.order(drug, authored(from) + bounds(on(from), on(to)), "completed");
}

TEST(Therapies, AGapBeyondTheDrugsLimitBeginsANewOne) {
    struct Row {
        char const* drug;
        DrugSet drugs;
        int gap;
        bool continuous;
    };
    for (auto const& row : {
             Row{"ciclosporin", ciclosporin(), 28, true},
             Row{"ciclosporin", ciclosporin(), 29, false},
             Row{"azathioprine", thiopurines(), 28, true},
             Row{"azathioprine", thiopurines(), 29, false},
             Row{"omalizumab", omalizumab(), 56, true},
             Row{"omalizumab", omalizumab(), 57, false},
             Row{"infliximab", infliximab(), 90, true},
             Row{"infliximab", infliximab(), 91, false},
         }) {
        auto const sample =
            course(row.drug, -400, -200).order(row.drug, authored(-200 + row.gap)).load();
        auto const therapy = sample->chart->therapy(row.drugs, sample_today);
        ASSERT_TRUE(therapy) << row.drug;
        EXPECT_EQ(therapy->start.first, in_days(row.continuous ? -400 : -200 + row.gap))
            << row.drug << row.gap;
        EXPECT_EQ(sample->chart->therapies(row.drugs, sample_today).size(),
                  row.continuous ? 1U : 2U)
            << row.drug << row.gap;
        EXPECT_FALSE(therapy->ended) << row.drug;
    }
}

TEST(Therapies, ADraftIsAStartARestartOrAContinuation) {
    struct Row {
        char const* drug;
        DrugSet drugs;
        int gap;
        DraftKind kind;
    };
    for (auto const& row : {
             Row{"ciclosporin", ciclosporin(), 0, DraftKind::continuation},
             Row{"ciclosporin", ciclosporin(), 28, DraftKind::continuation},
             Row{"ciclosporin", ciclosporin(), 29, DraftKind::restart},
             Row{"ciclosporin", ciclosporin(), 900, DraftKind::restart},
             Row{"omalizumab", omalizumab(), 56, DraftKind::continuation},
             Row{"omalizumab", omalizumab(), 57, DraftKind::restart},
             Row{"infliximab", infliximab(), 90, DraftKind::continuation},
             Row{"infliximab", infliximab(), 91, DraftKind::restart},
         }) {
        auto const by_order = course(row.drug, -1000, -row.gap).start(row.drug).load();
        EXPECT_EQ(by_order->chart->kind(by_order->chart->drafts()[0], row.drugs), row.kind)
            << row.drug << row.gap;
        auto const by_dose = SampleRequest{}.given(row.drug, -row.gap).start(row.drug).load();
        EXPECT_EQ(by_dose->chart->kind(by_dose->chart->drafts()[0], row.drugs), row.kind)
            << row.drug << row.gap;
    }
    auto const fresh = SampleRequest{}.order("ciclosporin").start("infliximab").load();
    EXPECT_EQ(fresh->chart->kind(fresh->chart->drafts()[0], infliximab()), DraftKind::initiation);
    auto const eye = SampleRequest{}.order("Restasis").start("ciclosporin").load();
    EXPECT_EQ(eye->chart->kind(eye->chart->drafts()[0], ciclosporin()), DraftKind::initiation);
}

TEST(Therapies, TheKindIsJudgedAtTheDraftsOwnStart) {
    auto const sample = course("ciclosporin", -100, -10)
                            .start("ciclosporin", bounds(on(18), ""))
                            .start("ciclosporin", bounds(on(19), ""))
                            .load();
    EXPECT_EQ(sample->chart->kind(sample->chart->drafts()[0], ciclosporin()),
              DraftKind::continuation);
    EXPECT_EQ(sample->chart->kind(sample->chart->drafts()[1], ciclosporin()), DraftKind::restart);
}

TEST(Therapies, AnotherBrandOrDoseCarriesOn) {
    auto const sample = SampleRequest{}.order("Remicade", authored(-50)).start("Inflectra").load();
    EXPECT_EQ(sample->chart->kind(sample->chart->drafts()[0], infliximab()),
              DraftKind::continuation);
    auto const thiopurine =
        SampleRequest{}.order("azathioprine", authored(-50)).start("mercaptopurine").load();
    EXPECT_EQ(
        thiopurine->chart->kind(thiopurine->chart->drafts()[0], azathioprine_mercaptopurine()),
        DraftKind::continuation);
}

TEST(Therapies, InUseReachesBeyondTheLastInfusionUntilSomethingStopsIt) {
    struct Row {
        char const* what;
        SampleRequest request;
        DrugSet drugs;
        bool in_use;
    };
    auto const infused = [](int day) { return SampleRequest{}.given("infliximab", day); };
    auto const reason = ",'statusReason':{'text':'loss of response'}";
    Row const table[] = {
        {"infliximab 90 d", infused(-90), infliximab(), true},
        {"infliximab 91 d", infused(-91), infliximab(), false},
        {"omalizumab 56 d", SampleRequest{}.given("omalizumab", -56), omalizumab(), true},
        {"omalizumab 57 d", SampleRequest{}.given("omalizumab", -57), omalizumab(), false},
        {"another drug only on its day", SampleRequest{}.given("vedolizumab", -1),
         set_of(Drug::vedolizumab), false},
        {"a completed order does not end it",
         infused(-30).order("infliximab", authored(-60) + bounds("", on(-20)), "completed"),
         infliximab(), true},
        {"a stopped order ends it",
         infused(-30).order("infliximab", authored(-60) + bounds("", on(-20)), "stopped"),
         infliximab(), false},
        {"a reason for the end ends it",
         infused(-30).order("infliximab", authored(-60) + bounds("", on(-20)) + reason,
                            "completed"),
         infliximab(), false},
        {"an older stop was overtaken",
         infused(-30).order("infliximab", authored(-90) + bounds("", on(-60)), "stopped"),
         infliximab(), true},
        {"a stop draft ends it", infused(-30).stop("infliximab"), infliximab(), false},
        {"an order in force", SampleRequest{}.order("azathioprine"), thiopurines(), true},
    };
    for (auto const& row : table) {
        auto const sample = row.request.load();
        EXPECT_EQ(sample->chart->in_use(row.drugs, sample_today) != nullptr, row.in_use)
            << row.what;
    }
}

TEST(Therapies, AStartThatIsUnknownOrAYearOnlyIsNotKnown) {
    struct Row {
        std::string members;
        bool known;
    };
    for (auto const& row : {
             Row{",'effectivePeriod':{'start':'2023-11'}", true},
             Row{",'effectivePeriod':{'start':'2023'}", false},
             Row{"", false},
             Row{",'effectivePeriod':{'start':'2023-11-05'}", true},
         }) {
        auto const sample = SampleRequest{}.statement("azathioprine", row.members).load();
        auto const therapy = sample->chart->therapy(thiopurines(), sample_today);
        ASSERT_TRUE(therapy) << row.members;
        EXPECT_EQ(therapy->start_known, row.known) << row.members;
    }
}

TEST(Therapies, TheStartIsTheFirstThatIsStated) {
    struct Row {
        std::string members;
        int start;
    };
    for (auto const& row : {
             Row{authored(-10) + bounds(on(-30), "") +
                     ",'dispenseRequest':{'validityPeriod':{'start':'" + on(-40) + "'}}",
                 -30},
             Row{authored(-10) + ",'dosageInstruction':[{'timing':{'event':['" + on(-50) + "','" +
                     on(-60) + "']}}]",
                 -50},
             Row{authored(-10) + ",'dispenseRequest':{'validityPeriod':{'start':'" + on(-40) +
                     "'}}",
                 -40},
             Row{authored(-10), -10},
         }) {
        auto const sample = SampleRequest{}.order("ciclosporin", row.members).load();
        EXPECT_EQ(sample->chart->therapy(ciclosporin(), sample_today)->start.first,
                  in_days(row.start))
            << row.members;
    }
    auto const given_first =
        SampleRequest{}.order("infliximab", authored(-10)).given("infliximab", -7).load();
    EXPECT_EQ(given_first->chart->ongoing(infliximab(), sample_today)->start.first, in_days(-7));
}

}  // namespace
}  // namespace cds::fhir

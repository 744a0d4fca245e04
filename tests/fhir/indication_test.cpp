#include <gtest/gtest.h>

#include "fhir/indication.hpp"
#include "tests/fhir/sample_record.hpp"

// What a drug is given for. Source: catalogue 3.7.

namespace cds::fhir {
namespace {

std::string reason(char const* text) {
    return ",'reasonCode':[{'text':'" + std::string{text} + "'}]";
}

Indication of(SampleRequest const& request) {
    auto const sample = request.load();
    DraftList drafts;
    for (auto const& draft : sample->chart->drafts()) drafts.push_back(&draft);
    return pair_indication(*sample->chart, drafts, sample_today);
}

TEST(Indications, APairTakesTheMostRestrictiveOfTheProblemList) {
    struct Row {
        std::vector<char const*> conditions;
        Indication expected;
    };
    Row const table[] = {
        {{}, Indication::unknown},
        {{"rheumatoid arthritis"}, Indication::rheumatoid_arthritis},
        {{"rheumatoid arthritis", "behcet disease"}, Indication::behcet},
        {{"behcet disease", "crohn disease"}, Indication::crohns_disease},
        {{"crohn disease", "pyoderma gangrenosum"}, Indication::other_dermatosis},
        {{"pyoderma gangrenosum", "atopic dermatitis"}, Indication::atopic_dermatitis},
        {{"atopic dermatitis", "psoriasis"}, Indication::psoriasis},
        {{"psoriasis", "ulcerative colitis"}, Indication::ulcerative_colitis},
        {{"ulcerative colitis", "acute severe ulcerative colitis"}, Indication::acute_severe_uc},
        {{"gout", "hypertension"}, Indication::unknown},
        {{"asthma"}, Indication::unknown},
    };
    for (auto const& row : table) {
        SampleRequest request;
        for (auto const* condition : row.conditions) request.condition(condition);
        EXPECT_EQ(of(request.start("infliximab")), row.expected)
            << (row.conditions.empty() ? "" : row.conditions.front());
    }
}

TEST(Indications, AReasonOnADraftComesBeforeTheProblemList) {
    auto const uc = [] { return SampleRequest{}.condition("ulcerative colitis"); };
    EXPECT_EQ(of(uc().start("infliximab", reason("rheumatoid arthritis"))),
              Indication::rheumatoid_arthritis);
    EXPECT_EQ(of(uc().start("infliximab", reason("rheumatoid arthritis"))
                     .start("ciclosporin", reason("psoriasis"))),
              Indication::psoriasis);
    EXPECT_EQ(of(uc().start("infliximab", reason("rheumatoid arthritis")).start("ciclosporin")),
              Indication::rheumatoid_arthritis);
    EXPECT_EQ(of(uc().start("infliximab", reason("uveitis"))), Indication::ulcerative_colitis);
    EXPECT_EQ(of(SampleRequest{}.start("infliximab", reason("uveitis"))), Indication::other);
    EXPECT_EQ(of(SampleRequest{}.start("infliximab", reason("asthma"))), Indication::other);
    EXPECT_EQ(of(SampleRequest{}.start("infliximab",
                                       ",'reasonReference':[{'reference':'Condition/gone'}]")),
              Indication::unknown);
}

TEST(Indications, TheStoredPartnersReasonIsNotAsked) {
    auto const request =
        SampleRequest{}.order("ciclosporin", reason("psoriasis")).start("infliximab");
    EXPECT_EQ(of(request), Indication::unknown);
    auto const sample = request.load();
    EXPECT_TRUE(ciclosporin_use_of_order(*sample->chart, sample_today).is(Disease::psoriasis));
    EXPECT_FALSE(ciclosporin_use(*sample->chart, sample_today).is(Disease::psoriasis));
}

TEST(Indications, StatedColitisIsRaisedToAcuteSevereWhenThatHolds) {
    auto const severe = ",'severity':{'coding':[{'code':'24484000'}]}";
    auto const encounter =
        "{'resourceType':'Encounter','status':'in-progress','class':{'code':'IMP'}}";
    EXPECT_EQ(of(SampleRequest{}.start("infliximab", reason("ulcerative colitis"))),
              Indication::ulcerative_colitis);
    EXPECT_EQ(of(SampleRequest{}
                     .condition("ulcerative colitis", severe)
                     .value("encounter", encounter)
                     .start("infliximab", reason("ulcerative colitis"))),
              Indication::acute_severe_uc);
    EXPECT_EQ(of(SampleRequest{}.start("infliximab", reason("acute severe ulcerative colitis"))),
              Indication::acute_severe_uc);
    auto const old_label = [](int day) {
        return SampleRequest{}
            .condition("acute severe ulcerative colitis",
                       ",'id':'c1','onsetDateTime':'" + on(day) + "'")
            .start("infliximab", ",'reasonReference':[{'reference':'Condition/c1'}]");
    };
    EXPECT_EQ(of(old_label(-90)), Indication::acute_severe_uc);
    EXPECT_EQ(of(old_label(-91)), Indication::ulcerative_colitis);
}

TEST(Indications, OnlyActiveConfirmedOrProvisionalConditionsIndicate) {
    auto const with = [](std::string const& extra) {
        return of(SampleRequest{}.condition("crohn disease", extra).start("infliximab"));
    };
    EXPECT_EQ(with(""), Indication::crohns_disease);
    EXPECT_EQ(with(",'verificationStatus':{'coding':[{'code':'provisional'}]}"),
              Indication::crohns_disease);
    EXPECT_EQ(with(",'verificationStatus':{'coding':[{'code':'unconfirmed'}]}"),
              Indication::unknown);
    EXPECT_EQ(with(",'verificationStatus':{'coding':[{'code':'differential'}]}"),
              Indication::unknown);
    EXPECT_EQ(with(",'clinicalStatus':{'coding':[{'code':'resolved'}]}"), Indication::unknown);
    EXPECT_EQ(with(",'clinicalStatus':{'coding':[{'code':'relapse'}]}"),
              Indication::crohns_disease);
}

TEST(Indications, ATransplantGovernsUnlessTheDraftSaysOtherwise) {
    auto const governs = [](SampleRequest const& request) {
        return transplant(*request.load()->chart);
    };
    auto const procedure = [](char const* state) {
        return SampleRequest{}.row("procedures", "{'resourceType':'Procedure','status':'" +
                                                     std::string{state} +
                                                     "','code':{'text':'kidney transplantation'}}");
    };
    EXPECT_TRUE(governs(SampleRequest{}.start("ciclosporin", reason("kidney transplant"))));
    EXPECT_TRUE(
        governs(SampleRequest{}.condition("kidney transplant status").start("ciclosporin")));
    EXPECT_TRUE(governs(SampleRequest{}
                            .condition("kidney transplant status")
                            .start("ciclosporin", reason("rejection"))));
    EXPECT_FALSE(governs(SampleRequest{}
                             .condition("kidney transplant status")
                             .start("ciclosporin", reason("psoriasis"))));
    EXPECT_TRUE(governs(procedure("completed").start("ciclosporin")));
    EXPECT_FALSE(governs(procedure("not-done").start("ciclosporin")));
    EXPECT_FALSE(governs(SampleRequest{}.start("ciclosporin")));
}

}  // namespace
}  // namespace cds::fhir

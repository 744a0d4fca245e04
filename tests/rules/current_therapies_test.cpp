#include "tests/rules/patient_view.hpp"

// What is due for therapies that are taken now. The clock is 2026-03-10.

namespace cds::acceptance {
namespace {

using testing::HasSubstr;

Patient on_azathioprine(int start) {
    return Patient{}.order("m1", azathioprine, "azathioprine", start);
}

TEST(CurrentTherapies, AreSilentWhenTheyHaveEnded) {
    Patient patient;
    patient.order("m1", modified, "Neoral", -200, "", "stopped")
        .order("m2", azathioprine, "azathioprine", -300, "", "completed");
    EXPECT_EQ(view(patient).body, R"({"cards":[]})");
    EXPECT_EQ(view(Patient{}).body, R"({"cards":[]})") << "nor is anything said of nobody's";
}

TEST(CurrentTherapies, PassOverDraftsOfTheCall) {
    Patient patient;
    patient.draft("d1", modified, "Neoral", dose("125", 2));
    EXPECT_EQ(view(patient).card("ciclosporin"), "");
}

TEST(CurrentTherapies, GiveOneCardEach) {
    auto patient = on_ciclosporin(-200, -40);
    patient.order("m2", azathioprine, "azathioprine", -400);
    auto const got = view(patient);
    EXPECT_EQ(got.card("ciclosporin"), "warning");
    EXPECT_EQ(got.card("thiopurine"), "info");
    EXPECT_EQ(got.cards.size(), 2U);
}

TEST(CurrentTherapies, NameTheTherapiesThatCannotBeToldWithoutTheOrders) {
    auto const got = view(Patient{}.prefetch("medications", ""));
    EXPECT_EQ(got.cards.size(), 1U);
    for (auto const* therapy :
         {"infliximab", "ciclosporin", "azathioprine or mercaptopurine", "omalizumab"})
        EXPECT_THAT(got.detail("not-evaluated"),
                    HasSubstr(std::string{"Monitoring of "} + therapy));
    EXPECT_THAT(got.summaries.at("not-evaluated"), HasSubstr("4 safety checks for this patient"));
}

/// Whether the card of what was not checked came; the count is kept either way.
bool says_so(Patient const& patient) {
    auto const got = view(patient);
    EXPECT_GT(got.not_checked, 0U);
    return got.cards.count("not-evaluated") > 0;
}

TEST(CurrentTherapies, SayNothingOfDataThatAClientLeavesOutForEverybody) {
    auto const without = [](std::string const& value) {
        return Patient{}
            .order("m1", "29046", "lisinopril", -100)
            .prefetch("statements", value)
            .prefetch("administrations", value)
            .prefetch("dispenses", value);
    };
    EXPECT_FALSE(says_so(without(""))) << "the orders are there, and nothing is about this";
    EXPECT_TRUE(says_so(without("").prefetch("medications", ""))) << "no medication data at all";
    EXPECT_TRUE(says_so(Patient{}.prefetch("medications", ""))) << "orders are the least";

    auto const failed = R"({"resourceType":"OperationOutcome","issue":[{"severity":"error"}]})";
    auto const cut_off = R"({"resourceType":"Bundle","link":[{"relation":"next"}]})";
    for (auto const* value : {failed, cut_off})
        EXPECT_TRUE(says_so(without("").prefetch("dispenses", value))) << value;
}

TEST(CurrentTherapies, SayItWhenATherapyIsOrWasOnRecord) {
    struct Row {
        char const* name;
        Patient patient;
    };
    for (auto const& row :
         {Row{"ended", Patient{}.order("m1", azathioprine, "azathioprine", -300, "", "stopped")},
          Row{"entered in error",
              Patient{}.order("m1", azathioprine, "azathioprine", -300, "", "entered-in-error")},
          Row{"not identified", Patient{}.order("m1", "", "", -300)}}) {
        auto patient = row.patient;
        EXPECT_TRUE(says_so(patient.prefetch("dispenses", ""))) << row.name;
    }
}

TEST(CurrentTherapies, ConcludeNothingFromResultsThatWereNotSent) {
    auto patient = on_ciclosporin(-200, -40);
    patient.prefetch("observations", "");
    auto const got = view(patient);
    EXPECT_EQ(got.card("ciclosporin"), "");
    EXPECT_THAT(got.summaries.at("not-evaluated"), HasSubstr("Monitoring of ciclosporin"));
}

TEST(CurrentTherapies, SayWhichResultCouldNotBeUsed) {
    auto patient = on_ciclosporin(-200, -40);
    patient.lab("14682-9", "80", "", -2);
    auto const got = view(patient);
    EXPECT_EQ(got.cards.at("data-quality-unusable"), "info");
    EXPECT_THAT(got.detail("data-quality-unusable"), HasSubstr("Monitoring of ciclosporin"));
}

TEST(CurrentThiopurine, NeedsACountByThePhaseOfItsRule) {
    struct Row {
        char const* name;
        int start, count;
        char const* card;
    };
    for (auto const& row :
         {Row{"first month, done today", -20, 0, "info"},
          Row{"first month, 7 days", -20, -7, "info"},
          Row{"first month, 8 days", -20, -8, "warning"},
          Row{"second month, 14 days", -60, -14, "info"},
          Row{"second month, 15 days", -60, -15, "warning"}, Row{"later, 16 days", -200, -16, ""},
          Row{"later, due in 14 days", -200, -17, "info"},
          Row{"later, due in 13 days", -200, -18, "info"}, Row{"later, 32 days", -200, -32, "info"},
          Row{"later, 92 days", -400, -92, "info"}, Row{"later, 93 days", -400, -93, "warning"}}) {
        auto patient = on_azathioprine(row.start);
        count(patient, row.count);
        auto const got = view(patient);
        EXPECT_EQ(got.card("thiopurine"), row.card) << row.name;
        if (std::string{row.name} == "later, 32 days") {
            EXPECT_THAT(got.summary("thiopurine"), HasSubstr("overdue: full blood count"));
        }
    }
}

TEST(CurrentThiopurine, WaitsForAPanelThatIsOrdered) {
    auto patient = on_azathioprine(-200);
    count(patient, -10);
    ordered(patient, "58410-2", -1);
    EXPECT_THAT(view(patient).summary("thiopurine"), HasSubstr("no result yet: full blood count"));
}

TEST(CurrentThiopurine, DoesNotGuessThePhaseOfATherapyOfUnknownStart) {
    Patient patient;
    patient.add("medications",
                R"({"resourceType":"MedicationRequest","id":"m1","status":"active","intent":)"
                R"("order","medicationCodeableConcept":{"text":"azathioprine"},"subject":)"
                R"({"reference":"Patient/p1"}})");
    count(patient, -10);
    auto const got = view(patient);
    EXPECT_EQ(got.card("thiopurine"), "");
    EXPECT_THAT(got.detail("not-evaluated"), HasSubstr("start of the thiopurine therapy"));
}

Patient on_infliximab() {
    return Patient{}
        .order("m1", infliximab, "infliximab", -400)
        .given(infliximab, "infliximab", -400)
        .given(infliximab, "infliximab", -20);
}
Patient& screened(Patient& patient, std::string const& value) {
    return patient.result("71773-6", "", "\"valueString\":\"" + value + "\"", -300);
}

TEST(CurrentInfliximab, NeedsOneTuberculosisScreen) {
    EXPECT_EQ(view(on_infliximab()).card("infliximab"), "warning");
    EXPECT_THAT(view(on_infliximab()).actions.at("monitoring-infliximab"),
                HasSubstr("ServiceRequest"));
    auto patient = on_infliximab();
    EXPECT_EQ(view(screened(patient, "negative")).card("infliximab"), "");
    auto unknown = on_infliximab();
    unknown.prefetch("conditions", "");
    EXPECT_EQ(view(unknown).card("infliximab"), "");
    EXPECT_EQ(view(unknown).cards.count("not-evaluated"), 1U);
}

TEST(CurrentInfliximab, NamesAPositiveScreenWithoutTreatment) {
    auto patient = on_infliximab();
    screened(patient, "positive");
    EXPECT_EQ(view(patient).card("infliximab"), "critical");
    EXPECT_THAT(view(patient).summary("infliximab"), HasSubstr("latent tuberculosis"));
    patient.order("m2", "6038", "isoniazid", -60);
    EXPECT_EQ(view(patient).card("infliximab"), "");
}

TEST(CurrentInfliximab, NeedsLevelAndAntibodiesAfterAThiopurineWasStopped) {
    auto const stopped = [](int days) {
        auto patient = on_infliximab();
        screened(patient, "negative");
        patient.order("m2", azathioprine, "azathioprine", -390, bounded_dose("100", 1, -390, days),
                      "stopped");
        return patient;
    };
    // Three months before 2026-03-24 is 2025-12-24, 76 days ago.
    EXPECT_EQ(view(stopped(-75)).card("infliximab"), "") << "from 2026-03-25, in 15 days";
    EXPECT_EQ(view(stopped(-76)).card("infliximab"), "info");
    EXPECT_THAT(view(stopped(-76)).detail("monitoring-infliximab"),
                HasSubstr("Due from 2026-03-24 by 2026-06-24"));
    EXPECT_EQ(view(stopped(-181)).card("infliximab"), "info") << "2025-09-10: the last day";
    EXPECT_EQ(view(stopped(-182)).card("infliximab"), "warning");
    EXPECT_THAT(view(stopped(-182)).actions.at("monitoring-infliximab"), HasSubstr("antibod"));
}

TEST(CurrentInfliximab, IsOverNinetyDaysAfterTheLastInfusion) {
    EXPECT_EQ(view(Patient{}.given(infliximab, "infliximab", -90)).card("infliximab"), "warning");
    EXPECT_EQ(view(Patient{}.given(infliximab, "infliximab", -91)).card("infliximab"), "");
}

Patient on_omalizumab(int days) { return Patient{}.order("m1", omalizumab, "omalizumab", days); }

TEST(CurrentOmalizumab, NeedsAReviewOfTheResponse) {
    EXPECT_EQ(view(on_omalizumab(-41)).card("omalizumab"), "") << "from day 56, in 15 days";
    EXPECT_EQ(view(on_omalizumab(-42)).card("omalizumab"), "info");
    EXPECT_EQ(view(on_omalizumab(-43)).card("omalizumab"), "info");
    EXPECT_EQ(view(on_omalizumab(-84)).card("omalizumab"), "info");
    EXPECT_EQ(view(on_omalizumab(-85)).card("omalizumab"), "warning");
    EXPECT_THAT(view(on_omalizumab(-85)).summary("omalizumab"),
                HasSubstr("overdue: review of the response"));
    EXPECT_EQ(view(on_omalizumab(-85).prefetch("observations", "")).card("omalizumab"), "");
}

TEST(CurrentOmalizumab, NeedsAnAnnualReviewBesideInfliximab) {
    auto const both = [](int review) {
        auto patient = on_infliximab();
        screened(patient, "negative");
        patient.order("m2", omalizumab, "omalizumab", -400)
            .result("", "ACT score", "\"valueInteger\":21", -300)
            .result("", "Annual biologic review", "\"valueString\":\"done\"", review);
        return view(patient);
    };
    EXPECT_EQ(both(-350).card("omalizumab"), "") << "due in 15 days";
    EXPECT_EQ(both(-351).card("omalizumab"), "info");
    EXPECT_THAT(both(-366).summary("omalizumab"), HasSubstr("overdue: annual review"));
    EXPECT_EQ(both(-366).card("omalizumab"), "info");
}

TEST(Discharge, SaysTheSame) {
    auto patient = on_ciclosporin(-200, -40);
    auto request = patient.request();
    request.replace(request.find("order-sign"), 10, "encounter-discharge");
    hooks::Workspace workspace;
    std::string body;
    ASSERT_TRUE(hooks::answer(cards::knowledge(), {}, {}, hooks::discharge_service, request,
                              cards::instant("2026-03-10T09:00:00Z"), workspace, body));
    EXPECT_EQ(body, view(patient).body);
}

}  // namespace
}  // namespace cds::acceptance

#include "rules/policy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/patient.hpp"
#include "tests/rules/policy_site.hpp"

// What a site's policy makes of the cards. Days are counted from 2026-03-10.

namespace cds::acceptance {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string const ifx = "191831", csa = "3008";

/// Ciclosporin drafted beside infliximab in ulcerative colitis: the critical pair.
Patient pair_in_colitis() {
    Patient patient;
    patient.result("71773-6", "", R"("valueString":"negative")", -30)
        .condition("K51.90", "Ulcerative colitis", -400)
        .order("m-ifx", ifx, "infliximab", -60)
        .draft("d", csa, "ciclosporin", dose("100", 2) + reason("Ulcerative colitis"));
    return patient;
}

Patient thiazide() {
    Patient patient;
    patient.order("m", "5487", "hydrochlorothiazide", -60).draft("d", csa, "ciclosporin");
    return patient;
}

/// An encounter whose service has this SNOMED CT code.
std::string encounter(std::string const& service, std::string const& id = "e1") {
    return R"({"resourceType":"Encounter","id":")" + id +
           R"(","status":"in-progress","class":{"code":"AMB"},)"
           R"("subject":{"reference":"Patient/p1"},"serviceType":{"coding":[)"
           R"({"system":"http://snomed.info/sct","code":")" +
           service + R"("}]}})";
}

std::string const dermatology =
    R"(,"specialties":[{"system":"http://snomed.info/sct","code":"394582007","display":"Dermatology"}])";

TEST(Policy, ARuleThatIsOffIsNotRun) {
    ASSERT_EQ(thiazide().card("csa-thiazide"), "warning");
    auto const site = with_policy(policy_file({entry("csa-thiazide", "off")}));
    auto const answer = ask(*site, thiazide().request());
    EXPECT_EQ(answer.card("csa-thiazide"), "");
    EXPECT_THAT(answer.withheld(), IsEmpty());
    // What else was to be said is said.
    EXPECT_EQ(answer.card("csa-baseline-incomplete"),
              ask(*knowledge(), thiazide().request()).card("csa-baseline-incomplete"));
}

TEST(Policy, AnEntryHoldsUpToAndIncludingItsDayWithoutALoadInBetween) {
    auto const site = with_policy(policy_file({entry("csa-thiazide", "off", "", "2026-03-10"),
                                               entry("csa-pregnancy", "off", "", "2026-06-30")}));
    auto const request = thiazide().request();
    EXPECT_EQ(ask(*site, request, "2026-03-09T12:00:00Z").card("csa-thiazide"), "");
    EXPECT_EQ(ask(*site, request, "2026-03-10T23:59:59Z").card("csa-thiazide"), "");
    EXPECT_EQ(ask(*site, request, "2026-03-11T00:00:00Z").card("csa-thiazide"), "warning");
    EXPECT_FALSE(site->on(date("2026-03-11")).find("csa-pregnancy")->enabled);
    EXPECT_TRUE(site->on(date("2026-07-01")).find("csa-pregnancy")->enabled);
}

TEST(Policy, AShadowRuleIsCountedAndNotShown) {
    auto const site = with_policy(policy_file({entry("csa-thiazide", "shadow")}));
    auto const answer = ask(*site, thiazide().request());
    EXPECT_EQ(answer.card("csa-thiazide"), "");
    EXPECT_THAT(answer.withheld(), ElementsAre("csa-thiazide=warning shadow"));
    EXPECT_THAT(answer.body, Not(HasSubstr("csa-thiazide")));
}

TEST(Policy, AShadowRuleThatCannotBeCheckedIsNotListed) {
    auto patient = thiazide();
    patient.prefetch("medications", "").prefetch("statements", "");
    ASSERT_EQ(patient.card("csa-thiazide"), "unknown");
    auto const plain = ask(*knowledge(), patient.request());
    EXPECT_THAT(plain.body, HasSubstr("Ciclosporin with a thiazide"));
    auto const site = with_policy(policy_file({entry("csa-thiazide", "shadow")}));
    auto const answer = ask(*site, patient.request());
    EXPECT_EQ(answer.card("not-evaluated"), "info");
    EXPECT_THAT(answer.body, Not(HasSubstr("Ciclosporin with a thiazide")));
}

TEST(Policy, AResultThatOnlyAShadowRuleNeedsIsNoTroubleOfOthers) {
    Patient patient;
    patient.draft("d", "835911", "Neoral", dose("125", 2) + reason("Psoriasis"))
        .lab("29463-7", "75", "furlongs", -3);
    auto const before = ask(*knowledge(), patient.request());
    ASSERT_EQ(before.card("data-quality-unusable"), "info") << before.body;
    std::vector<std::string> entries;
    for (auto const& rule : knowledge()->rules()) {
        if (rule.id != "data-quality-unusable") entries.push_back(entry(rule.id, "shadow"));
    }
    auto const site = with_policy(policy_file(entries));
    EXPECT_EQ(ask(*site, patient.request()).card("data-quality-unusable"), "");
}

TEST(Policy, AHiddenRuleDoesNotKeepAnotherFromSpeaking) {
    auto const plain = ask(*knowledge(), pair_in_colitis().request());
    ASSERT_EQ(plain.card("uc-ifx-csa-concurrent"), "critical");
    ASSERT_EQ(plain.card("ifx-csa-concurrent-avoid"), "");
    for (std::string const change : {"off", "shadow"}) {
        auto const site = with_policy(policy_file({entry("uc-ifx-csa-concurrent", change)}));
        auto const answer = ask(*site, pair_in_colitis().request());
        EXPECT_EQ(answer.card("uc-ifx-csa-concurrent"), "") << change;
        EXPECT_EQ(answer.card("ifx-csa-concurrent-avoid"), "warning") << change;
    }
}

TEST(Policy, ASuppressedCardComesBackWhenItsHigherOneIsHidden) {
    // 24 and more months: the stop card silences the review card of the course's length.
    Patient patient;
    patient.condition("L20.9", "Atopic dermatitis", -900)
        .weight("75", -5)
        .order("m", "835911", "Neoral", -500, bounded_dose("125", 2, -500, 5))
        .draft("d", "835911", "Neoral", dose("125", 2) + reason("Atopic dermatitis"));
    ASSERT_NE(patient.card("csa-duration-max-1y"), "");
    ASSERT_EQ(patient.card("csa-course-length-review"), "");
    auto const off = with_policy(policy_file({entry("csa-duration-max-1y", "off")}));
    EXPECT_EQ(ask(*off, patient.request()).card("csa-course-length-review"), "info");
    auto const shadow = with_policy(policy_file({entry("csa-duration-max-1y", "shadow")}));
    EXPECT_EQ(ask(*shadow, patient.request()).card("csa-course-length-review"), "info");
    // A shadow card that a shown one would have made superfluous would not have been shown.
    auto const lower = with_policy(policy_file({entry("csa-course-length-review", "shadow")}));
    EXPECT_THAT(ask(*lower, patient.request()).withheld(), IsEmpty());
}

TEST(Policy, AnIndicatorIsSetOrMovedByAStep) {
    struct Row {
        char const* to;
        char const* expected;
    };
    for (auto const& row : {Row{"info", "info"}, Row{"down", "info"}, Row{"up", "critical"},
                            Row{"critical", "critical"}, Row{"warning", "warning"}}) {
        auto const site = with_policy(policy_file(
            {entry("csa-thiazide", "indicator", R"(,"to":")" + std::string{row.to} + "\"")}));
        EXPECT_EQ(ask(*site, thiazide().request()).card("csa-thiazide"), row.expected) << row.to;
    }
}

TEST(Policy, AThresholdChangesTheCheckAndTheWords) {
    Patient patient;
    patient.weight("75", -5).condition("L20.9", "Atopic dermatitis", -900);
    patient.draft("d", "835911", "Neoral", dose("210", 2) + reason("Atopic dermatitis"));
    ASSERT_EQ(patient.card("csa-ad-dose-above-range"), "warning");  // 5.6 mg/kg
    auto const site =
        with_policy(policy_file({entry("csa-ad-dose-above-range", "threshold",
                                       R"(,"name":"high_mg_per_kg","value":6,"unit":"mg/kg/d")")}));
    EXPECT_EQ(ask(*site, patient.request()).card("csa-ad-dose-above-range"), "");
    auto const* rule = site->on(date("2026-03-10")).find("csa-ad-dose-above-range");
    EXPECT_EQ(rule->threshold("high_mg_per_kg").text(3), "6");
    EXPECT_EQ(rule->wording.size(), knowledge()->find("csa-ad-dose-above-range")->wording.size());
    EXPECT_EQ(site->on(date("2026-04-01"))
                  .find("csa-ad-dose-above-range")
                  ->threshold("high_mg_per_kg")
                  .text(3),
              "5");
}

TEST(Policy, ThresholdsAreGivenInTheRulesUnitOrOneThatCanBeConverted) {
    auto const read = [](std::string const& rest) {
        return rules::Policy::read(
            policy_file({entry("ifx-csa-combination-labs", "threshold", rest)}), *knowledge());
    };
    auto const weeks = read(R"(,"name":"lft_days","value":8,"unit":"wk")");
    ASSERT_TRUE(weeks);
    EXPECT_EQ(weeks->entries[0].value, base::Rational{56});
    EXPECT_EQ(read(R"(,"name":"lft_days","value":8,"unit":"mo")").error().where,
              "#/entries/0/unit");
    EXPECT_EQ(read(R"(,"name":"lft_days","value":"56","unit":"d")").error().where,
              "#/entries/0/value");
    EXPECT_EQ(read(R"(,"name":"lft_days","value":-56,"unit":"d")").error().where,
              "#/entries/0/value");
    EXPECT_EQ(read(R"(,"name":"lft_days","value":55.5,"unit":"d")").error().where,
              "#/entries/0/value");
    EXPECT_EQ(read(R"(,"name":"lft_days","value":5600,"unit":"d")").error().where,
              "#/entries/0/value");
    EXPECT_THAT(read(R"(,"name":"days","value":56,"unit":"d")").error().what,
                HasSubstr("lft_days"));
    EXPECT_TRUE(read(R"(,"name":"neutrophils_below","value":1500,"unit":"10*6/L")"));
}

TEST(Policy, LimitsOfOneUnitKeepTheirOrderOnEachDay) {
    auto const low = entry("csa-ad-dose-above-range", "threshold",
                           R"(,"name":"low_mg_per_kg","value":6,"unit":"mg/kg/d")", "2026-09-01");
    auto const high = [](std::string const& expires) {
        return entry("csa-ad-dose-above-range", "threshold",
                     R"(,"name":"high_mg_per_kg","value":7,"unit":"mg/kg/d")", expires);
    };
    EXPECT_TRUE(rules::Policy::read(policy_file({low, high("2026-09-01")}), *knowledge()));
    auto const alone = rules::Policy::read(policy_file({low}), *knowledge());
    ASSERT_FALSE(alone);
    EXPECT_EQ(alone.error().where, "#/entries/0/value");
    EXPECT_THAT(alone.error().what, HasSubstr("high_mg_per_kg"));
    EXPECT_FALSE(rules::Policy::read(policy_file({low, high("2026-08-01")}), *knowledge()));
}

TEST(Policy, ACardIsQuietForASpecialtyThatTheEncounterNames) {
    auto const site = with_policy(policy_file({entry("csa-thiazide", "quiet", dermatology)}));
    auto patient = thiazide();
    EXPECT_EQ(ask(*site, patient.request()).card("csa-thiazide"), "warning") << "not told";
    patient.prefetch("encounter", encounter("394582007"));
    auto const quiet = ask(*site, patient.request());
    EXPECT_EQ(quiet.card("csa-thiazide"), "");
    EXPECT_THAT(quiet.withheld(), ElementsAre("csa-thiazide=warning quiet"));
    patient.prefetch("encounter", encounter("394584008"));
    EXPECT_EQ(ask(*site, patient.request()).card("csa-thiazide"), "warning") << "another one";
    patient.prefetch("encounter", encounter("394582007", "e9"));
    EXPECT_EQ(ask(*site, patient.request()).card("csa-thiazide"), "warning")
        << "not the encounter of the context";
}

TEST(Policy, ACardIsQuietForAClient) {
    auto const site =
        with_policy(policy_file({entry("csa-thiazide", "quiet", R"(,"clients":["ward-ehr"])")}));
    auto const request = thiazide().request();
    auto const at = "2026-03-10T09:00:00Z";
    EXPECT_EQ(ask(*site, request, at, "ward-ehr").card("csa-thiazide"), "");
    EXPECT_EQ(ask(*site, request, at, "other-ehr").card("csa-thiazide"), "warning");
    EXPECT_EQ(ask(*site, request, at).card("csa-thiazide"), "warning");
}

TEST(Policy, TheCardOfWhatWasNotCheckedGoesAlone) {
    auto patient = thiazide();
    patient.prefetch("conditions", "");
    ASSERT_EQ(ask(*knowledge(), patient.request()).card("not-evaluated"), "info");
    for (std::string const change : {"off", "shadow"}) {
        auto const site = with_policy(policy_file({entry("not-evaluated", change)}));
        auto const answer = ask(*site, patient.request());
        EXPECT_EQ(answer.card("not-evaluated"), "") << change;
        EXPECT_EQ(answer.card("csa-thiazide"), "warning") << change;
        EXPECT_GT(answer.stats.not_checked, 0U) << change;
    }
}

TEST(Policy, ACardShowsTheLocalGuidanceAndThePolicyItRestsOn) {
    auto const site = with_policy(policy_file({entry(
        "csa-thiazide", "add",
        R"(,"guideline":{"label":"Our guideline","url":"https://intranet.test/g?x=1"},)"
        R"("contact":"Pharmacist on call, 1234","sentence":"Ask <b>first</b> [here](x).")")}));
    auto const answer = ask(*site, thiazide().request());
    base::json::Document document;
    auto const root = document.parse(answer.body);
    ASSERT_TRUE(root);
    base::json::Value card;
    for (auto const one : (*root)["cards"]) {
        if (one["source"]["topic"]["code"].string() == "csa-thiazide") card = one;
    }
    std::string const detail{card["detail"].string()};
    EXPECT_THAT(detail, HasSubstr("**Local guidance**"));
    EXPECT_THAT(detail, HasSubstr("Pharmacist on call, 1234"));
    EXPECT_THAT(detail, Not(HasSubstr("<b>")));
    EXPECT_THAT(detail, Not(HasSubstr("[here]")));
    EXPECT_THAT(detail, HasSubstr("Site policy 7 (" + site->policy()->digest.substr(0, 12) + ")."));
    EXPECT_EQ(card["links"].first()["label"].string(), "Our guideline");
    EXPECT_EQ(card["links"].first()["url"].string(), "https://intranet.test/g?x=1");
    // Other cards rest on the policy as well, and carry no guidance of this rule.
    EXPECT_THAT(answer.body, HasSubstr("csa-baseline-incomplete"));
}

TEST(Policy, APrescriptionIsNotHeldBackForACardThatNobodySees) {
    // Methotrexate beside infliximab and azathioprine would be a third class.
    Patient patient;
    patient.condition("M06.9", "Rheumatoid arthritis", -900)
        .order("m", "1256", "azathioprine", -100)
        .draft("d", ifx, "infliximab", reason("Rheumatoid arthritis"));
    auto const refused = "it would raise another alert";
    auto const before = ask(*knowledge(), patient.request());
    ASSERT_EQ(before.card("ra-ifx-without-mtx"), "info") << before.body;
    ASSERT_THAT(before.body, HasSubstr(refused));
    auto const site = with_policy(policy_file({entry("multi-immunosuppressant-burden", "shadow"),
                                               entry("pjp-prophylaxis-missing", "off")}));
    EXPECT_THAT(ask(*site, patient.request()).body, Not(HasSubstr(refused)));
}

}  // namespace
}  // namespace cds::acceptance

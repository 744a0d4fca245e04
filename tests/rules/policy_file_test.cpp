#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/rules/policy_site.hpp"

// What a policy file is refused for, what counts as safety-critical, and the difference in words.

namespace cds::acceptance {
namespace {

using testing::HasSubstr;
using testing::Not;

struct Fault {
    char const* name;
    std::string file;
    char const* where;
    char const* what;
};

std::string off(std::string const& rule = "csa-thiazide") { return entry(rule, "off"); }

std::vector<Fault> faults() {
    return {
        {"no JSON", "{", "#", ""},
        {"no object", "[]", "", "object"},
        {"unknown member", policy_file({off()}, R"(,"color":"red")"), "#/color", "no such member"},
        {"no version", R"({"title":"x","owner":"y","reviewBy":"2027-01-01","entries":[]})",
         "#/version", "text"},
        {"no review date", R"({"title":"x","version":"1","owner":"y","entries":[]})", "#/reviewBy",
         "day"},
        {"no entries", R"({"title":"x","version":"1","owner":"y","reviewBy":"2027-01-01"})",
         "#/entries", "array"},
        {"unknown rule", policy_file({off("csa-thiazid")}), "#/entries/0/rule", "no rule"},
        {"unknown change", policy_file({entry("csa-thiazide", "of")}), "#/entries/0/change",
         "one of"},
        {"unknown member of an entry", policy_file({entry("csa-thiazide", "off", R"(,"to":"up")")}),
         "#/entries/0/to", "no such member"},
        {"no owner",
         policy_file(
             {R"({"rule":"csa-thiazide","change":"off","reason":"r","expires":"2026-12-31"})"}),
         "#/entries/0/owner", "text"},
        {"no reason",
         policy_file(
             {R"({"rule":"csa-thiazide","change":"off","owner":"o","expires":"2026-12-31"})"}),
         "#/entries/0/reason", "text"},
        {"no expiry",
         policy_file({R"({"rule":"csa-thiazide","change":"off","owner":"o","reason":"r"})"}),
         "#/entries/0/expires", "day"},
        {"expiry without a day", policy_file({entry("csa-thiazide", "off", "", "2026-12")}),
         "#/entries/0/expires", "day"},
        {"twice", policy_file({off(), off()}), "#/entries/1", "repeats entry 0"},
        {"off and quiet",
         policy_file({off(), entry("csa-thiazide", "quiet", R"(,"clients":["a"])")}), "#/entries/1",
         "contradicts entry 0"},
        {"off and a threshold",
         policy_file({entry("csa-thiazide", "threshold",
                            R"(,"name":"creatinine_days","value":60,"unit":"d")"),
                      off()}),
         "#/entries/1", "contradicts"},
        {"shadow and quiet",
         policy_file({entry("csa-thiazide", "quiet", R"(,"clients":["a"])"),
                      entry("csa-thiazide", "shadow")}),
         "#/entries/1", "contradicts"},
        {"the same client twice",
         policy_file({entry("csa-thiazide", "quiet", R"(,"clients":["a"])"),
                      entry("csa-thiazide", "quiet", R"(,"clients":["b","a"])")}),
         "#/entries/1", "repeats"},
        {"quiet for nobody", policy_file({entry("csa-thiazide", "quiet")}), "#/entries/0",
         "for whom"},
        {"a specialty without system",
         policy_file({entry("csa-thiazide", "quiet", R"(,"specialties":[{"code":"1"}])")}),
         "#/entries/0/specialties/0/system", "text"},
        {"an indicator that is none",
         policy_file({entry("csa-thiazide", "indicator", R"(,"to":"hard-stop")")}),
         "#/entries/0/to", "one of"},
        {"an indicator for what was not checked",
         policy_file({entry("not-evaluated", "indicator", R"(,"to":"warning")")}),
         "#/entries/0/change", "always info"},
        {"a link without TLS",
         policy_file({entry("csa-thiazide", "add",
                            R"(,"guideline":{"label":"x","url":"http://intranet.test/"})")}),
         "#/entries/0/guideline/url", "https"},
        {"a link that is a script",
         policy_file({entry("csa-thiazide", "add",
                            R"(,"guideline":{"label":"x","url":"https://a.test/)x(\"y"})")}),
         "#/entries/0/guideline/url", "https"},
        {"a link with a user",
         policy_file({entry("csa-thiazide", "add",
                            R"(,"guideline":{"label":"x","url":"https://bank.test@evil.test/"})")}),
         "#/entries/0/guideline/url", "https"},
        {"a sentence of two lines",
         policy_file({entry("csa-thiazide", "add", R"(,"sentence":"a\nb")")}),
         "#/entries/0/sentence", "one line"},
        {"a sentence that is a page",
         policy_file(
             {entry("csa-thiazide", "add", R"(,"sentence":")" + std::string(241, 'x') + "\"")}),
         "#/entries/0/sentence", "too long"},
        {"nothing added", policy_file({entry("csa-thiazide", "add")}), "#/entries/0", "nothing"},
        {"safety-critical without owner",
         policy_file({}, R"(,"safetyCritical":{"reason":"r","remove":["csa-prior-puva"]})"),
         "#/safetyCritical/owner", "text"},
        {"safety-critical of a rule that is none",
         policy_file({}, R"(,"safetyCritical":{"owner":"o","reason":"r","add":["x"]})"),
         "#/safetyCritical/add/0", "no rule"},
        {"safety-critical both ways",
         policy_file({}, R"(,"safetyCritical":{"owner":"o","reason":"r","add":["csa-thiazide"],)"
                         R"("remove":["csa-thiazide"]})"),
         "#/safetyCritical/remove/0", "decide"},
    };
}

TEST(PolicyFile, AFaultIsRefusedWithItsPlaceAndTheFix) {
    for (auto const& fault : faults()) {
        auto const read = rules::Policy::read(fault.file, *knowledge());
        ASSERT_FALSE(read) << fault.name;
        EXPECT_EQ(read.error().where, fault.where) << fault.name << ": " << read.error().what;
        EXPECT_THAT(read.error().what, HasSubstr(fault.what)) << fault.name;
    }
}

TEST(PolicyFile, WhatGoesTogetherIsAccepted) {
    EXPECT_TRUE(rules::Policy::read(
        policy_file({entry("csa-thiazide", "shadow"),
                     entry("csa-thiazide", "indicator", R"(,"to":"up")"),
                     entry("csa-thiazide", "threshold",
                           R"(,"name":"creatinine_days","value":60,"unit":"d")"),
                     entry("csa-thiazide", "add", R"(,"contact":"1234")"),
                     entry("csa-pregnancy", "quiet", R"(,"clients":["a"])"),
                     entry("csa-pregnancy", "quiet", R"(,"clients":["b"])", "2026-05-01")}),
        *knowledge()));
}

TEST(PolicyFile, AnEntryWhoseDayHasPassedIsNoFault) {
    auto const read = rules::Policy::read(
        policy_file({entry("csa-thiazide", "off", "", "2020-01-01")}), *knowledge());
    ASSERT_TRUE(read);
    EXPECT_FALSE(rules::Policy::holds(read->entries[0], date("2026-03-10")));
}

std::vector<std::string> silenced(std::string const& file, std::string const& today) {
    auto const policy = rules::Policy::read(file, *knowledge());
    if (!policy) return {policy.error().where + " " + policy.error().what};
    std::vector<std::string> out;
    for (auto const* one : silenced_safety_critical(*policy, *knowledge(), date(today)))
        out.push_back(one->rule + " " + std::string{name(one->change)});
    return out;
}

TEST(SafetyCritical, AreCriticalRulesAndThreeMore) {
    auto const file =
        policy_file({off("csa-prior-puva"), off("csa-dose-unverifiable"),
                     entry("data-quality-unusable", "shadow"),
                     entry("not-evaluated", "quiet", R"(,"clients":["a"])"), off("csa-thiazide"),
                     entry("csa-contra-renal", "indicator", R"(,"to":"down")"),
                     entry("csa-contra-malignancy", "indicator", R"(,"to":"warning")"),
                     entry("csa-duration-max-1y", "indicator", R"(,"to":"up")"),
                     entry("csa-pregnancy", "add", R"(,"contact":"x")")});
    EXPECT_THAT(
        silenced(file, "2026-03-10"),
        testing::ElementsAre("csa-prior-puva off", "csa-dose-unverifiable off",
                             "data-quality-unusable shadow", "not-evaluated quiet",
                             "csa-contra-renal indicator", "csa-contra-malignancy indicator"));
    EXPECT_THAT(silenced(file, "2026-04-01"), testing::IsEmpty());
}

TEST(SafetyCritical, ThePolicysOwnerCanSayOtherwise) {
    auto const file =
        policy_file({off("csa-prior-puva"), off("csa-thiazide")},
                    R"(,"safetyCritical":{"owner":"o","reason":"r","add":["csa-thiazide"],)"
                    R"("remove":["csa-prior-puva"]})");
    EXPECT_THAT(silenced(file, "2026-03-10"), testing::ElementsAre("csa-thiazide off"));
}

std::string words(std::vector<std::string> const& entries, std::string const& rest = "") {
    auto const policy = rules::Policy::read(policy_file(entries, rest), *knowledge());
    if (!policy) return policy.error().where + " " + policy.error().what;
    return difference_in_words(*policy, *knowledge(), date("2026-03-10"));
}

TEST(PolicyInWords, SaysWhatChangesFromWhatToWhatWhoWhyAndUntilWhen) {
    auto const text = words(
        {off("csa-prior-puva"),
         entry("csa-contra-renal", "threshold",
               R"(,"name":"creatinine_male","value":120,"unit":"umol/L")"),
         entry("csa-thiazide", "indicator", R"(,"to":"up")"),
         entry(
             "csa-thiazide", "quiet",
             R"(,"clients":["a"],"specialties":[{"system":"http://snomed.info/sct","code":"1"}])"),
         entry("csa-pregnancy", "add", R"(,"contact":"1234")"), entry("csa-csa", "off")});
    EXPECT_THAT(text, HasSubstr("#/entries/5/rule"));
    auto const good = words(
        {off("csa-prior-puva"),
         entry("csa-contra-renal", "threshold",
               R"(,"name":"creatinine_male","value":120,"unit":"umol/L")"),
         entry("csa-thiazide", "indicator", R"(,"to":"up")"),
         entry(
             "csa-thiazide", "quiet",
             R"(,"clients":["a"],"specialties":[{"system":"http://snomed.info/sct","code":"1"}])"),
         entry("csa-pregnancy", "add", R"(,"contact":"1234")")});
    EXPECT_THAT(good, HasSubstr("Our policy, version 7"));
    EXPECT_THAT(good, HasSubstr(knowledge()->find("csa-prior-puva")->title + " (csa-prior-puva)"));
    EXPECT_THAT(good, HasSubstr("Off: the check is not made"));
    EXPECT_THAT(good, HasSubstr("silences a safety-critical rule"));
    EXPECT_THAT(good, HasSubstr("creatinine_male: 110 umol/L becomes 120 umol/L."));
    EXPECT_THAT(good, HasSubstr("Indicator: warning becomes critical."));
    EXPECT_THAT(good, HasSubstr("not shown to specialty http://snomed.info/sct|1, client a."));
    EXPECT_THAT(good, HasSubstr("Adds the contact \"1234\"."));
    EXPECT_THAT(good, HasSubstr("Owner: Dr Owner. Until 2026-03-31. Reason: local pathway"));
    EXPECT_THAT(good, Not(HasSubstr("No difference")));
}

TEST(PolicyInWords, SaysWhenThereIsNoDifference) {
    EXPECT_THAT(words({}), HasSubstr("No difference to the knowledge."));
    auto const same = words({entry("csa-thiazide", "indicator", R"(,"to":"warning")")});
    EXPECT_THAT(same, HasSubstr("No difference to the knowledge."));
    EXPECT_THAT(same, HasSubstr("Without effect"));
}

TEST(PolicyInWords, NamesWhatIsNoLongerInForce) {
    auto const text = words({entry("csa-thiazide", "off", "", "2026-03-09")});
    EXPECT_THAT(text, HasSubstr("No longer in force"));
    EXPECT_THAT(text, HasSubstr("off, until 2026-03-09, owner Dr Owner"));
    EXPECT_THAT(text, HasSubstr("No difference to the knowledge."));
}

TEST(PolicyInWords, NamesOtherRulesThatKeepTheirOwnNumber) {
    auto const text = words({entry("csa-bp-persistent-stop", "threshold",
                                   R"(,"name":"systolic","value":150,"unit":"mm[Hg]")")});
    EXPECT_THAT(text, HasSubstr("csa-bp-elevated-on-therapy"));
}

}  // namespace
}  // namespace cds::acceptance

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "rules/knowledge.hpp"

// What a pack is refused for, each fault planted in the shipped one; and how languages are added.

namespace cds::rules {
namespace {

using testing::HasSubstr;

/// The embedded pack with one file changed, added or (empty text) taken away.
base::Result<std::shared_ptr<Knowledge const>> load_with(std::string const& name,
                                                         std::string const& text) {
    auto const pack = embedded_pack();
    std::vector<base::Pack::File> files;
    for (auto const& file : pack.files()) {
        if (file.name != name) files.push_back(file);
    }
    if (!text.empty()) files.push_back({name, text});
    return Knowledge::load(base::Pack::of(std::move(files)));
}

struct Fault {
    std::string name;
    std::string file;
    std::string search, replacement;  ///< an empty `search` replaces the whole file
    std::string where, what;
};

std::string const labs = "rules/ifx-csa-combination-labs.json";

std::vector<Fault> const faults{
    {"AnUnknownMember", labs, R"("kind":)", R"("color": "x", "kind":)", "#/color",
     "no such member"},
    {"AnIdThatIsNotTheFileName", labs, R"("id": "ifx-csa-combination-labs")", R"("id": "labs")",
     "#/id", "file's name"},
    {"AnUnknownKind", labs, R"("kind": "monitoring")", R"("kind": "x")", "#/kind", "one of"},
    {"AnUnknownTier", labs, R"("tier": "core")", R"("tier": "x")", "#/tier", "one of"},
    {"AnUnknownIndicator", labs, R"("warning")", R"("hard-stop")", "#/indicators", "no indicator"},
    {"AnEmptyTitle", labs, R"("Blood count and liver tests on infliximab with ciclosporin")",
     R"("")", "#/title", "text"},
    {"AThresholdWithoutSource", labs, R"("source": "S0 L71-76: 6-12 weeks")", R"("source": "")",
     "#/thresholds/1/source", "text"},
    {"AThresholdThatIsNoNumber", labs, R"("value": 84)", R"("value": "84")", "#/thresholds/1/value",
     "number"},
    {"AThresholdOfPartDays", labs, R"("value": 84)", R"("value": 84.5)", "#/thresholds/1/value",
     "whole days"},
    {"AThresholdTwice", labs, R"("name": "lft_days")", R"("name": "cbc_days")",
     "#/thresholds/1/name", "twice"},
    {"AnUnknownEvidence", labs, R"("S0",)", R"("S9",)", "#/evidence/0", "no such id"},
    {"AnUnknownOverride", labs, R"("recent-result")", R"("because")", "#/overrides/0",
     "no such key"},
    {"AMissingAttribute", labs, R"("useOfRace": "not used",)", "", "#/attributes/useOfRace",
     "not used"},
    {"AnUnknownAttribute", labs, R"("useOfRace":)", R"("useOfHoroscope": "x", "useOfRace":)",
     "useOfHoroscope", "no such attribute"},
    {"ATemplateWithAnUnknownFact", labs, "{{count_date}}", "{{count_day}}",
     "#/wording/en-GB/found/0", "no 'count_day'"},
    {"ABrokenTemplate", labs, "{{count_date}}.{{/count}}", "{{count_date}}.",
     "#/wording/en-GB/found/0", "not closed"},
    {"ATemplateWithAnUnknownThreshold", labs, "{{threshold:cbc_days}}", "{{threshold:fbc_days}}",
     "#/wording/en-GB/consider/1", "no threshold"},
    {"ASummaryThatIsTooLong", labs, "CBC/LFT overdue.", std::string(120, 'x'),
     "#/wording/en-GB/summary", "139"},
    {"AnEmptySummary", labs, "Infliximab + ciclosporin: CBC/LFT overdue.", "", "summary", "text"},
    {"ARuleInAnotherLanguage", labs, R"("en-GB": {)", R"("de": {)", "#/wording/de",
     "no such member"},
    {"ARuleFileThatIsNotListed", "knowledge.json", R"("ifx-csa-combination-labs",)", "", "#/order",
     "is missing"},
    {"AListedRuleWithoutFile", labs, "", "", "#/order", "no file"},
    {"ARuleListedTwice", "knowledge.json", R"("order": [)", R"("order": ["ifx-csa-level-check",)",
     "#/order", "twice"},
    {"AReviewDateThatIsNone", "knowledge.json", R"("reviewBy": "2027)", R"("reviewBy": "soon)",
     "#/reviewBy", "day"},
    {"NoWordOnWhatIsNotCovered", "not-covered.json", "", "", "not-covered.json", "missing"},
    {"SomethingNotCoveredWithoutReason", "not-covered.json", R"("why":)", R"("because":)",
     "#/notCovered/0/because", "no such member"},
    {"NoKnowledgeFile", "knowledge.json", "", "", "knowledge.json", "missing"},
    {"AnUnknownEvidenceState", "evidence.json", R"("state": "checked")", R"("state": "read")",
     "/state", "one of"},
    {"EvidenceTwice", "evidence.json", R"("id": "E2")", R"("id": "E1")", "/id", "twice"},
    {"EvidenceWithoutLimits", "evidence.json", R"("19 patients; no control group.")", R"("")",
     "/limits", "text"},
    {"AnInsecureLink", "evidence.json", "https://www.nature.com", "http://www.nature.com", "/url",
     "https"},
    {"AnOverrideReasonTwice", "override-reasons.json", R"("key": "mdt-agreed")",
     R"("key": "benefit-risk")", "/key", "twice"},
    {"AnOverrideCodeTwice", "override-reasons.json", R"("code": "surgery-not-option")",
     R"("code": "mdt-agreed")", "/code", "has this code"},
    {"AnExampleCodeSystem", "override-reasons.json", "urn:countersign:override-reasons",
     "http://cds.example.org/override", "/system", "exists"},
    {"AnOrderTwice", "orders.json", R"("key": "egfr")", R"("key": "creatinine")", "/key", "twice"},
    {"AnOrderWithAPatient", "orders.json", R"("priority": "routine")",
     R"("subject": {"reference": "Patient/1"})", "/subject", "remove it"},
    {"AnOrderOfAnotherType", "orders.json", R"("resourceType": "ServiceRequest")",
     R"("resourceType": "Task")", "/resourceType", "needed"},
    {"APrescriptionThatWouldNotBeRecognised", "orders.json", R"("code": "105585")",
     R"("code": "0")", "/coding/0", "value set"},
    {"APhraseThatIsNoText", "phrases.json", R"("Found")", "1", "#/heading.found", "text"},
    {"ASpellingOfAnotherLanguage", "wording/en-US.json", R"("from": "en-GB")", R"("from": "fr")",
     "#/from", "only"},
    {"JsonThatIsNone", labs, "", "{", labs, ""},
};

class KnowledgeFault : public testing::TestWithParam<Fault> {};

TEST_P(KnowledgeFault, IsRefusedWithItsPlace) {
    auto const& fault = GetParam();
    std::string text;
    if (!fault.search.empty()) {
        auto const pack = embedded_pack();
        text = pack.find(fault.file)->bytes;
        auto const at = text.find(fault.search);
        ASSERT_NE(at, text.npos) << "nothing to break";
        text.replace(at, fault.search.size(), fault.replacement);
    } else {
        text = fault.replacement;
    }
    auto const loaded = load_with(fault.file, text);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().where, HasSubstr(fault.where));
    EXPECT_THAT(loaded.error().what, HasSubstr(fault.what));
}

INSTANTIATE_TEST_SUITE_P(Of, KnowledgeFault, testing::ValuesIn(faults),
                         [](auto const& parameter) { return parameter.param.name; });

// --- languages ---------------------------------------------------------------------------------

std::string const translation = R"({
  "summary": {"": "Infliximab und Ciclosporin: Laborwerte.", "neutropenia": "{{count_name}} {{count}}"},
  "found": [], "why": ["Weil."], "consider": [], "limits": [],
  "suggestions": {"order-tests": {"label": "Labor", "description": "Labor"}}})";

TEST(FurtherLanguage, IsAFolderAndUsesBritishEnglishForTheRest) {
    auto const loaded = load_with("wording/de/ifx-csa-combination-labs.json", translation);
    ASSERT_TRUE(loaded) << loaded.error().where << ": " << loaded.error().what;
    auto const* labs_rule = (*loaded)->find("ifx-csa-combination-labs");
    EXPECT_EQ(labs_rule->wording.at("de").why.front().source(), "Weil.");
    EXPECT_EQ(labs_rule->wording.at("en-GB").summaries.at("").source(),
              "Infliximab + ciclosporin: CBC/LFT overdue.");
    auto const* other = (*loaded)->find("ifx-csa-level-check");
    EXPECT_EQ(other->wording.at("de").summaries.at("").source(),
              other->wording.at("en-GB").summaries.at("").source());
}

TEST(FurtherLanguage, MayReplaceTheSpellingOfOneRule) {
    auto const loaded = load_with("wording/en-US/ifx-csa-combination-labs.json", translation);
    ASSERT_TRUE(loaded) << loaded.error().where << ": " << loaded.error().what;
    auto const* rule = (*loaded)->find("ifx-csa-combination-labs");
    EXPECT_EQ(rule->wording.at("en-US").why.front().source(), "Weil.");
}

TEST(FurtherLanguage, MustHaveTheSameSummariesAndSuggestions) {
    auto text = translation;
    text.replace(text.find("neutropenia"), 11, "neutropenie");
    auto const loaded = load_with("wording/de/ifx-csa-combination-labs.json", text);
    ASSERT_FALSE(loaded);
    EXPECT_EQ(loaded.error().where, "wording/de/ifx-csa-combination-labs.json#/summary");
}

TEST(FurtherLanguage, HasNoTextsForRulesThatDoNotExist) {
    auto const loaded = load_with("wording/de/no-such-rule.json", translation);
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().what, HasSubstr("no rule"));
}

TEST(FurtherLanguage, HasPhrasesOfItsOwn) {
    auto const loaded = load_with("wording/de/phrases.json", R"({"heading.found": "Befund"})");
    ASSERT_TRUE(loaded);
    EXPECT_EQ((*loaded)->phrase("de", "heading.found"), "Befund");
    EXPECT_EQ((*loaded)->phrase("de", "heading.why"), "Why it matters");
    EXPECT_FALSE(load_with("wording/de/phrases.json", R"({"heading.nothing": "x"})"));
}

TEST(KnowledgeRefusal, OfAPackThatLeavesARuleOut) {
    auto const pack = embedded_pack();
    std::string order{pack.find("knowledge.json")->bytes};
    std::string const entry = R"("csa-thiazide",)";
    ASSERT_NE(order.find(entry), std::string::npos);
    order.erase(order.find(entry), entry.size());
    std::vector<base::Pack::File> files;
    for (auto const& file : pack.files()) {
        if (file.name == "rules/csa-thiazide.json") continue;
        files.push_back(file.name == "knowledge.json" ? base::Pack::File{file.name, order} : file);
    }
    auto const loaded = Knowledge::load(base::Pack::of(std::move(files)));
    ASSERT_FALSE(loaded);
    EXPECT_THAT(loaded.error().what, HasSubstr("csa-thiazide"));
}

}  // namespace
}  // namespace cds::rules

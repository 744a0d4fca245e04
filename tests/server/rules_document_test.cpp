#include "server/rules_document.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "base/json.hpp"

namespace cds::server {
namespace {

using testing::HasSubstr;

rules::Knowledge const& knowledge() {
    static auto const loaded = rules::Knowledge::load(rules::embedded_pack());
    return **loaded;
}

std::string content(std::string const& path) {
    std::ifstream in{std::string{COUNTERSIGN_SOURCE_DIR "/"} + path, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(RulesDocument, IsWhatTheProgramPrints) {
    // Not EXPECT_EQ: the texts are long.
    EXPECT_TRUE(content("docs/rules.md") == rules_markdown(knowledge()))
        << "run: countersign rules --markdown > docs/rules.md";
    EXPECT_TRUE(content("docs/rules.json") == rules_json(knowledge()))
        << "run: countersign rules --json > docs/rules.json";
}

TEST(RulesDocument, ReadmeShowsWhatIsNotChecked) {
    EXPECT_THAT(content("README.md"), HasSubstr(not_checked_markdown(knowledge())))
        << "run: countersign rules --not-checked";
}

TEST(RulesDocument, NamesWhatIsNotCheckedBeforeTheRules) {
    auto const text = rules_markdown(knowledge());
    auto const rules = text.find("\n### ");
    for (std::string_view const what :
         {"statins", "NSAIDs", "aminoglycosides", "potassium supplements"}) {
        EXPECT_LT(text.find(what), rules) << what;
        EXPECT_NE(knowledge().not_covered_summary().find(what), std::string_view::npos) << what;
    }
}

TEST(RulesDocument, TheJsonHoldsEveryRuleWithItsThirteenAttributes) {
    auto const text = rules_json(knowledge());
    base::json::Document document;
    auto const root = document.parse(text);
    ASSERT_TRUE(root) << root.error().where;
    EXPECT_EQ((*root)["rules"].size(), knowledge().rules().size());
    EXPECT_EQ((*root)["notCovered"].size(), knowledge().not_covered().size());
    for (auto const rule : (*root)["rules"]) {
        EXPECT_EQ(rule["attributes"].size(), 13U) << rule["id"].string();
        EXPECT_GT(rule["summary"].size(), 0U) << rule["id"].string();
    }
}

TEST(RulesDocument, TemplatesAreReadable) {
    EXPECT_EQ(readable_template("{{drug}}: {{source}}{{#since}}, since {{since}}{{/since}}"),
              "‹drug›: ‹source›[, since ‹since›]");
    EXPECT_EQ(readable_template("{{#old}}Old.{{/old}}{{^old}}None.{{/old}}"),
              "[Old.][otherwise: None.]");
    EXPECT_EQ(readable_template("{{#list}}{{^first}}\n- {{/first}}{{last_day}}{{/list}}"),
              "[‹last day›]");
    for (auto const& rule : knowledge().rules()) {
        for (auto const& [language, wording] : rule.wording) {
            for (auto const& [variant, summary] : wording.summaries)
                EXPECT_EQ(readable_template(summary.source()).find("{{"), std::string::npos)
                    << rule.id;
        }
    }
}

}  // namespace
}  // namespace cds::server

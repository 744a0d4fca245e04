#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

#include "base/json.hpp"
#include "rules/knowledge.hpp"

namespace cds::rules {
namespace {

using testing::HasSubstr;

Knowledge const& shipped() {
    static auto const loaded = Knowledge::load(embedded_pack());
    if (!loaded) throw std::runtime_error{loaded.error().what};
    return **loaded;
}

bool is_json(std::string const& text) {
    base::json::Document document;
    return static_cast<bool>(document.parse(text));
}

TEST(CardText, IsJsonForEveryRule) {
    for (auto const& rule : shipped().rules()) {
        SCOPED_TRACE(rule.id);
        EXPECT_TRUE(is_json("{\"a\":1" + rule.card.source + "}"));
        EXPECT_TRUE(is_json("[" + rule.card.override_reasons + "]"));
        EXPECT_TRUE(is_json("[" + rule.card.links + "]"));
        EXPECT_TRUE(is_json("\"" + rule.card.citations + "\""));
        EXPECT_EQ(rule.card.override_reasons.empty(), rule.overrides.empty());
        EXPECT_EQ(rule.card.citations.empty(), rule.evidence.empty());
    }
}

TEST(CardText, LinksOnlyToWhatWasRead) {
    for (auto const& rule : shipped().rules()) {
        for (auto const& id : rule.evidence) {
            auto const* evidence = shipped().evidence(id);
            ASSERT_NE(evidence, nullptr) << id;
            if (evidence->url.empty()) continue;
            EXPECT_EQ(rule.card.links.find("\"" + evidence->url + "\"") != std::string::npos,
                      evidence->linkable)
                << rule.id << " " << id;
        }
    }
}

TEST(CommonText, IsThereForEachLanguageAndInBritishEnglishForOthers) {
    auto const& knowledge = shipped();
    EXPECT_EQ(knowledge.common_text(knowledge.language_index("en-GB")).language, "en-GB");
    EXPECT_EQ(knowledge.common_text(knowledge.language_index("en-US")).language, "en-US");
    EXPECT_EQ(knowledge.common_text(knowledge.language_index("xx")).language, "en-GB");
    for (auto const* const language : {"en-GB", "en-US"}) {
        auto const& text = knowledge.common_text(knowledge.language_index(language));
        for (auto const* heading : {&text.found, &text.why, &text.consider, &text.local,
                                    &text.limits, &text.sources, &text.not_checked}) {
            EXPECT_TRUE(heading->starts_with(R"(\n**)")) << *heading;
            EXPECT_TRUE(heading->ends_with(R"(**\n\n)")) << *heading;
        }
        EXPECT_THAT(text.footer, HasSubstr(std::string{knowledge.version()}));
    }
}

TEST(CommonText, NamesAnOrderInEachLanguage) {
    for (auto const* const key : {"creatinine", "cbc"}) {
        auto const* order = shipped().order(key);
        ASSERT_NE(order, nullptr) << key;
        ASSERT_EQ(order->words.size(), 2U);
        EXPECT_THAT(order->words.front().test, HasSubstr(order->display));
        EXPECT_NE(order->words.front().refer, order->words.front().refer_urgent);
    }
}

}  // namespace
}  // namespace cds::rules

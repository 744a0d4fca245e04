#include "rules/template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory_resource>

namespace cds::rules {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class TemplateRendering : public testing::Test {
protected:
    std::pmr::monotonic_buffer_resource arena;
    Facts facts{&arena};

    std::string render(std::string_view text, Template::Mode mode = Template::Mode::markdown) {
        auto const parsed = Template::parse(text);
        if (!parsed) return "refused: " + parsed.error().what;
        std::string out;
        parsed->render(facts, mode, out);
        return out;
    }
    void add_drugs(std::initializer_list<std::string_view> names) {
        for (auto const name : names) facts.item("drugs").text("drug", name);
    }
};

TEST_F(TemplateRendering, PlainTextStandsAsItIs) {
    EXPECT_EQ(render("Creatinine 104 µmol/L, {not a tag}."), "Creatinine 104 µmol/L, {not a tag}.");
}

TEST_F(TemplateRendering, NamesAreReplacedAndUnknownNamesAreEmpty) {
    facts.text("value", "104");
    EXPECT_EQ(render("{{value}}|{{ value }}|{{other}}|"), "104|104||");
}

TEST_F(TemplateRendering, TheLastOfTwoValuesCounts) {
    facts.text("value", "104");
    facts.text("value", "105");
    EXPECT_EQ(render("{{value}}"), "105");
}

TEST_F(TemplateRendering, ASectionStandsForATrueFlagOrAText) {
    facts.flag("yes");
    facts.flag("no", false);
    facts.text("words", "x");
    facts.text("empty", "");
    EXPECT_EQ(render("{{#yes}}a{{/yes}}{{#no}}b{{/no}}{{#words}}c{{/words}}{{#empty}}d{{/empty}}"
                     "{{#absent}}e{{/absent}}"),
              "ac");
}

TEST_F(TemplateRendering, AnInvertedSectionStandsForWhatIsNotThere) {
    facts.flag("yes");
    facts.flag("no", false);
    facts.text("empty", "");
    EXPECT_EQ(render("{{^yes}}a{{/yes}}{{^no}}b{{/no}}{{^empty}}c{{/empty}}{{^absent}}d{{/absent}}"
                     "{{^drugs}}e{{/drugs}}"),
              "bcde");
}

TEST_F(TemplateRendering, AListIsRenderedForEachItem) {
    add_drugs({"infliximab", "ciclosporin"});
    EXPECT_EQ(render("{{#drugs}}[{{drug}}]{{/drugs}}"), "[infliximab][ciclosporin]");
}

TEST_F(TemplateRendering, FirstAndLastPutWordsBetweenItems) {
    add_drugs({"a", "b", "c"});
    EXPECT_EQ(render("{{#drugs}}{{^first}}{{#last}} and {{/last}}{{^last}}, {{/last}}{{/first}}"
                     "{{drug}}{{/drugs}}."),
              "a, b and c.");
}

TEST_F(TemplateRendering, FirstAndLastAreOrdinaryNamesOutsideLists) {
    facts.text("first", "x");
    EXPECT_EQ(render("{{#first}}{{first}}{{/first}}{{#last}}y{{/last}}"), "x");
}

TEST_F(TemplateRendering, AnItemFallsBackToTheOuterFacts) {
    add_drugs({"a"});
    facts.text("day", "2026-03-10");
    facts.item("drugs").text("day", "2026-03-11");
    EXPECT_EQ(render("{{#drugs}}{{drug}} {{day}};{{/drugs}}"), "a 2026-03-10; 2026-03-11;");
}

TEST_F(TemplateRendering, AFlagOfAnItemHidesTheOuterOne) {
    facts.flag("overdue");
    facts.item("tests").flag("overdue", false);
    EXPECT_EQ(
        render("{{#tests}}{{#overdue}}late{{/overdue}}{{^overdue}}in time{{/overdue}}{{/tests}}"),
        "in time");
}

TEST_F(TemplateRendering, ChartTextIsInertInMarkdown) {
    facts.chart_text("label", "<b>*x*</b>\n# y [z](http://evil.test)");
    auto const markdown = render("{{label}}");
    EXPECT_THAT(markdown, testing::Not(HasSubstr("<b>")));
    EXPECT_THAT(markdown, testing::Not(HasSubstr("\n")));
    EXPECT_THAT(markdown, testing::Not(HasSubstr("](http")));
    EXPECT_THAT(markdown, HasSubstr("&lt;b&gt;"));
}

TEST_F(TemplateRendering, ChartTextIsCleanedButNotEscapedInPlainText) {
    facts.chart_text("label", "Neoral*\n100 mg");
    EXPECT_EQ(render("{{label}}", Template::Mode::plain), "Neoral* 100 mg");
}

TEST_F(TemplateRendering, ChartTextIsNeverReadAsATemplate) {
    facts.chart_text("label", "{{secret}}");
    facts.text("secret", "s");
    EXPECT_THAT(render("{{label}}", Template::Mode::plain), testing::Not(testing::Eq("s")));
}

TEST_F(TemplateRendering, OwnWordsKeepTheirMarkdown) {
    facts.text("value", "**2.1**");
    EXPECT_EQ(render("{{value}}"), "**2.1**");
}

TEST_F(TemplateRendering, RenderingAppends) {
    auto const parsed = Template::parse("b");
    std::string out = "a";
    parsed.value().render(facts, Template::Mode::plain, out);
    EXPECT_EQ(out, "ab");
}

struct Refusal {
    std::string_view name, text, what;
};

class TemplateRefusal : public testing::TestWithParam<Refusal> {};

TEST_P(TemplateRefusal, IsExplained) {
    auto const parsed = Template::parse(GetParam().text);
    ASSERT_FALSE(parsed);
    EXPECT_THAT(parsed.error().what, HasSubstr(std::string{GetParam().what}));
}

INSTANTIATE_TEST_SUITE_P(
    Of, TemplateRefusal,
    testing::Values(
        Refusal{"AnOpenSection", "{{#a}}x", "not closed"},
        Refusal{"AnOpenTag", "x {{a", "without '}}'"},
        Refusal{"ACloseMarkAlone", "x }} y", "without '{{'"},
        Refusal{"AWrongClosingTag", "{{#a}}x{{/b}}", "closes nothing"},
        Refusal{"AClosingTagAlone", "x{{/a}}", "closes nothing"},
        Refusal{"AnEmptyName", "{{}}", "no name"}, Refusal{"ADot", "{{#a}}{{.}}{{/a}}", "no name"},
        Refusal{"ATripleBrace", "{{{a}}}", "no name"}, Refusal{"AnAmpersand", "{{&a}}", "no name"},
        Refusal{"APartial", "{{>a}}", "no name"}, Refusal{"AComment", "{{!a}}", "no name"},
        Refusal{"DeepNesting",
                "{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}"
                "{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}",
                "nested"}),
    [](auto const& parameter) { return std::string{parameter.param.name}; });

TEST(TemplateNames, AreAllNamesOnceInOrder) {
    auto const parsed = Template::parse("{{b}}{{#a}}{{c}}{{^b}}{{/b}}{{/a}}").value();
    EXPECT_THAT(parsed.names(), ElementsAre("a", "b", "c"));
    EXPECT_EQ(parsed.source(), "{{b}}{{#a}}{{c}}{{^b}}{{/b}}{{/a}}");
}

TEST(IndicatorNames, AreThoseOfCdsHooks) {
    EXPECT_EQ(name(Indicator::info), "info");
    EXPECT_EQ(name(Indicator::warning), "warning");
    EXPECT_EQ(name(Indicator::critical), "critical");
}

}  // namespace
}  // namespace cds::rules

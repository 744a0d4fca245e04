#include "rules/json_text.hpp"

#include <gtest/gtest.h>

#include "rules/template.hpp"

namespace cds::rules {
namespace {

std::string text(std::string_view value) {
    std::string out{"\"kept "};
    append_json_text(value, out);
    return out;
}

std::string items(std::string_view value) {
    std::string out;
    append_json_items(value, out);
    return out;
}

TEST(JsonText, IsAppendedWithoutQuotes) {
    EXPECT_EQ(text("104 µmol/L"), "\"kept 104 µmol/L");
    EXPECT_EQ(text(""), "\"kept ");
}

TEST(JsonText, EscapesWhatAStringOfJsonCannotHold) {
    EXPECT_EQ(text("a \"b\" \\ c\n\x01"), R"("kept a \"b\" \\ c\n\u0001)");
}

TEST(JsonItems, EachLineThatSaysSomethingIsOne) {
    EXPECT_EQ(items("first\n\n  \n- second \r\nthird \"so\""),
              R"(- first\n- second\n- third \"so\"\n)");
    EXPECT_EQ(items(""), "");
    EXPECT_EQ(items(" \n"), "");
}

TEST(TemplateItems, AreReadyWhereNothingDependsOnThePatient) {
    EXPECT_EQ(Template::parse("Either \"agent\".\nOr both.")->fixed_items(),
              R"(- Either \"agent\".\n- Or both.\n)");
    EXPECT_EQ(Template::parse("Given {{drug}}.")->fixed_items(), "");
    EXPECT_EQ(Template::parse("{{#drug}}Given.{{/drug}}")->fixed_items(), "");
}

}  // namespace
}  // namespace cds::rules

#include "cards/summary.hpp"

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "cards/readable.hpp"

namespace cds::cards {
namespace {

TEST(Summary, KeepsOneHundredThirtyNineCharactersAndCutsOneHundredForty) {
    EXPECT_EQ(as_summary(std::string(139, 'a')), std::string(139, 'a'));
    EXPECT_EQ(base::code_points(as_summary(std::string(140, 'a'))), 139U);
    EXPECT_TRUE(as_summary(std::string(140, 'a')).ends_with("…"));
}

TEST(Summary, CutsAtAWordWithoutATrailingComma) {
    std::string const text =
        std::string(100, 'a') + ", " + std::string(30, 'b') + ", " + std::string(30, 'c');
    EXPECT_EQ(as_summary(text), std::string(100, 'a') + ", " + std::string(30, 'b') + "…");
}

TEST(Summary, CountsCharactersAndNotBytes) {
    std::string umlauts;
    for (int i = 0; i < 139; ++i) umlauts += "ü";
    EXPECT_EQ(as_summary(umlauts), umlauts);
}

TEST(Summary, CountsACharacterBeyondThePlaneTwiceAsJavaScriptDoes) {
    std::string pills;
    for (int i = 0; i < 70; ++i) pills += "💊";
    EXPECT_EQ(base::code_points(as_summary(pills)), 70U);  // 69 pills and the ellipsis
}

TEST(Summary, IsOneLineWithoutControls) {
    EXPECT_EQ(as_summary("a\nb\r\n\tc\u202E"), "a b c");
    EXPECT_EQ(as_summary(""), "");
}

TEST(Readable, WrapsAtTheColumnAndIndentsFurtherLines) {
    std::string out;
    append_wrapped("one two three", "- ", 9, out);
    EXPECT_EQ(out, "- one two\n  three\n");
    out.clear();
    append_wrapped("a-word-that-is-longer-than-a-line", "- ", 9, out);
    EXPECT_EQ(out, "- a-word-that-is-longer-than-a-line\n");
}

TEST(Readable, UndoesMarkdownOnce) {
    EXPECT_EQ(without_markdown("**Found** 5 \\* 3 &lt;b&gt; &amp;lt; a\\_b"),
              "Found 5 * 3 <b> &lt; a_b");
}

}  // namespace
}  // namespace cds::cards

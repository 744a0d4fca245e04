#include "base/text.hpp"

#include <gtest/gtest.h>

namespace cds::base {
namespace {

struct Row {
    std::string_view text, expected;
};

std::string folded(std::string_view text) {
    std::string out;
    fold(text, out);
    return out;
}

std::string inert(std::string_view text, std::size_t max_code_points = 120) {
    std::string out;
    append_inert(text, out, max_code_points);
    return out;
}

std::string plain(std::string_view text, std::size_t max_code_points = 120) {
    std::string out;
    append_plain(text, out, max_code_points);
    return out;
}

TEST(Text, FoldsForMatching) {
    constexpr Row rows[] = {
        {"", ""},
        {"Behçet's", "behcet's"},
        {"BEHÇET’S", "behcet's"},
        {"Behc\u0327et's", "behcet's"},
        {"Co-Trimoxazole", "co trimoxazole"},
        {"co_trimoxazole / forte", "co trimoxazole forte"},
        {"  a \t\r\n b\u00A0c  ", "a b c"},
        {"-a-", "a"},
        {"Sjögren–Syndrom", "sjogren syndrom"},
        {"ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞß", "aaaaaaaeceeeeiiiidnoooooouuuuythss"},
        {"àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿ", "aaaaaaaeceeeeiiiidnoooooouuuuythy"},
        {"×÷", "×÷"},
        {"ĀāĄą ĆćČč ĎďĐđ ĒēĘęĚě", "aaaa cccc dddd eeeeee"},
        {"ĞğĢģ Ħħ ĪīĮįİı Ĳĳ Ĵĵ Ķķĸ", "gggg hh iiiiii ijij jj kkk"},
        {"ĹĺĻļĽľĿŀŁł ŃńŅņŇňŉŊŋ", "llllllllll nnnnnnnnn"},
        {"ŌōŎŏŐő Œœ ŔŕŘř ŚśŞşŠš ŢţŤťŦŧ", "oooooo oeoe rrrr ssssss tttttt"},
        {"ŨũŪūŬŭŮůŰűŲų Ŵŵ ŶŷŸ ŹźŻżŽž ſ", "uuuuuuuuuuuu ww yyy zzzzzz s"},
        {"Șș Țț", "ss tt"},
        {"ци\u200Bкло", "цикло"},
        {"5 µg", "5 µg"},
        {"\xFF", "\uFFFD"},
    };
    for (auto const& row : rows) EXPECT_EQ(folded(row.text), row.expected) << row.text;
}

TEST(Text, FoldAppends) {
    std::string out = "before";
    fold(" After", out);
    EXPECT_EQ(out, "beforeafter");
}

TEST(Text, LeavesOrdinaryChartTextReadable) {
    constexpr Row rows[] = {
        {"ciclosporin 100 mg (oral), 2x daily - 3.5 mg/kg",
         "ciclosporin 100 mg (oral), 2x daily - 3.5 mg/kg"},
        {"Müller-Lüdenscheidt, José", "Müller-Lüdenscheidt, José"},
        {"50% w/w; what? yes! it's", "50% w/w; what? yes! it's"},
        {"患者 ☂ 😀", "患者 ☂ 😀"},
        {"see: 5:3", "see: 5:3"},
        {"-", "\\-"},
    };
    for (auto const& row : rows) EXPECT_EQ(inert(row.text), row.expected);
}

TEST(Text, MakesHostileTextInert) {
    constexpr Row rows[] = {
        {"<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"},
        {"</details><script>", "&lt;/details&gt;&lt;script&gt;"},
        {"&lt;b&gt; &#60;", "&amp;lt;b&amp;gt; &amp;#60;"},
        {"[x](javascript:alert(1))", "\\[x\\]\\(javascript:alert(1))"},
        {"![x](http://evil.example/p.png)", "\\!\\[x\\]\\(http:// evil.example/p.png)"},
        {"[x]: http://e", "\\[x\\]: http:// e"},
        {"(x)", "\\(x)"},
        {"# heading", "\\# heading"},
        {"a # b", "a # b"},
        {"- item", "\\- item"},
        {"+ item", "\\+ item"},
        {"* item", "\\* item"},
        {"---", "\\---"},
        {"===", "\\==="},
        {"1. first", "1\\. first"},
        {"12) first", "12\\) first"},
        {"5.0", "5\\.0"},
        {"**bold** _it_ ~~no~~ `code`", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\`code\\`"},
        {"a|b", "a\\|b"},
        {"{{template}}", "\\{\\{template\\}\\}"},
        {"\\[x\\](y)", "\\\\\\[x\\\\\\]\\(y)"},
        {"back\\", "back\\\\"},
        {"wow!", "wow\\!"},
        {"    code block", "code block"},
        {"a\n\n# b", "a # b"},
        {"a\r\nb\u2028c\u2029d\u0085e\vf", "a b c d e f"},
        {"a\x01\x1B[31mb\x7F", "a \\[31mb"},
        {std::string_view{"a\0b", 3}, "a b"},
        {"> quote", "&gt; quote"},
        {"http://evil.example", "http:// evil.example"},
        {"HTTPS://evil.example", "HTTPS:// evil.example"},
        {"ftp://x", "ftp:// x"},
        {"www.evil.example", "www .evil.example"},
        {"WwW.evil.example", "WwW .evil.example"},
        {"ht\u200Btp:\u202E//e", "http:// e"},
        {"w\u00ADww.e", "www .e"},
        {"a@b.example", "a@ b.example"},
        {"mailto:a@b.example", "mailto:a@ b.example"},
        {"@everyone", "@ everyone"},
        {"\u202Eevil\u202C \u2066x\u2069 \u200E\u200F\u061C", "evil x"},
        {"a\u200B\u200C\u200D\uFEFF\u2060b", "ab"},
        {"\U000E0041\U000E0042tag", "tag"},
        {"\xC3\x28 \xED\xA0\x80", "\uFFFD( \uFFFD\uFFFD\uFFFD"},
    };
    for (auto const& row : rows) EXPECT_EQ(inert(row.text), row.expected) << row.text;
}

TEST(Text, NoBareLinkSurvivesWhateverIsCombined) {
    constexpr std::string_view pieces[] = {"http",      ":",      "//", "www", ".", "@",
                                           "e.example", "\u200B", "\n", "/",   "!", "["};
    for (auto const a : pieces)
        for (auto const b : pieces)
            for (auto const c : pieces)
                for (auto const d : pieces) {
                    auto const out = inert(std::string{a}.append(b).append(c).append(d));
                    EXPECT_EQ(out.find("://e"), std::string::npos) << out;
                    EXPECT_EQ(out.find("www."), std::string::npos) << out;
                    EXPECT_EQ(out.find("@e"), std::string::npos) << out;
                    EXPECT_FALSE(out.ends_with("!") && !out.ends_with("\\!")) << out;
                    EXPECT_EQ(out.find('\n'), std::string::npos);
                }
}

TEST(Text, PlainTextIsCleanedButNotEscaped) {
    constexpr Row rows[] = {
        {"<b> & *x* [y](z)", "<b> & *x* [y](z)"},
        {" a\n\nb\t", "a b"},
        {"\u202Eevil\u200B", "evil"},
        {"\x07", ""},
    };
    for (auto const& row : rows) EXPECT_EQ(plain(row.text), row.expected);
}

TEST(Text, CutsWhatTheReaderSeesAtTheLimit) {
    EXPECT_EQ(plain("abcde", 5), "abcde");
    EXPECT_EQ(plain("abcdef", 5), "abcd…");
    EXPECT_EQ(plain("abcde   \n", 5), "abcde");
    EXPECT_EQ(plain("äöüßé", 5), "äöüßé");
    EXPECT_EQ(plain("äöüßéx", 5), "äöüß…");
    EXPECT_EQ(plain("ab", 1), "…");
    EXPECT_EQ(plain("ab", 0), "");
    EXPECT_EQ(inert("***", 3), "\\*\\*\\*");
    EXPECT_EQ(inert("****", 3), "\\*\\*…");
    EXPECT_EQ(inert("<<<<", 3), "&lt;&lt;…");
    std::string out = "kept ";
    append_inert("abcdef", out, 3);
    EXPECT_EQ(out, "kept ab…");
}

TEST(Text, ATenKilobyteNameStaysShort) {
    std::string const name(10'240, 'A');
    EXPECT_EQ(code_points(inert(name)), 120U);
    EXPECT_EQ(code_points(plain(name)), 120U);
    std::string const marks(10'240, '*');
    EXPECT_EQ(code_points(inert(marks)), 2U * 119U + 1U);
    std::string hidden;
    for (int i = 0; i < 5000; ++i) hidden += "\u200B";
    EXPECT_EQ(inert(hidden + "x"), "x");
}

TEST(Text, CountsCodePoints) {
    EXPECT_EQ(code_points(""), 0U);
    EXPECT_EQ(code_points("abc"), 3U);
    EXPECT_EQ(code_points("aä€😀"), 4U);
}

TEST(Text, ShortensAtACodePoint) {
    EXPECT_EQ(shortened("", 3), "");
    EXPECT_EQ(shortened("abc", 3), "abc");
    EXPECT_EQ(shortened("abcd", 3), "ab…");
    EXPECT_EQ(shortened("a€😀d", 3), "a€…");
    EXPECT_EQ(shortened("ab", 1), "…");
    EXPECT_EQ(shortened("ab", 0), "");
    EXPECT_EQ(code_points(shortened(std::string(500, 'x'), 140)), 140U);
}

}  // namespace
}  // namespace cds::base

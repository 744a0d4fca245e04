/// The prefetch table of docs/integration.md is made from the templates in the code.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "hooks/prefetch.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {
namespace {

constexpr auto document = COUNTERSIGN_SOURCE_DIR "/docs/integration.md";
constexpr std::string_view begin_mark = "<!-- prefetch: begin -->\n",
                           end_mark = "<!-- prefetch: end -->";

std::string read_document() {
    std::ifstream in{document, std::ios::binary};
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// A heading with key and template for each; a template stands alone on its line.
std::string table() {
    std::string out;
    for (auto const& entry : prefetch_templates(cards::knowledge(), true)) {
        out += "\n`" + std::string{entry.key} + "`\n\n```\n" + entry.query + "\n```\n";
    }
    return out + "\n";
}

TEST(PrefetchTable, IsMadeFromTheTemplates) {
    auto const text = read_document();
    auto const begin = text.find(begin_mark), end = text.find(end_mark);
    ASSERT_NE(begin, text.npos);
    ASSERT_NE(end, text.npos);
    auto const start = begin + begin_mark.size();
    if (auto const* update = std::getenv("UPDATE_GOLDEN"); update && *update == '1') {
        std::ofstream{document, std::ios::binary} << text.substr(0, start) << table()
                                                  << text.substr(end);
        return;
    }
    // Not EXPECT_EQ: the texts are long.
    EXPECT_TRUE(text.substr(start, end - start) == table())
        << "run: UPDATE_GOLDEN=1 hooks_tests --gtest_filter='PrefetchTable*'";
}

}  // namespace
}  // namespace cds::hooks

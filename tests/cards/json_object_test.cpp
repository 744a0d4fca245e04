#include "cards/json_object.hpp"

#include <gtest/gtest.h>

#include "tests/cards/chart_case.hpp"

namespace cds::cards {
namespace {

struct Row {
    char const* name;
    char const* from;
    char const* to;
};

std::string copied(std::string const& text) {
    Parsed const parsed{text};
    std::string out;
    copy(*parsed, out);
    return out;
}

TEST(JsonCopy, KeepsNumbersAndOrderAndDropsWhatSaysNothing) {
    Row const rows[] = {
        {"number text", R"({"a":5.00,"b":1.10,"c":1E2,"d":-0})",
         R"({"a":5.00,"b":1.10,"c":1E2,"d":-0})"},
        {"integer beyond 2^53", R"({"a":9007199254740993})", R"({"a":9007199254740993})"},
        {"member order", R"({"z":1,"a":2})", R"({"z":1,"a":2})"},
        {"null member", R"({"a":null,"b":1})", R"({"b":1})"},
        {"empty string", R"({"a":"","b":1})", R"({"b":1})"},
        {"empty containers", R"({"a":[],"b":{},"c":1})", R"({"c":1})"},
        {"nested until nothing is left", R"({"a":{"b":[{"c":null}]},"d":1})", R"({"d":1})"},
        {"null beside an extension", R"({"given":[null,"Ann"],"_given":[{"id":"x"},null]})",
         R"({"given":[null,"Ann"],"_given":[{"id":"x"},null]})"},
        {"first member dropped", R"([{"a":null,"b":true}])", R"([{"b":true}])"},
        {"escapes", R"({"a":"\u0041\n\"</script>"})", R"({"a":"A\n\"</script>"})"},
        {"nothing at all", R"({"a":null})", ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        EXPECT_EQ(copied(row.from), row.to);
    }
}

TEST(JsonObject, TakesBackAnObjectWithoutMembers) {
    std::string out;
    JsonObject outer{out};
    outer.text("a", "x");
    auto const before = out.size();
    outer.member("b");
    JsonObject inner{out};
    inner.text("c", "");
    EXPECT_FALSE(inner.close(before));
    outer.reference("d", "Patient", "");
    outer.reference("e", "Patient", "p\"1");
    EXPECT_TRUE(outer.close());
    EXPECT_EQ(out, R"({"a":"x","e":{"reference":"Patient/p\"1"}})");
}

}  // namespace
}  // namespace cds::cards

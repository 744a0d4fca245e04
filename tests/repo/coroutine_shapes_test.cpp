/// The rows are the shapes that were tried with GCC 12.2 under AddressSanitizer: what it got wrong
/// is refused, and the spelling that works beside it is accepted.
#include <gtest/gtest.h>

#include <ostream>
#include <string>

#include "tests/repo/tidy_checks.hpp"

namespace cds::repo {
namespace {

struct Shape {
    char const* name;
    std::string body;
    bool refused;
};
void PrintTo(Shape const& row, std::ostream* out) { *out << row.name; }

class CoroutineShape : public testing::TestWithParam<Shape> {};

TEST_P(CoroutineShape, IsJudgedAsTheCompilerTreatsIt) {
    auto const& row = GetParam();
    std::vector<Complaint> complaints;
    coroutine_shapes(source_file("server/a.cpp", "awaitable<void> run() {\n" + row.body + "\n}\n"),
                     complaints);
    EXPECT_EQ(!complaints.empty(), row.refused) << row.body << "\n" << describe(complaints);
}

constexpr bool refused = true;
constexpr bool accepted = false;

INSTANTIATE_TEST_SUITE_P(
    Tidy, CoroutineShape,
    testing::Values(
        Shape{"BracedAggregateArgument", "co_await take({.name = big(), .count = 1});", refused},
        Shape{"NamedBracedArgument", "co_return co_await take(Options{big(), 1});", refused},
        Shape{"BracedListArgument", "co_await take_list({\"a\", \"b\"});", refused},
        Shape{"NamedValueMoved", "Options o{.name = big()};\nco_await take(std::move(o));",
              accepted},
        Shape{"ChoiceAsArgument", "co_await take(yes() ? big() : small());", refused},
        Shape{"ChoiceNamedFirst", "auto s = yes() ? big() : small();\nco_await take(std::move(s));",
              accepted},
        Shape{"AwaitInBothArms", "auto s = yes() ? co_await give(1) : co_await give(2);", refused},
        Shape{"AwaitInSecondArm", "auto s = yes() ? big() : co_await give(2);", refused},
        Shape{"IfElse", "if (yes()) s = co_await give(1);\nelse s = co_await give(2);", accepted},
        Shape{"CapturingLambda", "co_await call([s] { return s.size(); });", refused},
        Shape{"LambdaAsLaterArgument",
              "co_await net::co_spawn(pool,\n    [&]() -> awaitable<int> { co_return 1; });",
              refused},
        Shape{"LambdaNamedAndMoved",
              "auto f = [s] { return s.size(); };\nco_await call(std::move(f));", accepted},
        Shape{"LambdaWithoutCapture", "co_await call([](int n) { return n; }, token);", accepted},
        Shape{"FreeCoroutine", "auto j = co_await net::co_spawn(pool, on_pool(s), token);",
              accepted},
        Shape{"IndexIsNoLambda", "co_await take(list[0], map[\"a\"]);", accepted},
        Shape{"AggregateOfAwaits", "Two t{.a = co_await give(1), .b = co_await give(2)};", refused},
        Shape{"TemporaryOfAwaits", "use(Two{co_await give(1), co_await give(2)});", refused},
        Shape{"TemplateOfAwaits", "auto v = std::vector<int>{co_await give(1)};", refused},
        Shape{"ReturnOfAwaits", "co_return {co_await give(1), 2};", refused},
        Shape{"OneAwaitAStatement",
              "auto a = co_await give(1);\nauto b = co_await give(2);\nTwo t{a, b};", accepted},
        Shape{"StructuredBinding", "auto [ec, n] = co_await read(stream, buffer, as_result);",
              accepted},
        Shape{"ConditionWithAnd", "if (x && co_await ready()) {\n    go();\n}", accepted},
        Shape{"RangeFor", "for (auto const& x : co_await list()) {\n    use(x);\n}", accepted},
        Shape{"ErrorReturned", "co_await tick();\nco_return Error{code, \"x\"};", accepted},
        Shape{"InElse", "if (a) { b(); } else { co_await tick(); }", accepted},
        Shape{"InLoop", "do { co_await tick(); } while (more());", accepted},
        Shape{"InTry", "try { co_await tick(); } catch (...) {}", accepted},
        Shape{"InLambdaBody", "auto f = [&]() -> awaitable<void> { co_await tick(); };", accepted},
        Shape{"InCase", "switch (n) {\ncase 1: { co_await tick(); break; }\n}", accepted},
        Shape{"InComment", "// co_await take({1, 2});", accepted},
        Shape{"InText", "log(\"co_await take({1})\");", accepted}),
    [](auto const& row) { return row.param.name; });

}  // namespace
}  // namespace cds::repo

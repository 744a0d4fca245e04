#include "base/rational.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <ostream>

namespace cds::base {
namespace {

Rational number(std::string_view text) {
    auto const parsed = Rational::parse(text);
    EXPECT_TRUE(parsed) << text;
    return parsed.value_or(Rational{});
}

constexpr long long largest = std::numeric_limits<long long>::max();
constexpr long long least = std::numeric_limits<long long>::min();

struct Rounding {
    char const* number;
    int decimals;
    char const* text;
};

TEST(Rational, RoundsHalfAwayFromZero) {
    constexpr Rounding rows[] = {
        {"2.04", 1, "2"},
        {"2.05", 1, "2.1"},
        {"2.15", 1, "2.2"},
        {"2.149999", 1, "2.1"},
        {"-2.05", 1, "-2.1"},
        {"-2.04", 1, "-2"},
        {"0.5", 0, "1"},
        {"1.5", 0, "2"},
        {"2.5", 0, "3"},
        {"-0.5", 0, "-1"},
        {"-0.4", 0, "0"},
        {"0", 2, "0"},
        {"80", 1, "80"},
        {"80.00", 2, "80"},
        {"0.001", 2, "0"},
        {"0.005", 2, "0.01"},
        {"9.99", 1, "10"},
        {"99.95", 1, "100"},
        {"1.25", 5, "1.25"},
        {"1E3", 0, "1000"},
        {"1.5E2", 0, "150"},
        {"25e-1", 0, "3"},
        {"0.000001", 6, "0.000001"},
        {"123456789012345678", 0, "123456789012345678"},
        {"1250", -2, "1300"},
        {"1249", -2, "1200"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(number(row.number).rounded(row.decimals).text(18), row.text)
            << row.number << " to " << row.decimals;
}

TEST(Rational, TextRoundsAndDropsTrailingZeros) {
    EXPECT_EQ(number("2.10").text(2), "2.1");
    EXPECT_EQ(number("2.05").text(1), "2.1");
    EXPECT_EQ(number("100").text(0), "100");
    EXPECT_EQ(number("0.125").text(2), "0.13");
    EXPECT_EQ(Rational::ratio(1, 3).text(3), "0.333");
    EXPECT_EQ(Rational::ratio(2, 3).text(3), "0.667");
    EXPECT_EQ(Rational::ratio(-2, 3).text(3), "-0.667");
    EXPECT_EQ(Rational::ratio(-1, 3000).text(2), "0");
    EXPECT_EQ(Rational::ratio(1, 0).text(2), "");
}

struct Written {
    char const* text;
    bool accepted;
};

TEST(Rational, ReadsDecimalsAsJsonWritesThemAndNothingElse) {
    constexpr Written rows[] = {
        {"0", true},    {"-0", true},        {"5", true},      {"-0.25", true},  {"1.5E2", true},
        {"1e+2", true}, {"1e-2", true},      {"0.0500", true}, {"", false},      {"-", false},
        {"+1", false},  {"01", false},       {"1.", false},    {".5", false},    {"1e", false},
        {"1e+", false}, {" 1", false},       {"1 ", false},    {"1,5", false},   {"0x1", false},
        {"NaN", false}, {"Infinity", false}, {"--1", false},   {"1.2.3", false}, {"1e1.5", false},
        {"<5", false},  {"\xD9\xA1", false}, {"1e5e5", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(Rational::parse(row.text).has_value(), row.accepted) << row.text;
}

TEST(Rational, ReadsEighteenSignificantDigitsAndMagnitudesToTenToTheEighteen) {
    constexpr Written rows[] = {
        {"123456789012345678", true},
        {"1234567890123456789", false},
        {"0.123456789012345678", true},
        {"0.1234567890123456789", false},
        {"1.00000000000000000000000000", true},  // trailing zeros carry no digit
        {"100000000000000000.5", false},         // 19 digits
        {"1e18", true},
        {"1000000000000000000", true},
        {"-1e18", true},
        {"1.1e18", false},
        {"2e18", false},
        {"1e19", false},
        {"1e-18", true},
        {"9e-19", false},
        {"1e-19", false},
        {"0e999999999", true},
        {"0.0e-999999999", true},
        {"1e999999999999999999999", false},
        {"1e-999999999999999999999", false},
    };
    for (auto const& row : rows)
        EXPECT_EQ(Rational::parse(row.text).has_value(), row.accepted) << row.text;
    EXPECT_EQ(number("1e18"), Rational{1'000'000'000'000'000'000});
    EXPECT_EQ(number("100e-2"), Rational{1});
    EXPECT_EQ(number("10.050"), Rational::ratio(1005, 100));
    EXPECT_EQ(number("0.05"), Rational::ratio(1, 20));
    EXPECT_EQ(number("1002003"), Rational{1002003});
    EXPECT_EQ(number("-0.25"), Rational::ratio(-1, 4));
}

TEST(Rational, DecidesAPercentageExactlyAtItsLimit) {
    auto const limit = number("25");
    auto const rise = [](char const* from, char const* to) {
        return (number(to) - number(from)) / number(from) * Rational{100};
    };
    EXPECT_LT(rise("1.2", "1.4999"), limit);
    EXPECT_EQ(rise("1.2", "1.5"), limit);  // with doubles 25.000000000000007
    EXPECT_EQ(rise("88.4", "110.5"), limit);
    EXPECT_EQ(rise("0.8", "1.0"), limit);
    EXPECT_GT(rise("1.2", "1.5001"), limit);
    EXPECT_EQ(number("0.1") + number("0.2"), number("0.3"));
}

TEST(Rational, ComputesExactly) {
    EXPECT_EQ(Rational::ratio(1, 3) + Rational::ratio(1, 6), Rational::ratio(1, 2));
    EXPECT_EQ(Rational::ratio(1, 3) - Rational::ratio(1, 3), Rational{0});
    EXPECT_EQ(Rational::ratio(2, 3) * Rational::ratio(3, 2), Rational{1});
    EXPECT_EQ(Rational{1} / Rational{-4}, number("-0.25"));
    EXPECT_EQ(Rational::ratio(5, -10), number("-0.5"));
    EXPECT_EQ(Rational::ratio(least, -1) - Rational{1}, Rational{largest});
    EXPECT_EQ(Rational::ratio(least, least), Rational{1});
    EXPECT_DOUBLE_EQ(number("2.5").approximate(), 2.5);
}

TEST(Rational, ReducesBeforeItGivesUp) {
    Rational product{1};
    for (int i = 1; i <= 500; ++i) product = product * Rational::ratio(i + 1, i);
    EXPECT_EQ(product, Rational{501});
    Rational sum{0};
    auto const step = Rational::ratio(1, 1'000'003);
    for (int i = 0; i < 1000; ++i) sum = sum + step;
    EXPECT_EQ(sum, Rational::ratio(1000, 1'000'003));
    auto const big = Rational{largest} * Rational{largest};
    EXPECT_TRUE(big.valid());
    EXPECT_EQ(big / big, Rational{1});
    EXPECT_EQ(big * Rational::ratio(1, largest), Rational{largest});
}

TEST(Rational, WhatDoesNotFitIsInvalidAndComparesWithNothing) {
    auto const big = Rational{largest} * Rational{largest};
    auto const small = Rational::ratio(1, largest) * Rational::ratio(1, largest);
    for (auto const& invalid :
         {big * big, small * small, Rational{1} / Rational{0}, Rational::ratio(1, 0),
          big * Rational{3} + big, (big * big) - (big * big)}) {
        EXPECT_FALSE(invalid.valid());
        EXPECT_FALSE(invalid == invalid);
        EXPECT_FALSE(invalid < Rational{0});
        EXPECT_FALSE(invalid >= Rational{0});
        EXPECT_FALSE(Rational{0} < invalid);
        EXPECT_FALSE((invalid + Rational{1}).valid());
        EXPECT_FALSE((Rational{1} - invalid).valid());
        EXPECT_FALSE((invalid * Rational{0}).valid());
        EXPECT_FALSE((Rational{1} / invalid).valid());
        EXPECT_FALSE(invalid.rounded(1).valid());
        EXPECT_FALSE(invalid.floor_to(Rational{1}).valid());
        EXPECT_TRUE(std::isnan(invalid.approximate()));
    }
}

TEST(Rational, ComparesWhereCrossProductsDoNotFit) {
    auto const big = Rational{largest} * Rational{largest};
    auto const left = big / Rational{3};
    auto const right = (big - Rational{1}) / Rational{5};
    EXPECT_GT(left, right);
    auto const a = (big - Rational{1}) / big;
    auto const b = (big - Rational{2}) / (big - Rational{1});
    EXPECT_GT(a, b);
    EXPECT_LT(b, a);
    EXPECT_LT(Rational{0} - a, Rational{0} - b);
    EXPECT_EQ(a, a);
    EXPECT_LT(Rational{-1}, Rational::ratio(-1, largest));
}

struct Step {
    char const *number, *step, *floor, *ceiling;
};

TEST(Rational, FindsTheMultiplesAround) {
    constexpr Step rows[] = {
        {"137", "25", "125", "150"}, {"125", "25", "125", "125"}, {"0.3", "0.1", "0.3", "0.3"},
        {"-7", "5", "-10", "-5"},    {"2.49", "0.5", "2", "2.5"}, {"0", "25", "0", "0"},
        {"24.9", "25", "0", "25"},
    };
    for (auto const& row : rows) {
        EXPECT_EQ(number(row.number).floor_to(number(row.step)), number(row.floor)) << row.number;
        EXPECT_EQ(number(row.number).ceil_to(number(row.step)), number(row.ceiling)) << row.number;
    }
    EXPECT_FALSE(Rational{5}.floor_to(Rational{0}).valid());
    EXPECT_FALSE(Rational{5}.ceil_to(Rational{-1}).valid());
}

}  // namespace
}  // namespace cds::base

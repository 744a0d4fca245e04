#include "base/result.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace cds::base {
namespace {

Result<int> half(int number) {
    if (number % 2 != 0) return Error{ErrorCode::invalid, "/number", "must be even"};
    return number / 2;
}

TEST(Result, HoldsAValueOrAnError) {
    EXPECT_EQ(*half(4), 2);
    auto const odd = half(3);
    ASSERT_FALSE(odd);
    EXPECT_EQ(odd.error().code, ErrorCode::invalid);
    EXPECT_EQ(odd.error().where, "/number");
}

TEST(Result, UsingTheValueOfAFailureThrows) {
    try {
        static_cast<void>(half(3).value());
        FAIL() << "no exception";
    } catch (std::logic_error const& thrown) {
        EXPECT_NE(std::string{thrown.what()}.find("must be even at /number"), std::string::npos);
    }
}

}  // namespace
}  // namespace cds::base

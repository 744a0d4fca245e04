#include "base/number_range.hpp"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace cds::base::json {
namespace {

/// Whether |number| is at least 1, by its digits alone.
bool at_least_one(std::string_view number) noexcept {
    constexpr long long far = 1'000'000'000'000;
    long long point = 0;       // digits before the decimal point, from the first that is not 0
    bool significant = false;  // whether such a digit was seen
    bool after_point = false;
    std::size_t i = number.starts_with('-') ? 1 : 0;
    for (; i < number.size() && number[i] != 'e' && number[i] != 'E'; ++i) {
        if (number[i] == '.') {
            after_point = true;
            continue;
        }
        significant = significant || number[i] != '0';
        if (!after_point && significant) ++point;
        if (after_point && !significant) --point;
    }
    if (!significant) return false;
    long long exponent = 0;
    bool const negative = i + 1 < number.size() && number[i + 1] == '-';
    for (; i < number.size(); ++i)
        if (number[i] >= '0' && number[i] <= '9' && exponent < far)
            exponent = exponent * 10 + (number[i] - '0');
    return point + (negative ? -exponent : exponent) > 0;
}

}  // namespace

bool is_finite_double(std::string_view number) noexcept {
    double value = 0;
    auto const read = std::from_chars(number.data(), number.data() + number.size(), value);
    if (read.ec == std::errc{}) return true;
    return read.ec == std::errc::result_out_of_range && !at_least_one(number);
}

}  // namespace cds::base::json

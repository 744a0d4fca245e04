#pragma once
#include <cstddef>
#include <string_view>

namespace cds::base::json {

/// Whether a number, written as RFC 8259 allows, is finite as a double: false for 1e400, true for
/// 1e-400 (which is as near to zero as a double gets).
bool is_finite_double_slowly(std::string_view number) noexcept;

inline bool is_finite_double(std::string_view number) noexcept {
    constexpr std::size_t surely_finite =
        16;  // the digits of a double, and no room for a telling exponent
    if (number.size() <= surely_finite && number.find_first_of("eE") == std::string_view::npos)
        return true;
    return is_finite_double_slowly(number);
}

}  // namespace cds::base::json

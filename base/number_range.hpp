#pragma once
#include <string_view>

namespace cds::base::json {

/// Whether a number, written as RFC 8259 allows, is finite as a double: false for 1e400, true for
/// 1e-400 (which is as near to zero as a double gets).
bool is_finite_double(std::string_view number) noexcept;

}  // namespace cds::base::json

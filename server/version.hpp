#pragma once
#include <string_view>

namespace cds::server {

/// The version of this program; a test compares it with CMakeLists.txt.
inline constexpr std::string_view program_version = "0.1.0";

}  // namespace cds::server

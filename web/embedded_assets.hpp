#pragma once
#include <cstddef>

#include "web/assets.hpp"

// What web/build.mjs writes into the build folder, or web/embed.cmake when nothing was bundled.

namespace cds::web {

/// Sorted by path.
extern Asset const* const embedded_assets;
extern std::size_t const embedded_asset_count;

}  // namespace cds::web

#include "web/assets.hpp"

#include <algorithm>
#include <span>

#include "web/embedded_assets.hpp"

namespace cds::web {

Asset const* find(std::string_view path) {
    std::span const all{embedded_assets, embedded_asset_count};
    auto const found = std::ranges::lower_bound(all, path, {}, &Asset::path);
    return found != all.end() && found->path == path ? &*found : nullptr;
}

bool built_in() { return embedded_asset_count > 0; }

}  // namespace cds::web

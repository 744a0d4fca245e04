#include "base/pack.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

#include "base/digest.hpp"

namespace cds::base {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t largest_folder = std::uintmax_t{64} * 1024 * 1024;

bool by_name(Pack::File const& a, Pack::File const& b) { return a.name < b.name; }

bool is_hidden(fs::path const& path) { return path.filename().native().starts_with('.'); }

Result<std::string> read_file(fs::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    if (!stream) return Error{ErrorCode::not_found, path.string(), "the file cannot be read"};
    std::string bytes{std::istreambuf_iterator<char>{stream}, {}};
    if (stream.bad()) return Error{ErrorCode::not_found, path.string(), "the file cannot be read"};
    return bytes;
}

/// Paths of the regular files below `folder`. A link to a file counts as the file, since that is
/// how mounted configuration looks; a link to a folder is not followed, so there are no circles.
Result<std::vector<fs::path>> paths_below(fs::path const& folder) {
    Error const unreadable{ErrorCode::not_found, folder.string(),
                           "the folder does not exist or cannot be read"};
    std::error_code failure;
    fs::recursive_directory_iterator walk{folder, failure};
    if (failure) return unreadable;
    std::vector<fs::path> paths;
    for (; walk != fs::recursive_directory_iterator{}; walk.increment(failure)) {
        if (failure) return unreadable;
        if (is_hidden(walk->path())) {
            walk.disable_recursion_pending();
            continue;
        }
        std::error_code no_status;
        if (walk->is_regular_file(no_status)) paths.push_back(walk->path());
    }
    if (failure) return unreadable;
    return paths;
}

}  // namespace

Pack Pack::of(std::vector<File> files) {
    Pack pack;
    pack.files_ = std::move(files);
    std::sort(pack.files_.begin(), pack.files_.end(), by_name);
    return pack;
}

Result<Pack> Pack::from_folder(fs::path const& folder) {
    auto const paths = paths_below(folder);
    if (!paths) return paths.error();
    Pack pack;
    std::uintmax_t total = 0;
    Error const large{ErrorCode::too_large, folder.string(), "the folder holds more than 64 MiB"};
    for (auto const& path : *paths) {
        std::error_code failure;
        auto const size = fs::file_size(path, failure);
        if (!failure && size > largest_folder - total) return large;  // before a byte of it is read
        auto bytes = read_file(path);
        if (!bytes) return bytes.error();
        if (bytes->size() > largest_folder - total) return large;
        total += bytes->size();
        auto held = std::make_shared<std::string const>(std::move(*bytes));
        pack.files_.push_back({path.lexically_relative(folder).generic_string(), *held});
        pack.owned_.push_back(std::move(held));
    }
    std::sort(pack.files_.begin(), pack.files_.end(), by_name);
    return pack;
}

std::vector<Pack::File const*> Pack::below(std::string_view prefix) const {
    std::vector<File const*> found;
    auto file =
        std::lower_bound(files_.begin(), files_.end(), prefix,
                         [](File const& a, std::string_view name) { return a.name < name; });
    for (; file != files_.end() && file->name.starts_with(prefix); ++file) found.push_back(&*file);
    return found;
}

Pack::File const* Pack::find(std::string_view name) const noexcept {
    auto const file =
        std::lower_bound(files_.begin(), files_.end(), name,
                         [](File const& a, std::string_view wanted) { return a.name < wanted; });
    return file != files_.end() && file->name == name ? &*file : nullptr;
}

std::string Pack::digest() const {
    std::string all;
    for (auto const& file : files_) {
        for (std::string_view const part : {std::string_view{file.name}, file.bytes}) {
            all += std::to_string(part.size());
            all += ':';
            all += part;
        }
    }
    return sha256_hex(all);
}

}  // namespace cds::base

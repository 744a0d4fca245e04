#include "server/folder.hpp"

#include <algorithm>
#include <system_error>

#include "base/digest.hpp"

namespace cds::server {

namespace fs = std::filesystem;

base::Result<std::vector<fs::path>> json_files(fs::path const& path) {
    std::error_code error;
    if (fs::is_regular_file(path, error)) return std::vector<fs::path>{path};
    fs::directory_iterator folder{path, error};
    if (error)
        return base::Error{base::ErrorCode::not_found, path.string(),
                           "There is no such file or folder, or it cannot be read."};
    std::vector<fs::path> found;
    for (auto const& entry : folder) {
        if (entry.path().extension() == ".json" && entry.is_regular_file(error))
            found.push_back(entry.path());
    }
    std::sort(found.begin(), found.end(),
              [](fs::path const& a, fs::path const& b) { return a.native() < b.native(); });
    return found;
}

std::string safe_name(std::string const& name) {
    auto out = name;
    for (auto& c : out) {
        bool const letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool const other = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!letter && !other) c = '_';
    }
    constexpr std::size_t longest = 120;
    out.resize(std::min(out.size(), longest));
    if (out.starts_with('.')) out.front() = '_';
    if (out != name) out += "-" + base::name_uuid({"file name", name}).substr(0, 8);
    return out;
}

}  // namespace cds::server

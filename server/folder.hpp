#pragma once
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace cds::server {

/// The *.json files right in a folder, sorted by the bytes of their names, so that every machine
/// takes them in the same order; of a file, the file itself. Fails with not_found when there is no
/// such path.
base::Result<std::vector<std::filesystem::path>> json_files(std::filesystem::path const& path);

/// A part of a file name that every file system takes: letters, digits, '.', '-' and '_'. A name
/// that had to be changed gets eight digits made from it, so that two names stay two.
std::string safe_name(std::string const& name);

}  // namespace cds::server

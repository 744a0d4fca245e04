#pragma once
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace cds::base {

/// A set of named files, sorted by name: the knowledge, embedded in the binary or read from a
/// folder.
class Pack {
public:
    struct File {
        std::string name;        ///< relative path with '/', "rules/csa-thiazide.json"
        std::string_view bytes;  ///< embedded: static storage; folder: held by this Pack
    };
    Pack() = default;
    /// Files that live in static storage.
    static Pack of(std::vector<File> files);
    /// Every regular file below `folder`, without dot-files. Fails with not_found (folder) or
    /// too_large (64 MiB).
    static Result<Pack> from_folder(std::filesystem::path const& folder);

    std::span<File const> files() const noexcept { return files_; }
    /// Files whose name starts with `prefix`.
    std::vector<File const*> below(std::string_view prefix) const;
    File const* find(std::string_view name) const noexcept;
    /// SHA-256 over names and bytes in order, 64 hexadecimal digits: the same knowledge has the
    /// same digest wherever it lies.
    std::string digest() const;

private:
    std::vector<File> files_;
    std::vector<std::shared_ptr<std::string const>> owned_;
};

}  // namespace cds::base

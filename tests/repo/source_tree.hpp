#pragma once
#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace cds::repo {

/// One text file of the repository, in the views that the checks need. All views have the same
/// length and the same line breaks, so an offset means the same place in each.
struct SourceFile {
    std::string path;  ///< relative to the root, with '/'
    std::string text;  ///< as it stands
    std::string
        code;  ///< C++ only: comments, string and character literals blanked; else as it stands
    std::string prose;  ///< C++ only: string and character literals blanked, comments kept; else as
                        ///< it stands

    std::string_view folder() const;  ///< first part of the path; empty for a file at the root
    bool is_cpp() const;              ///< .cpp or .hpp
    bool is_script() const;           ///< a shell script, told by its first line
    std::size_t line_of(std::size_t offset) const;
};

SourceFile source_file(std::string path, std::string text);

/// Every text file below `root` that belongs to the repository: without `.git`, build folders and
/// caches. A file with a NUL byte is no text.
std::vector<SourceFile> read_tree(std::filesystem::path const& root);

/// What a check refuses: where, what, and what to write instead.
struct Complaint {
    std::string path;
    std::size_t line = 0;
    std::string what;
};
std::string describe(std::vector<Complaint> const& complaints);

}  // namespace cds::repo

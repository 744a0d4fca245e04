#pragma once
#include <cstddef>

namespace cds::rules {

/// A knowledge file in the program's read-only data. The list is generated (rules/embed.cmake).
struct EmbeddedFile {
    char const* name;
    char const* begin;
    char const* end;
};
extern EmbeddedFile const embedded_files[];
extern std::size_t const embedded_file_count;

}  // namespace cds::rules

#pragma once
#include <string_view>

// The workbench and the card component: files that the build made from web/src and put into this
// program, like the knowledge.

namespace cds::web {

/// One file as it is sent. Views to fixed memory.
struct Asset {
    std::string_view path;  ///< "/cds-cards.js"
    std::string_view content_type;
    std::string_view etag;     ///< weak, as it is sent; the same content has the same one
    std::string_view plain;    ///< the bytes
    std::string_view gzipped;  ///< the same, compressed with gzip
};

/// The file at a path of the server; none when there is no such file.
Asset const* find(std::string_view path);

/// Whether the workbench was built in: without npm, or with COUNTERSIGN_WEB=OFF, it is not.
bool built_in();

}  // namespace cds::web

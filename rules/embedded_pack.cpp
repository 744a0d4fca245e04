#include <cstddef>
#include <utility>
#include <vector>

#include "rules/embedded_files.hpp"
#include "rules/knowledge.hpp"

namespace cds::rules {

base::Pack embedded_pack() {
    std::vector<base::Pack::File> files;
    files.reserve(embedded_file_count);
    for (std::size_t i = 0; i < embedded_file_count; ++i) {
        auto const& file = embedded_files[i];
        files.push_back({file.name, {file.begin, static_cast<std::size_t>(file.end - file.begin)}});
    }
    return base::Pack::of(std::move(files));
}

}  // namespace cds::rules

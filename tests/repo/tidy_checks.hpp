#pragma once
#include <span>
#include <string_view>
#include <vector>

#include "tests/repo/source_tree.hpp"

namespace cds::repo {

/// One thing that no tool knows and this project refuses. Looks at one file alone.
struct Check {
    std::string_view name;
    void (*look)(SourceFile const&, std::vector<Complaint>&);
};

/// All of them; each appends what it refuses and says what to write instead.
std::span<Check const> checks();

/// Statements that GCC 12.2 compiles without a warning and miscompiles into a double free. Found by
/// pattern: the run under AddressSanitizer is the real net.
void coroutine_shapes(SourceFile const& file, std::vector<Complaint>& complaints);

/// A rule below `rules/knowledge/rules/` without evidence, without its place in the catalogue, or
/// which no case below `test-fixtures/` names. Looks at the whole tree.
void rules_without_source_or_case(std::vector<SourceFile> const& tree,
                                  std::vector<Complaint>& complaints);

}  // namespace cds::repo

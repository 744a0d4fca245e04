#include <functional>

#include "base/text.hpp"
#include "fhir/terminology_tables.hpp"

namespace cds::fhir {
namespace {

/// SNOMED CT's full names end with the kind of concept, which people leave out.
std::string_view without_kind(std::string_view name) noexcept {
    for (std::string_view const kind :
         {" (disorder)", " (finding)", " (situation)", " (procedure)", " (product)",
          " (medicinal product)", " (clinical drug)", " (observable entity)"}) {
        if (name.ends_with(kind)) return name.substr(0, name.size() - kind.size());
    }
    return name;
}

std::uint64_t hash_of(std::string_view folded_name) noexcept {
    return std::hash<std::string_view>{}(without_kind(folded_name));
}

}  // namespace

void NameTable::enter(std::string_view name, std::uint32_t meaning) {
    folded_.clear();
    base::fold(name, folded_);
    // A substance's name is used for all its products: "epinephrine" says nothing of the
    // autoinjector that the code stands for in its list.
    if (folded_.ends_with(" (substance)")) return;
    entries_.push_back({hash_of(folded_), meaning});
}

void NameTable::sort() {
    std::sort(entries_.begin(), entries_.end(), [](Entry const& a, Entry const& b) {
        return a.hash != b.hash ? a.hash < b.hash : a.meaning < b.meaning;
    });
}

std::pair<std::size_t, std::size_t> NameTable::find(std::string_view folded_name) const noexcept {
    if (folded_name.empty()) return {0, 0};
    auto const hash = hash_of(folded_name);
    auto const begin = std::lower_bound(
        entries_.begin(), entries_.end(), hash,
        [](Entry const& entry, std::uint64_t wanted) { return entry.hash < wanted; });
    auto end = begin;
    while (end != entries_.end() && end->hash == hash) ++end;
    return {static_cast<std::size_t>(begin - entries_.begin()),
            static_cast<std::size_t>(end - entries_.begin())};
}

}  // namespace cds::fhir

#include "rules/finding.hpp"

#include <new>

namespace cds::rules {

std::string_view name(Indicator indicator) {
    switch (indicator) {
        case Indicator::info:
            return "info";
        case Indicator::warning:
            return "warning";
        case Indicator::critical:
            return "critical";
    }
    return {};
}

namespace {

/// Room made for the facts of one finding or item, so that few of them are ever moved.
constexpr std::size_t usual_facts = 8;

/// Length, first, middle and last letter: few names of one finding share them.
std::uint32_t mark_of(std::string_view name) noexcept {
    if (name.empty()) return 0;
    auto const letter = [](char c) { return std::uint32_t{static_cast<unsigned char>(c)}; };
    return static_cast<std::uint32_t>(name.size()) ^ letter(name.front()) << 8U ^
           letter(name[name.size() / 2]) << 16U ^ letter(name.back()) << 24U;
}

/// The entry of that name, added when there is none: a fact that is stated twice has its last
/// value.
Facts::Entry& entry_of(std::pmr::vector<Facts::Entry>& entries, std::string_view name) {
    auto const mark = mark_of(name);
    for (auto& entry : entries) {
        if (entry.mark == mark && entry.name == name) return entry;
    }
    if (entries.empty()) entries.reserve(usual_facts);
    auto& added = entries.emplace_back();
    added.name = name;
    added.mark = mark;
    return added;
}

}  // namespace

void Facts::text(std::string_view name, std::string_view value) {
    auto& entry = entry_of(entries_, name);
    entry.type = Type::text;
    entry.text = value;
}

void Facts::chart_text(std::string_view name, std::string_view value) {
    auto& entry = entry_of(entries_, name);
    entry.type = Type::chart_text;
    entry.text = value;
}

void Facts::flag(std::string_view name, bool value) {
    auto& entry = entry_of(entries_, name);
    entry.type = Type::flag;
    entry.flag = value;
}

Facts& Facts::item(std::string_view name) {
    auto* const arena = entries_.get_allocator().resource();
    auto& entry = entry_of(entries_, name);
    entry.type = Type::list;
    if (entry.list == nullptr) {
        // Lives and dies with the request's arena, like all that a finding points to.
        std::pmr::polymorphic_allocator<std::pmr::vector<Facts>> allocator{arena};
        entry.list = new (allocator.allocate(1)) std::pmr::vector<Facts>{arena};
    }
    return entry.list->emplace_back(arena);
}

Facts::Entry const* Facts::find(std::string_view name) const noexcept {
    auto const mark = mark_of(name);
    for (auto const& entry : entries_) {
        if (entry.mark == mark && entry.name == name) return &entry;
    }
    return nullptr;
}

}  // namespace cds::rules

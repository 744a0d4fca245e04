#include "fhir/terminology_tables.hpp"

#include <algorithm>
#include <cstring>

namespace cds::fhir {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
constexpr char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
constexpr bool digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool equal_ignoring_case(std::string_view a, std::string_view b) noexcept {
    return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(),
                                              [](char x, char y) { return lower(x) == lower(y); });
}

bool starts_ignoring_case(std::string_view text, std::string_view prefix) noexcept {
    return text.size() >= prefix.size() &&
           equal_ignoring_case(text.substr(0, prefix.size()), prefix);
}

std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    return text;
}

std::uint64_t hash_of(System system, std::string_view code) noexcept {
    // FNV-1a with a final mix: codes are short and differ mostly in their last digits.
    std::uint64_t hash = 14695981039346656037ULL ^ static_cast<std::uint64_t>(system);
    for (auto const c : code) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    hash = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15ULL;
    return hash ^ (hash >> 29);
}

/// Copies the characters that `keep` maps to something other than '\0'.
template <class Keep>
std::string_view copied(std::string_view code, CodeBuffer& buffer, Keep keep) noexcept {
    if (code.size() > buffer.size()) return {};
    std::size_t length = 0;
    for (auto const c : code) {
        if (auto const kept = keep(c); kept != '\0') buffer[length++] = kept;
    }
    return {buffer.data(), length};
}

/// An NDC of 10 digits in two hyphens becomes 11 by a zero before the short segment (4-4-2, 5-3-2,
/// 5-4-1); FDA/CMS convention. Without hyphens a 10-digit NDC is ambiguous and stays as it is.
std::string_view spelled_ndc(std::string_view code, CodeBuffer& buffer) noexcept {
    std::array<std::string_view, 3> segments{};
    std::size_t count = 0;
    for (auto rest = code;;) {
        auto const hyphen = rest.find('-');
        if (count == segments.size()) return {};
        segments[count++] = rest.substr(0, hyphen);
        if (hyphen == std::string_view::npos) break;
        rest.remove_prefix(hyphen + 1);
    }
    if (count == 1) {
        auto const digits = copied(code, buffer, [](char c) { return digit(c) ? c : '\0'; });
        return digits.size() == code.size() ? digits : std::string_view{};
    }
    constexpr std::array<std::size_t, 3> widths{5, 4, 2};
    if (count != widths.size()) return {};
    std::size_t length = 0;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        auto const& segment = segments[i];
        if (segment.empty() || segment.size() > widths[i]) return {};
        if (!std::all_of(segment.begin(), segment.end(), digit)) return {};
        for (auto zeros = widths[i] - segment.size(); zeros > 0; --zeros) buffer[length++] = '0';
        for (auto const c : segment) buffer[length++] = c;
    }
    return {buffer.data(), length};
}

}  // namespace

std::string_view TextArena::keep(std::string_view text) {
    constexpr std::size_t chunk = std::size_t{1} << 16;
    if (text.size() > room_) {
        room_ = std::max(chunk, text.size());
        chunks_.push_back(std::make_unique<char[]>(room_));
        next_ = chunks_.back().get();
    }
    std::copy(text.begin(), text.end(), next_);
    std::string_view const kept{next_, text.size()};
    next_ += text.size();
    room_ -= text.size();
    return kept;
}

CodeTable::CodeTable() : slots_(std::size_t{1} << 16) {}

std::size_t CodeTable::place(std::uint64_t hash, System system,
                             std::string_view code) const noexcept {
    auto const mask = slots_.size() - 1;
    auto at = static_cast<std::size_t>(hash) & mask;
    for (;; at = (at + 1) & mask) {
        auto const& slot = slots_[at];
        if (slot.code == nullptr) return at;
        if (slot.hash == hash && slot.system == system && slot.length == code.size() &&
            std::memcmp(slot.code, code.data(), code.size()) == 0) {
            return at;
        }
    }
}

std::uint32_t CodeTable::find(System system, std::string_view code) const noexcept {
    return slots_[place(hash_of(system, code), system, code)].value;
}

std::uint32_t CodeTable::enter(System system, std::string_view code, std::uint32_t value,
                               TextArena& texts) {
    if ((used_ + 1) * 4 > slots_.size() * 3) grow();
    auto const hash = hash_of(system, code);
    auto& slot = slots_[place(hash, system, code)];
    if (slot.code == nullptr) {
        slot = {hash, texts.keep(code).data(), value, static_cast<std::uint8_t>(code.size()),
                system};
        ++used_;
    }
    return slot.value;
}

void CodeTable::grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    for (auto const& slot : old) {
        if (slot.code != nullptr)
            slots_[place(slot.hash, slot.system, {slot.code, slot.length})] = slot;
    }
}

std::string_view spelled(System system, std::string_view code, CodeBuffer& buffer) noexcept {
    code = trimmed(code);
    switch (system) {
        case System::icd10cm:
            return copied(code, buffer, [](char c) { return c == '.' ? '\0' : upper(c); });
        case System::atc:
            return copied(code, buffer, [](char c) { return upper(c); });
        case System::ndc:
            return spelled_ndc(code, buffer);
        case System::cvx:
            while (code.size() > 1 && code.front() == '0') code.remove_prefix(1);
            return code.size() <= buffer.size() ? code : std::string_view{};
        case System::other:
            return {};
        case System::rxnorm:
        case System::snomed:
        case System::loinc:
            break;
    }
    return code.size() <= buffer.size() ? code : std::string_view{};
}

System find_system(std::span<std::pair<std::string, System> const> systems,
                   std::string_view uri) noexcept {
    uri = trimmed(uri);
    // Nearly every scheme is in lower case: compared as it stands first.
    constexpr std::array<std::string_view, 3> schemes{"https://", "http://", "urn:oid:"};
    auto scheme = std::find_if(schemes.begin(), schemes.end(),
                               [uri](std::string_view known) { return uri.starts_with(known); });
    if (scheme == schemes.end()) {
        scheme = std::find_if(schemes.begin(), schemes.end(), [uri](std::string_view known) {
            return starts_ignoring_case(uri, known);
        });
    }
    if (scheme != schemes.end()) uri.remove_prefix(scheme->size());
    while (!uri.empty() && uri.back() == '/') uri.remove_suffix(1);
    for (auto const& [name, system] : systems) {
        if (equal_ignoring_case(uri, name)) return system;
        // An edition or version of SNOMED CT may follow its URI.
        if (system == System::snomed && uri.size() > name.size() && uri[name.size()] == '/' &&
            starts_ignoring_case(uri, name)) {
            return system;
        }
    }
    return System::other;
}

std::string_view normalised_unit(std::string_view unit, CodeBuffer& buffer) noexcept {
    std::size_t length = 0;
    for (std::size_t i = 0; i < unit.size(); ++i) {
        auto c = lower(unit[i]);
        if (c == ' ') continue;
        auto const two = unit.substr(i, 2);
        if (two == "\xC2\xB5" || two == "\xCE\xBC")
            c = 'u', ++i;  // micro sign, Greek mu
        else if (two == "\xC2\xB2")
            c = '2', ++i;  // superscripts
        else if (two == "\xC2\xB3")
            c = '3', ++i;
        else if (two == "\xC2\xBA") {
            buffer[length++] = '\xC2';
            c = '\xB0', ++i;
        }  // ordinal for degree
        if (length + 1 >= buffer.size()) return {};
        buffer[length++] = c;
    }
    return {buffer.data(), length};
}

CodeMeaning& TerminologyTables::meaning_of(System system, std::string_view code,
                                           std::string_view display) {
    auto const next = static_cast<std::uint32_t>(meanings.size());
    auto const index = codes.enter(system, code, next, texts);
    if (index == next) meanings.emplace_back();
    auto& meaning = meanings[index];
    if (meaning.display.empty() && !display.empty()) meaning.display = texts.keep(display);
    return meaning;
}

}  // namespace cds::fhir

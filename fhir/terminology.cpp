#include "fhir/terminology.hpp"

#include <algorithm>

#include "fhir/terminology_tables.hpp"

namespace cds::fhir {
namespace {

/// A 10-digit NDC without hyphens may stand for three products: it is taken when exactly one
/// meaning is listed.
std::uint32_t find_short_ndc(CodeTable const& codes, std::string_view digits) noexcept {
    auto found = CodeTable::none;
    for (std::size_t const at : {std::size_t{0}, std::size_t{5}, std::size_t{9}}) {
        CodeBuffer wide;
        auto end = std::copy_n(digits.data(), at, wide.data());
        *end++ = '0';
        std::copy(digits.begin() + static_cast<std::ptrdiff_t>(at), digits.end(), end);
        auto const value = codes.find(System::ndc, {wide.data(), 11});
        if (value == CodeTable::none || value == found) continue;
        if (found != CodeTable::none) return CodeTable::none;
        found = value;
    }
    return found;
}

}  // namespace

Terminology::Terminology(std::unique_ptr<Tables> tables) : tables_{std::move(tables)} {}
Terminology::Terminology(Terminology&&) noexcept = default;
Terminology& Terminology::operator=(Terminology&&) noexcept = default;
Terminology::~Terminology() = default;

System Terminology::system(std::string_view uri) const noexcept {
    auto const found = tables_->system_by_uri.find(uri);
    if (found != tables_->system_by_uri.end()) return found->second;
    return find_system(tables_->systems, uri);
}

CodeMeaning const* Terminology::find(System system, std::string_view code) const noexcept {
    CodeBuffer buffer;
    auto wanted = spelled(system, code, buffer);
    if (wanted.empty()) return nullptr;
    auto index = tables_->codes.find(system, wanted);
    if (index == CodeTable::none && system == System::ndc && wanted.size() == 10) {
        index = find_short_ndc(tables_->codes, wanted);
    }
    if (index == CodeTable::none && system == System::icd10cm && wanted.size() >= 3 &&
        wanted[1] >= '0' && wanted[1] <= '9') {
        while (index == CodeTable::none && wanted.size() > 1) {
            wanted.remove_suffix(1);
            index = tables_->codes.find(system, wanted);
        }
    }
    return index == CodeTable::none ? nullptr : &tables_->meanings[index];
}

std::span<Ingredient const> Terminology::ingredients() const noexcept {
    return tables_->ingredients;
}

void Terminology::match_ingredients(std::string_view folded, std::vector<IngredientId>& out) const {
    tables_->drug_text.match(folded, [&out](std::size_t target, bool) {
        auto const id = static_cast<IngredientId>(target);
        if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    });
    if (!out.empty()) return;
    tables_->names.match(folded, [this, &out](std::uint32_t meaning) {
        for (auto const id : tables_->meanings[meaning].ingredients)
            if (std::find(out.begin(), out.end(), id) == out.end()) out.push_back(id);
    });
}

DiseaseSet Terminology::match_diseases(std::string_view folded) const {
    DiseaseSet found;
    tables_->disease_text.match(folded, [&found](std::size_t target, bool) { found.set(target); });
    if (found.none()) {
        tables_->names.match(folded, [this, &found](std::uint32_t meaning) {
            found |= tables_->meanings[meaning].diseases;
        });
    }
    return found;
}

DiseaseSet Terminology::match_always_text(std::string_view folded) const {
    DiseaseSet found;
    tables_->disease_text.match(folded, [&found](std::size_t target, bool always) {
        if (always) found.set(target);
    });
    return found;
}

TestSet Terminology::match_tests(std::string_view folded) const {
    TestSet found;
    tables_->test_text.match(folded, [&found](std::size_t target, bool) { found.set(target); });
    if (found.none()) {
        tables_->names.match(folded, [this, &found](std::uint32_t meaning) {
            found |= tables_->meanings[meaning].tests;
        });
    }
    return found;
}

AllergenSet Terminology::match_allergens(std::string_view folded) const {
    AllergenSet found;
    tables_->allergen_text.match(folded, [&found](std::size_t target, bool) { found.set(target); });
    return found;
}

ServiceSet Terminology::match_services(std::string_view folded) const {
    ServiceSet found;
    tables_->service_text.match(folded, [&found](std::size_t target, bool) { found.set(target); });
    return found;
}

TestInfo const& Terminology::test(Test test) const noexcept {
    return tables_->measures[static_cast<std::size_t>(test)].info;
}

Conversion const* Terminology::conversion(Test test, std::string_view unit) const noexcept {
    auto const& units = tables_->measures[static_cast<std::size_t>(test)].units;
    auto const named = [&units](std::string_view name) -> Conversion const* {
        for (auto const& known : units) {
            if (known.name == name) return &known.conversion;
        }
        return nullptr;
    };
    if (units.empty() || unit.empty()) return nullptr;
    if (auto const* exact = named(unit)) return exact;
    CodeBuffer buffer;
    auto const key = normalised_unit(unit, buffer);
    auto const& aliases = tables_->unit_aliases;
    auto const alias = std::lower_bound(
        aliases.begin(), aliases.end(), key,
        [](auto const& entry, std::string_view wanted) { return entry.first < wanted; });
    return alias != aliases.end() && alias->first == key ? named(alias->second) : nullptr;
}

Terminology::Counts Terminology::counts() const noexcept { return tables_->counts; }
bool Terminology::has_snomed() const noexcept { return tables_->snomed; }
bool Terminology::has_atc() const noexcept { return tables_->atc; }

}  // namespace cds::fhir

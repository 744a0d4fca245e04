#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "base/pack.hpp"
#include "fhir/terminology.hpp"

// What `Terminology` holds inside: private to terminology*.cpp.

namespace cds::fhir {

/// Keeps copies of texts at fixed addresses until it dies.
class TextArena {
public:
    std::string_view keep(std::string_view text);

private:
    std::vector<std::unique_ptr<char[]>> chunks_;
    std::size_t room_ = 0;
    char* next_ = nullptr;
};

/// (system, code) -> number, as one flat array with linear probing. Codes must be spelled as
/// `spelled` gives them.
class CodeTable {
public:
    static constexpr std::uint32_t none = 0xffffffff;

    CodeTable();
    std::uint32_t find(System system, std::string_view code) const noexcept;
    /// Enters the code with `value`; when it is there already nothing changes and its value is
    /// returned.
    std::uint32_t enter(System system, std::string_view code, std::uint32_t value,
                        TextArena& texts);
    std::size_t size() const noexcept { return used_; }
    template <class Visit>
    void each(Visit visit) const {
        for (auto const& slot : slots_) {
            if (slot.code != nullptr)
                visit(slot.system, std::string_view{slot.code, slot.length}, slot.value);
        }
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        char const* code = nullptr;
        std::uint32_t value = none;
        std::uint8_t length = 0;
        System system = System::other;
    };
    std::size_t place(std::uint64_t hash, System system, std::string_view code) const noexcept;
    void grow();

    std::vector<Slot> slots_;
    std::size_t used_ = 0;
};

using CodeBuffer = std::array<char, 40>;
/// The code as the table spells it (ICD-10-CM without dot and in capitals, CVX without leading
/// zeros, NDC in digits only ...), in `buffer` or as a part of `code`; empty when it cannot be a
/// code of the system.
std::string_view spelled(System system, std::string_view code, CodeBuffer& buffer) noexcept;

/// All text patterns of one kind of concept, matched in one pass over the text.
class TextMatcher {
public:
    TextMatcher();
    ~TextMatcher();
    TextMatcher(TextMatcher&&) noexcept;
    TextMatcher& operator=(TextMatcher&&) noexcept;

    /// Text that matches `pattern` but not `unless` (empty: no exception) means `target`.
    /// Fails with the pattern's fault.
    base::Result<void> add(std::string_view pattern, std::string_view unless, std::size_t target,
                           bool always);
    /// Text that matches `pattern` means nothing at all.
    base::Result<void> exclude(std::string_view pattern);
    base::Result<void> compile();

    /// Calls `visit(target, always)` for every meaning of the text; a target may come more than
    /// once.
    template <class Visit>
    void match(std::string_view folded, Visit visit) const {
        for (auto const index : hits(folded)) {
            auto const& rule = rules_[static_cast<std::size_t>(index)];
            if (rule.target != no_target && !prevented(rule.unless))
                visit(rule.target, rule.always);
        }
    }

private:
    static constexpr std::size_t no_target = static_cast<std::size_t>(-1);
    struct Rule {
        std::size_t target = no_target;
        int unless = -1;  ///< index of the pattern that prevents this one
        bool always = false;
    };
    struct Compiled;
    std::span<int const> hits(std::string_view folded) const;
    static bool prevented(int unless) noexcept;
    base::Result<int> enter(std::string_view pattern, Rule rule);

    std::vector<Rule> rules_;
    std::unordered_map<std::string, int> exceptions_;
    int exclusion_ = -1;
    std::unique_ptr<Compiled> compiled_;
};

/// The terminologies' own names of their codes: a text that is exactly such a name means what the
/// code means, also where the code itself did not come along.
class NameTable {
public:
    /// `name` as the terminology writes it.
    void enter(std::string_view name, std::uint32_t meaning);
    /// After the last entry.
    void sort();
    /// Calls `visit(meaning)` for every code whose name one of the parts of a folded text is; parts
    /// are separated by " ; ".
    template <class Visit>
    void match(std::string_view folded, Visit visit) const {
        for (std::size_t from = 0; from <= folded.size();) {
            auto const cut = std::min(folded.find(" ; ", from), folded.size());
            auto const [begin, end] = find(folded.substr(from, cut - from));
            for (auto at = begin; at != end; ++at) visit(entries_[at].meaning);
            from = cut + 3;
        }
    }

private:
    struct Entry {
        std::uint64_t hash = 0;
        std::uint32_t meaning = 0;
    };
    std::pair<std::size_t, std::size_t> find(std::string_view folded_name) const noexcept;
    std::vector<Entry> entries_;
    std::string folded_;
};

/// URIs differ in their ends and lengths, which is enough here.
struct UriHash {
    std::size_t operator()(std::string_view uri) const noexcept {
        return base::json::name_hash(uri);
    }
};

struct TerminologyTables {
    struct Unit {
        std::string name;
        Conversion conversion;
    };
    struct Measure {
        TestInfo info;
        std::vector<Unit> units;
    };

    TextArena texts;
    CodeTable codes;
    std::vector<CodeMeaning> meanings;
    std::vector<Ingredient> ingredients;
    TextMatcher drug_text, disease_text, test_text, allergen_text, service_text;
    std::array<Measure, static_cast<std::size_t>(Test::count_)> measures;
    std::vector<std::pair<std::string, std::string>>
        unit_aliases;                                     ///< sorted; normalised spelling -> UCUM
    std::vector<std::pair<std::string, System>> systems;  ///< without scheme and trailing slash
    /// The same as most charts spell them, with scheme: found at once.
    std::unordered_map<std::string_view, System, UriHash> system_by_uri;
    NameTable names;
    Terminology::Counts counts{};
    bool snomed = false;
    bool atc = false;

    /// The meaning of a code, made empty when the code is new.
    CodeMeaning& meaning_of(System system, std::string_view spelled_code, std::string_view display);
};

struct Terminology::Tables : TerminologyTables {};

/// A unit's spelling without the differences that mean nothing: case, blanks, kind of micro sign,
/// superscripts. Empty when too long for any unit.
std::string_view normalised_unit(std::string_view unit, CodeBuffer& buffer) noexcept;

/// The rows of all value-set files of one id.
struct ValueSet {
    struct Row {
        System system = System::other;
        std::uint32_t meaning = 0;
        std::uint32_t names = 0;  ///< index into ValueSets::names; 0: no ingredient
    };
    std::vector<Row> rows;
    std::vector<std::string> icd10cm_prefixes;  ///< as the table spells codes
};

struct ValueSets {
    std::unordered_map<std::string, ValueSet> by_id;
    std::vector<std::string> names{""};  ///< ingredient names of a row, "; " between several
};

/// The systems' URIs first, since the value sets name their system by URI.
base::Result<void> load_systems(base::Pack const& pack, TerminologyTables& tables);
base::Result<ValueSets> load_value_sets(base::Pack const& pack, TerminologyTables& tables);
/// After the value sets: a NDC means what the RxNorm code of its row means.
base::Result<void> load_ndc(base::Pack const& pack, TerminologyTables& tables);
System find_system(std::span<std::pair<std::string, System> const> systems,
                   std::string_view uri) noexcept;

}  // namespace cds::fhir

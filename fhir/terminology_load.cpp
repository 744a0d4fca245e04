#include <algorithm>
#include <unordered_set>

#include "base/json.hpp"
#include "base/text.hpp"
#include "fhir/terminology_tables.hpp"

namespace cds::fhir {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::json::Value;

Error wrong(std::string const& where, std::string what) {
    return {ErrorCode::invalid, where, std::move(what)};
}

/// "88.4", "5/12" or "-160/9"; the fraction is for factors that no decimal is equal to.
std::optional<base::Rational> number_of(std::string_view text) {
    auto const slash = text.find('/');
    auto const numerator = base::Rational::parse(text.substr(0, slash));
    if (slash == std::string_view::npos || !numerator) return numerator;
    auto const denominator = base::Rational::parse(text.substr(slash + 1));
    if (!denominator) return std::nullopt;
    auto const quotient = *numerator / *denominator;
    return quotient.valid() ? std::optional{quotient} : std::nullopt;
}

void set_in(CodeMeaning& meaning, Disease meant) {
    meaning.diseases.set(static_cast<std::size_t>(meant));
}
void set_in(CodeMeaning& meaning, Test meant) {
    meaning.tests.set(static_cast<std::size_t>(meant));
}
void set_in(CodeMeaning& meaning, Allergen meant) {
    meaning.allergens.set(static_cast<std::size_t>(meant));
}
void set_in(CodeMeaning& meaning, Service meant) {
    meaning.services.set(static_cast<std::size_t>(meant));
}

/// Reads the concept files: each entry names a concept and says which rows of which value sets,
/// which ICD-10-CM prefixes and which texts mean it. A concept may have several entries.
class ConceptReader {
public:
    ConceptReader(base::Pack const& pack, TerminologyTables& tables, ValueSets const& sets)
        : pack_{pack}, tables_{tables}, sets_{sets} {}

    Result<void> drugs();
    Result<void> conditions();
    Result<void> tests();
    /// procedures.json and allergens.json: `list` is the member that holds the entries, `key` names
    /// the concept.
    template <class E>
    Result<void> concepts(std::string_view file, std::string_view list, std::string_view key,
                          TextMatcher& texts);

private:
    Result<Value> root_of(std::string_view file);
    Result<void> drug(Value entry, std::string const& place);
    Result<void> prefixes(Value entry, Disease disease, std::string const& place);
    void apply_prefixes();
    Result<void> measure(Value entry, TerminologyTables::Measure& measure,
                         std::string const& place);
    Result<void> text(Value entry, std::size_t target, TextMatcher& texts,
                      std::string const& place);
    Result<std::vector<bool>> names(Value entry, std::string const& place);
    Result<std::unordered_set<std::uint32_t>> indexes(Value codes, std::string const& place);
    template <class Visit>
    Result<void> select(Value entry, std::string const& place, Visit visit);
    /// Whether lists were left out of this pack, so that a missing one is no mistake.
    bool partial() const { return !tables_.snomed || !tables_.atc; }

    struct Prefix {
        Disease disease;
        bool includes;
    };
    base::Pack const& pack_;
    TerminologyTables& tables_;
    ValueSets const& sets_;
    base::json::Document document_;
    std::unordered_map<std::string, std::vector<Prefix>> prefixes_;
};

Result<Value> ConceptReader::root_of(std::string_view name) {
    auto const* file = pack_.find(name);
    if (file == nullptr) return wrong(std::string{name}, "the file is missing");
    auto const root = document_.parse(file->bytes);
    if (!root) return wrong(std::string{name} + "#" + root.error().where, root.error().what);
    return *root;
}

/// Which ingredient lists (ValueSets::names) hold a name of the entry; without names every row
/// counts.
Result<std::vector<bool>> ConceptReader::names(Value entry, std::string const& place) {
    auto const wanted = entry["names"];
    std::vector<bool> chosen(sets_.names.size(), !wanted);
    for (auto const name : wanted.each()) {
        if (name.string().empty()) return wrong(place + "/names", "a name is needed");
        for (std::size_t i = 1; i < sets_.names.size(); ++i) {
            std::string_view rest = sets_.names[i];
            while (!rest.empty()) {
                auto const one = rest.substr(0, rest.find("; "));
                if (one == name.string()) chosen[i] = true;
                rest.remove_prefix(std::min(one.size() + 2, rest.size()));
            }
        }
    }
    return chosen;
}

Result<std::unordered_set<std::uint32_t>> ConceptReader::indexes(Value codes,
                                                                 std::string const& place) {
    std::unordered_set<std::uint32_t> found;
    for (auto const code : codes.each()) {
        auto known = false;
        for (auto const system :
             {System::rxnorm, System::atc, System::snomed, System::cvx, System::loinc}) {
            CodeBuffer buffer;
            auto const wanted = spelled(system, code.string(), buffer);
            auto const index = tables_.codes.find(system, wanted);
            if (wanted.empty() || index == CodeTable::none) continue;
            found.insert(index);
            known = true;
        }
        if (!known && !partial()) return wrong(place, "a code that no value set has");
    }
    return found;
}

/// Calls `visit(meaning, value set id)` for every row that the entry chooses. ICD-10-CM rows are
/// not visited: there the prefixes decide.
template <class Visit>
Result<void> ConceptReader::select(Value entry, std::string const& place, Visit visit) {
    auto const chosen = names(entry, place);
    if (!chosen) return chosen.error();
    auto const only = indexes(entry["only"], place + "/only");
    if (!only) return only.error();
    auto const except = indexes(entry["except"], place + "/except");
    if (!except) return except.error();
    std::size_t number = 0;
    for (auto const id : entry["valueSets"].each()) {
        auto const at = place + "/valueSets/" + std::to_string(number++);
        auto const set = sets_.by_id.find(std::string{id.string()});
        if (set == sets_.by_id.end()) {
            if (partial()) continue;
            return wrong(at, "there is no such value set");
        }
        for (auto const& row : set->second.rows) {
            if (row.system == System::icd10cm || !(*chosen)[row.names]) continue;
            if (entry["only"] && only->count(row.meaning) == 0) continue;
            if (except->count(row.meaning) != 0) continue;
            visit(tables_.meanings[row.meaning], id.string());
        }
    }
    return {};
}

Result<void> ConceptReader::text(Value entry, std::size_t target, TextMatcher& texts,
                                 std::string const& place) {
    auto const pattern = entry["text"].string();
    if (pattern.empty()) return {};
    auto const always = entry["textAlways"].boolean().value_or(false);
    auto const added = texts.add(pattern, entry["unless"].string(), target, always);
    if (!added) return wrong(place + "/text", added.error().what);
    return {};
}

// ---------------------------------------------------------------------------------------------------
// medications

Result<void> ConceptReader::drug(Value entry, std::string const& place) {
    Ingredient ingredient;
    ingredient.name = entry["ingredient"].string();
    if (ingredient.name.empty()) return wrong(place + "/ingredient", "a name is needed");
    for (auto const key : entry["drug"].each()) {
        auto const drug = from_name<Drug>(key.string());
        if (!drug) return wrong(place + "/drug", "there is no such drug");
        ingredient.drugs.set(static_cast<std::size_t>(*drug));
    }
    if (ingredient.drugs.none()) return wrong(place + "/drug", "a drug is needed");
    ingredient.class_only = entry["classOnly"].boolean().value_or(false);
    auto const id = static_cast<IngredientId>(tables_.ingredients.size());
    tables_.ingredients.push_back(std::move(ingredient));

    auto const formulations = entry["formulations"];
    auto const selected = select(entry, place, [&](CodeMeaning& meaning, std::string_view set) {
        auto& known = meaning.ingredients;
        if (std::find(known.begin(), known.end(), id) == known.end()) known.push_back(id);
        auto const formulation = formulations[set].string();
        if (formulation == "modified") meaning.formulation = Formulation::modified;
        if (formulation == "nonmodified") meaning.formulation = Formulation::nonmodified;
    });
    if (!selected) return selected;
    return text(entry, id, tables_.drug_text, place);
}

Result<void> ConceptReader::drugs() {
    auto const root = root_of("drugs.json");
    if (!root) return root.error();
    auto const neutral =
        select((*root)["neutral"], "drugs.json#/neutral", [](CodeMeaning&, std::string_view) {});
    if (!neutral) return neutral;
    std::size_t number = 0;
    for (auto const entry : (*root)["drugs"].each()) {
        auto const read = drug(entry, "drugs.json#/drugs/" + std::to_string(number++));
        if (!read) return read;
    }
    if (number == 0) return wrong("drugs.json#/drugs", "the list is empty");
    return tables_.drug_text.compile();
}

// ----------------------------------------------------------------------------------------------------
// conditions

Result<void> ConceptReader::prefixes(Value entry, Disease disease, std::string const& place) {
    CodeBuffer buffer;
    for (auto const id : entry["valueSets"].each()) {
        auto const set = sets_.by_id.find(std::string{id.string()});
        if (set == sets_.by_id.end()) continue;
        for (auto const& prefix : set->second.icd10cm_prefixes)
            prefixes_[prefix].push_back({disease, true});
    }
    for (std::string_view const member : {"icd10cm", "icd10cmExcept"}) {
        for (auto const code : entry[member].each()) {
            auto const prefix = spelled(System::icd10cm, code.string(), buffer);
            if (prefix.empty())
                return wrong(place + "/" + std::string{member}, "an ICD-10-CM prefix is needed");
            prefixes_[std::string{prefix}].push_back({disease, member == "icd10cm"});
        }
    }
    return {};
}

/// Gives every listed ICD-10-CM code the diseases of its prefixes; the longest prefix that names a
/// disease decides on it, and at the same length an exception wins.
void ConceptReader::apply_prefixes() {
    for (auto const& [prefix, rules] : prefixes_) tables_.meaning_of(System::icd10cm, prefix, {});
    tables_.codes.each([this](System system, std::string_view code, std::uint32_t index) {
        if (system != System::icd10cm) return;
        auto& diseases = tables_.meanings[index].diseases;
        for (std::size_t length = 1; length <= code.size(); ++length) {
            auto const rules = prefixes_.find(std::string{code.substr(0, length)});
            if (rules == prefixes_.end()) continue;
            for (auto const pass : {true, false}) {
                for (auto const& rule : rules->second) {
                    if (rule.includes == pass)
                        diseases.set(static_cast<std::size_t>(rule.disease), pass);
                }
            }
        }
    });
}

Result<void> ConceptReader::conditions() {
    auto const root = root_of("conditions.json");
    if (!root) return root.error();
    if (auto const pattern = (*root)["unless"].string(); !pattern.empty()) {
        auto const excluded = tables_.disease_text.exclude(pattern);
        if (!excluded) return wrong("conditions.json#/unless", excluded.error().what);
    }
    std::size_t number = 0;
    for (auto const entry : (*root)["conditions"].each()) {
        auto const place = "conditions.json#/conditions/" + std::to_string(number++);
        auto const disease = from_name<Disease>(entry["condition"].string());
        if (!disease) return wrong(place + "/condition", "there is no such condition");
        auto const selected = select(entry, place, [&](CodeMeaning& meaning, std::string_view) {
            set_in(meaning, *disease);
        });
        if (!selected) return selected;
        if (auto const read = prefixes(entry, *disease, place); !read) return read;
        auto const read =
            text(entry, static_cast<std::size_t>(*disease), tables_.disease_text, place);
        if (!read) return read;
    }
    if (number == 0) return wrong("conditions.json#/conditions", "the list is empty");
    apply_prefixes();
    return tables_.disease_text.compile();
}

// -------------------------------------------------------------------------------------------------------
// the rest

Result<void> ConceptReader::measure(Value entry, TerminologyTables::Measure& measure,
                                    std::string const& place) {
    auto& info = measure.info;
    info.display = entry["display"].string();
    info.canonical_unit = entry["unit"].string();
    info.canonical_display = entry["unitDisplay"].string();
    info.loinc = entry["order"]["code"].string();
    info.loinc_display = entry["order"]["display"].string();
    if (info.display.empty()) return wrong(place + "/display", "a display is needed");
    if (!info.canonical_unit.empty()) measure.units.push_back({info.canonical_unit, {}});
    for (auto const entry_unit : entry["conversions"].each()) {
        auto const factor = number_of(entry_unit["factor"].string());
        auto const offset = entry_unit["offset"] ? number_of(entry_unit["offset"].string())
                                                 : std::optional{base::Rational{0}};
        auto const unit = entry_unit["unit"].string();
        if (unit.empty() || !factor || !offset || info.canonical_unit.empty()) {
            return wrong(place + "/conversions", "a unit and a decimal factor are needed");
        }
        measure.units.push_back({std::string{unit}, {*factor, *offset}});
    }
    if (auto const range = entry["plausible"]) {
        info.plausible_low = number_of(range["low"].string());
        info.plausible_high = number_of(range["high"].string());
        if (!info.plausible_low || !info.plausible_high)
            return wrong(place + "/plausible", "two decimals are needed");
    }
    return {};
}

Result<void> ConceptReader::tests() {
    auto const root = root_of("tests.json");
    if (!root) return root.error();
    for (auto const alias : (*root)["unitAliases"]) {
        CodeBuffer buffer;
        if (alias.string().empty() || normalised_unit(alias.key(), buffer) != alias.key()) {
            return wrong("tests.json#/unitAliases",
                         "an alias is lower case without blanks and names a unit");
        }
        tables_.unit_aliases.emplace_back(alias.key(), alias.string());
    }
    std::sort(tables_.unit_aliases.begin(), tables_.unit_aliases.end());
    std::size_t number = 0;
    for (auto const entry : (*root)["tests"].each()) {
        auto const place = "tests.json#/tests/" + std::to_string(number++);
        auto const test = from_name<Test>(entry["test"].string());
        if (!test) return wrong(place + "/test", "there is no such test");
        auto const index = static_cast<std::size_t>(*test);
        if (auto const read = measure(entry, tables_.measures[index], place); !read) return read;
        auto const selected = select(
            entry, place, [&](CodeMeaning& meaning, std::string_view) { set_in(meaning, *test); });
        if (!selected) return selected;
        if (auto const read = text(entry, index, tables_.test_text, place); !read) return read;
    }
    if (number == 0) return wrong("tests.json#/tests", "the list is empty");
    return tables_.test_text.compile();
}

template <class E>
Result<void> ConceptReader::concepts(std::string_view file, std::string_view list,
                                     std::string_view key, TextMatcher& texts) {
    auto const root = root_of(file);
    if (!root) return root.error();
    std::size_t number = 0;
    for (auto const entry : (*root)[list].each()) {
        auto place = std::string{file}.append("#/").append(list).append("/").append(
            std::to_string(number++));
        auto const named = from_name<E>(entry[key].string());
        if (!named) return wrong(place.append("/").append(key), "there is no such concept");
        auto const selected = select(
            entry, place, [&](CodeMeaning& meaning, std::string_view) { set_in(meaning, *named); });
        if (!selected) return selected;
        if (auto const read = text(entry, static_cast<std::size_t>(*named), texts, place); !read)
            return read;
    }
    if (number == 0) return wrong(std::string{file}, "the list is empty");
    return texts.compile();
}

}  // namespace

Result<Terminology> Terminology::load(base::Pack const& pack) {
    auto tables = std::make_unique<Tables>();
    tables->meanings.reserve(std::size_t{1} << 15);
    if (auto const read = load_systems(pack, *tables); !read) return read.error();
    auto const sets = load_value_sets(pack, *tables);
    if (!sets) return sets.error();
    tables->counts.value_sets = sets->by_id.size();

    ConceptReader reader{pack, *tables, *sets};
    if (auto const read = reader.drugs(); !read) return read.error();
    if (auto const read = reader.conditions(); !read) return read.error();
    if (auto const read = reader.tests(); !read) return read.error();
    auto const services = reader.concepts<Service>("procedures.json", "procedures", "procedure",
                                                   tables->service_text);
    if (!services) return services.error();
    auto const allergens =
        reader.concepts<Allergen>("allergens.json", "allergens", "allergen", tables->allergen_text);
    if (!allergens) return allergens.error();
    tables->counts.codes = tables->codes.size();
    tables->names.sort();
    std::string folded;
    for (auto& meaning : tables->meanings) {
        if (meaning.ingredients.empty()) continue;
        folded.clear();
        base::fold(meaning.display, folded);
        meaning.folded_display = tables->texts.keep(folded);
    }
    if (auto const read = load_ndc(pack, *tables); !read) return read.error();
    return Terminology{std::move(tables)};
}

}  // namespace cds::fhir

#include <algorithm>

#include "base/json.hpp"
#include "fhir/terminology_tables.hpp"

namespace cds::fhir {
namespace {

using base::Error;
using base::ErrorCode;
using base::Result;

Error wrong(std::string where, std::string what) {
    return {ErrorCode::invalid, std::move(where), std::move(what)};
}

std::string row_place(std::string const& file, std::size_t row) {
    return file + "#/codes/" + std::to_string(row);
}

/// "core/cond-asthma.icd10cm.json" -> "cond-asthma"
std::string_view id_of(std::string_view file) {
    file.remove_prefix(std::min(file.size(), file.rfind('/') + 1));
    return file.substr(0, file.find('.'));
}

System system_named(std::string_view key) {
    constexpr std::array<std::pair<std::string_view, System>, 7> names{
        {{"rxnorm", System::rxnorm},
         {"ndc", System::ndc},
         {"atc", System::atc},
         {"snomed", System::snomed},
         {"cvx", System::cvx},
         {"loinc", System::loinc},
         {"icd10cm", System::icd10cm}}};
    for (auto const& [name, system] : names) {
        if (name == key) return system;
    }
    return System::other;
}

RouteHint route_named(std::string_view route) {
    if (route.empty()) return RouteHint::unknown;
    if (route == "oral") return RouteHint::oral;
    if (route == "injectable") return RouteHint::injection;
    if (route == "topical") return RouteHint::topical;
    if (route == "ophthalmic") return RouteHint::ophthalmic;
    return RouteHint::other;
}

/// Reads the files of all value sets into one `ValueSets`.
class ValueSetReader {
public:
    explicit ValueSetReader(TerminologyTables& tables) : tables_{tables} {}

    Result<void> read(base::Pack::File const& file) {
        auto parsed = document_.parse(file.bytes);
        if (!parsed) return wrong(file.name + "#" + parsed.error().where, parsed.error().what);
        auto const root = *parsed;
        auto const id = id_of(file.name);
        if (root["id"].string() != id) {
            return wrong(file.name + "#/id", "the id is not the file's name");
        }
        auto const system = find_system(tables_.systems, root["codeSystem"].string());
        if (system == System::other) {
            return wrong(file.name + "#/codeSystem", "no system of systems.json");
        }
        auto& set = sets_.by_id[std::string{id}];
        for (auto const prefix : root["icd10cmPrefixes"].each()) {
            CodeBuffer buffer;
            set.icd10cm_prefixes.emplace_back(spelled(System::icd10cm, prefix.string(), buffer));
        }
        std::size_t number = 0;
        for (auto const row : root["codes"].each()) {
            if (!enter(row, system, set)) {
                return wrong(row_place(file.name, number), "a row needs a code and a display");
            }
            ++number;
        }
        if (number == 0) return wrong(file.name + "#/codes", "the list is empty");
        return {};
    }

    ValueSets take() { return std::move(sets_); }

private:
    bool enter(base::json::Value row, System system, ValueSet& set) {
        CodeBuffer buffer;
        auto const code = spelled(system, row["code"].string(), buffer);
        auto const display = row["display"].string();
        if (code.empty() || display.empty()) return false;
        auto& meaning = tables_.meaning_of(system, code, display);
        if (auto const route = route_named(row["route"].string()); route != RouteHint::unknown) {
            meaning.route = route;
        }
        meaning.route_ambiguous =
            meaning.route_ambiguous || row["routeAmbiguous"].boolean().value_or(false);
        auto const index = static_cast<std::uint32_t>(&meaning - tables_.meanings.data());
        // ATC's names, and those of bare ingredients, are of substances too (NameTable::enter).
        if (system != System::atc && display != row["ingredient"].string())
            tables_.names.enter(display, index);
        set.rows.push_back({system, index, names_index(row["ingredient"].string())});
        return true;
    }

    std::uint32_t names_index(std::string_view ingredient) {
        if (ingredient.empty()) return 0;
        auto const next = static_cast<std::uint32_t>(sets_.names.size());
        auto const [known, is_new] = name_index_.try_emplace(std::string{ingredient}, next);
        if (is_new) sets_.names.emplace_back(ingredient);
        return known->second;
    }

    TerminologyTables& tables_;
    base::json::Document document_;
    ValueSets sets_;
    std::unordered_map<std::string, std::uint32_t> name_index_;
};

}  // namespace

Result<void> load_systems(base::Pack const& pack, TerminologyTables& tables) {
    std::string const name = "systems.json";
    auto const* file = pack.find(name);
    if (file == nullptr) return wrong(name, "the file is missing");
    base::json::Document document;
    auto const root = document.parse(file->bytes);
    if (!root) return wrong(name + "#" + root.error().where, root.error().what);
    std::size_t number = 0;
    for (auto const entry : (*root)["systems"].each()) {
        auto const place = name + "#/systems/" + std::to_string(number++);
        auto const system = system_named(entry["system"].string());
        if (system == System::other) return wrong(place + "/system", "unknown code system");
        for (auto const uri : entry["uris"].each()) {
            if (uri.string().empty()) return wrong(place + "/uris", "a URI is needed");
            tables.systems.emplace_back(uri.string(), system);
            for (std::string_view const scheme : {"http://", "https://", "urn:oid:"}) {
                std::string spelled{scheme};
                spelled += uri.string();
                tables.system_by_uri.try_emplace(tables.texts.keep(spelled), system);
            }
        }
    }
    if (number == 0) return wrong(name + "#/systems", "the list is empty");
    return {};
}

Result<ValueSets> load_value_sets(base::Pack const& pack, TerminologyTables& tables) {
    ValueSetReader reader{tables};
    for (auto const* file : pack.below("valuesets/")) {
        if (!file->name.ends_with(".json") || id_of(file->name) == "sources") continue;
        if (auto const read = reader.read(*file); !read) return read.error();
    }
    tables.snomed = !pack.below("valuesets/snomed/").empty();
    tables.atc = !pack.below("valuesets/atc/").empty();
    return reader.take();
}

Result<void> load_ndc(base::Pack const& pack, TerminologyTables& tables) {
    std::string const name = "valuesets/core/ndc11-to-rxcui.tsv";
    auto const* file = pack.find(name);
    if (file == nullptr) return wrong(name, "the file is missing");
    std::size_t number = 0;
    for (auto rest = file->bytes; !rest.empty();) {
        auto const end = std::min(rest.find('\n'), rest.size());
        auto line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        ++number;
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.empty() || line.front() == '#') continue;
        auto const tab = line.find('\t');
        CodeBuffer buffer;
        auto const ndc = spelled(System::ndc, line.substr(0, tab), buffer);
        auto const rxcui =
            tab == std::string_view::npos ? std::string_view{} : line.substr(tab + 1);
        auto const meaning = tables.codes.find(System::rxnorm, rxcui);
        if (ndc.size() != 11 || rxcui.empty() || meaning == CodeTable::none) {
            return wrong(name + ":" + std::to_string(number),
                         "an 11-digit NDC and a listed RxCUI are needed");
        }
        tables.codes.enter(System::ndc, ndc, meaning, tables.texts);
        ++tables.counts.ndc;
    }
    return {};
}

}  // namespace cds::fhir

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <utility>

#include "base/date.hpp"
#include "tests/acceptance/case_runner.hpp"

// Every acceptance case again, written differently: what FHIR lets a sender choose must not change
// a card.

namespace cds::acceptance {
namespace {

using base::json::Kind;
using base::json::Value;

/// Writes JSON anew; a rewrite may take over a value, and says so by returning true.
class Writer {
public:
    using Rewrite = std::function<bool(Value, Writer const&, std::string&)>;
    explicit Writer(Rewrite rewrite) : rewrite_{std::move(rewrite)} {}

    std::string text(Value value) const {
        std::string out;
        write(value, out);
        return out;
    }
    void write(Value value, std::string& out) const {
        if (!rewrite_(value, *this, out)) plain(value, out);
    }
    /// The value itself as it stands, its parts rewritten.
    void plain(Value value, std::string& out) const {
        if (value.is_object()) {
            out += '{';
            auto first = true;
            for (auto const member : value) {
                if (!std::exchange(first, false)) out += ',';
                base::json::write_string(member.key(), out);
                out += ':';
                write(member, out);
            }
            out += '}';
        } else if (value.is_array()) {
            std::vector<Value> const elements{value.begin(), value.end()};
            array(elements, out);
        } else {
            base::json::write(value, out);
        }
    }
    void array(std::vector<Value> const& elements, std::string& out) const {
        out += '[';
        for (auto const& element : elements) {
            if (&element != &elements.front()) out += ',';
            write(element, out);
        }
        out += ']';
    }

private:
    Rewrite rewrite_;
};

bool reversed(Value value, std::string_view name, Writer const& writer, std::string& out) {
    if (value.key() != name || !value.is_array()) return false;
    std::vector<Value> elements{value.begin(), value.end()};
    std::reverse(elements.begin(), elements.end());
    writer.array(elements, out);
    return true;
}

bool entries_reversed(Value value, Writer const& writer, std::string& out) {
    return reversed(value, "entry", writer, out);
}

bool codings_reversed(Value value, Writer const& writer, std::string& out) {
    return reversed(value, "coding", writer, out);
}

bool members_reversed(Value value, Writer const& writer, std::string& out) {
    if (!value.is_object()) return false;
    std::vector<Value> members{value.begin(), value.end()};
    std::reverse(members.begin(), members.end());
    out += '{';
    for (auto const& member : members) {
        if (&member != &members.front()) out += ',';
        base::json::write_string(member.key(), out);
        out += ':';
        writer.write(member, out);
    }
    out += '}';
    return true;
}

bool references_absolute(Value value, Writer const&, std::string& out) {
    auto const text = value.string();
    auto const relative = value.key() == "reference" && text.find('/') != text.npos &&
                          text.find("://") == text.npos && !text.starts_with("urn:");
    if (!relative) return false;
    base::json::write_string("https://ehr.example/fhir/r4/" + std::string{text}, out);
    return true;
}

/// `value` without the members that `left_out` names.
bool without(Value value, std::initializer_list<std::string_view> left_out, Writer const& writer,
             std::string& out) {
    out += '{';
    auto first = true;
    for (auto const member : value) {
        if (std::find(left_out.begin(), left_out.end(), member.key()) != left_out.end()) continue;
        if (!std::exchange(first, false)) out += ',';
        base::json::write_string(member.key(), out);
        out += ':';
        writer.write(member, out);
    }
    out += '}';
    return true;
}

bool without_narrative_and_meta(Value value, Writer const& writer, std::string& out) {
    if (!value.is_object() || !value["resourceType"]) return false;
    return without(value, {"extension", "meta", "_language", "text"}, writer, out);
}

/// "2026-03-10T09:40:00+01:00" -> "2026-03-10T08:40:00Z".
bool instants_in_utc(Value value, Writer const&, std::string& out) {
    static base::Zone const zone;
    auto const text = value.string();
    if (text.size() < 20 || text.find('T') != 10) return false;
    auto const date = base::parse_date(text, zone);
    if (!date.has_time()) return false;
    base::json::write_string(base::iso(date.instant), out);
    return true;
}

bool bundles_as_collections(Value value, Writer const&, std::string& out) {
    if (value.key() != "type" || (value.string() != "searchset" && value.string() != "collection"))
        return false;
    out += value.string() == "searchset" ? R"("collection")" : R"("searchset")";
    return true;
}

bool values_with_a_decimal_more(Value value, Writer const&, std::string& out) {
    auto const number = value.number();
    if (value.key() != "value" || number.empty() || number.find_first_of("eE") != number.npos)
        return false;
    out += number;
    out += number.find('.') == number.npos ? ".0" : "0";
    return true;
}

bool is_standard(std::string_view system) {
    for (std::string_view const known :
         {"rxnorm", "snomed.info", "loinc.org", "icd-10", "whocc.no"})
        if (system.find(known) != system.npos) return true;
    return false;
}

bool standard_codes_without_display(Value value, Writer const& writer, std::string& out) {
    if (!value.is_object() || !is_standard(value["system"].string()) || !value["display"])
        return false;
    return without(value, {"display"}, writer, out);
}

bool units_without_codes(Value value, Writer const& writer, std::string& out) {
    if (!value.is_object() || !value["value"] || !value["unit"] || !value["code"]) return false;
    return without(value, {"code", "system"}, writer, out);
}

bool units_as_codes_alone(Value value, Writer const& writer, std::string& out) {
    if (!value.is_object() || !value["value"] || !value["unit"] || !value["code"]) return false;
    return without(value, {"unit"}, writer, out);
}

/// `medicationCodeableConcept` becomes a contained Medication and a reference to it.
bool medications_contained(Value value, Writer const& writer, std::string& out) {
    auto const named = value["medicationCodeableConcept"];
    if (!value.is_object() || !named || value["contained"]) return false;
    without(value, {"medicationCodeableConcept"}, writer, out);
    out.back() = ',';
    out += R"("contained":[{"resourceType":"Medication","id":"m","code":)";
    writer.plain(named, out);
    out += R"(}],"medicationReference":{"reference":"#m"}})";
    return true;
}

bool concept_as_text(Value named, std::string_view key, std::string& out) {
    auto words = named["text"].string();
    for (auto const coding : named["coding"].each())
        if (words.empty()) words = coding["display"].string();
    if (words.empty()) return false;
    out += '"';
    out += key;
    out += "\":{\"text\":";
    base::json::write_string(words, out);
    out += '}';
    return true;
}

template <std::size_t N>
bool as_text(Value value, Writer const& writer, std::string& out, std::string_view key,
             std::string_view const (&types)[N]) {
    if (!value.is_object() || !value[key].is_object()) return false;
    if (std::find(std::begin(types), std::end(types), value["resourceType"].string()) ==
        std::end(types))
        return false;
    auto const before = out.size();
    without(value, {key}, writer, out);
    out.back() = ',';
    if (!concept_as_text(value[key], key, out)) {
        out.resize(before);
        return false;
    }
    out += '}';
    return true;
}

bool medications_as_text(Value value, Writer const& writer, std::string& out) {
    constexpr std::string_view types[] = {"MedicationRequest", "MedicationStatement",
                                          "MedicationAdministration", "MedicationDispense"};
    return as_text(value, writer, out, "medicationCodeableConcept", types);
}
bool conditions_as_text(Value value, Writer const& writer, std::string& out) {
    constexpr std::string_view types[] = {"Condition"};
    return as_text(value, writer, out, "code", types);
}
bool allergies_as_text(Value value, Writer const& writer, std::string& out) {
    constexpr std::string_view types[] = {"AllergyIntolerance"};
    return as_text(value, writer, out, "code", types);
}
bool procedures_as_text(Value value, Writer const& writer, std::string& out) {
    constexpr std::string_view types[] = {"Procedure"};
    return as_text(value, writer, out, "code", types);
}

struct Spelling {
    char const* name;
    bool (*rewrite)(Value, Writer const&, std::string&);
};
constexpr Spelling spellings[] = {
    {"EntriesReversed", entries_reversed},
    {"CodingsReversed", codings_reversed},
    {"MembersReversed", members_reversed},
    {"ReferencesAbsolute", references_absolute},
    {"WithoutNarrativeAndMeta", without_narrative_and_meta},
    {"InstantsInUtc", instants_in_utc},
    {"BundlesAsCollections", bundles_as_collections},
    {"ValuesWithADecimalMore", values_with_a_decimal_more},
    {"StandardCodesWithoutDisplay", standard_codes_without_display},
    {"UnitsWithoutCodes", units_without_codes},
    {"UnitsAsCodesAlone", units_as_codes_alone},
    {"MedicationsContained", medications_contained},
    {"MedicationsAsText", medications_as_text},
    {"ConditionsAsText", conditions_as_text},
    {"AllergiesAsText", allergies_as_text},
    {"ProceduresAsText", procedures_as_text},
};

std::string text(Expectation const& expectation) {
    std::string out;
    for (auto const& [rule, indicator] : expectation) out += " " + rule + "=" + indicator;
    return out.empty() ? " nothing" : out;
}

class EncodingSweep : public testing::TestWithParam<Spelling> {};

TEST_P(EncodingSweep, TheCardsStayTheSame) {
    static auto const cases = load_cases(COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance");
    Writer const writer{GetParam().rewrite};
    std::size_t changed = 0;
    for (auto const& one : cases) {
        base::json::Document document;
        auto const root = document.parse(one.text);
        ASSERT_TRUE(root);
        auto const request = writer.text((*root)["request"]);
        std::string before;
        base::json::write((*root)["request"], before);
        changed += request == before ? 0U : 1U;
        auto const outcome = run_request(request, std::string{(*root)["now"].string()});
        EXPECT_EQ(outcome.failure, "") << one.id;
        EXPECT_TRUE(outcome.got == one.expect)
            << one.id << "  " << one.title << "\n  expected" << text(one.expect) << "\n  got     "
            << text(outcome.got);
    }
    EXPECT_GT(changed, cases.size() / 20) << "hardly any request is written differently";
}

INSTANTIATE_TEST_SUITE_P(Spellings, EncodingSweep, testing::ValuesIn(spellings),
                         [](auto const& spelling) { return std::string{spelling.param.name}; });

}  // namespace
}  // namespace cds::acceptance

#pragma once
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/pack.hpp"
#include "base/text.hpp"
#include "fhir/terminology.hpp"

namespace cds::fhir {

/// `Test` by a name that does not mean `testing::Test` in the body of a test.
using Measured = Test;

/// The knowledge of the source tree, with every list.
inline base::Pack const& shipped_pack() {
    static auto const pack =
        base::Pack::from_folder(COUNTERSIGN_SOURCE_DIR "/rules/knowledge").value();
    return pack;
}

inline Terminology const& shipped_terminology() {
    static auto const terminology = Terminology::load(shipped_pack()).value();
    return terminology;
}

inline std::string folded(std::string_view text) {
    std::string out;
    base::fold(text, out);
    return out;
}

inline DrugSet drugs_of(std::vector<IngredientId> const& ingredients) {
    DrugSet drugs;
    for (auto const id : ingredients) drugs |= shipped_terminology().ingredient(id).drugs;
    return drugs;
}

inline std::vector<IngredientId> ingredients_in_text(std::string_view text) {
    std::vector<IngredientId> found;
    shipped_terminology().match_ingredients(folded(text), found);
    return found;
}

inline std::vector<std::string> ingredient_names(std::vector<IngredientId> const& ingredients) {
    std::vector<std::string> names;
    for (auto const id : ingredients) names.push_back(shipped_terminology().ingredient(id).name);
    std::sort(names.begin(), names.end());
    return names;
}

inline DrugSet drugs_in_text(std::string_view text) { return drugs_of(ingredients_in_text(text)); }

/// What a code means, by the URI of its system; everything empty when it is in no list.
inline CodeMeaning meaning(std::string_view uri, std::string_view code) {
    auto const& terminology = shipped_terminology();
    auto const* found = terminology.find(terminology.system(uri), code);
    return found == nullptr ? CodeMeaning{} : *found;
}

constexpr std::string_view rxnorm = "http://www.nlm.nih.gov/research/umls/rxnorm";
constexpr std::string_view ndc = "http://hl7.org/fhir/sid/ndc";
constexpr std::string_view atc = "http://www.whocc.no/atc";
constexpr std::string_view snomed = "http://snomed.info/sct";
constexpr std::string_view cvx = "http://hl7.org/fhir/sid/cvx";
constexpr std::string_view loinc = "http://loinc.org";
constexpr std::string_view icd10cm = "http://hl7.org/fhir/sid/icd-10-cm";

struct Code {
    std::string_view system;
    std::string_view code;
};

template <class E>
std::string names_of(SetOf<E> const& set) {
    std::string names;
    for (std::size_t i = 0; i < set.size(); ++i) {
        if (set.test(i)) names.append(name(static_cast<E>(i))).append(" ");
    }
    return names;
}

}  // namespace cds::fhir

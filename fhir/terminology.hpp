#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/pack.hpp"
#include "base/rational.hpp"
#include "base/result.hpp"
#include "fhir/codes.hpp"

namespace cds::fhir {

/// Index into `Terminology::ingredients()`.
using IngredientId = std::uint16_t;

/// An active ingredient (or, where a code names only a class, that class) and the drugs of the
/// rules that it is.
struct Ingredient {
    std::string name;  ///< as cards show it, INN: "ciclosporin", "hydrochlorothiazide"
    DrugSet drugs;
    bool class_only =
        false;  ///< a class-level code ("losartan and diuretics"): names no ingredient of its own
};

enum class Formulation : std::uint8_t { unspecified, modified, nonmodified };
enum class RouteHint : std::uint8_t { unknown, oral, injection, topical, ophthalmic, other };

/// What one code means. Unused parts are empty.
struct CodeMeaning {
    std::string_view
        display;  ///< the terminology's own name: product strength and brand are read from it
    std::string_view folded_display;  ///< the same, folded; only where there are ingredients
    std::vector<IngredientId> ingredients;
    DiseaseSet diseases;
    TestSet tests;
    AllergenSet allergens;
    ServiceSet services;
    Formulation formulation = Formulation::unspecified;
    RouteHint route = RouteHint::unknown;
    bool route_ambiguous =
        false;  ///< the code also covers topical or eye products: the order's route decides
};

/// A linear conversion to a test's canonical unit: canonical = value * factor + offset.
struct Conversion {
    base::Rational factor = 1;
    base::Rational offset = 0;
};

/// How a quantitative test is measured.
struct TestInfo {
    std::string display;            ///< as cards show it: "creatinine"
    std::string canonical_unit;     ///< UCUM; empty for tests without a quantity
    std::string canonical_display;  ///< as people write it: "µmol/L"
    std::optional<base::Rational> plausible_low,
        plausible_high;  ///< both inclusive, canonical unit
    std::string loinc;   ///< the code that an order for it carries
    std::string loinc_display;
};

/// All code lists and text patterns of the knowledge, in flat tables built once; lookups allocate
/// nothing.
class Terminology {
public:
    /// Reads `valuesets/**`, `drugs.json`, `conditions.json`, `tests.json`, `procedures.json`,
    /// `allergens.json` of the pack. Fails with `invalid`, naming file and place, on unknown
    /// concept keys, broken patterns, missing value sets.
    static base::Result<Terminology> load(base::Pack const& pack);
    Terminology(Terminology&&) noexcept;
    Terminology& operator=(Terminology&&) noexcept;
    ~Terminology();

    /// The system of a URI or OID, whatever its scheme, case of scheme, or trailing slash.
    System system(std::string_view uri) const noexcept;
    /// Meaning of a code; nullptr when it is in no list. NDC in any of its written forms; ICD-10-CM
    /// falls back to the longest listed prefix.
    CodeMeaning const* find(System system, std::string_view code) const noexcept;

    std::span<Ingredient const> ingredients() const noexcept;
    Ingredient const& ingredient(IngredientId id) const noexcept { return ingredients()[id]; }

    /// Text matching; `folded` is `base::fold`ed text, its parts separated by " ; ". A text may
    /// match several concepts. Where no pattern matches, a drug, disease or test is also known by
    /// the exact name that a terminology gives one of its codes.
    void match_ingredients(std::string_view folded, std::vector<IngredientId>& out) const;
    DiseaseSet match_diseases(std::string_view folded) const;
    /// The diseases that are read from text even when a code was recognised (acute severe UC, NYHA,
    /// text-only facts).
    DiseaseSet match_always_text(std::string_view folded) const;
    TestSet match_tests(std::string_view folded) const;
    AllergenSet match_allergens(std::string_view folded) const;
    ServiceSet match_services(std::string_view folded) const;

    TestInfo const& test(Test test) const noexcept;
    /// Conversion from a unit (UCUM code, or a unit as people write it) to the test's canonical
    /// unit; nullptr when the unit is unknown or of another dimension.
    Conversion const* conversion(Test test, std::string_view unit) const noexcept;

    struct Counts {
        std::size_t codes, ndc, value_sets;
    };
    Counts counts() const noexcept;
    /// Whether SNOMED CT / ATC lists are in this knowledge (they can be left out for licence
    /// reasons).
    bool has_snomed() const noexcept;
    bool has_atc() const noexcept;

private:
    struct Tables;
    explicit Terminology(std::unique_ptr<Tables> tables);
    std::unique_ptr<Tables> tables_;
};

}  // namespace cds::fhir

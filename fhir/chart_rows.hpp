#pragma once
#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "base/date.hpp"
#include "base/json.hpp"
#include "fhir/codes.hpp"
#include "fhir/terminology.hpp"

namespace cds::fhir {

enum class Verification : std::uint8_t {
    confirmed,
    provisional,
    differential,
    unconfirmed,
    refuted,
    entered_in_error
};

struct ConditionRow {
    base::json::Value node;
    std::string_view id;
    DiseaseSet diseases;
    bool active = true;  ///< clinicalStatus active, recurrence, relapse; absent: unless abated
    Verification verification = Verification::confirmed;
    base::Date onset;  ///< onset, else recordedDate
    base::Date abatement;
    bool severe = false;
    std::string_view label;  ///< as a person would read it
    std::string_view code;   ///< the first recognised code, for the explanation
};

struct AllergyRow {
    base::json::Value node;
    std::string_view id;
    AllergenSet allergens;
    bool active = true;
    Verification verification = Verification::confirmed;
    bool eye_product_only = false;     ///< code, text or reaction route speak of an eye product
    bool first_dose_reaction = false;  ///< text says first dose or first infusion
    bool anaphylaxis = false;
    base::Date recorded;
    std::string_view label;
    std::string_view reaction;
};

struct ProcedureRow {
    base::json::Value node;
    std::string_view id;
    ServiceSet services;
    bool completed = false, in_progress = false;
    base::Date start, end;  ///< performedDateTime gives both
    std::string_view label;
};

/// A ServiceRequest: a laboratory test, a treatment such as phototherapy, a vaccination.
struct ServiceRow {
    explicit ServiceRow(std::pmr::memory_resource* arena) : ingredients{arena} {}
    base::json::Value node;
    std::string_view id;
    bool draft = false;
    bool active = false;  ///< active, on-hold or draft; not revoked, completed, in error
    bool stop = false;    ///< a draft that is revoked, completed or doNotPerform
    TestSet tests;
    ServiceSet services;
    std::pmr::vector<IngredientId> ingredients;  ///< vaccines
    DrugSet drugs;
    bool intravesical = false;
    base::Date start, end, authored;
    std::string_view label;
};

enum class EncounterClass : std::uint8_t { other, inpatient, emergency, ambulatory };

struct EncounterRow {
    base::json::Value node;
    std::string_view id;
    EncounterClass encounter_class = EncounterClass::other;
    bool in_progress = false;
    base::Date start, end;
};

enum class Sex : std::uint8_t { unknown, male, female };

struct PatientRow {
    base::json::Value node;
    bool present = false;
    Sex sex = Sex::unknown;
    base::Date birth;
};

}  // namespace cds::fhir

#include <algorithm>
#include <array>

#include "hooks/resources.hpp"
#include "hooks/tolerance.hpp"

namespace cds::hooks {

using base::json::Value;

namespace {

constexpr std::array older_types{std::string_view{"MedicationOrder"},
                                 std::string_view{"MedicationUsage"},
                                 std::string_view{"ProcedureRequest"}};

/// Members that R4 has as lists, on the resources that are read.
constexpr std::array lists{
    std::string_view{"category"},        std::string_view{"reasonCode"},
    std::string_view{"reasonReference"}, std::string_view{"dosageInstruction"},
    std::string_view{"basedOn"},         std::string_view{"note"},
    std::string_view{"contained"},       std::string_view{"component"},
    std::string_view{"reaction"},        std::string_view{"ingredient"},
};

/// R4 itself has one category there.
bool has_one_category(std::string_view type) {
    return type == "Procedure" || type == "MedicationStatement" ||
           type == "MedicationAdministration" || type == "MedicationDispense";
}

struct Renamed {
    std::string_view type, member;
};
/// Members of DSTU2, STU3 or R5 that are read as the R4 member of the same meaning.
constexpr std::array renamed{
    Renamed{"MedicationOrder", "dateWritten"},
    Renamed{"MedicationOrder", "dateEnded"},
    Renamed{"MedicationOrder", "reasonCodeableConcept"},
    Renamed{"MedicationRequest", "reason"},
    Renamed{"MedicationStatement", "adherence"},
    Renamed{"MedicationStatement", "taken"},
    Renamed{"MedicationStatement", "wasNotTaken"},
    Renamed{"MedicationAdministration", "notGiven"},
    Renamed{"MedicationAdministration", "wasNotGiven"},
    Renamed{"MedicationAdministration", "occurenceDateTime"},
    Renamed{"MedicationAdministration", "occurencePeriod"},
    Renamed{"MedicationAdministration", "effectiveTimeDateTime"},
    Renamed{"MedicationAdministration", "effectiveTimePeriod"},
    Renamed{"Condition", "assertedDate"},
    Renamed{"Condition", "dateRecorded"},
    Renamed{"AllergyIntolerance", "substance"},
    Renamed{"AllergyIntolerance", "status"},
    Renamed{"Procedure", "occurrenceDateTime"},
    Renamed{"Procedure", "occurrencePeriod"},
};

bool is_order(std::string_view type) {
    return type == "MedicationRequest" || type == "MedicationOrder" || type == "ServiceRequest" ||
           type == "ProcedureRequest";
}

class Walk {
public:
    void look_at(Resource const& resource) {
        at_ = resource.at;
        auto const value = resource.value;
        auto const type = value["resourceType"].string();
        if (resource.at.ends_with("/resource/resource") ||
            (resource.at.ends_with("/resource") && resource.at.find("/entry/") == at_.npos))
            add("", Leniency::wrapped_resource);
        if (std::find(older_types.begin(), older_types.end(), type) != older_types.end())
            add("/resourceType", Leniency::older_type);
        for (auto const name : lists) {
            if (name == "category" && has_one_category(type)) continue;
            if (value[name].is_object()) add(name, Leniency::single_value);
        }
        for (auto const& row : renamed) {
            if (row.type == type && value[row.member]) add(row.member, Leniency::older_member);
        }
        if (type.starts_with("Medication") && value["medication"].is_object())
            add("medication", Leniency::codeable_reference);
        if (type == "ServiceRequest" && value["code"]["concept"])
            add("code", Leniency::codeable_reference);
        if (is_order(type)) look_at_order(value, type);
    }

    Tolerances found() && { return std::move(found_); }

private:
    void look_at_order(Value order, std::string_view type) {
        if (!order["status"]) add("status", Leniency::no_status);
        // DSTU2 had none.
        if (!order["intent"] && type != "MedicationOrder") add("intent", Leniency::no_intent);
        auto const list = order["dosageInstruction"];
        std::size_t place = 0;
        for (auto const dosage : list.each()) {
            auto name = std::string{"dosageInstruction"};
            if (list.is_array()) name += "/" + std::to_string(place);
            ++place;
            for (std::string_view const dose : {"doseQuantity", "doseRange", "rateQuantity"}) {
                if (dosage[dose]) add(name + "/" + std::string{dose}, Leniency::dose_on_dosage);
            }
            if (dosage["timing"]["repeat"]["periodUnits"])
                add(name + "/timing/repeat/periodUnits", Leniency::older_member);
        }
    }

    void add(std::string_view member, Leniency rule) {
        auto path = at_;
        if (!member.empty() && member.front() != '/') path += '/';
        path += member;
        found_.push_back({std::move(path), rule});
    }

    std::string at_;
    Tolerances found_;
};

}  // namespace

Tolerances resource_tolerances(Request const& request) {
    Walk walk;
    for (auto const& resource : resources_of(request)) walk.look_at(resource);
    return std::move(walk).found();
}

}  // namespace cds::hooks

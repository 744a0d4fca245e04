#pragma once
#include "rules/scene.hpp"

namespace cds::rules {

/// How a drafted infliximab order goes beyond the newest stored one that has a dose and an interval
/// (catalogue `ifx-loss-of-response-tdm`).
struct Escalation {
    bool dose = false;      ///< more than 10 % more mg a dose
    bool interval = false;  ///< a shorter interval
    MedicationRow const* stored = nullptr;
    explicit operator bool() const { return dose || interval; }
};
/// None of both when there is nothing to compare, or the doses cannot be worked out.
Escalation infliximab_escalation(Scene& scene, Draft const& draft);

}  // namespace cds::rules

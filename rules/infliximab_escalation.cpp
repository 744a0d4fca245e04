#include "rules/infliximab_escalation.hpp"

namespace cds::rules {

namespace {

bool in_mg_per_kg(MedicationRow const& row) {
    for (auto const& dosage : row.dosages) {
        if (dosage.amount == Amount::mg_per_kg) return true;
    }
    return false;
}

/// mg of one dose and the interval, the one that is stated when the other is not.
struct Regimen {
    std::optional<Rational> mg, mg_per_kg, interval_days;
};

Regimen regimen_of(MedicationRow const& row, Day day, std::optional<Rational> const& kg) {
    auto const dose = unit_dose(row, day, kg);
    Regimen regimen;
    if (dose) regimen.mg = dose.mg;
    regimen.mg_per_kg = dose.mg_per_kg;
    regimen.interval_days = dose.interval_days;
    return regimen;
}

struct Stored {
    MedicationRow const* row = nullptr;
    Regimen regimen;
    Day since{};
};

/// The newest stored order, of any product, with a usable dose and interval.
std::optional<Stored> yardstick(Scene& scene, Draft const& draft,
                                std::optional<Rational> const& kg) {
    std::optional<Stored> newest;
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (exposure.source() != MedicationSource::request || !has(row.drugs, Drug::infliximab))
            continue;
        auto const dated = row.authored ? row.authored : exposure.start;
        if (!dated || dated.first > draft.start) continue;
        auto regimen = regimen_of(row, draft.start, kg);
        if ((!regimen.mg && !regimen.mg_per_kg) || !regimen.interval_days) continue;
        if (!newest || dated.first > newest->since)
            newest = {&row, std::move(regimen), dated.first};
    }
    return newest;
}

bool more_by_a_tenth(Scene& scene, Rational const& now, Rational const& before) {
    return now > before * (Rational{100} + scene.threshold("dose_percent")) / Rational{100};
}

}  // namespace

Escalation infliximab_escalation(Scene& scene, Draft const& draft) {
    scene.rests_on(medication_queries());
    auto needs_weight = in_mg_per_kg(*draft.row);
    for (auto const& exposure : scene.chart().exposures()) {
        if (exposure.source() != MedicationSource::request ||
            !has(exposure.row->drugs, Drug::infliximab))
            continue;
        needs_weight = needs_weight || in_mg_per_kg(*exposure.row);
    }
    auto const weight = needs_weight ? scene.weight() : scene.chart().weight();
    auto const kg = weight ? std::optional{weight->kg} : std::nullopt;
    auto const stored = yardstick(scene, draft, kg);
    if (!stored) return {};
    auto const drafted = regimen_of(*draft.row, draft.start, kg);
    Escalation escalation{false, false, stored->row};
    if (drafted.mg && stored->regimen.mg) {
        escalation.dose = more_by_a_tenth(scene, *drafted.mg, *stored->regimen.mg);
    } else if (drafted.mg_per_kg && stored->regimen.mg_per_kg) {
        // Both for each kg: the weight, which is not known, makes no difference.
        escalation.dose = more_by_a_tenth(scene, *drafted.mg_per_kg, *stored->regimen.mg_per_kg);
    }
    escalation.interval =
        drafted.interval_days && *drafted.interval_days < *stored->regimen.interval_days;
    return escalation;
}

}  // namespace cds::rules

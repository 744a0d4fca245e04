#include "fhir/dose.hpp"

#include <algorithm>

namespace cds::fhir {

namespace {

bool overlap(Dosage const& a, Dosage const& b) {
    auto const ends_before = [](Dosage const& first, Dosage const& second) {
        return first.bounds_end && second.bounds_start &&
               first.bounds_end.last < second.bounds_start.first;
    };
    return !ends_before(a, b) && !ends_before(b, a);
}

bool bounded(Dosage const& dosage) { return dosage.bounds_start || dosage.bounds_end; }

bool same_bounds(Dosage const& a, Dosage const& b) {
    auto const same = [](Date const& x, Date const& y) {
        return static_cast<bool>(x) == static_cast<bool>(y) &&
               (!x || (x.first == y.first && x.last == y.last));
    };
    return same(a.bounds_start, b.bounds_start) && same(a.bounds_end, b.bounds_end);
}

/// mg of one administration; the problem when it cannot be told.
DoseProblem mg_of(Dosage const& dosage, Product const& product, std::optional<Rational> const& kg,
                  Rational& mg) {
    switch (dosage.amount) {
        case Amount::none:
            return DoseProblem::no_dose;
        case Amount::unreadable:
            return DoseProblem::unknown_unit;
        case Amount::mg:
        case Amount::mg_per_hour:
            mg = dosage.value;
            return DoseProblem::none;
        case Amount::mg_per_kg:
        case Amount::mg_per_kg_per_hour:
            if (!kg) return DoseProblem::no_weight;
            mg = dosage.value * *kg;
            return DoseProblem::none;
        case Amount::pieces:
            if (!product.mg_per_piece) return DoseProblem::no_strength;
            mg = dosage.value * *product.mg_per_piece;
            return DoseProblem::none;
        case Amount::ml:
            if (!product.mg_per_ml) return DoseProblem::no_strength;
            mg = dosage.value * *product.mg_per_ml;
            return DoseProblem::none;
    }
    return DoseProblem::unknown_unit;
}

bool is_rate(Amount amount) {
    return amount == Amount::mg_per_hour || amount == Amount::mg_per_kg_per_hour;
}

DailyDose line_dose(Dosage const& dosage, Product const& product,
                    std::optional<Rational> const& kg) {
    DailyDose dose;
    dose.as_needed = dosage.as_needed;
    Rational mg;
    dose.problem = mg_of(dosage, product, kg, mg);
    if (dose.problem != DoseProblem::none) return dose;
    if (is_rate(dosage.amount)) {
        dose.continuous = true;
        dose.mg_per_day = mg * Rational{24};
    } else if (dosage.per_day) {
        dose.times_per_day = dosage.per_day;
        dose.mg_per_day = mg * *dosage.per_day;
    } else {
        dose.problem = DoseProblem::no_schedule;
        return dose;
    }
    if (dosage.max_mg_per_day && *dosage.max_mg_per_day < dose.mg_per_day) {
        dose.mg_per_day = *dosage.max_mg_per_day;
        dose.capped = true;
    }
    if (!dose.mg_per_day.valid()) dose.problem = DoseProblem::unknown_unit;
    return dose;
}

void add(DailyDose& sum, DailyDose const& line) {
    sum.mg_per_day = sum.mg_per_day + line.mg_per_day;
    sum.continuous = sum.continuous || line.continuous;
    sum.as_needed = sum.as_needed || line.as_needed;
    sum.capped = sum.capped || line.capped;
}

}  // namespace

std::vector<Dosage const*> dosages_in_force(MedicationRow const& row, Day day) {
    std::vector<Dosage const*> all;
    for (auto const& dosage : row.dosages) all.push_back(&dosage);
    if (all.size() < 2) return all;
    auto const& first = *all.front();
    auto equal = true, sequences_differ = false, disjoint = true;
    for (std::size_t i = 1; i < all.size(); ++i) {
        equal = equal && same_bounds(first, *all[i]);
        sequences_differ = sequences_differ || (all[i]->sequence && first.sequence &&
                                                *all[i]->sequence != *first.sequence);
    }
    if (equal && !sequences_differ) return all;  // taken together
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (!bounded(*all[i])) disjoint = false;
        for (std::size_t j = i + 1; j < all.size(); ++j)
            disjoint = disjoint && !overlap(*all[i], *all[j]);
    }
    if (!disjoint) return {};
    Dosage const* next = nullptr;
    for (auto const* dosage : all) {
        auto const begun = !dosage->bounds_start || dosage->bounds_start.first <= day;
        auto const over = dosage->bounds_end && dosage->bounds_end.last < day;
        if (begun && !over) return {dosage};
        if (!begun && (!next || dosage->bounds_start.first < next->bounds_start.first))
            next = dosage;
    }
    if (next) return {next};
    return {};
}

DailyDose daily_dose(MedicationRow const& row, Day day, std::optional<Rational> const& kg) {
    DailyDose sum;
    if (row.dosages.empty()) return sum;
    auto const lines = dosages_in_force(row, day);
    if (lines.empty()) {
        sum.problem = DoseProblem::several_lines;
        return sum;
    }
    sum.problem = DoseProblem::none;
    auto times = std::optional<Rational>{};
    for (auto const* line : lines) {
        auto const dose = line_dose(*line, row.product, kg);
        if (!dose) {
            sum.problem = lines.size() > 1 ? DoseProblem::several_lines : dose.problem;
            return sum;
        }
        add(sum, dose);
        if (dose.times_per_day) times = times ? *times + *dose.times_per_day : *dose.times_per_day;
    }
    sum.times_per_day = times;
    return sum;
}

DailyDose daily_dose(std::vector<MedicationRow const*> const& rows, Day day,
                     std::optional<Rational> const& kg) {
    DailyDose sum;
    if (rows.empty()) return sum;
    sum.problem = DoseProblem::none;
    for (auto const* row : rows) {
        auto const dose = daily_dose(*row, day, kg);
        if (!dose) return dose;
        add(sum, dose);
        if (dose.times_per_day &&
            (!sum.times_per_day || *sum.times_per_day < *dose.times_per_day)) {
            sum.times_per_day = dose.times_per_day;
        }
    }
    return sum;
}

UnitDose unit_dose(MedicationRow const& row, Day day, std::optional<Rational> const& kg) {
    UnitDose dose;
    if (row.dosages.empty()) return dose;
    auto const lines = dosages_in_force(row, day);
    if (lines.size() != 1) {
        dose.problem = DoseProblem::several_lines;
        if (lines.size() < 2) return dose;
        // Two injections given together (150 mg + 75 mg): doses add when the schedules agree. Lines
        // that name dates of their own (one for each infusion of an induction) are no such thing:
        // they must not be summed.
        auto const first_event = lines.front()->node["timing"]["event"].first().string();
        for (auto const* line : lines) {
            if (line->interval_days != lines.front()->interval_days) return dose;
            if (line->node["timing"]["event"].first().string() != first_event) return dose;
        }
    }
    dose.problem = DoseProblem::none;
    dose.interval_days = lines.front()->interval_days;
    for (auto const* line : lines) {
        if (line->amount == Amount::mg_per_kg) {
            dose.mg_per_kg = dose.mg_per_kg ? *dose.mg_per_kg + line->value : line->value;
        }
        Rational mg;
        auto const problem =
            is_rate(line->amount) ? DoseProblem::unknown_unit : mg_of(*line, row.product, kg, mg);
        if (problem != DoseProblem::none) {
            dose.problem = problem;
            return dose;
        }
        dose.mg = dose.mg + mg;
    }
    return dose;
}

}  // namespace cds::fhir

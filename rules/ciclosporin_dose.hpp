#pragma once
#include <string_view>
#include <vector>

#include "rules/scene.hpp"

// What the ciclosporin rules share: which drafts they judge, what the drug is for, and its dose in
// mg/kg/day.

namespace cds::rules {

/// Given into a vein: by its route, as a rate, or as the 50 mg/mL concentrate for infusion without
/// another route.
bool is_intravenous_ciclosporin(MedicationRow const& row);
/// Start drafts of systemic ciclosporin, by mouth or into a vein.
DraftList ciclosporin_drafts(Chart const& chart, bool intravenous);

/// Critical where ciclosporin is contraindicated outright (eczema, psoriasis, rheumatoid arthritis)
/// and where nobody says what it is for; warning otherwise (off-label rescue). Source: catalogue,
/// the `csa-contra-…` entries.
Indicator contraindication_indicator(Use const& use);

/// Whether a draft starts ciclosporin for the first time or after a pause. Drafts whose past could
/// not be had are judged like a start (catalogue section 4, default policy (a)).
bool starts_ciclosporin(DraftKind kind);

/// The dose that a patient would take by the drafts (or stored orders) together.
struct CiclosporinDose {
    std::vector<MedicationRow const*> rows;  ///< those in force together on `day`
    Day day{};
    DailyDose daily;
    std::optional<Chart::Weight> weight;
    std::optional<Rational>
        mg_per_kg;  ///< a day, rounded half up to one decimal; none when dose or weight is missing
};

/// What `ciclosporin_dose` found for some drafts: most rules ask about the same ones.
struct KnownDoses {
    struct Known {
        DraftList drafts;
        CiclosporinDose dose;
        bool asked_for_weight = false;
    };
    std::vector<Known> all;
};

/// The highest sum of the drafts that are in force on one day: two strengths are taken together,
/// orders one after the other are not. Reads the weight only when the dose itself can be read.
CiclosporinDose ciclosporin_dose(Scene& scene, DraftList const& drafts);
/// The same for the stored orders (else statements, else the total of the last day with
/// administrations) of a therapy that is ongoing on `day`.
CiclosporinDose stored_ciclosporin_dose(Scene& scene, Day day);

/// `mg_per_day`, `mg_per_kg`, `weight` with date and age, and how the dose was read; the drafts as
/// `orders`.
void show_dose(Scene& scene, Finding& finding, CiclosporinDose const& dose);

/// Removes all drafts of ciclosporin that are meant: one suggestion, since they are one therapy.
Suggestion remove_all(DraftList const& drafts, std::string_view key);

/// How a new daily dose is rounded to capsules: a lowered dose down, a raised one up.
enum class Rounding { down, up };
/// Proposes `mg_per_day` in two doses of whole 25 mg capsules when that stays within `low` to
/// `high` (mg a day) and the order is one line with a fresh weight; otherwise asks to review the
/// dose (`review-dose`).
void offer_dose(Scene& scene, Finding& finding, CiclosporinDose const& dose,
                Rational const& mg_per_day, Rounding rounding, Rational const& low,
                Rational const& high);

}  // namespace cds::rules

#include <algorithm>

#include "rules/ciclosporin_dose.hpp"
#include "rules/ciclosporin_rules.hpp"
#include "rules/pair.hpp"

// Daily dose of ciclosporin for each kilogram, against the limits of its indication. Catalogue 4.A,
// K7, K28, section 7.

namespace cds::rules {

namespace {

/// Oral drafts for atopic dermatitis; empty when there is none or ciclosporin is for something
/// else.
DraftList oral_drafts_for_eczema(Scene& scene) {
    auto drafts = ciclosporin_drafts(scene.chart(), false);
    if (drafts.empty()) return drafts;
    auto const use = ciclosporin_use(scene.chart(), drafts.front()->start);
    if (!scene.is_for(use, Disease::atopic_dermatitis)) drafts.clear();
    return drafts;
}

/// Someone whose age is not known is judged as an adult: the adult limit is the lower one.
bool is_child(Scene& scene) {
    auto const age = scene.age_years();
    return age && *age < scene.days("adult_age");
}

bool starts(Scene& scene, DraftList const& drafts) {
    return starts_ciclosporin(scene.kind(*drafts.front(), ciclosporin()));
}

/// `mg_per_kg` a day as mg a day for this patient.
Rational mg_for(CiclosporinDose const& dose, Rational const& mg_per_kg) {
    return mg_per_kg * dose.weight->kg;
}

}  // namespace

Answer csa_ad_dose_above_range(Scene& scene) {
    auto const drafts = oral_drafts_for_eczema(scene);
    if (drafts.empty() || is_child(scene)) return scene.no();
    auto const dose = ciclosporin_dose(scene, drafts);
    auto const& high = scene.threshold("high_mg_per_kg");
    if (!dose.mg_per_kg || !(*dose.mg_per_kg > high)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_dose(scene, finding, dose);
    offer_dose(scene, finding, dose, mg_for(dose, high), Rounding::down,
               mg_for(dose, scene.threshold("low_mg_per_kg")), mg_for(dose, high));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer csa_ad_dose_below_range(Scene& scene) {
    auto const drafts = oral_drafts_for_eczema(scene);
    if (drafts.empty() || is_child(scene) || !starts(scene, drafts)) return scene.no();
    auto const dose = ciclosporin_dose(scene, drafts);
    auto const& low = scene.threshold("low_mg_per_kg");
    if (!dose.mg_per_kg || !(*dose.mg_per_kg < low)) return scene.no();
    auto finding = scene.finding(Indicator::info);
    show_dose(scene, finding, dose);
    offer_dose(scene, finding, dose, mg_for(dose, low), Rounding::up, mg_for(dose, low),
               mg_for(dose, scene.threshold("high_mg_per_kg")));
    return scene.yes(std::move(finding));
}

Answer csa_ad_absolute_dose_atypical(Scene& scene) {
    auto const drafts = oral_drafts_for_eczema(scene);
    if (drafts.empty() || is_child(scene) || !starts(scene, drafts)) return scene.no();
    auto const dose = ciclosporin_dose(scene, drafts);
    auto const& low = scene.threshold("low_mg_per_kg");
    auto const& high = scene.threshold("high_mg_per_kg");
    if (!dose.mg_per_kg || *dose.mg_per_kg < low || *dose.mg_per_kg > high) return scene.no();
    auto const below = dose.daily.mg_per_day < scene.threshold("low_mg_per_day");
    if (!below && !(dose.daily.mg_per_day > scene.threshold("high_mg_per_day"))) return scene.no();
    auto finding = scene.finding(Indicator::info);
    show_dose(scene, finding, dose);
    finding.facts.flag("below", below);
    offer_dose(scene, finding, dose, scene.threshold(below ? "low_mg_per_day" : "high_mg_per_day"),
               below ? Rounding::up : Rounding::down, mg_for(dose, low), mg_for(dose, high));
    return scene.yes(std::move(finding));
}

Answer csa_peds_dose_range(Scene& scene) {
    auto const drafts = oral_drafts_for_eczema(scene);
    if (drafts.empty() || !is_child(scene)) return scene.no();
    auto const dose = ciclosporin_dose(scene, drafts);
    auto const& low = scene.threshold("low_mg_per_kg");
    auto const& high = scene.threshold("high_mg_per_kg");
    if (!dose.mg_per_kg || (*dose.mg_per_kg >= low && *dose.mg_per_kg <= high)) return scene.no();
    auto const above = *dose.mg_per_kg > high;
    auto finding = scene.finding(above ? Indicator::warning : Indicator::info);
    show_dose(scene, finding, dose);
    finding.facts.flag("above", above);
    finding.facts.text("age", scene.number_text(Rational{scene.age_years().value_or(0)}, 0));
    offer_dose(scene, finding, dose, mg_for(dose, above ? high : low),
               above ? Rounding::down : Rounding::up, mg_for(dose, low), mg_for(dose, high));
    return scene.yes(std::move(finding));
}

namespace {

/// Rheumatoid arthritis decides about the dose when ciclosporin is ordered for it, or when it is on
/// the list and no pair with infliximab is shown for another disease (3.7.2).
bool arthritis_decides(Scene& scene, Use const& use) {
    if (!use.is(Disease::rheumatoid_arthritis)) return false;
    if (use.stated || !scene.pair().concurrent()) return true;
    auto const card = concurrent_card(scene);
    return card == PairCard::ra_contraindicated || card == PairCard::ra_preferred;
}

}  // namespace

Answer csa_label_dose_max(Scene& scene) {
    auto const drafts = ciclosporin_drafts(scene.chart(), false);
    if (drafts.empty()) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), drafts.front()->start);
    if (!scene.is_for(use, set_of(Disease::psoriasis, Disease::rheumatoid_arthritis)))
        return scene.no();
    auto const psoriasis = use.is(Disease::psoriasis);
    if (!psoriasis && !arthritis_decides(scene, use)) return scene.no();
    auto const dose = ciclosporin_dose(scene, drafts);
    auto const& high = scene.threshold("high_mg_per_kg");
    if (!dose.mg_per_kg || !(*dose.mg_per_kg > high)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_dose(scene, finding, dose);
    finding.facts.flag("psoriasis", psoriasis);
    finding.facts.flag("arthritis", use.is(Disease::rheumatoid_arthritis));
    offer_dose(scene, finding, dose, mg_for(dose, high), Rounding::down, Rational{0},
               mg_for(dose, high));
    return scene.yes(std::move(finding));
}

namespace {

/// Administrations a day of one order; none when its schedule cannot be told.
std::optional<Rational> times_per_day(Draft const& draft) {
    auto const lines = fhir::dosages_in_force(*draft.row, draft.start);
    std::optional<Rational> times;
    for (auto const* line : lines) {
        if (!line->per_day) return std::nullopt;
        times = times ? *times + *line->per_day : *line->per_day;
    }
    return times;
}

/// Two doses of the same total, when half of it is a whole number of 25 mg capsules.
bool offer_two_doses(Scene& scene, Finding& finding, Draft const& draft) {
    auto const dose = daily_dose(*draft.row, draft.start, std::nullopt);
    if (!dose || draft.row->dosages.size() != 1) return false;
    auto const each = (dose.mg_per_day / Rational{2}).floor_to(Rational{25});
    if (!(each > Rational{0}) || !(each * Rational{2} == dose.mg_per_day)) return false;
    Suggestion change;
    change.key = "change-dose";
    Action action;
    action.type = Action::Type::update_dose;
    action.medication = draft.row;
    action.dose_mg = each;
    action.times_per_day = 2;
    change.actions.push_back(std::move(action));
    finding.suggestions.push_back(std::move(change));
    finding.facts.text("new_mg_each", scene.number_text(each, 0));
    return true;
}

}  // namespace

Answer csa_dose_not_divided(Scene& scene) {
    auto const drafts = ciclosporin_drafts(scene.chart(), false);
    if (drafts.empty()) return scene.no();
    auto const use = ciclosporin_use(scene.chart(), drafts.front()->start);
    auto const diseases =
        set_of(Disease::atopic_dermatitis, Disease::psoriasis, Disease::rheumatoid_arthritis);
    if (!scene.is_for(use, diseases)) return scene.no();
    // Two strengths are taken together: the largest number of administrations counts (3.4).
    std::optional<Rational> most;
    for (auto const* draft : drafts) {
        auto const times = times_per_day(*draft);
        if (!times) return scene.no();
        if (!most || *times > *most) most = times;
    }
    if (!most || *most == scene.threshold("times_per_day")) return scene.no();
    auto finding = scene.finding(Indicator::info);
    for (auto const* draft : drafts) {
        scene.show(finding, "orders", *draft->row);
        finding.medications.push_back(draft->row);
    }
    finding.facts.text("times", scene.number_text(*most, 2));
    finding.facts.text("day", scene.day_text(drafts.front()->start));
    if (auto const dose = daily_dose(*drafts.front()->row, drafts.front()->start, std::nullopt);
        dose && drafts.size() == 1) {
        finding.facts.text("mg_per_day", scene.number_text(dose.mg_per_day, 1));
    }
    if (drafts.size() != 1 || !offer_two_doses(scene, finding, *drafts.front())) {
        finding.suggestions.push_back(task("split-dose"));
    }
    return scene.yes(std::move(finding));
}

namespace {

std::string_view problem_text(DoseProblem problem) {
    switch (problem) {
        case DoseProblem::no_dose:
            return "no dose is stated";
        case DoseProblem::no_schedule:
            return "how often it is taken is not stated";
        case DoseProblem::no_strength:
            return "the strength of the product is not known";
        case DoseProblem::unknown_unit:
            return "the unit of the dose cannot be read";
        case DoseProblem::several_lines:
            return "several dose lines cannot be put together";
        case DoseProblem::no_weight:
        case DoseProblem::none:
            break;
    }
    return {};
}

/// What must be verifiable: oral drafts of any indication; infusions for skin disease; the stored
/// ciclosporin that an infliximab draft meets in rheumatoid arthritis.
std::optional<CiclosporinDose> dose_to_verify(Scene& scene) {
    auto const& chart = scene.chart();
    auto drafts = ciclosporin_drafts(chart, false);
    if (drafts.empty()) {
        drafts = ciclosporin_drafts(chart, true);
        if (!drafts.empty()) {
            auto const use = ciclosporin_use(chart, drafts.front()->start);
            auto const skin =
                set_of(Disease::atopic_dermatitis, Disease::psoriasis, Disease::other_dermatosis);
            if (!scene.is_for(use, skin)) return std::nullopt;
        }
    }
    if (!drafts.empty()) return ciclosporin_dose(scene, drafts);
    if (!chart.start_draft(infliximab())) return std::nullopt;
    auto const card = concurrent_card(scene);
    if (card != PairCard::ra_contraindicated && card != PairCard::ra_preferred) {
        if (scene.pair().concurrent() && !scene.pair().stated) scene.rests_on(Query::conditions);
        return std::nullopt;
    }
    return stored_ciclosporin_dose(scene, scene.pair().day);
}

}  // namespace

Answer csa_dose_unverifiable(Scene& scene) {
    if (scene.transplant()) return scene.no();
    auto const dose = dose_to_verify(scene);
    if (!dose) return scene.no();
    auto const unreadable = !dose->daily && dose->daily.problem != DoseProblem::no_weight;
    auto const no_weight = !unreadable && !dose->weight;
    auto const stale = !unreadable && dose->weight && dose->weight->stale;
    if (!unreadable && !no_weight && !stale) return scene.no();
    auto finding = scene.finding(unreadable || no_weight ? Indicator::warning : Indicator::info,
                                 stale ? "stale" : "");
    show_dose(scene, finding, *dose);
    if (finding.medications.empty()) {
        for (auto const* draft : scene.chart().start_drafts(infliximab() | ciclosporin())) {
            finding.medications.push_back(draft->row);
        }
    }
    finding.facts.text("problem", problem_text(dose->daily.problem));
    finding.facts.flag("no_weight", no_weight);
    finding.facts.flag("weight_stale", stale);
    if (unreadable) {
        finding.suggestions.push_back(task("complete-dose"));
        return scene.yes(std::move(finding));
    }
    finding.suggestions.push_back(order_tests("weigh", {"weight"}));
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

namespace {

/// The usual highest daily dose for what ciclosporin is given for: the lowest of those that apply.
std::optional<Rational> indication_maximum(Scene& scene, Use const& use, Day day) {
    std::optional<Rational> lowest;
    auto const take = [&](std::string_view name) {
        auto const& value = scene.threshold(name);
        if (!lowest || value < *lowest) lowest = value;
    };
    auto const age = scene.chart().age_years_at(scene.today());
    if (use.is(Disease::atopic_dermatitis))
        take(age && *age < scene.days("adult_age") ? "eczema_child" : "eczema_adult");
    if (use.is(Disease::psoriasis) || use.is(Disease::rheumatoid_arthritis)) take("label_maximum");
    auto const with_infliximab = static_cast<bool>(scene.chart().present(infliximab(), day));
    if (with_infliximab && use.is(Disease::rheumatoid_arthritis)) take("arthritis_with_infliximab");
    return lowest;
}

}  // namespace

Answer csa_dose_implausible(Scene& scene) {
    auto const& chart = scene.chart();
    if (scene.transplant()) return scene.no();
    for (auto const intravenous : {false, true}) {
        auto const drafts = ciclosporin_drafts(chart, intravenous);
        if (drafts.empty()) continue;
        auto const dose = ciclosporin_dose(scene, drafts);
        auto const& limit =
            scene.threshold(intravenous ? "intravenous_mg_per_kg" : "oral_mg_per_kg");
        if (!dose.mg_per_kg || !(*dose.mg_per_kg > limit)) continue;
        auto finding = scene.finding(Indicator::critical);
        show_dose(scene, finding, dose);
        finding.facts.flag("intravenous", intravenous);
        finding.facts.text("limit", scene.number_text(limit, 1));
        finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
        auto const use = ciclosporin_use(chart, drafts.front()->start);
        auto const maximum = indication_maximum(scene, use, drafts.front()->start);
        if (maximum) finding.facts.text("usual_maximum", scene.number_text(*maximum, 1));
        if (maximum && !intravenous) {
            offer_dose(scene, finding, dose, mg_for(dose, *maximum), Rounding::down, Rational{0},
                       mg_for(dose, *maximum));
        }
        finding.selection = Selection::at_most_one;
        return scene.yes(std::move(finding));
    }
    return scene.no();
}

}  // namespace cds::rules

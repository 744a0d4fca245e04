#include "rules/biologic_rules.hpp"
#include "rules/omalizumab.hpp"

// Whether omalizumab is dosed as licensed. Catalogue 4.A `oma-dose-…`, `oma-asthma-…`,
// `oma-csu-dose`; 4.B `oma-dose-inputs-missing`.

namespace cds::rules {

namespace {

/// A finding of a dose rule about one order.
Finding about(Scene& scene, Indicator indicator, std::string_view variant, Draft const& draft,
              OmalizumabDose const& dose) {
    auto finding = scene.finding(indicator, variant);
    scene.show(finding, "orders", *draft.row);
    finding.medications.push_back(draft.row);
    show_dose(scene, finding, dose);
    return finding;
}

void offer_dose(Scene& scene, Finding& finding, Draft const& draft,
                std::optional<Rational> const& mg, std::optional<int> every_days) {
    Suggestion change;
    change.key = "change-dose";
    Action action;
    action.type = Action::Type::update_dose;
    action.medication = draft.row;
    action.dose_mg = mg;
    action.every_days = every_days;
    if (mg) finding.facts.text("new_dose", scene.number_text(*mg, 0));
    if (every_days) finding.facts.text("new_interval", scene.number_text(Rational{*every_days}, 0));
    change.actions.push_back(std::move(action));
    finding.suggestions.push_back(std::move(change));
}

void show_weight(Scene& scene, Finding& finding, Chart::Weight const& weight) {
    scene.show(finding, "weight", *weight.row);
    finding.facts.flag("weight_stale", weight.stale);
    finding.facts.flag("weight_estimated", weight.estimated);
}

/// What makes one order too high: nothing, or the indicator and which limit it breaks.
struct Excess {
    std::optional<Indicator> indicator;
    bool too_much = false;   ///< mg for each dose
    bool too_often = false;  ///< interval
    Rational limit_mg;       ///< the indication's limit for one dose
};

Excess excess_of(Scene& scene, OmalizumabUse use, OmalizumabDose const& dose) {
    Excess excess;
    auto const top = scene.threshold("max_mg_any");
    // In the EU asthma is licensed up to the same 600 mg every 2 weeks (K18); a reason that is not
    // known is read alike.
    auto const low_limit = (use == OmalizumabUse::asthma || use == OmalizumabUse::unknown) &&
                           scene.region() == Region::us;
    excess.limit_mg = low_limit ? scene.threshold("max_mg_asthma") : top;
    if (dose.mg && *dose.mg > top) {
        excess.indicator = Indicator::critical;
        excess.too_much = true;
    } else if (use != OmalizumabUse::urticaria && dose.mg && *dose.mg > excess.limit_mg) {
        excess.indicator = Indicator::warning;
        excess.too_much = true;
    }
    if (use == OmalizumabUse::urticaria) return excess;  // its own card speaks about the schedule
    if (dose.interval_days && *dose.interval_days < scene.threshold("min_interval_days")) {
        excess.too_often = true;
        if (!excess.indicator) excess.indicator = Indicator::warning;
    }
    return excess;
}

}  // namespace

Answer oma_dose_exceeds_max(Scene& scene) {
    std::optional<Finding> worst;
    for (auto const* draft : scene.chart().start_drafts(omalizumab())) {
        auto const dose = omalizumab_dose(scene, *draft);
        if (!dose.mg && !dose.interval_days) continue;
        auto const use = omalizumab_use(scene, *draft);
        auto const excess = excess_of(scene, use, dose);
        if (!excess.indicator || (worst && worst->indicator >= *excess.indicator)) continue;
        auto const known = use != OmalizumabUse::unknown;
        auto const low_limit = excess.limit_mg < scene.threshold("max_mg_any");
        auto finding = about(scene, *excess.indicator, low_limit ? "low" : "high", *draft, dose);
        finding.facts.text("indication", name(use));
        finding.facts.flag("indication_unknown", !known);
        finding.facts.flag("too_much", excess.too_much);
        finding.facts.flag("too_often", excess.too_often);
        finding.facts.text("limit", scene.number_text(excess.limit_mg, 0));
        if (known) {
            auto const mg = excess.too_much ? std::optional{excess.limit_mg} : std::nullopt;
            offer_dose(scene, finding, *draft, mg,
                       excess.too_often ? std::optional{14} : std::nullopt);
        } else {
            finding.suggestions.push_back(task("state-indication"));
        }
        worst = std::move(finding);
    }
    return worst ? scene.yes(std::move(*worst)) : scene.no();
}

Answer oma_asthma_dose_mismatch(Scene& scene) {
    // The table is the US one; the EU has another (K18).
    if (scene.region() != Region::us) return scene.no();
    auto const* draft = asthma_draft(scene);
    if (!draft) return scene.no();
    auto const ige = pretreatment_ige(scene, *draft);
    auto const weight = scene.weight();
    if (!ige.reading || !weight) return scene.no();
    auto const cell = table_cell(scene.rule(), *ige.reading->row, *weight->row);
    if (cell.state == TableCell::State::undecided) return scene.no();
    auto const dose = omalizumab_dose(scene, *draft);
    if (cell.state == TableCell::State::found) {
        if (!dose.mg || !dose.interval_days) return scene.no();
        auto const in_step =
            cell.every_days == 14 ? dose.every_two_weeks() : dose.every_four_weeks();
        if (*dose.mg == cell.mg && in_step) return scene.no();
    }
    auto finding = about(scene, Indicator::warning, {}, *draft, dose);
    scene.show(finding, "ige", *ige.reading->row);
    show_weight(scene, finding, *weight);
    finding.facts.flag("no_cell", cell.state == TableCell::State::no_cell);
    if (cell.state == TableCell::State::found) {
        finding.facts.text("cell_mg", scene.number_text(cell.mg, 0));
        finding.facts.text("cell_weeks", cell.every_days == 14 ? "2" : "4");
        offer_dose(scene, finding, *draft, cell.mg, cell.every_days);
    } else {
        finding.suggestions.push_back(task("review-dose"));
    }
    return scene.yes(std::move(finding));
}

Answer oma_csu_dose(Scene& scene) {
    std::optional<Finding> worst;
    for (auto const* draft : scene.chart().start_drafts(omalizumab())) {
        auto const dose = omalizumab_dose(scene, *draft);
        if (!dose.mg || !dose.interval_days) continue;
        if (omalizumab_use(scene, *draft) != OmalizumabUse::urticaria) continue;
        auto const monthly = dose.every_four_weeks();
        if (monthly && *dose.mg == scene.threshold("standard_mg")) continue;
        auto const lower = monthly && *dose.mg == scene.threshold("lower_mg");
        auto const indicator = lower ? Indicator::info : Indicator::warning;
        if (worst && worst->indicator >= indicator) continue;
        auto finding = about(scene, indicator, {}, *draft, dose);
        finding.facts.flag("lower", lower);
        auto const other_dose = !(*dose.mg == scene.threshold("standard_mg"));
        offer_dose(scene, finding, *draft,
                   other_dose ? std::optional{scene.threshold("standard_mg")} : std::nullopt,
                   monthly ? std::nullopt : std::optional{28});
        worst = std::move(finding);
    }
    return worst ? scene.yes(std::move(*worst)) : scene.no();
}

Answer oma_dose_inputs_missing(Scene& scene) {
    auto const* draft = asthma_draft(scene);
    if (!draft) return scene.no();
    auto const ige = pretreatment_ige(scene, *draft);
    auto const weight = scene.weight();
    if (ige.reading && weight && !weight->stale) return scene.no();
    auto finding = about(scene, Indicator::info, {}, *draft, omalizumab_dose(scene, *draft));
    finding.facts.flag("ige_missing", !ige.reading);
    finding.facts.flag("start_unknown", ige.start_unknown);
    if (ige.reading) scene.show(finding, "ige", *ige.reading->row);
    if (ige.during) scene.show(finding, "ige_during", *ige.during);
    finding.facts.flag("weight_missing", !weight);
    if (weight) show_weight(scene, finding, *weight);
    if (!ige.reading) {
        auto const started = scene.chart().kind(*draft, omalizumab()) == DraftKind::continuation;
        finding.facts.flag("started", started);
        finding.suggestions.push_back(started ? task("find-ige")
                                              : order_tests("order-ige", {"ige"}));
    }
    if (!weight || weight->stale)
        finding.suggestions.push_back(order_tests("order-weight", {"weight"}));
    // A stale weight rests on a newer one not being there, a missing result on there being none.
    return scene.yes_by_absence(std::move(finding), queries(Query::observations));
}

}  // namespace cds::rules

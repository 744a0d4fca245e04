#include "rules/pair.hpp"
#include "rules/rules.hpp"

// Infliximab with ciclosporin, or without methotrexate, in rheumatoid arthritis. Catalogue 4.A.

namespace cds::rules {

namespace {

/// The ciclosporin order whose dose the pair's dose rule judges: the drafts, else what is ongoing.
std::vector<MedicationRow const*> ciclosporin_orders(Scene& scene, Day day) {
    std::vector<MedicationRow const*> rows;
    for (auto const* draft : scene.chart().start_drafts(ciclosporin())) rows.push_back(draft->row);
    if (!rows.empty()) return rows;
    for (auto const* exposure : scene.chart().all_ongoing(ciclosporin(), day)) {
        if (exposure->source() == MedicationSource::request) rows.push_back(exposure->row);
    }
    if (!rows.empty()) return rows;
    for (auto const* exposure : scene.chart().all_ongoing(ciclosporin(), day)) {
        if (exposure->source() == MedicationSource::statement) rows.push_back(exposure->row);
    }
    return rows;
}

/// Total of the last day on which ciclosporin was given, when only administrations are on record.
std::optional<Rational> last_day_total_mg(Scene& scene, Day day,
                                          std::optional<Rational> const& kg) {
    std::optional<Day> last;
    Rational total;
    for (auto const& exposure : scene.chart().exposures()) {
        auto const& row = *exposure.row;
        if (!has(row.drugs, Drug::ciclosporin) ||
            exposure.source() != MedicationSource::administration)
            continue;
        if (!exposure.start || exposure.start.first > day) continue;
        auto const dose = unit_dose(row, day, kg);
        if (!dose) continue;
        if (!last || exposure.start.first > *last) {
            last = exposure.start.first;
            total = Rational{0};
        }
        if (exposure.start.first == *last) total = total + dose.mg;
    }
    if (!last) return std::nullopt;
    return total;
}

/// Contraindications to ciclosporin that are on record, named in the accepted-exception card.
void show_contraindications(Scene& scene, Finding& finding) {
    auto const& record = scene.record();
    for (auto const* row :
         active_conditions(record, set_of(Disease::kidney_disease, Disease::acute_kidney_injury))) {
        scene.show(finding, "contraindications", *row);
    }
    for (auto const* row : recorded_conditions(record, set_of(Disease::malignancy))) {
        scene.show(finding, "contraindications", *row);
    }
    for (auto const* row : active_infections(scene.chart()))
        scene.show(finding, "contraindications", *row);
    auto const days = fhir::pressures(record);
    if (!days.empty() &&
        (days.front().systolic > Rational{140} || days.front().diastolic > Rational{90})) {
        auto& item = finding.facts.item("contraindications");
        std::string text = "blood pressure " + days.front().systolic.text(1) + "/" +
                           days.front().diastolic.text(1) + " mmHg";
        item.text("label", scene.keep(text));
        item.text("since", scene.day_text(days.front().day));
    }
}

void show_infliximab_dose(Scene& scene, Finding& finding) {
    auto const& pair = scene.pair();
    auto const* row = pair.infliximab_draft ? pair.infliximab_draft->row
                      : pair.infliximab     ? pair.infliximab->row
                                            : nullptr;
    if (!row) return;
    auto const weight = scene.chart().weight();
    auto const dose = unit_dose(*row, pair.day, weight ? std::optional{weight->kg} : std::nullopt);
    if (!dose) return;
    std::optional<Rational> per_kg = dose.mg_per_kg;
    if (!per_kg && weight) per_kg = (dose.mg / weight->kg).rounded(1);
    auto const higher = per_kg && *per_kg > scene.threshold("tested_infliximab_mg_per_kg");
    auto const closer = dose.interval_days && *dose.interval_days < Rational{56};
    if (per_kg) finding.facts.text("infliximab_mg_per_kg", scene.number_text(*per_kg, 1));
    finding.facts.flag("infliximab_not_tested_dose", higher || closer);
}

}  // namespace

Answer ra_ifx_csa_mtx_contraindicated(Scene& scene) {
    auto const& pair = scene.pair();
    if (concurrent_card(scene) != PairCard::ra_contraindicated) return scene.no();
    auto finding = scene.finding(Indicator::info);
    show_pair(scene, finding);
    finding.facts.text("methotrexate_why", pair.methotrexate.why);
    finding.facts.chart_text("methotrexate_label", pair.methotrexate.label);
    show_contraindications(scene, finding);
    show_infliximab_dose(scene, finding);
    finding.suggestions.push_back(order_tests("order-monitoring", {"creatinine", "cbc"}));
    return scene.yes(std::move(finding));
}

Answer ra_ifx_csa_mtx_preferred(Scene& scene) {
    auto const& pair = scene.pair();
    if (concurrent_card(scene) != PairCard::ra_preferred) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_pair(scene, finding);
    finding.facts.flag("allergies_unknown",
                       scene.record().queries[Query::allergies] != Reason::none);
    Suggestion change;
    change.key = "change-to-methotrexate";
    auto const on_methotrexate = static_cast<bool>(scene.chart().present(methotrexate(), pair.day));
    if (pair.ciclosporin_draft) {
        change.recommended = true;
        change.actions.push_back(
            remove_draft(*pair.ciclosporin_draft, "remove-ciclosporin").actions.front());
    } else {
        change.actions.push_back(task_action("stop-ciclosporin"));
    }
    if (!on_methotrexate) change.actions.push_back(prescribe_action("methotrexate"));
    finding.facts.flag("on_methotrexate", on_methotrexate);
    finding.suggestions.push_back(std::move(change));
    finding.suggestions.push_back(task("document-methotrexate"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

Answer ra_ifx_csa_dose_above_low_dose(Scene& scene) {
    auto const& pair = scene.pair();
    auto const card = concurrent_card(scene);
    if (card != PairCard::ra_contraindicated && card != PairCard::ra_preferred) return scene.no();
    auto const weight = scene.weight();
    if (!weight) return scene.no();
    auto const rows = ciclosporin_orders(scene, pair.day);
    std::optional<Rational> mg_per_day;
    if (!rows.empty()) {
        auto const dose = daily_dose(rows, pair.day, weight->kg);
        if (dose) mg_per_day = dose.mg_per_day;
    } else {
        mg_per_day = last_day_total_mg(scene, pair.day, weight->kg);
    }
    if (!mg_per_day) return scene.no();
    auto const per_kg = (*mg_per_day / weight->kg).rounded(1);
    auto const& limit = scene.threshold("max_mg_per_kg_per_day");
    if (!(per_kg > limit)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_pair(scene, finding);
    finding.facts.text("mg_per_day", scene.number_text(*mg_per_day, 1));
    finding.facts.text("mg_per_kg", scene.number_text(per_kg, 1));
    scene.show(finding, "weight", *weight->row);
    finding.facts.flag("weight_stale", weight->stale);
    // Down to a 25 mg multiple that stays at or below 2 mg/kg/day (catalogue section 7).
    auto const lowered = (limit * weight->kg).floor_to(Rational{25});
    if (pair.ciclosporin_draft && rows.size() == 1 && lowered > Rational{0}) {
        Suggestion reduce;
        reduce.key = "reduce-dose";
        Action action;
        action.type = Action::Type::update_dose;
        action.medication = pair.ciclosporin_draft->row;
        auto const per_dose = (lowered / Rational{2}).floor_to(Rational{25});
        auto const divides = per_dose * Rational{2} == lowered;
        action.times_per_day = 2;
        action.dose_mg = divides ? per_dose : per_dose;
        if (per_dose > Rational{0}) {
            auto const total = per_dose * Rational{2};
            finding.facts.text("new_mg_per_day", scene.number_text(total, 0));
            finding.facts.text("new_mg_per_kg",
                               scene.number_text((total / weight->kg).rounded(1), 1));
            reduce.actions.push_back(std::move(action));
            finding.suggestions.push_back(std::move(reduce));
        }
    }
    if (finding.suggestions.empty()) finding.suggestions.push_back(task("review-dose"));
    return scene.yes(std::move(finding));
}

Answer ra_ifx_without_mtx(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(infliximab());
    if (!draft) return scene.no();
    auto const use = use_of(chart, draft->row, draft->start);
    if (!scene.is_for(use, Disease::rheumatoid_arthritis)) return scene.no();
    auto const kind = scene.kind(*draft, infliximab());
    if (kind != DraftKind::initiation) return scene.no();
    if (chart.present(ciclosporin(), draft->start)) return scene.no();
    auto const live = chart.present(methotrexate(), draft->start);
    if (live && !(live.ongoing && !live.draft && chart.stopped_in_bundle(methotrexate())))
        return scene.no();
    if (methotrexate_bar(chart, draft->start, true)) return scene.no();
    auto finding = scene.finding(Indicator::info);
    scene.show(finding, "orders", *draft->row);
    finding.medications.push_back(draft->row);
    Suggestion add;
    add.key = "add-methotrexate";
    add.actions.push_back(prescribe_action("methotrexate"));
    finding.suggestions.push_back(std::move(add));
    return scene.yes_by_absence(std::move(finding), medication_queries());
}

}  // namespace cds::rules

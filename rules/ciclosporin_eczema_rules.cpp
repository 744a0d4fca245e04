#include <algorithm>

#include "base/text.hpp"
#include "rules/ciclosporin_dose.hpp"
#include "rules/ciclosporin_rules.hpp"

// Ciclosporin for eczema: systemic steroids beside it, and what must have been tried before it.
// Catalogue 4.A.

namespace cds::rules {

namespace {

/// By mouth or into a muscle; a steroid without a route has its usual one, which is oral.
bool oral_or_intramuscular(MedicationRow const& row) {
    return row.route == Route::oral || row.route == Route::intramuscular ||
           row.route == Route::absent;
}

bool says_eczema(StatedReason const& reason) {
    if (has(reason.diseases, Disease::atopic_dermatitis)) return true;
    std::string words;
    base::fold(reason.text, words);
    return reason.diseases.none() && words.find("eczema") != std::string::npos;
}

/// A steroid draft that could be for the eczema: no reason stated, or eczema alone.
Draft const* steroid_for_eczema(Chart const& chart) {
    for (auto const* draft : chart.start_drafts(set_of(Drug::systemic_corticosteroid))) {
        auto const& reasons = draft->row->reasons;
        if (!oral_or_intramuscular(*draft->row)) continue;
        if (std::all_of(reasons.begin(), reasons.end(), says_eczema)) return draft;
    }
    return nullptr;
}

}  // namespace

Answer csa_systemic_steroid_ad(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* steroid = steroid_for_eczema(chart);
    if (!steroid) return scene.no();
    auto const day = steroid->start;
    auto const present = scene.present(ciclosporin(), day);
    std::optional<LastExposure> last;
    if (!present) {
        last = scene.last_exposure(ciclosporin(), day);
        if (!last || day > base::add_months(last->day, scene.days("after_months")))
            return scene.no();
    }
    auto const stated = !steroid->row->reasons.empty() ||
                        ciclosporin_use_of_order(chart, day).is(Disease::atopic_dermatitis);
    if (!stated && !scene.is_listed(Disease::atopic_dermatitis, day)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    scene.show(finding, "orders", *steroid->row);
    finding.medications.push_back(steroid->row);
    if (present)
        scene.show(finding, "ciclosporin", *present.row(),
                   present.draft ? nullptr : present.ongoing);
    if (last) {
        scene.show(finding, "ciclosporin", *last->exposure->row, last->exposure);
        finding.facts.text("ended", scene.day_text(last->day));
        finding.facts.flag("estimated", last->estimated);
    }
    finding.suggestions.push_back(remove_all({steroid}, "remove-steroid"));
    finding.suggestions.push_back(task("optimise-topicals"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// A topical corticosteroid or calcineurin inhibitor whose period touches the months before D.
Exposure const* tried_topical(Scene const& scene, Day day, int months) {
    auto const topicals =
        set_of(Drug::topical_corticosteroid, Drug::tacrolimus_topical, Drug::pimecrolimus);
    for (auto const& exposure : scene.chart().exposures()) {
        if ((exposure.row->drugs & topicals).none()) continue;
        if (exposure.start && exposure.start.first > day) continue;
        auto const end = exposure.end_at(day, scene.today());
        if (!end || day <= base::add_months(*end, months)) return &exposure;
    }
    return nullptr;
}

ProcedureRow const* completed_phototherapy(PatientRecord const& record) {
    auto const light = set_of(Service::puva, Service::nbuvb, Service::uvb, Service::phototherapy);
    auto const found = std::find_if(
        record.procedures.begin(), record.procedures.end(),
        [&](ProcedureRow const& row) { return row.completed && (row.services & light).any(); });
    return found == record.procedures.end() ? nullptr : &*found;
}

}  // namespace

Answer csa_ad_selection_criteria(Scene& scene) {
    auto const& chart = scene.chart();
    auto const* draft = chart.start_draft(ciclosporin());
    if (!draft) return scene.no();
    auto const day = draft->start;
    if (!scene.is_for(ciclosporin_use(chart, day), Disease::atopic_dermatitis)) return scene.no();
    if (scene.kind(*draft, ciclosporin()) != DraftKind::initiation) return scene.no();
    auto const* topical = tried_topical(scene, day, scene.days("topical_months"));
    auto const* light = completed_phototherapy(scene.record());
    // Skin cancer and photosensitivity stand in for a failed course: light is contraindicated.
    auto const bars = recorded_conditions(
        scene.record(), set_of(Disease::photosensitivity, Disease::phototherapy_contraindicated,
                               Disease::nmsc, Disease::melanoma));
    auto const light_done = light || !bars.empty();
    if (topical && light_done) return scene.no();
    auto finding = scene.finding(Indicator::info);
    for (auto const* row : chart.start_drafts(ciclosporin())) {
        scene.show(finding, "orders", *row->row);
        finding.medications.push_back(row->row);
    }
    finding.facts.text("day", scene.day_text(day));
    if (topical) scene.show(finding, "topicals", *topical->row, topical);
    if (light) {
        finding.facts.chart_text("phototherapy", light->label);
        if (light->end) finding.facts.text("phototherapy_date", scene.day_text(light->end.last));
    }
    for (auto const* row : bars) scene.show(finding, "bars", *row);
    finding.facts.flag("topical_missing", !topical);
    finding.facts.flag("phototherapy_missing", !light_done);
    finding.suggestions.push_back(task("document-criteria"));
    // One item that is certainly missing is enough.
    auto const open = scene.record().queries.open();
    auto const light_queries = queries(Query::procedures, Query::conditions);
    if (!topical && (open & medication_queries()).none()) return scene.yes(std::move(finding));
    if (!light_done && (open & light_queries).none()) return scene.yes(std::move(finding));
    auto rests_on = topical ? QuerySet{} : medication_queries();
    if (!light_done) rests_on |= light_queries;
    return scene.yes_by_absence(std::move(finding), rests_on);
}

}  // namespace cds::rules

#include <algorithm>

#include "base/text.hpp"
#include "rules/ciclosporin_dose.hpp"
#include "rules/ciclosporin_meeting.hpp"
#include "rules/ciclosporin_rules.hpp"
#include "rules/derm.hpp"
#include "rules/trace.hpp"

// Ciclosporin for eczema or psoriasis: partners and treatments that add to its skin-cancer risk.
// Catalogue 4.A.

namespace cds::rules {

namespace {

DiseaseSet skin_diseases() { return set_of(Disease::atopic_dermatitis, Disease::psoriasis); }

ServiceSet phototherapy() {
    return set_of(Service::puva, Service::nbuvb, Service::uvb, Service::phototherapy);
}

std::string_view modality(ServiceSet const& services) {
    if (has(services, Service::puva)) return "PUVA";
    if (has(services, Service::nbuvb)) return "narrowband UVB";
    if (has(services, Service::uvb)) return "UVB";
    return "phototherapy, modality not stated";
}

}  // namespace

Answer psoriasis_etanercept_csa(Scene& scene) {
    auto const etanercept = set_of(Drug::etanercept);
    auto const meeting = find_meeting(scene, etanercept);
    if (!meeting) return scene.no();
    auto const use = ciclosporin_use_of_order(scene.chart(), meeting.day);
    if (!scene.is_for(use, Disease::psoriasis)) return scene.no();
    // Beside eczema etanercept is a partner of the contraindication card.
    if (use.is(Disease::atopic_dermatitis)) return scene.no();
    auto finding = scene.finding(Indicator::warning);
    show_meeting(scene, finding, meeting, etanercept);
    offer_meeting_removals(finding, meeting);
    finding.suggestions.push_back(task("set-stop-date"));
    return scene.yes(std::move(finding));
}

Answer csa_derm_immunosuppressant_contraindicated(Scene& scene) {
    auto const& conflict = scene.derm_conflict();
    if (!conflict.fires()) return scene.no();
    auto finding = scene.finding(conflict.ambiguous ? Indicator::warning : Indicator::critical,
                                 conflict.ambiguous ? "ambiguous" : "");
    if (conflict.ciclosporin)
        scene.show(finding, "ciclosporin", *conflict.ciclosporin->row, conflict.ciclosporin);
    auto const drafts = scene.chart().start_drafts(ciclosporin());
    for (auto const* draft : drafts) {
        scene.show(finding, "ciclosporin", *draft->row);
        finding.medications.push_back(draft->row);
    }
    DraftList partner_drafts;
    auto stored = false, with_methotrexate = false;
    for (auto const& partner : conflict.partners) {
        scene.show(finding, "partners", *partner.row, partner.exposure);
        with_methotrexate = with_methotrexate || has(partner.row->drugs, Drug::methotrexate);
        stored = stored || !partner.draft;
        if (!partner.draft) continue;
        partner_drafts.push_back(partner.draft);
        finding.medications.push_back(partner.draft->row);
    }
    auto const use = ciclosporin_use_of_order(scene.chart(), conflict.day);
    finding.facts.flag("eczema", use.is(Disease::atopic_dermatitis));
    finding.facts.flag("psoriasis", use.is(Disease::psoriasis));
    finding.facts.flag("ambiguous", conflict.ambiguous);
    finding.facts.flag("methotrexate", with_methotrexate);
    finding.facts.text("day", scene.day_text(conflict.day));
    if (!drafts.empty()) finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
    if (!partner_drafts.empty())
        finding.suggestions.push_back(remove_all(partner_drafts, "remove-partner"));
    if (stored) finding.suggestions.push_back(task("stop-partner"));
    if (drafts.empty()) finding.suggestions.push_back(task("stop-ciclosporin"));
    if (conflict.ambiguous) finding.suggestions.push_back(task("state-indication"));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// Phototherapy that is ordered now, still ordered, under way, or finished so lately that it
/// overlaps.
struct Phototherapy {
    ServiceRow const* draft = nullptr;
    ServiceRow const* order = nullptr;
    ProcedureRow const* procedure = nullptr;
    explicit operator bool() const { return draft || order || procedure; }
};

ServiceRow const* drafted_phototherapy(Chart const& chart) {
    for (auto const* row : chart.service_drafts()) {
        if (row->active && (row->services & phototherapy()).any()) return row;
    }
    return nullptr;
}

bool ended_in_bundle(Chart const& chart, ServiceRow const& row) {
    return std::any_of(chart.service_drafts().begin(), chart.service_drafts().end(),
                       [&](ServiceRow const* draft) {
                           return draft->stop && !row.id.empty() && draft->id == row.id;
                       });
}

/// An active ServiceRequest whose end is absent or not before D. One that is on hold is not given.
bool still_ordered(Chart const& chart, ServiceRow const& row, Day day) {
    if (!row.active || (row.services & phototherapy()).none() || ended_in_bundle(chart, row))
        return false;
    auto const status = row.node["status"].string();
    if (!status.empty() && status != "active") return false;
    return !row.end || row.end.last >= day;
}

/// In progress, or completed with the last treatment at most `days` before D.
bool still_given(ProcedureRow const& row, Day day, int days) {
    if ((row.services & phototherapy()).none()) return false;
    if (row.in_progress) return true;
    return row.completed && row.end && days_between(row.end.last, day) <= days;
}

Phototherapy find_phototherapy(Scene& scene, Day day, int days) {
    Phototherapy found;
    auto const& chart = scene.chart();
    found.draft = drafted_phototherapy(chart);
    for (auto const& row : scene.record().services) {
        if (!found.order && still_ordered(chart, row, day)) found.order = &row;
    }
    for (auto const& row : scene.record().procedures) {
        if (!still_given(row, day, days)) continue;
        auto const later =
            !found.procedure ||
            (row.end && (!found.procedure->end || row.end.last > found.procedure->end.last));
        if (later) found.procedure = &row;
    }
    if (!found) scene.rests_on(Query::procedures, Query::service_requests);
    if (auto* const trace = scene.trace()) {
        trace->service_requests(phototherapy(), {&found.order, found.order ? 1U : 0U});
        trace->procedures(phototherapy(), {&found.procedure, found.procedure ? 1U : 0U});
    }
    return found;
}

void show_phototherapy(Scene& scene, Finding& finding, Phototherapy const& found) {
    auto const add = [&](std::string_view label, ServiceSet const& services,
                         std::string_view source) -> Facts& {
        auto& item = finding.facts.item("phototherapy");
        item.text("modality", modality(services));
        item.chart_text("label", label);
        item.text("source", source);
        return item;
    };
    if (found.draft) {
        add(found.draft->label, found.draft->services, "ordered now");
        finding.services.push_back(found.draft);
    }
    if (found.order) {
        auto& item = add(found.order->label, found.order->services, "active order");
        if (found.order->end) item.text("until", scene.day_text(found.order->end.last));
        auto const& since = found.order->start ? found.order->start : found.order->authored;
        if (since) item.text("since", scene.day_text(since.first));
        finding.evidence.push_back(
            {"ServiceRequest", found.order->id, "code", found.order->label, since.text});
    }
    if (found.procedure) {
        auto const& row = *found.procedure;
        auto& item = add(row.label, row.services, row.in_progress ? "in progress" : "completed");
        if (row.start) item.text("since", scene.day_text(row.start.first));
        if (row.end) item.text("last_session", scene.day_text(row.end.last));
        finding.evidence.push_back({"Procedure", row.id, "performed", row.label, row.end.text});
    }
}

}  // namespace

Answer csa_phototherapy_concurrent(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    auto const* light_draft = drafted_phototherapy(chart);
    if (drafts.empty() && !light_draft) return scene.no();
    auto day = scene.today();
    if (!drafts.empty()) {
        day = drafts.front()->start;
    } else if (light_draft->start) {
        day = std::max(day, light_draft->start.first);
    }
    auto const* running = drafts.empty() ? scene.ongoing(ciclosporin(), day) : nullptr;
    if (drafts.empty() && !running) return scene.no();
    auto const found = find_phototherapy(scene, day, scene.days("last_session_days"));
    if (!found) return scene.no();
    auto const use = ciclosporin_use(chart, day);
    auto const skin = (use.diseases & skin_diseases()).any();
    auto finding = scene.finding(skin ? Indicator::critical : Indicator::warning);
    show_phototherapy(scene, finding, found);
    if (running) scene.show(finding, "ciclosporin", *running->row, running);
    for (auto const* draft : drafts) {
        scene.show(finding, "ciclosporin", *draft->row);
        finding.medications.push_back(draft->row);
    }
    finding.facts.flag("skin", skin);
    finding.facts.text("day", scene.day_text(day));
    if (!drafts.empty()) finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
    if (found.draft) {
        Suggestion remove;
        remove.key = "remove-phototherapy";
        Action action;
        action.type = Action::Type::remove_draft;
        action.service = found.draft;
        remove.actions.push_back(std::move(action));
        finding.suggestions.push_back(std::move(remove));
    } else if (found.order || found.procedure->in_progress) {
        finding.suggestions.push_back(task("stop-phototherapy"));
    }
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

namespace {

/// An oral or bath psoralen; paint for the skin is no PUVA order by itself.
bool is_puva_psoralen(MedicationRow const& row) {
    if (!has(row.drugs, Drug::psoralen)) return false;
    if (row.systemic) return true;
    std::string words;
    base::fold(row.label, words);
    for (auto const& dosage : row.dosages) {
        words += ' ';
        base::fold(dosage.node["text"].string(), words);
        words += ' ';
        base::fold(dosage.node["route"]["text"].string(), words);
    }
    return words.find("bath") != std::string::npos;
}

void show_psoralens(Scene& scene, Finding& finding) {
    for (auto const& exposure : scene.chart().exposures()) {
        if (is_puva_psoralen(*exposure.row))
            scene.show(finding, "psoralens", *exposure.row, &exposure);
    }
    for (auto const& draft : scene.chart().drafts()) {
        if (draft.role == DraftRole::start && is_puva_psoralen(*draft.row))
            scene.show(finding, "psoralens", *draft.row);
    }
}

}  // namespace

Answer csa_prior_puva(Scene& scene) {
    auto const& chart = scene.chart();
    auto const drafts = chart.start_drafts(ciclosporin());
    if (drafts.empty()) return scene.no();
    auto const use = ciclosporin_use(chart, drafts.front()->start);
    if (!scene.is_for(use, skin_diseases())) return scene.no();
    auto const courses = scene.procedures(set_of(Service::puva));
    auto finding = scene.finding(Indicator::critical);
    show_psoralens(scene, finding);
    auto const psoralen = finding.facts.find("psoralens") != nullptr;
    if (courses.empty() && !psoralen) {
        scene.rests_on(medication_queries());
        return scene.no();
    }
    for (auto const* row : courses) {
        auto& item = finding.facts.item("courses");
        item.chart_text("label", row->label);
        item.flag("in_progress", row->in_progress);
        if (row->start) item.text("since", scene.day_text(row->start.first));
        if (row->end) item.text("last_session", scene.day_text(row->end.last));
        finding.evidence.push_back({"Procedure", row->id, "code", row->label, row->start.text});
    }
    for (auto const* draft : drafts) {
        scene.show(finding, "ciclosporin", *draft->row);
        finding.medications.push_back(draft->row);
    }
    finding.suggestions.push_back(remove_all(drafts, "remove-ciclosporin"));
    Suggestion check;
    check.key = "refer-skin-check";
    check.actions.push_back(refer_action("dermatology-skin-check"));
    finding.suggestions.push_back(std::move(check));
    finding.selection = Selection::at_most_one;
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

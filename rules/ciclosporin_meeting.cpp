#include "rules/ciclosporin_meeting.hpp"

#include <algorithm>
#include <set>

#include "rules/ciclosporin_dose.hpp"

namespace cds::rules {

namespace {

/// Collects partners so that an ingredient that is ordered and stated, or ordered twice, is named
/// once.
class Partners {
public:
    Partners(Scene const& scene, DrugSet const& others, Meeting& meeting)
        : scene_{scene}, others_{others}, meeting_{meeting} {}

    void add(MedicationRow const& row, Exposure const* exposure, Draft const* draft) {
        Meeting::Partner partner{&row, exposure, draft, {}};
        for (auto id : row.ingredients) {
            auto const& ingredient = scene_.terminology().ingredient(id);
            if ((ingredient.drugs & others_).any() && named_.insert(id).second)
                partner.ingredients.push_back(id);
        }
        // A second draft of a known ingredient can still be removed; a second stored row says
        // nothing new.
        if (!partner.ingredients.empty() || draft) meeting_.partners.push_back(std::move(partner));
    }

private:
    Scene const& scene_;
    DrugSet others_;
    Meeting& meeting_;
    std::set<IngredientId> named_;
};

}  // namespace

DraftList Meeting::partner_drafts() const {
    DraftList drafts;
    for (auto const& partner : partners) {
        if (partner.draft) drafts.push_back(partner.draft);
    }
    return drafts;
}

bool Meeting::stored_partner() const {
    return std::any_of(partners.begin(), partners.end(),
                       [](Partner const& partner) { return !partner.draft; });
}

Meeting find_meeting(Scene& scene, DrugSet const& others) {
    Meeting meeting;
    auto const& chart = scene.chart();
    meeting.ciclosporin_drafts = chart.start_drafts(ciclosporin());
    Partners partners{scene, others, meeting};
    auto const drafted = !meeting.ciclosporin_drafts.empty();
    if (drafted) meeting.day = meeting.ciclosporin_drafts.front()->start;
    for (auto const* draft : chart.start_drafts(others)) {
        // A partner that is drafted alone meets the ciclosporin that runs on its own first day.
        auto const* running = drafted ? nullptr : scene.ongoing(ciclosporin(), draft->start);
        if (!drafted && !running) continue;
        if (running && !meeting.ciclosporin) {
            meeting.ciclosporin = running;
            meeting.day = draft->start;
        }
        partners.add(*draft->row, nullptr, draft);
    }
    if (!drafted && meeting.partners.empty()) return meeting;
    auto const stored = meeting.partners.empty() ? scene.all_ongoing(others, meeting.day)
                                                 : chart.all_ongoing(others, meeting.day);
    for (auto const* exposure : stored) partners.add(*exposure->row, exposure, nullptr);
    return meeting;
}

void show_meeting(Scene& scene, Finding& finding, Meeting const& meeting, DrugSet const& others) {
    for (auto const& partner : meeting.partners) {
        scene.show(finding, "partners", *partner.row, partner.exposure);
        auto& item = finding.facts.find("partners")->list->back();
        item.text("drug", scene.drug_name(*partner.row, others));
        item.flag("raises", has(partner.row->drugs, Drug::cyp3a4_inhibitor));
        item.flag("lowers", has(partner.row->drugs, Drug::cyp3a4_inducer));
        if (partner.draft) finding.medications.push_back(partner.row);
    }
    if (meeting.ciclosporin)
        scene.show(finding, "ciclosporin", *meeting.ciclosporin->row, meeting.ciclosporin);
    for (auto const* draft : meeting.ciclosporin_drafts) {
        scene.show(finding, "ciclosporin", *draft->row);
        finding.medications.push_back(draft->row);
    }
    finding.facts.flag("ciclosporin_drafted", !meeting.ciclosporin_drafts.empty());
    finding.facts.text("day", scene.day_text(meeting.day));
}

void offer_meeting_removals(Finding& finding, Meeting const& meeting) {
    auto const others = meeting.partner_drafts();
    if (!meeting.ciclosporin_drafts.empty()) {
        finding.suggestions.push_back(remove_all(meeting.ciclosporin_drafts, "remove-ciclosporin"));
    }
    if (!others.empty()) finding.suggestions.push_back(remove_all(others, "remove-partner"));
    finding.selection = Selection::at_most_one;
}

}  // namespace cds::rules

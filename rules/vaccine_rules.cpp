#include <algorithm>
#include <optional>

#include "rules/biologic_rules.hpp"
#include "rules/burden.hpp"

// Live vaccines while immunity is suppressed. Catalogue 4.A `live-vaccine-contraindicated`.

namespace cds::rules {

namespace {

/// A drafted live vaccine: as a medication order or as a service.
struct Vaccination {
    MedicationRow const* order = nullptr;
    ServiceRow const* service = nullptr;
    Day day{};
};

std::vector<Vaccination> live_vaccinations(Chart const& chart) {
    std::vector<Vaccination> found;
    auto const live = set_of(Drug::live_vaccine);
    for (auto const* draft : chart.start_drafts(live)) {
        // BCG into the bladder treats a cancer there; it is no vaccination.
        if (draft->row->route != Route::intravesical)
            found.push_back({draft->row, nullptr, draft->start});
    }
    for (auto const* row : chart.service_drafts()) {
        if (!row->active || row->intravesical || (row->drugs & live).none()) continue;
        auto const day = row->start ? std::max(row->start.first, chart.today()) : chart.today();
        found.push_back({nullptr, row, day});
    }
    return found;
}

/// The last exposure to one drug of a class that ended no more than `months` before `day`.
std::optional<LastExposure> lately_ended(Chart const& chart, ImmunoClass immuno_class, Day day,
                                         int months) {
    // Corticosteroids count only while they run.
    if (immuno_class == ImmunoClass::corticosteroid) return std::nullopt;
    std::optional<LastExposure> newest;
    auto const drugs = drugs_of(immuno_class);
    for (std::size_t i = 0; i < drugs.size(); ++i) {
        if (!drugs.test(i)) continue;
        auto const last = chart.last_exposure(set_of(static_cast<Drug>(i)), day);
        if (!last || day > base::add_months(last->day, months)) continue;
        if (!newest || last->day > newest->day) newest = last;
    }
    return newest;
}

/// Shows every class that suppresses immunity on that day. Returns whether there is one.
bool show_suppression(Scene& scene, Finding& finding, Day day, int months) {
    auto const classes = count_classes(scene, day);
    for (auto const& member : classes.members)
        scene.show(finding, "agents", *member.row, member.exposure);
    auto any = !classes.members.empty();
    for (std::uint8_t i = 0; i < static_cast<std::uint8_t>(ImmunoClass::count_); ++i) {
        auto const immuno_class = static_cast<ImmunoClass>(i);
        auto const here =
            std::any_of(classes.members.begin(), classes.members.end(),
                        [&](auto const& member) { return member.immuno_class == immuno_class; });
        if (here) continue;
        auto const last = lately_ended(scene.chart(), immuno_class, day, months);
        if (!last) continue;
        auto& item = finding.facts.item("ended");
        item.text("drug", scene.drug_name(*last->exposure->row, drugs_of(immuno_class)));
        item.text("until", scene.day_text(last->day));
        item.flag("estimated", last->estimated);
        finding.evidence.push_back(
            {"MedicationRequest", last->exposure->row->id, "end", scene.day_text(last->day), {}});
        any = true;
    }
    return any;
}

Suggestion remove_vaccine(Vaccination const& vaccine) {
    Suggestion remove;
    remove.key = "remove-vaccine";
    Action action;
    action.type = Action::Type::remove_draft;
    action.medication = vaccine.order;
    action.service = vaccine.service;
    remove.actions.push_back(std::move(action));
    return remove;
}

}  // namespace

Answer live_vaccine_contraindicated(Scene& scene) {
    auto const vaccinations = live_vaccinations(scene.chart());
    if (vaccinations.empty()) return scene.no();
    scene.rests_on(medication_queries());
    auto finding = scene.finding(Indicator::critical);
    auto day = vaccinations.front().day;
    for (auto const& vaccine : vaccinations) day = std::min(day, vaccine.day);
    if (!show_suppression(scene, finding, day, scene.days("months"))) return scene.no();
    for (auto const& vaccine : vaccinations) {
        auto& item = finding.facts.item("vaccines");
        item.chart_text("label", vaccine.order ? vaccine.order->label : vaccine.service->label);
        item.text("day", scene.day_text(vaccine.day));
        if (vaccine.order)
            finding.medications.push_back(vaccine.order);
        else
            finding.services.push_back(vaccine.service);
        finding.suggestions.push_back(remove_vaccine(vaccine));
    }
    return scene.yes(std::move(finding));
}

}  // namespace cds::rules

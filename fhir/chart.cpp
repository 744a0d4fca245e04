#include "fhir/chart.hpp"

#include <algorithm>

#include "fhir/results.hpp"

namespace cds::fhir {

namespace {

/// Drugs that act where they are put: their rows count although the route is not systemic.
DrugSet local_drugs() {
    return set_of(Drug::topical_corticosteroid, Drug::tacrolimus_topical, Drug::pimecrolimus,
                  Drug::ruxolitinib_topical, Drug::ics_laba, Drug::budesonide, Drug::live_vaccine);
}

bool is_about(MedicationRow const& row, DrugSet const& drugs) {
    auto const shared = row.drugs & drugs;
    return row.systemic ? shared.any() : (shared & local_drugs()).any();
}

bool is_infusion(Exposure const& exposure) {
    return exposure.source() == MedicationSource::administration ||
           (exposure.source() == MedicationSource::dispense &&
            (exposure.row->route == Route::subcutaneous ||
             exposure.row->product.brand == "zymfentra"));
}

/// The day of an infusion, or of the hand-over of an injection: not the end of the supply.
Day dose_day(Exposure const& exposure) {
    auto const of_dispense = exposure.source() == MedicationSource::dispense && exposure.start;
    return of_dispense ? std::min(exposure.start.last, *exposure.ended) : *exposure.ended;
}

Day stop_day(MedicationRow const& row, bool resent, Day today) {
    if (resent) return row.bounds_end && row.bounds_end.last <= today ? row.bounds_end.last : today;
    if (!row.events.empty() && row.events.front()) return row.events.front().first;
    if (row.bounds_end) return row.bounds_end.last;
    return today;
}

}  // namespace

Day draft_start(MedicationRow const& row, Day today) {
    std::optional<Day> event;
    auto has_event = false;
    for (auto const& date : row.events) {
        if (!date) continue;
        has_event = true;
        if (date.first >= today && (!event || date.first < *event)) event = date.first;
    }
    if (has_event) return event.value_or(today);
    if (row.bounds_start) return std::max(row.bounds_start.first, today);
    if (row.validity_start) return std::max(row.validity_start.first, today);
    if (row.authored && row.authored.first >= today - std::chrono::days{1}) {
        return std::max(row.authored.first, today);
    }
    return today;
}

Chart::Chart(PatientRecord const& record, std::vector<MedicationRow const*> drafts,
             std::vector<ServiceRow const*> service_drafts)
    : record_{record}, service_drafts_{std::move(service_drafts)} {
    read_draft_roles(drafts);
    build_exposures();
    apply_stops();
}

void Chart::read_draft_roles(std::vector<MedicationRow const*> const& rows) {
    drafts_.reserve(rows.size());
    for (auto const* row : rows) {
        Draft draft;
        draft.row = row;
        if (!row->id.empty()) {
            for (auto const& stored : record_.medications) {
                if (stored.source == MedicationSource::request && stored.id == row->id)
                    draft.resent = &stored;
            }
        }
        if (row->status == RowStatus::entered_in_error) {
            draft.role = DraftRole::ignored;
        } else if (row->status == RowStatus::stopped || row->status == RowStatus::cancelled ||
                   row->status == RowStatus::completed || row->do_not_perform) {
            draft.role = DraftRole::stop;
            draft.start = stop_day(*row, draft.resent != nullptr, today());
        } else if (row->status == RowStatus::on_hold) {
            draft.role = DraftRole::hold;
            draft.start = today();
        } else {
            draft.start = draft_start(*row, today());
        }
        drafts_.push_back(draft);
    }
}

Draft const* Chart::start_draft(DrugSet const& drugs) const {
    for (auto const& draft : drafts_) {
        if (draft.role == DraftRole::start && is_about(*draft.row, drugs)) return &draft;
    }
    return nullptr;
}

DraftList Chart::start_drafts(DrugSet const& drugs) const {
    DraftList found;
    for (auto const& draft : drafts_) {
        if (draft.role == DraftRole::start && is_about(*draft.row, drugs)) found.push_back(&draft);
    }
    return found;
}

Draft const* Chart::stop_draft(DrugSet const& drugs) const {
    for (auto const& draft : drafts_) {
        if (draft.role == DraftRole::stop && is_about(*draft.row, drugs)) return &draft;
    }
    return nullptr;
}

Exposure const* Chart::ongoing(DrugSet const& drugs, Day day) const {
    Exposure const* found = nullptr;
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs) || !exposure.ongoing(day, today())) continue;
        if (exposure.source() == MedicationSource::request) return &exposure;
        if (!found) found = &exposure;
    }
    return found;
}

std::vector<Exposure const*> Chart::all_ongoing(DrugSet const& drugs, Day day) const {
    std::vector<Exposure const*> found;
    for (auto const& exposure : exposures_) {
        if (is_about(*exposure.row, drugs) && exposure.ongoing(day, today()))
            found.push_back(&exposure);
    }
    return found;
}

Presence Chart::present(DrugSet const& drugs, Day day) const {
    return {ongoing(drugs, day), start_draft(drugs)};
}

Exposure const* Chart::in_use(DrugSet const& drugs, Day day) const {
    if (auto const* live = ongoing(drugs, day)) return live;
    auto const limit = has(drugs, Drug::infliximab) ? 90 : has(drugs, Drug::omalizumab) ? 56 : 0;
    if (limit == 0) return nullptr;
    Exposure const* last = nullptr;
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs) || !is_infusion(exposure) || !exposure.ended ||
            *exposure.ended > day)
            continue;
        if (!last || dose_day(exposure) > dose_day(*last)) last = &exposure;
    }
    if (!last || base::days_between(dose_day(*last), day) > limit || stop_draft(drugs))
        return nullptr;
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs) || is_infusion(exposure) || !exposure.stopped) continue;
        // A stop before the last dose was overtaken by it.
        if (auto const end = exposure.end_at(day, today()); end && *end >= dose_day(*last))
            return nullptr;
    }
    return last;
}

std::optional<LastExposure> Chart::last_exposure(DrugSet const& drugs, Day day) const {
    std::optional<LastExposure> last, infusion;
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs)) continue;
        auto const end = exposure.end_at(day, today());
        if (!end || *end > day) continue;
        LastExposure here{*end, exposure.estimated, exposure.on_hold, false, &exposure};
        // A therapy that was ongoing and is stopped by a draft of this bundle counts from that day.
        here.by_stop_draft = exposure.stop_draft && *end == *exposure.stop_draft;
        if (here.by_stop_draft) here.estimated = false;
        if (is_infusion(exposure) && has(drugs, Drug::infliximab)) {
            auto dose = here;
            if (!here.by_stop_draft) dose.day = dose_day(exposure);
            if (!infusion || dose.day > infusion->day) infusion = dose;
        }
        auto const beats =
            !last || here.day > last->day || (here.day == last->day && last->estimated);
        if (beats) last = here;
    }
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs) || !exposure.stop_draft || *exposure.stop_draft > day)
            continue;
        if (exposure.end_at(day, today()) == exposure.stop_draft) {
            return LastExposure{*exposure.stop_draft, false, exposure.on_hold, true, &exposure};
        }
    }
    return infusion ? infusion : last;
}

std::vector<Therapy> Chart::therapies(DrugSet const& drugs, Day day) const {
    struct Stretch {
        Day from;
        std::optional<Day> to;
        Exposure const* exposure;
    };
    std::vector<Stretch> stretches;
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs)) continue;
        auto const end = exposure.end_at(day, today());
        auto const from =
            exposure.start ? exposure.start.first : end.value_or(std::min(day, today()));
        if (from > day) continue;
        stretches.push_back({from, end, &exposure});
    }
    std::stable_sort(stretches.begin(), stretches.end(),
                     [](auto const& a, auto const& b) { return a.from < b.from; });
    auto const gap = chain_gap_days(drugs);
    std::vector<Therapy> found;
    for (auto const& stretch : stretches) {
        auto* current = found.empty() ? nullptr : &found.back();
        if (!current ||
            (current->ended && base::days_between(*current->ended, stretch.from) > gap)) {
            Therapy therapy;
            therapy.start = stretch.exposure->start;
            therapy.start_known = static_cast<bool>(stretch.exposure->start);
            therapy.ended = stretch.to;
            therapy.estimated = stretch.to && stretch.exposure->estimated;
            therapy.first = therapy.last = stretch.exposure;
            found.push_back(therapy);
            continue;
        }
        if (!stretch.exposure->start) {
            current->start_known = false;
        } else if (current->start && stretch.exposure->start.first == current->start.first &&
                   stretch.exposure->start.precision > current->start.precision) {
            current->start = stretch.exposure->start;  // the same start, known more exactly
        }
        if (!current->ended) continue;
        if (!stretch.to || *stretch.to > *current->ended) {
            current->ended = stretch.to;
            current->estimated = stretch.to && stretch.exposure->estimated;
            current->last = stretch.exposure;
        }
    }
    return found;
}

std::optional<Therapy> Chart::therapy(DrugSet const& drugs, Day day) const {
    auto all = therapies(drugs, day);
    if (all.empty()) return std::nullopt;
    return all.back();
}

bool Chart::ever(DrugSet const& drugs) const {
    return std::any_of(exposures_.begin(), exposures_.end(),
                       [&](Exposure const& exposure) { return is_about(*exposure.row, drugs); });
}

DraftKind Chart::kind(Draft const& draft, DrugSet const& drugs) const {
    auto const day = draft.start;
    auto any = false;
    auto const limit = day - std::chrono::days{chain_gap_days(drugs)};
    for (auto const& exposure : exposures_) {
        if (!is_about(*exposure.row, drugs)) continue;
        any = true;
        auto const end = exposure.end_at(day, today());
        if (!end || *end >= limit) return DraftKind::continuation;
    }
    return any ? DraftKind::restart : DraftKind::initiation;
}

std::optional<int> Chart::age_years_at(Day day) const {
    auto const& birth = record_.patient.birth;
    if (!record_.patient.present || birth.precision < base::Precision::year) return std::nullopt;
    // A partial date is read as the youngest possible age.
    return base::completed_years(birth.last, day);
}

std::optional<int> Chart::age_years() const { return age_years_at(today()); }

std::optional<Chart::Weight> Chart::weight() const {
    auto const age = age_years();
    auto const window = age && *age < 18 ? 60 : 180;
    auto const measured = usable_results(record_, set_of(Test::weight));
    auto const estimated = usable_results(record_, set_of(Test::weight_estimated));
    auto const make = [&](Reading const& reading, bool is_estimated) {
        auto const days = base::days_between(reading.row->when.first, today());
        return Weight{reading.row, *reading.row->value, days > window, is_estimated, days};
    };
    std::optional<Weight> best;
    if (!measured.empty()) best = make(measured.front(), false);
    if ((!best || best->stale) && !estimated.empty()) {
        auto const other = make(estimated.front(), true);
        if (!best || !other.stale || other.age_days < best->age_days) best = other;
    }
    return best;
}

}  // namespace cds::fhir

#include <algorithm>

#include "base/date.hpp"
#include "fhir/chart.hpp"

namespace cds::fhir {

using base::Precision;

namespace {

bool share_ingredient(MedicationRow const& a, MedicationRow const& b) {
    return std::any_of(a.ingredients.begin(), a.ingredients.end(), [&](IngredientId id) {
        return std::find(b.ingredients.begin(), b.ingredients.end(), id) != b.ingredients.end();
    });
}

bool is_stored_order(PatientRecord const& record, std::string_view id) {
    return !id.empty() && std::any_of(record.medications.begin(), record.medications.end(),
                                      [id](MedicationRow const& row) {
                                          return row.source == MedicationSource::request &&
                                                 row.id == id;
                                      });
}

bool given(MedicationRow const& row) {
    return row.source == MedicationSource::administration &&
           (row.status == RowStatus::completed || row.status == RowStatus::in_progress ||
            row.status == RowStatus::stopped || row.status == RowStatus::active ||
            row.status == RowStatus::absent);
}

/// Handed over, as far as its status tells.
bool dispensed(MedicationRow const& row) {
    return row.source == MedicationSource::dispense &&
           (row.status == RowStatus::completed || row.status == RowStatus::in_progress ||
            row.status == RowStatus::stopped || row.status == RowStatus::absent);
}

/// The last day on which it can have been given. A month alone means its last day, but never one
/// after today.
Day given_until(PatientRecord const& record, MedicationRow const& row) {
    auto const& date = row.effective_end ? row.effective_end : row.effective_start;
    return date.precision == Precision::month ? std::min(date.last, record.context.today)
                                              : date.last;
}

/// Last day, up to today, on which a drug of `order` was given from `from` on.
std::optional<Day> last_given(PatientRecord const& record, MedicationRow const& order,
                              std::optional<Day> from) {
    std::optional<Day> last;
    for (auto const& row : record.medications) {
        if (!given(row) || !row.effective_start || !share_ingredient(row, order)) continue;
        auto const day = given_until(record, row);
        if (day > record.context.today || (from && row.effective_start.first < *from)) continue;
        if (!last || day > *last) last = day;
    }
    return last;
}

std::optional<Day> first_given(PatientRecord const& record, MedicationRow const& order, Day from) {
    std::optional<Day> first;
    for (auto const& row : record.medications) {
        if (!given(row) || !row.effective_start || !share_ingredient(row, order)) continue;
        if (row.effective_start.first < from) continue;
        if (!first || row.effective_start.first < *first) first = row.effective_start.first;
    }
    return first;
}

bool given_or_dispensed(PatientRecord const& record, MedicationRow const& order) {
    auto const from = order.authored ? order.authored.first : Day{};
    return std::any_of(
        record.medications.begin(), record.medications.end(), [&](MedicationRow const& row) {
            if (row.source != MedicationSource::administration &&
                row.source != MedicationSource::dispense)
                return false;
            if (!given(row) && !dispensed(row)) return false;
            if (!order.id.empty() && row.based_on == order.id) return true;
            if (!row.based_on.empty() || !share_ingredient(row, order)) return false;
            auto const& when =
                row.source == MedicationSource::dispense ? row.handed_over : row.effective_start;
            return when && when.first >= from;
        });
}

/// start = boundsPeriod.start | event[0] | validityPeriod.start | first administration |
/// effectivePeriod.start | authoredOn. A year alone is kept: it makes the start "unknown", not
/// another element's date.
Date start_of(PatientRecord const& record, MedicationRow const& row) {
    auto const there = [](Date const& date) { return date.precision >= Precision::year; };
    if (there(row.bounds_start)) return row.bounds_start;
    if (!row.events.empty() && there(row.events.front())) return row.events.front();
    if (there(row.validity_start)) return row.validity_start;
    if (row.source == MedicationSource::request && row.authored) {
        if (auto const first = first_given(record, row, row.authored.first))
            return base::day_date(*first);
    }
    if (there(row.effective_start)) return row.effective_start;
    return row.authored;
}

/// "Held since 2026-02-20": an ISO date in the words of a statusReason.
std::optional<Day> date_in(std::string_view words) {
    for (std::size_t at = 0; at + 10 <= words.size(); ++at) {
        auto const date = base::parse_date(words.substr(at, 10), base::Zone{});
        if (date.precision == Precision::day) return date.first;
    }
    return std::nullopt;
}

Day hold_day(PatientRecord const& record, MedicationRow const& row) {
    auto const today = record.context.today;
    if (auto const stated = date_in(row.status_reason_text)) return std::min(*stated, today);
    auto const from = row.authored ? std::optional{row.authored.first} : std::nullopt;
    if (auto const given_day = last_given(record, row, from)) return *given_day;
    return today;
}

/// End of an order that is over: the latest of its last administration and its stated ends, not
/// after today; else worked out from its supply or 28 days.
void end_finished(PatientRecord const& record, Exposure& exposure) {
    auto const& row = *exposure.row;
    auto const today = record.context.today;
    std::optional<Day> end;
    auto const take = [&](Date const& date) {
        if (date && (!end || date.last > *end)) end = date.last;
    };
    take(row.bounds_end);
    take(row.effective_end);
    if (!end) {
        auto const from = exposure.start ? std::optional{exposure.start.first} : std::nullopt;
        end = last_given(record, row, from);
    }
    if (!end) {
        // A statement's own date says when it was made, not when the drug was ordered.
        auto const ordered =
            row.authored && (row.source == MedicationSource::request || !exposure.start);
        auto const base_date = ordered ? row.authored : exposure.start;
        exposure.estimated = true;
        end = base_date ? base_date.last + std::chrono::days{row.supply_days.value_or(28)} : today;
    }
    exposure.ended = std::min(*end, today);
}

enum class Standing { no, live, finished, held };

Standing standing_of_undated_status(MedicationRow const& row, Day today) {
    auto const& end = row.bounds_end ? row.bounds_end : row.effective_end;
    if (end) return end.last <= today ? Standing::finished : Standing::live;
    auto const dated = row.authored || row.bounds_start || row.validity_start ||
                       row.effective_start || !row.events.empty();
    return dated ? Standing::live : Standing::no;
}

Standing standing(PatientRecord const& record, MedicationRow const& row) {
    if (row.do_not_perform || !row.intent_counts) return Standing::no;
    switch (row.status) {
        case RowStatus::active:
            return Standing::live;
        case RowStatus::completed:
        case RowStatus::stopped:
            return Standing::finished;
        case RowStatus::on_hold:
            return Standing::held;
        case RowStatus::cancelled:
            return given_or_dispensed(record, row) ? Standing::finished : Standing::no;
        case RowStatus::absent:
            return standing_of_undated_status(row, record.context.today);
        case RowStatus::draft:
        case RowStatus::entered_in_error:
        case RowStatus::unknown:
        case RowStatus::not_taken:
        case RowStatus::intended:
        case RowStatus::in_progress:
        case RowStatus::not_done:
        case RowStatus::preparation:
        case RowStatus::declined:
            break;
    }
    return Standing::no;
}

bool is_stopped(MedicationRow const& row) {
    return row.status == RowStatus::stopped || row.status == RowStatus::cancelled ||
           row.has_status_reason;
}

bool add_order_or_statement(PatientRecord const& record, Exposure& exposure) {
    auto const& row = *exposure.row;
    auto const standing_now = standing(record, row);
    if (standing_now == Standing::no) return false;
    exposure.start = start_of(record, row);
    exposure.stopped = is_stopped(row);
    if (standing_now == Standing::held) {
        exposure.ended = hold_day(record, row);
        exposure.on_hold = true;
        return true;
    }
    if (standing_now == Standing::finished) {
        end_finished(record, exposure);
        return true;
    }
    if (row.source == MedicationSource::statement) {
        if (row.effective_end) exposure.ended = row.effective_end.last;
        return true;
    }
    auto const& end = row.bounds_end ? row.bounds_end : row.validity_end;
    if (end) {
        exposure.planned_end = end.last;
        auto const given_day = last_given(record, row, std::nullopt);
        exposure.later_administration = given_day && *given_day > end.last;
    }
    return true;
}

bool add_administration(PatientRecord const& record, Exposure& exposure) {
    auto const& row = *exposure.row;
    if (!given(row) || !row.effective_start) return false;
    if (row.effective_start.first > record.context.today) return false;
    exposure.start = row.effective_start;
    exposure.ended = given_until(record, row);
    return true;
}

bool add_dispense(PatientRecord const& record, Exposure& exposure) {
    auto const& row = *exposure.row;
    if (!dispensed(row) || !row.handed_over || row.handed_over.first > record.context.today)
        return false;
    exposure.start = row.handed_over;
    // Beside an order of the drug the order says how long; the hand-over is then a day of supply
    // only.
    auto const has_order = std::any_of(
        record.medications.begin(), record.medications.end(), [&](MedicationRow const& other) {
            return other.source == MedicationSource::request && share_ingredient(other, row) &&
                   standing(record, other) != Standing::no;
        });
    auto const handed_over = std::min(row.handed_over.last, record.context.today);
    exposure.ended =
        has_order ? handed_over : handed_over + std::chrono::days{row.supply_days.value_or(28)};
    return true;
}

}  // namespace

void Chart::build_exposures() {
    exposures_.reserve(record_.medications.size());
    for (auto const& row : record_.medications) {
        if (row.drugs.none()) continue;
        Exposure exposure;
        exposure.row = &row;
        auto counts = false;
        switch (row.source) {
            case MedicationSource::request:
            case MedicationSource::statement:
                counts = add_order_or_statement(record_, exposure);
                break;
            case MedicationSource::administration:
                counts = add_administration(record_, exposure);
                break;
            case MedicationSource::dispense:
                counts = add_dispense(record_, exposure);
                break;
        }
        if (counts) exposures_.push_back(exposure);
    }
}

void Chart::apply_stops() {
    for (auto const& draft : drafts_) {
        if (draft.role != DraftRole::stop && draft.role != DraftRole::hold) continue;
        auto const& row = *draft.row;
        auto const& named = row.ingredients.empty() && draft.resent ? *draft.resent : row;
        std::string_view order = draft.resent ? draft.resent->id : row.prior_prescription;
        // An id that no stored order has says nothing about which order ends: all rows of the
        // ingredient do.
        if (!is_stored_order(record_, order)) order = {};
        for (auto& exposure : exposures_) {
            auto const same_order = !order.empty() &&
                                    exposure.source() == MedicationSource::request &&
                                    exposure.row->id == order;
            if (!same_order && !share_ingredient(*exposure.row, named)) continue;
            if (!order.empty() && !same_order && exposure.source() == MedicationSource::request)
                continue;
            if (exposure.source() == MedicationSource::administration)
                continue;  // a day that has passed
            exposure.stop_draft =
                exposure.stop_draft ? std::min(*exposure.stop_draft, draft.start) : draft.start;
            if (draft.role == DraftRole::hold) {
                exposure.on_hold = true;
            } else {
                exposure.stopped = true;
            }
        }
    }
}

}  // namespace cds::fhir

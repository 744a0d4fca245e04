#pragma once
#include <array>
#include <bitset>
#include <cstdint>
#include <string_view>

namespace cds::fhir {

/// One kind of chart data that is asked for. The names are the prefetch keys.
enum class Query : std::uint8_t {
    patient,
    encounter,
    medications,
    statements,
    administrations,
    dispenses,
    conditions,
    allergies,
    observations,
    procedures,
    service_requests,
    count_
};
using QuerySet = std::bitset<static_cast<std::size_t>(Query::count_)>;

template <class... Q>
QuerySet queries(Q... q) {
    QuerySet set;
    (set.set(static_cast<std::size_t>(q)), ...);
    return set;
}

/// The four queries that together say which drugs a patient takes.
inline QuerySet medication_queries() {
    return queries(Query::medications, Query::statements, Query::administrations, Query::dispenses);
}

/// Why a check could not be done: a closed vocabulary (threats-faults-and-acceptance S-02).
enum class Reason : std::uint8_t {
    none,
    not_supplied,
    unreachable,
    timed_out,
    not_permitted,
    incomplete,
    unreadable,
    other_patient,
    unit_unknown,
    code_unknown,
    date_imprecise,
    internal,
    count_
};

/// The prefetch key of a query, "serviceRequests".
std::string_view key(Query query);
/// The reason's code, "not-supplied".
std::string_view name(Reason reason);

/// For each query, why it is not complete; `none` means complete (also when known to be empty).
class QueryStates {
public:
    Reason operator[](Query query) const noexcept {
        return reasons_[static_cast<std::size_t>(query)];
    }
    void set(Query query, Reason reason) noexcept {
        reasons_[static_cast<std::size_t>(query)] = reason;
    }
    QuerySet open() const noexcept {
        QuerySet set;
        for (std::size_t i = 0; i < reasons_.size(); ++i) set.set(i, reasons_[i] != Reason::none);
        return set;
    }

private:
    std::array<Reason, static_cast<std::size_t>(Query::count_)> reasons_{};
};

}  // namespace cds::fhir

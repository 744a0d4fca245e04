#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "hooks/fetch_plan.hpp"

// What was fetched, put into the call as if the client had prefetched it. What could not be had
// stands there with its reason, so that the one not-checked card tells it.

namespace cds::hooks {

/// What one fetched body turned out to be.
struct Page {
    fhir::Reason reason = fhir::Reason::none;  ///< unreadable: nothing of it is used
    std::size_t entries = 0;                   ///< of a Bundle
    bool has_next = false;
    std::string next;  ///< what follows the base; empty although there is a next: not to be trusted
};
Page look_at_page(std::string_view bytes, BaseUrl const& base);

/// What became of one `Wanted`, in the order of the plan.
struct Fetched {
    /// Why it is not all there; `not_supplied`: the server has no such thing, or does not offer it.
    fhir::Reason reason = fhir::Reason::not_supplied;
    bool gone = false;               ///< the server says that there is no such resource (404, 410)
    std::vector<std::string> pages;  ///< bodies that `look_at_page` could read
};

/// The call's text with the fetched data in its prefetch. It holds no fhirAuthorization. Keys that
/// the client supplied in part keep that part when nothing better came. Rows that came twice are
/// there once, in their newest version.
std::string completed_call(base::json::Value call, std::string_view body, FetchPlan const& plan,
                           std::span<Fetched const> fetched, BaseUrl const& base);

/// Whether the server does not know the patient: then nothing else that it sent says anything
/// about them.
bool patient_is_unknown(FetchPlan const& plan, std::span<Fetched const> fetched);
/// Whether the call itself holds something of the chart.
bool holds_chart(base::json::Value call);

}  // namespace cds::hooks

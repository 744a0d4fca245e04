#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/json.hpp"
#include "fhir/query.hpp"

// The services of this version: one table, from which discovery, routing and the reading of calls
// come.

namespace cds::hooks {

/// The hooks of CDS Hooks that are answered.
enum class Hook : std::uint8_t {
    order_sign,
    order_select,
    order_dispatch,
    patient_view,
    encounter_discharge
};
/// Whether a hook is about the patient alone: its context holds no orders.
bool is_without_orders(Hook hook);
/// As CDS Hooks spells it: "order-sign".
std::string_view name(Hook hook);
/// The hook of that name; none when it is not answered.
std::optional<Hook> hook_named(std::string_view name);

/// One entry of the discovery document.
struct CdsService {
    std::string_view id;
    Hook hook;                      ///< under which discovery lists it
    std::span<Hook const> answers;  ///< every hook that its endpoint answers
    std::string_view title;
    std::string_view description;   ///< Markdown that reads as plain text too
    std::string_view usage;         ///< usageRequirements
    fhir::QuerySet prefetch;        ///< which keys it asks for
    std::string_view hook_version;  ///< of the hook's published page

    bool answers_hook(Hook other) const;
};

/// In the order of the discovery document.
std::span<CdsService const> services();
/// nullptr when there is none of that id.
CdsService const* find_service(std::string_view id);
/// The service that discovery lists for a hook.
CdsService const& service_for(Hook hook);

/// The id of the service that checks orders when they are signed.
inline constexpr std::string_view safety_service = "immunosuppressant-safety";
/// The same when they are selected.
inline constexpr std::string_view select_service = "immunosuppressant-safety-select";

/// The same for orders that are sent to whoever carries them out.
inline constexpr std::string_view dispatch_service = "immunosuppressant-safety-dispatch";

/// What is due for the therapies that the patient takes now.
inline constexpr std::string_view monitoring_service = "immunosuppressant-monitoring";
/// The same when the patient is discharged.
inline constexpr std::string_view discharge_service = "immunosuppressant-monitoring-discharge";

/// The id of the service for the hook that a call names; the safety service when it names none of
/// ours, so that the answer says what is wrong with it.
std::string_view service_id_for(base::json::Value call);
/// The same for the text of a call.
std::string_view service_id_for(std::string_view body);

}  // namespace cds::hooks

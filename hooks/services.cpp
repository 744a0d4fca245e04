#include "hooks/services.hpp"

#include <algorithm>
#include <array>

namespace cds::hooks {

using fhir::Query;
using fhir::QuerySet;

namespace {

struct NamedHook {
    Hook hook;
    std::string_view name;
};
constexpr std::array named_hooks{
    NamedHook{Hook::order_sign, "order-sign"},
    NamedHook{Hook::order_select, "order-select"},
    NamedHook{Hook::order_dispatch, "order-dispatch"},
    NamedHook{Hook::patient_view, "patient-view"},
    NamedHook{Hook::encounter_discharge, "encounter-discharge"},
};

constexpr std::array order_hooks{Hook::order_sign, Hook::order_select};
constexpr std::array dispatch_hooks{Hook::order_dispatch};
constexpr std::array view_hooks{Hook::patient_view};
constexpr std::array discharge_hooks{Hook::encounter_discharge};

constexpr std::string_view sign_description =
    "Checks orders of infliximab, ciclosporin, azathioprine or mercaptopurine, and omalizumab, "
    "when they are signed for a patient with inflammatory bowel disease, rheumatoid arthritis, "
    "Behçet's disease, psoriasis, eczema, asthma or urticaria, against the patient's other drugs, "
    "conditions, allergies and results, and says what it could not check. It offers options with "
    "their evidence and is no substitute for clinical judgement, least of all in an emergency.";

constexpr std::string_view select_description =
    "The same checks as immunosuppressant-safety, as early as an order of infliximab, ciclosporin, "
    "azathioprine or mercaptopurine, or omalizumab is selected: all draft orders are looked at, "
    "not only the selected ones. Details that the orders do not have yet are named as not "
    "checked. It offers options with their evidence and is no substitute for clinical judgement, "
    "least of all in an emergency.";

constexpr std::string_view dispatch_description =
    "The same checks as immunosuppressant-safety for orders that were signed and are now sent to "
    "whoever carries them out. The orders are found in the prefetch; one that is not there is "
    "named "
    "as not checked. It offers options with their evidence and is no substitute for clinical "
    "judgement, least of all in an emergency.";

constexpr std::string_view monitoring_description =
    "Says for each of infliximab, ciclosporin, azathioprine or mercaptopurine, and omalizumab that "
    "the patient takes now which tests and reviews are overdue, due within 14 days or waiting for "
    "a result, which results nobody has answered, and what it could not tell: one card a therapy, "
    "none when nothing is due. Interactions and doses are checked when orders are signed. It is "
    "no substitute for clinical judgement, least of all in an emergency.";

constexpr std::string_view discharge_description =
    "The same as immunosuppressant-monitoring when the patient is discharged, so that what is due "
    "can be arranged. It is no substitute for clinical judgement, least of all in an emergency.";

constexpr std::string_view monitoring_usage =
    "Send the prefetch that is named here, as far as the user may see it; leave out a key that "
    "cannot be had, and send null for one that was searched without result or that the record "
    "system does not keep. Without the medication orders, or when a search fails, it cannot be "
    "told "
    "whether a therapy is taken, and that is said. FHIR R4.";

constexpr std::string_view order_usage =
    "Send the prefetch that is named here, as far as the user may see it; leave out a key that "
    "cannot be had, and send null for one that was searched without result. Searches must not be "
    "cut off at a page. Draft orders need ids for suggestions that change or delete them. FHIR R4.";

constexpr std::string_view dispatch_usage =
    "Send the prefetch that is named here, as far as the user may see it; leave out a key that "
    "cannot be had, and send null for one that was searched without result. Searches must not be "
    "cut off at a page. The dispatched orders must be among the medication orders and service "
    "requests of the prefetch. order-dispatch 1.1 (dispatchedOrders) and 1.0 (order). FHIR R4.";

QuerySet whole_chart() {
    QuerySet all;
    all.set();
    return all;
}

/// Monitoring judges no allergies.
QuerySet monitored_chart() { return whole_chart() & ~fhir::queries(Query::allergies); }

}  // namespace

bool is_without_orders(Hook hook) {
    return hook == Hook::patient_view || hook == Hook::encounter_discharge;
}

std::string_view name(Hook hook) {
    for (auto const& row : named_hooks) {
        if (row.hook == hook) return row.name;
    }
    return {};
}

std::optional<Hook> hook_named(std::string_view name) {
    for (auto const& row : named_hooks) {
        if (row.name == name) return row.hook;
    }
    return std::nullopt;
}

bool CdsService::answers_hook(Hook other) const {
    return std::find(answers.begin(), answers.end(), other) != answers.end();
}

std::span<CdsService const> services() {
    static std::array const all{
        CdsService{safety_service, Hook::order_sign, order_hooks, "Immunosuppressant safety",
                   sign_description, order_usage, whole_chart(), "1.0"},
        CdsService{select_service, Hook::order_select, order_hooks,
                   "Immunosuppressant safety while ordering", select_description, order_usage,
                   whole_chart(), "1.0"},
        CdsService{dispatch_service, Hook::order_dispatch, dispatch_hooks,
                   "Immunosuppressant safety at dispatch", dispatch_description, dispatch_usage,
                   whole_chart(), "1.1"},
        CdsService{monitoring_service, Hook::patient_view, view_hooks,
                   "Immunosuppressant monitoring", monitoring_description, monitoring_usage,
                   monitored_chart(), "1.0"},
        CdsService{discharge_service, Hook::encounter_discharge, discharge_hooks,
                   "Immunosuppressant monitoring at discharge", discharge_description,
                   monitoring_usage, monitored_chart(), "1.0"},
    };
    return all;
}

CdsService const* find_service(std::string_view id) {
    for (auto const& service : services()) {
        if (service.id == id) return &service;
    }
    return nullptr;
}

CdsService const& service_for(Hook hook) {
    auto const all = services();
    auto const found = std::find_if(
        all.begin(), all.end(), [&](CdsService const& service) { return service.hook == hook; });
    return found == all.end() ? all.front() : *found;
}

std::string_view service_id_for(base::json::Value call) {
    auto const hook = hook_named(call["hook"].string());
    return hook ? service_for(*hook).id : safety_service;
}

std::string_view service_id_for(std::string_view body) {
    base::json::Document document;
    auto const root = document.parse(body);
    return root ? service_id_for(*root) : safety_service;
}

}  // namespace cds::hooks

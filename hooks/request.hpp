#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"
#include "hooks/dispatch.hpp"
#include "hooks/services.hpp"
#include "hooks/tolerance.hpp"

namespace cds::hooks {

/// One hook call as far as the service reads it. Views into the parsed body, except
/// `hook_instance`.
struct Request {
    Hook hook = Hook::order_sign;
    std::string hook_instance;       ///< made from the body when the client sends none
    std::string_view user_id;        ///< "Practitioner/1"; empty: not given, or not of that form
    std::string_view patient_id;     ///< bare id
    std::string_view encounter_id;   ///< bare id; empty: none
    base::json::Value draft_orders;  ///< a Bundle, a list of resources, or one resource
    /// order-select: references "Type/id" of the drafts that were just selected; a list, one of
    /// them, or missing.
    base::json::Value selections;
    Dispatched dispatched;       ///< order-dispatch: in place of drafts
    base::json::Value prefetch;  ///< object, or missing
    /// Departures from the specification that were read all the same, without those inside
    /// resources (`resource_tolerances`).
    Tolerances tolerated;
};

/// Reads a call of `service` as tolerantly as its meaning allows; each tolerance is counted. Fails
/// with `invalid`, a JSON pointer and the fix when the service does not answer the hook (the text
/// names the service that does), or patient or orders cannot be told. `body` is the text of `root`.
base::Result<Request> read_request(base::json::Value root, std::string_view body,
                                   CdsService const& service);

/// An opaque id: 1 to 256 characters, without control characters and '/'. Large EHRs send 194 of
/// them.
bool is_id(std::string_view id);

/// "Type/id" with a type that FHIR lets order.
bool is_requester(std::string_view reference);

}  // namespace cds::hooks

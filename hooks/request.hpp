#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "base/result.hpp"

namespace cds::hooks {

/// The only hook that this version answers.
inline constexpr std::string_view order_sign = "order-sign";

/// One hook call as far as the service reads it. Views into the parsed body, except
/// `hook_instance`.
struct Request {
    std::string hook_instance;       ///< made from the body when the client sends none
    std::string_view user_id;        ///< "Practitioner/1"; empty: not given, or not of that form
    std::string_view patient_id;     ///< bare id
    std::string_view encounter_id;   ///< bare id; empty: none
    base::json::Value draft_orders;  ///< a Bundle, a list of resources, or one resource
    base::json::Value prefetch;      ///< object, or missing
    std::uint32_t tolerated = 0;  ///< departures from the specification that were read all the same
};

/// Reads a call as tolerantly as its meaning allows; each tolerance is counted. Fails with
/// `invalid`, a JSON pointer and the fix when the hook is not ours, or patient or draft orders
/// cannot be told. `body` is the text of `root`.
base::Result<Request> read_request(base::json::Value root, std::string_view body);

/// An opaque id: 1 to 256 characters, without control characters and '/'. Large EHRs send 194 of
/// them.
bool is_id(std::string_view id);

/// "Type/id" with a type that FHIR lets order.
bool is_requester(std::string_view reference);

}  // namespace cds::hooks

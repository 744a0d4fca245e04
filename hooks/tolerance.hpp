#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

// Departures from CDS Hooks and FHIR R4 that are read all the same, because their meaning is
// certain. A client can ask for the list of them; the profile `strict` refuses each.

namespace cds::hooks {

enum class Leniency : std::uint8_t {
    hook_instance,
    typed_id,
    old_place,
    empty_encounter,
    no_user,
    user_form,
    drafts_form,
    bundle_type,
    selections_form,
    bare_entry,
    draft_without_id,
    prefetch_place,
    null_member,
    plain_http,
    authorization_alone,
    dispatched_form,
    wrapped_resource,
    single_value,
    older_type,
    older_member,
    codeable_reference,
    dose_on_dosage,
    no_intent,
    no_status,
    feedback_form,
    override_reasons,
    count_
};

/// One departure of a call.
struct Tolerance {
    std::string path;  ///< JSON pointer; never an echo of values
    Leniency rule = Leniency::count_;
};
using Tolerances = std::vector<Tolerance>;

/// The rule's code, "hook-instance".
std::string_view code(Leniency rule);
/// How it is read: a clause that goes on from "It is".
std::string_view reading(Leniency rule);

/// Member of a response's `extension` that holds the list.
inline constexpr std::string_view tolerated_extension = "urn:countersign:tolerated";
/// Appends `[{"path":…,"rule":…,"read":…}]`.
void write_tolerances(std::span<Tolerance const> tolerances, std::string& out);

/// The refusal of a strict reader.
base::Error refusal(Tolerance const& tolerance);

struct Request;
/// What is tolerated within the resources of a call: shapes of other versions of FHIR, and members
/// that are missing. Walks all of them, so only for clients that want to know.
Tolerances resource_tolerances(Request const& request);

}  // namespace cds::hooks

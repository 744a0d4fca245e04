#include "hooks/tolerance.hpp"

#include <algorithm>
#include <array>

#include "cards/json_list.hpp"
#include "cards/json_object.hpp"

namespace cds::hooks {

namespace {

struct Row {
    Leniency rule;
    std::string_view code, reading;
};
constexpr std::array rows{
    Row{Leniency::hook_instance, "hook-instance",
        "missing; the cards' uuids are made from the whole call instead"},
    Row{Leniency::typed_id, "typed-id", "an id with its type in front; the type is dropped"},
    Row{Leniency::old_place, "old-place", "where CDS Hooks had it before 1.0; read there"},
    Row{Leniency::empty_encounter, "empty-encounter", "null or empty; read as no encounter"},
    Row{Leniency::no_user, "no-user", "missing; what a card suggests names no requester"},
    Row{Leniency::user_form, "user-form",
        "not Type/id of somebody who can order; what a card suggests names no requester"},
    Row{Leniency::drafts_form, "drafts-form", "no Bundle; a list or one resource is read"},
    Row{Leniency::bundle_type, "bundle-type", "a Bundle without type; read as a collection"},
    Row{Leniency::selections_form, "selections-form",
        "no list of references; every draft is looked at as always"},
    Row{Leniency::bare_entry, "bare-entry",
        "a resource where an entry should be; read as its entry"},
    Row{Leniency::draft_without_id, "draft-without-id",
        "an order without id; cards name it and cannot change it"},
    Row{Leniency::prefetch_place, "prefetch-place", "in the context; read there"},
    Row{Leniency::null_member, "null-member", "null; read as left out"},
    Row{Leniency::plain_http, "plain-http", "not https; nothing is fetched from it"},
    Row{Leniency::authorization_alone, "authorization-alone",
        "an authorization without fhirServer; not used"},
    Row{Leniency::dispatched_form, "dispatched-form",
        "no list of references under its name; the orders are read all the same"},
    Row{Leniency::wrapped_resource, "wrapped-resource",
        "wrapped as before CDS Hooks 1.0; the resource in it is read"},
    Row{Leniency::single_value, "single-value",
        "one value where R4 has a list; read as a list of one"},
    Row{Leniency::older_type, "older-type",
        "a type of another version of FHIR; read as the R4 type"},
    Row{Leniency::older_member, "older-member",
        "a member of another version of FHIR; read as the R4 member of that meaning"},
    Row{Leniency::codeable_reference, "codeable-reference",
        "a CodeableReference (R5); its concept or reference is read"},
    Row{Leniency::dose_on_dosage, "dose-on-dosage",
        "a dose on the dosage itself (before R4); read as its doseAndRate"},
    Row{Leniency::no_intent, "no-intent", "without intent; read as an order"},
    Row{Leniency::no_status, "no-status", "without status; read by its dates"},
    Row{Leniency::feedback_form, "feedback-form", "not in a list; read as a list of one"},
    Row{Leniency::override_reasons, "override-reasons",
        "spelled overrideReasons; read as overrideReason"},
};
static_assert(rows.size() == static_cast<std::size_t>(Leniency::count_));

Row const& row_of(Leniency rule) {
    auto const* found =
        std::find_if(rows.begin(), rows.end(), [&](Row const& row) { return row.rule == rule; });
    return found == rows.end() ? rows.front() : *found;
}

}  // namespace

std::string_view code(Leniency rule) { return row_of(rule).code; }
std::string_view reading(Leniency rule) { return row_of(rule).reading; }

void write_tolerances(std::span<Tolerance const> tolerances, std::string& out) {
    cards::JsonList list{out};
    for (auto const& tolerance : tolerances) {
        cards::JsonObject object{list.next()};
        object.text("path", tolerance.path);
        object.text("rule", code(tolerance.rule));
        object.text("read", reading(tolerance.rule));
        object.close();
    }
    list.close();
}

base::Error refusal(Tolerance const& tolerance) {
    return {base::ErrorCode::invalid, tolerance.path,
            "The strict profile does not accept this (" + std::string{code(tolerance.rule)} +
                "). Other profiles read it: it is " + std::string{reading(tolerance.rule)} + "."};
}

}  // namespace cds::hooks

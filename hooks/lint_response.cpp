#include <algorithm>
#include <array>
#include <set>

#include "base/text.hpp"
#include "hooks/lint_table.hpp"

// What holds of a response: CDS Hooks 2.0, "CDS Service Response", and the invariants of the models
// of 3.0.

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array members{
    Member{Part::response, "cards", Form::list, Need::required, "C1",
           "Send cards, as an empty array when there is no guidance."},
    Member{Part::response, "systemActions", Form::list, Need::optional, "C3",
           "Send an array of actions, or leave it out."},
    Member{Part::card, "uuid", Form::uuid, Need::recommended, "5.2-uuid",
           "Give each card a uuid: without it clients send no feedback."},
    Member{Part::card, "summary", Form::text, Need::required, "5.2-summary",
           "Say the guidance in one sentence."},
    Member{Part::card, "detail", Form::text, Need::optional, "5.2-detail", "Send Markdown text."},
    Member{Part::card, "indicator", Form::text, Need::required, "5.2-indicator",
           "Send info, warning or critical."},
    Member{Part::card, "source", Form::object, Need::required, "5.2-source",
           "Name the source of the guidance in source.label."},
    Member{Part::card, "suggestions", Form::list, Need::optional, "5.2-suggestions",
           "Send an array, or leave it out."},
    Member{Part::card, "selectionBehavior", Form::text, Need::optional, "5.2-selectionBehavior",
           "Send at-most-one or any."},
    Member{Part::card, "overrideReasons", Form::list, Need::optional, "5.2-overrideReasons",
           "Send an array of codings, or leave it out."},
    Member{Part::card, "links", Form::list, Need::optional, "5.2-links",
           "Send an array, or leave it out."},
    Member{Part::source, "label", Form::text, Need::required, "C7", "Give the source a label."},
    Member{Part::source, "url", Form::url, Need::optional, "C7", "Send an absolute URL."},
    Member{Part::source, "icon", Form::url, Need::optional, "C7",
           "Send the absolute URL of a PNG of 100 by 100 pixels."},
    Member{Part::source, "topic", Form::object, Need::optional, "C7",
           "Send a coding with code and system."},
    Member{Part::topic, "code", Form::text, Need::required, "C21", "Send the code."},
    Member{Part::topic, "system", Form::text, Need::required, "C21", "Send the code's system."},
    Member{Part::topic, "display", Form::text, Need::optional, "C21", "Send words for the code."},
    Member{Part::suggestion, "label", Form::text, Need::required, "C9",
           "Say in a few words what the suggestion does."},
    Member{Part::suggestion, "uuid", Form::uuid, Need::recommended, "C9",
           "Give each suggestion a uuid: without it clients send no feedback."},
    Member{Part::suggestion, "isRecommended", Form::flag, Need::optional, "C9",
           "Send true, or leave it out."},
    Member{Part::suggestion, "actions", Form::list, Need::optional, "C9",
           "Send an array of actions."},
    Member{Part::suggestion, "actionSelectionBehavior", Form::text, Need::optional, "cds-resp-7",
           "Send all, any or at-most-one."},
    Member{Part::action, "type", Form::text, Need::required, "5.5-type",
           "Send create, update or delete."},
    Member{Part::action, "description", Form::text, Need::required, "cds-resp-5",
           "Say what the action does; it is the text that users see."},
    Member{Part::action, "resource", Form::object, Need::optional, "5.5-resource",
           "Send the FHIR resource as an object."},
    Member{Part::action, "resourceId", Form::target, Need::optional, "5.5-resourceId",
           "Send Type/id."},
    Member{Part::system_action, "type", Form::text, Need::required, "5.5-type",
           "Send create, update or delete."},
    Member{Part::system_action, "description", Form::text, Need::recommended, "5.5-description",
           "Say what the action does: CDS Hooks 2.0 requires it."},
    Member{Part::system_action, "resource", Form::object, Need::optional, "5.5-resource",
           "Send the FHIR resource as an object."},
    Member{Part::system_action, "resourceId", Form::target, Need::optional, "5.5-resourceId",
           "Send Type/id."},
    Member{Part::link, "label", Form::text, Need::required, "C18", "Say where the link leads."},
    Member{Part::link, "url", Form::url, Need::required, "C18", "Send an absolute URL."},
    Member{Part::link, "type", Form::text, Need::required, "C18", "Send absolute or smart."},
    Member{Part::link, "appContext", Form::text, Need::optional, "C18",
           "Send one string; JSON is escaped into it."},
    Member{Part::link, "autolaunchable", Form::flag, Need::optional, "C18",
           "Send true, or leave it out."},
    Member{Part::override_reason, "code", Form::text, Need::required, "C21", "Send the code."},
    Member{Part::override_reason, "system", Form::text, Need::required, "C21",
           "Send the code's system."},
    Member{Part::override_reason, "display", Form::text, Need::required, "cds-resp-4",
           "Send the words that users choose by."},
};

bool has_line_break(Value text) { return text.string().find_first_of("\r\n") != std::string::npos; }

std::size_t recommended(Value card) {
    std::size_t count = 0;
    for (auto const suggestion : card["suggestions"].each())
        count += suggestion["isRecommended"].boolean().value_or(false) ? 1U : 0U;
    return count;
}

bool lacks_resource(Value action) {
    return is_one_of(action["type"], {"create", "update"}) &&
           action["resource"]["resourceType"].string().empty();
}
bool is_unclear_deletion(Value action) {
    return is_one_of(action["type"], {"delete"}) &&
           (is_absent(action["resourceId"]) || !is_absent(action["resource"]));
}
bool has_odd_type(Value action) {
    return action["type"].is_string() && !is_one_of(action["type"], {"create", "update", "delete"});
}
bool updates_without_id(Value action) {
    return is_one_of(action["type"], {"update"}) && action["resource"].is_object() &&
           action["resource"]["id"].string().empty();
}

constexpr std::string_view type_what = "This is no type of an action.";
constexpr std::string_view type_fix = "Send create, update or delete, in lower case.";
constexpr std::string_view resource_what = "What is created or updated is missing.";
constexpr std::string_view resource_fix = "Send the whole FHIR resource, with its resourceType.";
constexpr std::string_view deletion_what = "A deletion must name its target in resourceId alone.";
constexpr std::string_view deletion_fix = "Send resourceId as Type/id, and no resource.";
constexpr std::string_view update_what = "The updated resource has no id.";
constexpr std::string_view update_fix = "Send the resource with the id that it had in the call.";

constexpr std::array checks{
    Check{Part::card, "summary", "5.2-summary", Severity::error,
          [](Value card) { return base::code_points(card["summary"].string()) >= 140; },
          "The summary has 140 characters or more.", "Say it in 139 characters at most."},
    Check{Part::card, "summary", "5.2-summary", Severity::warning,
          [](Value card) { return has_line_break(card["summary"]); },
          "The summary has a line break.", "Say it in one sentence on one line."},
    Check{Part::card, "indicator", "5.2-indicator", Severity::error,
          [](Value card) {
              return card["indicator"].is_string() &&
                     !is_one_of(card["indicator"], {"info", "warning", "critical"});
          },
          "This is no indicator.", "Send info, warning or critical."},
    Check{Part::card, "selectionBehavior", "cds-resp-6", Severity::error,
          [](Value card) {
              return card["suggestions"].size() > 0 && is_absent(card["selectionBehavior"]);
          },
          "A card with suggestions must say how they are chosen.", "Send at-most-one or any."},
    Check{Part::card, "selectionBehavior", "5.2-selectionBehavior", Severity::error,
          [](Value card) {
              return card["selectionBehavior"].is_string() &&
                     !is_one_of(card["selectionBehavior"], {"at-most-one", "any"});
          },
          "This is no selection behaviour; clients treat the card as faulty.",
          "Send at-most-one or any."},
    Check{Part::card, "suggestions", "cds-resp-1", Severity::error,
          [](Value card) {
              return is_one_of(card["selectionBehavior"], {"at-most-one"}) && recommended(card) > 1;
          },
          "Several suggestions are recommended, and one at most can be chosen.",
          "Recommend one, or send selectionBehavior any."},
    Check{Part::suggestion, "actionSelectionBehavior", "cds-resp-7", Severity::error,
          [](Value suggestion) {
              return suggestion["actionSelectionBehavior"].is_string() &&
                     !is_one_of(suggestion["actionSelectionBehavior"],
                                {"all", "any", "at-most-one"});
          },
          "This is no selection behaviour.", "Send all, any or at-most-one, or leave it out."},
    Check{Part::suggestion, "actionSelectionBehavior", "C12", Severity::note,
          [](Value suggestion) { return !is_absent(suggestion["actionSelectionBehavior"]); },
          "Only for clients that are known to support it.", "Leave it out for all others."},
    Check{Part::action, "type", "5.5-type", Severity::error, has_odd_type, type_what, type_fix},
    Check{Part::action, "resource", "5.5-resource", Severity::error, lacks_resource, resource_what,
          resource_fix},
    Check{Part::action, "resource", "C13", Severity::error, updates_without_id, update_what,
          update_fix},
    Check{Part::action, "resourceId", "cds-resp-2", Severity::warning, is_unclear_deletion,
          deletion_what, deletion_fix},
    Check{Part::system_action, "type", "5.5-type", Severity::error, has_odd_type, type_what,
          type_fix},
    Check{Part::system_action, "resource", "5.5-resource", Severity::error, lacks_resource,
          resource_what, resource_fix},
    Check{Part::system_action, "resource", "C13", Severity::error, updates_without_id, update_what,
          update_fix},
    Check{Part::system_action, "resourceId", "cds-resp-2", Severity::warning, is_unclear_deletion,
          deletion_what, deletion_fix},
    Check{Part::link, "type", "C18", Severity::error,
          [](Value link) {
              return link["type"].is_string() && !is_one_of(link["type"], {"absolute", "smart"});
          },
          "This is no type of a link.", "Send absolute or smart."},
    Check{Part::link, "appContext", "cds-resp-3", Severity::error,
          [](Value link) {
              return !is_absent(link["appContext"]) && !is_one_of(link["type"], {"smart"});
          },
          "appContext belongs to links of type smart only.", "Leave it out."},
};

/// "Type/id" of each draft order in the context of a call, under any of the hooks' names.
std::set<std::string> drafts_of(Value request) {
    std::set<std::string> drafts;
    for (auto const* member : {"draftOrders", "medications", "orders", "appointments"}) {
        auto const orders = request["context"][member];
        for (auto const entry : (orders["entry"] ? orders["entry"] : orders).each()) {
            auto const resource = entry["resource"] ? entry["resource"] : entry;
            drafts.insert(std::string{resource["resourceType"].string()} + '/' +
                          std::string{resource["id"].string()});
        }
    }
    return drafts;
}

}  // namespace

Tables response_tables() { return {members, checks}; }

void look_at_uuids(Value response, Complaints& complaints) {
    std::set<std::string_view> seen;
    std::size_t card_index = 0;
    auto const look = [&](Value uuid, std::string const& where) {
        if (uuid.string().empty() || seen.insert(uuid.string()).second) return;
        complaints.add({below(where, "uuid"), "5.2-uuid", Severity::error,
                        "The same uuid stands in this response already.",
                        "Give each card and each suggestion a uuid of its own."});
    };
    for (auto const card : response["cards"].each()) {
        auto const where = below("/cards", card_index++);
        look(card["uuid"], where);
        std::size_t index = 0;
        for (auto const suggestion : card["suggestions"].each())
            look(suggestion["uuid"], below(where + "/suggestions", index++));
    }
}

void look_at_targets(Value response, Value request, Complaints& complaints) {
    auto const drafts = drafts_of(request);
    std::size_t card_index = 0;
    for (auto const card : response["cards"].each()) {
        auto const card_place = below("/cards", card_index++) + "/suggestions";
        std::size_t suggestion_index = 0;
        for (auto const suggestion : card["suggestions"].each()) {
            auto const place = below(card_place, suggestion_index++) + "/actions";
            std::size_t index = 0;
            for (auto const action : suggestion["actions"].each()) {
                auto const here = below(place, index++);
                auto const resource = action["resource"];
                std::string target;
                if (is_one_of(action["type"], {"delete"}))
                    target = action["resourceId"].string();
                else if (is_one_of(action["type"], {"update"}))
                    target = std::string{resource["resourceType"].string()} + '/' +
                             std::string{resource["id"].string()};
                if (!target.empty() && !drafts.contains(target))
                    complaints.add(
                        {here, "C13", Severity::error,
                         "The target is none of the draft orders of the call.",
                         "Change and delete drafts only; make a task of anything else."});
            }
        }
    }
}

}  // namespace cds::hooks::lint

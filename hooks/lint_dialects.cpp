#include <algorithm>
#include <array>
#include <cctype>

#include "hooks/lint_table.hpp"

// What single kinds of readers need beyond the specification (docs/integration.md tells where each
// was seen).

namespace cds::hooks::lint {

using base::json::Value;

namespace {

bool is_static_code(std::string_view code) {
    return code.size() <= 100 && std::all_of(code.begin(), code.end(), [](char c) {
               return std::isalnum(static_cast<unsigned char>(c)) != 0;
           });
}

bool is_action(Value action, std::string_view type, std::string_view resource) {
    return is_one_of(action["type"], {type}) &&
           action["resource"]["resourceType"].string() == resource;
}

/// A drug of which this reader would take nothing.
bool is_unreadable_drug(Value action) {
    if (!is_action(action, "create", "MedicationRequest") &&
        !is_action(action, "update", "MedicationRequest"))
        return false;
    auto const drug = action["resource"]["medicationCodeableConcept"];
    return drug["text"].string().empty() || drug["coding"].first()["code"].string().empty();
}

bool lacks_topic(Value source) { return is_absent(source["topic"]); }

/// Deletions and creations of one suggestion come in pairs of the same type.
bool deletes_without_replacement(Value card) {
    bool replaces = false, lone = false;
    for (auto const suggestion : card["suggestions"].each()) {
        bool removes = false, creates = false;
        for (auto const action : suggestion["actions"].each()) {
            replaces = replaces || is_one_of(action["type"], {"update"});
            removes = removes || is_one_of(action["type"], {"delete"});
            creates = creates || is_one_of(action["type"], {"create"});
        }
        replaces = replaces || (removes && creates);
        lone = lone || (removes && !creates);
    }
    return replaces && lone;
}

constexpr std::array rows{
    DialectCheck{Dialect::epic,
                 {Part::card, "selectionBehavior", "1g-7", Severity::error,
                  [](Value card) {
                      return card["selectionBehavior"].is_string() &&
                             !is_one_of(card["selectionBehavior"], {"any"});
                  },
                  "Epic knows the selection behaviour any only.", "Send any."}},
    DialectCheck{Dialect::epic,
                 {Part::suggestion, "actions", "1g-7", Severity::error,
                  [](Value suggestion) { return suggestion["actions"].size() > 1; },
                  "Epic takes one action of a suggestion.", "Make a suggestion of each action."}},
    DialectCheck{Dialect::epic,
                 {Part::source, "topic", "1g-7", Severity::warning, lacks_topic,
                  "Epic remembers overrides by the topic's code.", "Send a fixed code."}},
    DialectCheck{Dialect::epic,
                 {Part::topic, "code", "1g-7", Severity::error,
                  [](Value topic) { return !is_static_code(topic["code"].string()); },
                  "Epic wants a topic code of letters and digits, 100 at most.",
                  "Leave hyphens and other signs out."}},
    DialectCheck{Dialect::epic,
                 {Part::action, "type", "1g-8", Severity::error,
                  [](Value action) { return is_action(action, "update", "MedicationRequest"); },
                  "Epic does not update medication orders.", "Delete the draft and create one."}},
    DialectCheck{Dialect::epic,
                 {Part::system_action, "type", "1g-8", Severity::error,
                  [](Value action) { return !is_action(action, "update", "ServiceRequest"); },
                  "Epic carries out updates of ServiceRequest only.", "Leave it out."}},
    DialectCheck{Dialect::epic,
                 {Part::jwt_header, "alg", "1g-6", Severity::note,
                  [](Value header) { return header["alg"].string() != "RS384"; },
                  "Epic signs with RS384.", "Check who sent this token."}},
    DialectCheck{Dialect::oracle,
                 {Part::service, "hook", "1g-oracle", Severity::warning,
                  [](Value service) { return !is_one_of(service["hook"], {"patient-view"}); },
                  "Oracle Health described patient-view only.",
                  "Ask whether this hook fires in your domain."}},
    DialectCheck{Dialect::athena,
                 {Part::card, "selectionBehavior", "1g-athena", Severity::warning,
                  [](Value card) { return is_one_of(card["selectionBehavior"], {"any"}); },
                  "athenahealth lets users choose one suggestion.", "Send at-most-one."}},
    DialectCheck{Dialect::sandbox,
                 {Part::discovery, "services", "D3", Severity::error,
                  [](Value document) { return document["services"].size() == 0; },
                  "The sandbox takes an empty list for a failure.", "Offer a service."}},
    DialectCheck{
        Dialect::sandbox,
        {Part::suggestion, "actions", "demand-28", Severity::note,
         [](Value suggestion) { return suggestion["actions"].size() > 1; },
         "The sandbox carries out the first action only.", "Put the drug's action first."}},
    DialectCheck{Dialect::sandbox,
                 {Part::suggestion, "actions", "demand-30", Severity::error,
                  [](Value suggestion) { return suggestion["actions"].size() == 0; },
                  "Request generators stop at a suggestion without actions.",
                  "Give it an action, or make it an override reason."}},
    DialectCheck{Dialect::sandbox,
                 {Part::action, "resource", "demand-28", Severity::warning, is_unreadable_drug,
                  "The sandbox reads a drug by its text and its first code.",
                  "Send medicationCodeableConcept with text and coding."}},
    DialectCheck{
        Dialect::sandbox,
        {Part::response, "systemActions", "demand-34", Severity::warning,
         [](Value response) { return response["systemActions"].size() > 0; },
         "The sandbox reads system actions from extension only.", "Do not count on them there."}},
    DialectCheck{
        Dialect::sandbox,
        {Part::link, "url", "demand-36", Severity::error,
         [](Value link) {
             return is_one_of(link["type"], {"smart"}) &&
                    link["url"].string().find('#') != std::string_view::npos;
         },
         "launch and iss are appended behind the fragment and lost.", "Leave the fragment out."}},
    DialectCheck{Dialect::crd,
                 {Part::source, "topic", "C8", Severity::error, lacks_topic,
                  "The suite requires a topic on every card.", "Send code and system."}},
    DialectCheck{Dialect::crd,
                 {Part::response, "systemActions", "12-systemActions", Severity::error,
                  [](Value response) { return is_absent(response["systemActions"]); },
                  "The suite requires systemActions for the order hooks, also empty.",
                  "Switch on that an empty array is sent to this client."}},
    DialectCheck{Dialect::crd,
                 {Part::system_action, "description", "12-systemActions", Severity::error,
                  [](Value action) { return is_absent(action["description"]); },
                  "The suite requires a description.", "Say what the action does."}},
    DialectCheck{
        Dialect::crd,
        {Part::card, "suggestions", "demand-33", Severity::note, deletes_without_replacement,
         "An optional check wants a creation beside each deletion of such a card.",
         "Put the plain removal on a card of its own, or accept it."}},
};

}  // namespace

std::span<DialectCheck const> dialect_checks() { return rows; }

}  // namespace cds::hooks::lint

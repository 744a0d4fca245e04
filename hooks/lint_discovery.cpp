#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "hooks/lint_table.hpp"

// What holds of a discovery document and of its prefetch templates.

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array members{
    Member{Part::discovery, "services", Form::list, Need::required, "D2",
           "Send services, as an empty array when there are none."},
    Member{Part::service, "hook", Form::text, Need::required, "D5-hook",
           "Send the hook on which the service is called."},
    Member{Part::service, "title", Form::text, Need::recommended, "D5-title",
           "Give the service a name that people can read."},
    Member{Part::service, "description", Form::text, Need::required, "D5-description",
           "Say what the service does."},
    Member{Part::service, "id", Form::text, Need::required, "D5-id",
           "Send the last part of the service's URL."},
    Member{Part::service, "prefetch", Form::object, Need::optional, "D5-prefetch",
           "Send an object of templates, or leave it out."},
    Member{Part::service, "usageRequirements", Form::text, Need::optional, "D5-usageRequirements",
           "Say in words what a client must do."},
    Member{Part::service, "version", Form::text, Need::optional, "D5-version",
           "Send the version of the specification, as 3.0.0."},
    Member{Part::service, "hookVersion", Form::text, Need::optional, "D5-hookVersion",
           "Send the version of the hook's page, as 1.0."},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_semantic_version(std::string_view text) {
    auto parts = 1;
    char before = '.';
    for (char const c : text.substr(0, text.find_first_of("-+"))) {
        if (c == '.' && before != '.')
            ++parts;
        else if (!is_digit(c))
            return false;
        before = c;
    }
    return parts == 3 && before != '.';
}

bool is_plain_segment(std::string_view id) {
    return std::all_of(id.begin(), id.end(), [](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
               c == '.' || c == '_' || c == '~';
    });
}

constexpr std::array checks{
    Check{Part::discovery, "services", "D3", Severity::note,
          [](Value document) {
              return document["services"].is_array() && document["services"].size() == 0;
          },
          "No service is offered; some clients take that for a failure.",
          "Offer a service, or none to this client on purpose."},
    Check{Part::service, "id", "D5-id", Severity::error,
          [](Value service) {
              auto const id = service["id"].string();
              return !id.empty() && (!is_plain_segment(id) || id == "feedback");
          },
          "The id does not stand in a URL as it is.",
          "Use letters, digits and - . _ ~, and not the word feedback."},
    Check{Part::service, "version", "D5-version", Severity::warning,
          [](Value service) {
              auto const version = service["version"].string();
              return !version.empty() && !is_semantic_version(version);
          },
          "The version of the specification has three numbers.", "Send 3.0.0, or leave it out."},
};

constexpr std::string_view token_fix =
    "Use {{context.NAME}} with a member of the hook's context, or a user's id token.";

/// Whether every client can fill a token: a first-level member of the context, or a user's id
/// (2.0).
bool is_simple_token(std::string_view token) {
    constexpr std::string_view context = "context.";
    if (token.starts_with(context)) {
        auto const name = token.substr(context.size());
        return !name.empty() && name.find_first_of(".|() %") == std::string_view::npos;
    }
    for (std::string_view const known :
         {"userPractitionerId", "userPractitionerRoleId", "userPatientId", "userRelatedPersonId"})
        if (token == known) return true;
    return false;
}

void look_at_tokens(std::string_view text, std::string const& where, Complaints& complaints) {
    for (auto open = text.find("{{"); open != text.npos; open = text.find("{{", open + 2)) {
        auto const close = text.find("}}", open);
        if (close == text.npos)
            return complaints.add({where, "P7", Severity::error, "A token is not closed.",
                                   "Write {{ and }} around each token."});
        if (!is_simple_token(text.substr(open + 2, close - open - 2)))
            complaints.add(
                {where, "P8", Severity::warning,
                 "Clients of CDS Hooks 2.0 cannot fill this token and leave the key out.",
                 token_fix});
    }
}

void look_at_template(Value entry, std::string const& where, Complaints& complaints) {
    auto const text = entry.string();
    if (text.empty())
        return complaints.add({where, "P1", Severity::error, "A template must be a text.",
                               "Send a FHIR read or search as a relative URL."});
    if (text.find("://") != text.npos || text.starts_with('/'))
        complaints.add({where, "P1", Severity::error,
                        "A template is a URL relative to the FHIR server.",
                        "Send Type/{{…}} or Type?…"});
    look_at_tokens(text, where, complaints);
    if (text.find("sort:desc") != text.npos)
        complaints.add({where, "P18", Severity::error, "This is how FHIR sorted before STU3.",
                        "Write _sort=-date."});
    if (text.find("_include=") != text.npos || text.find("_revinclude=") != text.npos)
        complaints.add({where, "P17", Severity::note,
                        "Included resources are not in the subset that every client can send.",
                        "Agree on it with the client, and work without it."});
    std::set<std::string_view> parameters;
    for (auto at = text.find('?'); at != text.npos; at = text.find('&', at + 1)) {
        auto const rest = text.substr(at + 1);
        auto const parameter = rest.substr(0, rest.find_first_of("=&"));
        if (!parameters.insert(parameter).second)
            complaints.add({where, "P16", Severity::warning,
                            "A parameter stands twice; some clients join the two into one.",
                            "Use two keys."});
    }
}

bool is_identifier(std::string_view key) {
    return !key.empty() && !is_digit(key.front()) && key.find('~') == key.npos &&
           key.find_first_of("-.") == key.npos && is_plain_segment(key);
}

}  // namespace

Tables discovery_tables() { return {members, checks}; }

void look_at_services(Value discovery, Complaints& complaints) {
    std::map<std::string_view, std::set<std::string_view>> hooks_of;
    std::size_t index = 0;
    for (auto const service : discovery["services"].each()) {
        auto const where = below("/services", index++);
        auto& hooks = hooks_of[service["id"].string()];
        if (!hooks.insert(service["hook"].string()).second)
            complaints.add({below(where, "id"), "D6", Severity::error,
                            "An id stands twice for the same hook.",
                            "Give each entry its own id."});
        else if (hooks.size() > 1 && complaints.as() == Dialect::sandbox)
            complaints.add(
                {below(where, "id"), "D6", Severity::error,
                 "This client keeps services by URL: of two hooks under one id it sees one.",
                 "Give each hook an id of its own."});
        if (!service["prefetch"].is_object()) continue;
        for (auto const entry : service["prefetch"]) {
            auto const place = below(where + "/prefetch", entry.key());
            look_at_template(entry, place, complaints);
            if (!is_identifier(entry.key()))
                complaints.add({place, "P14", Severity::note,
                                "The key is no FHIRPath identifier, so others cannot refer to it.",
                                "Use letters, digits and _."});
        }
    }
}

}  // namespace cds::hooks::lint

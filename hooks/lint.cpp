#include "hooks/lint.hpp"

#include <algorithm>
#include <array>

#include "hooks/lint_table.hpp"

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array<std::string_view, 5> kind_names{"request", "response", "discovery", "feedback",
                                                     "jwt"};
constexpr std::array<std::string_view, 7> all_dialects{"default", "strict",  "epic", "oracle",
                                                       "athena",  "sandbox", "crd"};

/// Which objects stand in an object: under `member`, or each element of the array there.
struct Inside {
    Part outer;
    std::string_view member;
    Part inner;
};
constexpr std::array inside{
    Inside{Part::discovery, "services", Part::service},
    Inside{Part::request, "fhirAuthorization", Part::authorization},
    Inside{Part::response, "cards", Part::card},
    Inside{Part::response, "systemActions", Part::system_action},
    Inside{Part::card, "source", Part::source},
    Inside{Part::source, "topic", Part::topic},
    Inside{Part::card, "suggestions", Part::suggestion},
    Inside{Part::suggestion, "actions", Part::action},
    Inside{Part::card, "links", Part::link},
    Inside{Part::card, "overrideReasons", Part::override_reason},
    Inside{Part::feedback, "feedback", Part::report},
    Inside{Part::report, "acceptedSuggestions", Part::accepted_suggestion},
    Inside{Part::report, "overrideReason", Part::given_reason},
    Inside{Part::given_reason, "reason", Part::reason_code},
};

/// Nothing that is empty, at any depth (G3). FHIR's own JSON has null in arrays of primitives, and
/// only there. `may_be_empty`: this value itself.
void look_for_empty(Value value, bool in_resource, bool may_be_empty, std::string const& where,
                    Complaints& complaints) {
    bool const is_container = value.is_array() || value.is_object();
    bool const is_empty = value.is_null() || (value.is_string() && value.string().empty()) ||
                          (is_container && value.size() == 0);
    if (is_empty && !may_be_empty)
        complaints.add({where, in_resource ? "G2" : "G3", Severity::error,
                        "A member has no value: null, \"\", [] or {}.", "Leave the member out."});
    if (!is_container) return;
    in_resource = in_resource || value["resourceType"];
    std::size_t index = 0;
    for (auto const child : value) {
        bool const fhir_null = in_resource && value.is_array() && child.is_null();
        look_for_empty(child, in_resource, fhir_null,
                       value.is_array() ? below(where, index++) : below(where, child.key()),
                       complaints);
    }
}

/// The members of a message, each searched for what is empty but where the specification has it so.
void look_for_empty(Value message, Kind kind, Complaints& complaints) {
    for (auto const member : message) {
        auto const where = below({}, member.key());
        bool const is_list = (kind == Kind::response && member.key() == "cards") ||
                             (kind == Kind::discovery && member.key() == "services") ||
                             (kind == Kind::feedback && member.key() == "feedback") ||
                             (complaints.as() == Dialect::crd && member.key() == "systemActions");
        if (kind != Kind::request || member.key() != "prefetch" || !member.is_object()) {
            look_for_empty(member, false, is_list && member.is_array(), where, complaints);
            continue;
        }
        for (auto const entry : member)
            look_for_empty(entry, false, entry.is_null(), below(where, entry.key()), complaints);
    }
}

void look_at_member(Member const& rule, Value object, std::string const& where,
                    Complaints& complaints) {
    auto const value = object[rule.name];
    if (is_absent(value)) {
        if (rule.need == Need::optional) return;
        bool const required = rule.need == Need::required;
        return complaints.add({below(where, rule.name), rule.requirement,
                               required ? Severity::error : Severity::warning,
                               required ? "A member that is required is missing."
                                        : "A member that is recommended is missing.",
                               rule.fix});
    }
    if (!has_form(value, rule.form))
        complaints.add({below(where, rule.name), rule.requirement, Severity::error,
                        wanted(rule.form), rule.fix});
}

/// Members of our own objects that no version of the specification has: often a slip of the pen.
void look_for_unknown(Part part, Value object, Tables const& tables, std::string const& where,
                      Complaints& complaints) {
    for (auto const member : object) {
        auto const known = [&](Member const& rule) {
            return rule.part == part && rule.name == member.key();
        };
        if (member.key() == "extension" || std::ranges::any_of(tables.members, known)) continue;
        complaints.add({below(where, member.key()), "G7", Severity::note,
                        "The specification has no such member; receivers ignore it.",
                        "Correct the name, or move what it says into extension."});
    }
}

void walk(Part part, Value object, Tables const& tables, std::string const& where,
          Complaints& complaints) {
    if (!object.is_object())
        return complaints.add(
            {where, "G1", Severity::error, "This must be an object.", "Send a JSON object here."});
    look_at(part, object, tables, where, complaints);
    for (auto const& step : inside) {
        auto const value = object[step.member];
        if (step.outer != part || is_absent(value)) continue;
        auto const place = below(where, step.member);
        if (!value.is_array()) {
            if (value.is_object()) walk(step.inner, value, tables, place, complaints);
            continue;
        }
        std::size_t index = 0;
        for (auto const element : value)
            walk(step.inner, element, tables, below(place, index++), complaints);
    }
}

}  // namespace

std::string_view name(Kind kind) { return kind_names[static_cast<std::size_t>(kind)]; }

std::optional<Kind> kind_named(std::string_view name) {
    auto const found = std::ranges::find(kind_names, name);
    if (found == kind_names.end()) return std::nullopt;
    return static_cast<Kind>(found - kind_names.begin());
}

std::string_view name(Dialect dialect) { return all_dialects[static_cast<std::size_t>(dialect)]; }

std::optional<Dialect> dialect_named(std::string_view name) {
    auto const found = std::ranges::find(all_dialects, name);
    if (found == all_dialects.end()) return std::nullopt;
    return static_cast<Dialect>(found - all_dialects.begin());
}

std::span<std::string_view const> dialect_names() { return all_dialects; }

std::string_view name(Severity severity) {
    switch (severity) {
        case Severity::error:
            return "error";
        case Severity::warning:
            return "warning";
        case Severity::note:
            break;
    }
    return "note";
}

std::optional<Kind> recognise(Value message) {
    if (message["services"]) return Kind::discovery;
    if (message["cards"] || message["systemActions"]) return Kind::response;
    if (message["feedback"] || (message["card"] && message["outcome"])) return Kind::feedback;
    if (message["hook"] || message["hookInstance"] || message["context"]) return Kind::request;
    return std::nullopt;
}

void look_at(Part part, Value object, Tables const& tables, std::string const& where,
             Complaints& complaints) {
    for (auto const& rule : tables.members)
        if (rule.part == part) look_at_member(rule, object, where, complaints);
    auto const apply = [&](Check const& check) {
        if (check.part != part || !check.broken(object)) return;
        complaints.add({check.member.empty() ? where : below(where, check.member),
                        check.requirement, check.severity, check.what, check.fix});
    };
    for (auto const& check : tables.checks) apply(check);
    for (auto const& own : dialect_checks())
        if (own.dialect == complaints.as()) apply(own.check);
    bool const open = part == Part::jwt_header || part == Part::jwt_claims;
    if (!open) look_for_unknown(part, object, tables, where, complaints);
}

std::vector<Violation> lint(Value message, Kind kind, Dialect as, Value request) {
    Complaints complaints{as};
    if (!message.is_object()) {
        complaints.add({"", "G1", Severity::error, "The message must be a JSON object.",
                        "Send one JSON object."});
        return std::move(complaints).take();
    }
    look_for_empty(message, kind, complaints);
    switch (kind) {
        case Kind::request:
            walk(Part::request, message, request_tables(), {}, complaints);
            look_at_context(message, complaints);
            look_at_prefetch(message["prefetch"], complaints);
            break;
        case Kind::response:
            walk(Part::response, message, response_tables(), {}, complaints);
            look_at_uuids(message, complaints);
            if (request) look_at_targets(message, request, complaints);
            break;
        case Kind::discovery:
            walk(Part::discovery, message, discovery_tables(), {}, complaints);
            look_at_services(message, complaints);
            break;
        case Kind::feedback:
            walk(Part::feedback, message, feedback_tables(), {}, complaints);
            break;
        case Kind::jwt:
            walk(Part::jwt_header, message["header"], jwt_tables(), "/header", complaints);
            walk(Part::jwt_claims, message["claims"], jwt_tables(), "/claims", complaints);
            break;
    }
    return std::move(complaints).take();
}

bool has_errors(std::span<Violation const> violations) {
    return std::ranges::any_of(violations, [](Violation const& violation) {
        return violation.severity == Severity::error;
    });
}

}  // namespace cds::hooks::lint

#pragma once
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "hooks/lint.hpp"

// The tables that the linter walks: which members an object has, what must hold of it, and which
// objects stand in it.

namespace cds::hooks::lint {

/// The objects of CDS Hooks messages.
enum class Part : std::uint8_t {
    discovery,
    service,
    request,
    authorization,
    response,
    card,
    source,
    topic,
    suggestion,
    action,
    system_action,
    link,
    override_reason,
    feedback,
    report,
    accepted_suggestion,
    given_reason,
    reason_code,
    jwt_header,
    jwt_claims
};

/// What a member's value must look like.
enum class Form : std::uint8_t {
    text,       ///< a string that is not empty
    flag,       ///< true or false
    seconds,    ///< a number
    object,     ///< an object
    list,       ///< an array, also an empty one
    uuid,       ///< a uuid, in either case
    url,        ///< an absolute http or https URL
    instant,    ///< a date with time and zone
    reference,  ///< "Type/id", the id as FHIR writes one
    target      ///< "Type/id", the id as the client gave it
};
bool has_form(base::json::Value value, Form form);
/// "must be a string" and so on.
std::string_view wanted(Form form);

enum class Need : std::uint8_t { required, recommended, optional };

struct Member {
    Part part;
    std::string_view name;
    Form form;
    Need need;
    std::string_view requirement;
    std::string_view fix;
};

/// One thing that must hold of an object.
struct Check {
    Part part;
    std::string_view member;  ///< the place within the object; empty: the object itself
    std::string_view requirement;
    Severity severity;
    bool (*broken)(base::json::Value object);
    std::string_view what, fix;
};

/// One thing that one kind of reader needs.
struct DialectCheck {
    Dialect dialect;
    Check check;
};

struct Tables {
    std::span<Member const> members;
    std::span<Check const> checks;
};
Tables request_tables();
Tables response_tables();
Tables discovery_tables();
Tables feedback_tables();
Tables jwt_tables();
std::span<DialectCheck const> dialect_checks();

/// Collects violations.
class Complaints {
public:
    explicit Complaints(Dialect as) : as_{as} {}
    Dialect as() const { return as_; }
    void add(Violation violation);
    std::vector<Violation> take() && { return std::move(violations_); }

private:
    Dialect as_;
    std::vector<Violation> violations_;
};

/// `where` with one more step: an element's number, or a member's name as far as it looks like one
/// of an element; any other stands as `*`, so that nothing of the message is repeated.
std::string below(std::string const& where, std::string_view member);
std::string below(std::string const& where, std::size_t index);

/// Checks one object against the tables: members, checks, and those of the dialect.
void look_at(Part part, base::json::Value object, Tables const& tables, std::string const& where,
             Complaints& complaints);
/// Whether the value holds one of the listed texts; an absent one is no matter here.
bool is_one_of(base::json::Value value, std::initializer_list<std::string_view> texts);
bool is_absent(base::json::Value value);

// What no table of one object can say.
void look_at_context(base::json::Value request, Complaints& complaints);
void look_at_prefetch(base::json::Value prefetch, Complaints& complaints);
void look_at_targets(base::json::Value response, base::json::Value request, Complaints& complaints);
void look_at_uuids(base::json::Value response, Complaints& complaints);
void look_at_services(base::json::Value discovery, Complaints& complaints);

}  // namespace cds::hooks::lint

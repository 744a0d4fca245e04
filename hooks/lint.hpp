#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

// Looks at one message of CDS Hooks and names what departs from the specification, or from what one
// kind of reader is known to need. The requirement ids are those of docs/conformance.md.

namespace cds::hooks::lint {

enum class Kind : std::uint8_t { request, response, discovery, feedback, jwt };
std::string_view name(Kind kind);
std::optional<Kind> kind_named(std::string_view name);

/// What a message is by its members; none when it could be anything. A compact JWT is no JSON and
/// is not recognised here.
std::optional<Kind> recognise(base::json::Value message);

/// For whom a message is meant, or who sent it. `standard` is the specification and nothing more;
/// `strict` makes an error of what the specification only recommends; the others add what that
/// reader is known to need (docs/integration.md). `crd` is the Inferno suite for Da Vinci CRD.
enum class Dialect : std::uint8_t { standard, strict, epic, oracle, athena, sandbox, crd };
std::string_view name(Dialect dialect);
std::optional<Dialect> dialect_named(std::string_view name);
/// All names, in their order.
std::span<std::string_view const> dialect_names();

enum class Severity : std::uint8_t { error, warning, note };
std::string_view name(Severity severity);

struct Violation {
    std::string where;             ///< JSON pointer; "" is the whole message
    std::string_view requirement;  ///< "C7", "cds-resp-6"
    Severity severity = Severity::error;
    std::string_view what;  ///< what is wrong; a fixed text, nothing of the message
    std::string_view fix;
};

/// Every violation, in the order of the message. `request` is the call that a response answers;
/// without it, what a suggestion changes is not compared with the draft orders.
std::vector<Violation> lint(base::json::Value message, Kind kind, Dialect as,
                            base::json::Value request = {});

/// The same for a JWT in compact form. Its signature is not verified: that takes the sender's keys.
std::vector<Violation> lint_jwt(std::string_view compact, Dialect as);

bool has_errors(std::span<Violation const> violations);

}  // namespace cds::hooks::lint

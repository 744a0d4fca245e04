#pragma once
#include <string>
#include <string_view>

#include "hooks/lint.hpp"

namespace cds::hooks {

/// What the linter calls an error in one of our own messages, a line each; empty: nothing.
/// `request` is the text of the call that a response answers; empty: not known.
inline std::string lint_errors(std::string_view message, lint::Kind kind,
                               std::string_view request = {},
                               lint::Dialect as = lint::Dialect::standard) {
    base::json::Document document, call;
    auto const root = document.parse(message);
    if (!root) return "no JSON at " + root.error().where;
    auto const asked = request.empty() ? base::Result<base::json::Value>{base::json::Value{}}
                                       : call.parse(request);
    std::string out;
    for (auto const& violation :
         lint::lint(*root, kind, as, asked ? *asked : base::json::Value{})) {
        if (violation.severity != lint::Severity::error) continue;
        out += violation.where + " (" + std::string{violation.requirement} +
               "): " + std::string{violation.what} + "\n";
    }
    return out;
}

}  // namespace cds::hooks

#include "hooks/scopes.hpp"

#include <algorithm>

namespace cds::hooks {

namespace {

bool is_type(std::string_view text) {
    if (text == "*") return true;
    if (text.empty() || text.front() < 'A' || text.front() > 'Z') return false;
    return std::all_of(text.begin(), text.end(),
                       [](char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); });
}

/// Version 2: some of "cruds", in that order.
bool is_interactions(std::string_view letters) {
    constexpr std::string_view order = "cruds";
    std::size_t next = 0;
    for (char const letter : letters) {
        next = order.find(letter, next);
        if (next == order.npos) return false;
        ++next;
    }
    return !letters.empty();
}

}  // namespace

bool Scopes::read_grant(std::string_view scope, Grant& grant) {
    auto const slash = scope.find('/');
    if (slash == scope.npos) return false;
    auto const level = scope.substr(0, slash);
    if (level != "patient" && level != "user" && level != "system") return false;
    auto rest = scope.substr(slash + 1);
    if (auto const query = rest.find('?'); query != rest.npos) {
        grant.part = true;
        rest = rest.substr(0, query);
    }
    auto const dot = rest.find('.');
    if (dot == rest.npos || !is_type(rest.substr(0, dot))) return false;
    grant.type = rest.substr(0, dot);
    auto const what = rest.substr(dot + 1);
    if (what == "read" || what == "*") {
        grant.read = grant.search = true;
        return !grant.part;  // version 1 has no queries
    }
    if (!is_interactions(what)) return false;
    grant.read = what.find('r') != what.npos;
    grant.search = what.find('s') != what.npos;
    return grant.read || grant.search;
}

Scopes Scopes::of(std::string_view text) {
    constexpr std::string_view separators = " \t\r\n";
    Scopes scopes;
    while (true) {
        auto const start = text.find_first_not_of(separators);
        if (start == text.npos) return scopes;
        text.remove_prefix(start);
        auto const scope = text.substr(0, text.find_first_of(separators));
        text.remove_prefix(scope.size());
        Grant grant;
        if (!read_grant(scope, grant)) continue;
        scopes.names_a_patient_ = scopes.names_a_patient_ || scope.starts_with("patient/");
        scopes.grants_.push_back(std::move(grant));
    }
}

Access Scopes::access(std::string_view resource_type, bool Grant::*what) const {
    auto best = Access::none;
    for (auto const& grant : grants_) {
        if (!(grant.*what) || (grant.type != "*" && grant.type != resource_type)) continue;
        best = std::max(best, grant.part ? Access::part : Access::whole);
    }
    return best;
}

Access Scopes::reading(std::string_view resource_type) const {
    return access(resource_type, &Grant::read);
}

Access Scopes::searching(std::string_view resource_type) const {
    return access(resource_type, &Grant::search);
}

}  // namespace cds::hooks

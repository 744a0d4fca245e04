#pragma once
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "hooks/engine.hpp"
#include "rules/policy.hpp"
#include "tests/acceptance/case_runner.hpp"
#include "tests/hooks/linted.hpp"

// A site with a policy of its own, for tests: what its cards say for a request.

namespace cds::acceptance {

/// One entry of a policy file; `rest` is more members, begun with a comma.
inline std::string entry(std::string const& rule, std::string const& change,
                         std::string const& rest = "", std::string const& expires = "2026-03-31") {
    return R"({"rule":")" + rule + R"(","change":")" + change +
           R"(","owner":"Dr Owner","reason":"local pathway","expires":")" + expires + "\"" + rest +
           "}";
}

/// A whole policy file; `rest` is more members, begun with a comma.
inline std::string policy_file(std::vector<std::string> const& entries,
                               std::string const& rest = "") {
    std::string all;
    for (auto const& one : entries) all += (all.empty() ? "" : ",") + one;
    return R"({"title":"Our policy","version":"7","owner":"Medicines committee",)"
           R"("reviewBy":"2026-12-31")" +
           rest + R"(,"entries":[)" + all + "]}";
}

inline base::Day date(std::string const& text) {
    return base::parse_date(text, base::Zone{}).first;
}

inline std::shared_ptr<rules::Knowledge const> with_policy(std::string const& file) {
    auto policy = rules::Policy::read(file, *knowledge());
    if (!policy) {
        ADD_FAILURE() << policy.error().where << ": " << policy.error().what;
        return knowledge();
    }
    auto made =
        rules::Knowledge::with_policy(*knowledge(), rules::embedded_pack(), *std::move(policy));
    if (!made) {
        ADD_FAILURE() << made.error().where << ": " << made.error().what;
        return knowledge();
    }
    return *made;
}

/// The answer of a site with a policy.
struct SiteAnswer {
    std::map<std::string, std::string> cards;  ///< rule -> indicator
    std::string body;
    hooks::CallStats stats;

    std::string card(std::string const& rule) const {
        auto const found = cards.find(rule);
        return found == cards.end() ? "" : found->second;
    }
    /// "csa-thiazide=warning shadow", …
    std::vector<std::string> withheld() const {
        std::vector<std::string> out;
        for (auto const& one : stats.withheld)
            out.push_back(std::string{one.rule} + "=" + std::string{rules::name(one.indicator)} +
                          (one.shadow ? " shadow" : " quiet"));
        return out;
    }
};

inline SiteAnswer ask(rules::Knowledge const& known, std::string const& request,
                      std::string const& now = "2026-03-10T09:00:00Z",
                      std::string const& client_id = "") {
    SiteAnswer answer;
    hooks::Client client;
    client.id = client_id;
    hooks::Workspace workspace;
    auto const stats =
        hooks::answer(known, hooks::Site{}, client, hooks::safety_service, request,
                      base::parse_date(now, base::Zone{}).instant, workspace, answer.body);
    if (!stats) {
        ADD_FAILURE() << stats.error().where << ": " << stats.error().what;
        return answer;
    }
    answer.stats = *stats;
    EXPECT_EQ(hooks::lint_errors(answer.body, hooks::lint::Kind::response, request), "");
    base::json::Document document;
    auto const root = document.parse(answer.body);
    EXPECT_TRUE(root);
    for (auto const card : (*root)["cards"])
        answer.cards[std::string{card["source"]["topic"]["code"].string()}] =
            card["indicator"].string();
    return answer;
}

}  // namespace cds::acceptance

#pragma once
#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"

// The requests of the knowledge's examples: patients enough to try what must hold for every answer.

namespace cds::hooks {

struct ExampleCall {
    std::string body;
    base::Instant now{};
    Site site;
};

inline void for_each_example_call(std::function<void(ExampleCall const&)> const& look) {
    auto count = 0;
    auto const pack = rules::embedded_pack();
    for (auto const& file : pack.files()) {
        if (!file.name.starts_with("examples/")) continue;
        SCOPED_TRACE(std::string{file.name});
        cards::Parsed const example{std::string{file.bytes}};
        ExampleCall call;
        base::json::write(example["request"], call.body);
        call.now = cards::instant(example["asOf"].string());
        call.site.region = example["region"].string() == "eu" ? Region::eu : Region::us;
        look(call);
        ++count;
    }
    EXPECT_GT(count, 100);
}

/// The answer of the service that discovery lists for the call's hook.
inline std::string answer_to(std::string const& body, base::Instant now, Client const& client = {},
                             Site const& site = {}) {
    Workspace workspace;
    std::string out;
    auto const stats =
        answer(cards::knowledge(), site, client, service_id_for(body), body, now, workspace, out);
    EXPECT_TRUE(stats) << (stats ? "" : stats.error().where + ": " + stats.error().what);
    return stats ? out : "{}";
}

}  // namespace cds::hooks

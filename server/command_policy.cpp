#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/live.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

/// The day that the entries are compared with: `on`, else today at the site.
base::Result<base::Day> day_of(std::string const& on, Settings const& settings) {
    if (on.empty()) {
        auto const zone = base::Zone::find(settings.site_zone);
        if (!zone) return zone.error();
        return zone->day_of(real_now());
    }
    auto const date = base::parse_date(on, base::Zone{});
    if (date.precision == base::Precision::day) return date.first;
    return base::Error{base::ErrorCode::invalid, "--on", "a day is needed, as in 2027-05-31"};
}

int check(Sources const& sources, std::string const& on) {
    auto const settings = load_settings(sources);
    if (!settings) return refuse(settings.error());
    auto const day = day_of(on, *settings);
    if (!day) return refuse(day.error());
    auto const knowledge = load_knowledge(*settings);
    if (!knowledge) return refuse(knowledge.error());
    auto const* policy = (*knowledge)->policy();
    if (!policy) return refuse({base::ErrorCode::invalid, "file", "a policy file is needed"});
    std::fputs(rules::difference_in_words(*policy, **knowledge, *day).c_str(), stdout);
    return 0;
}

}  // namespace

/// Prints what a policy changes; exit status 0, or 2 with the place and the fix when the file is
/// refused.
int command_policy(Arguments arguments) {
    CLI::App app{"Looks at a site's policy: what it does differently from the knowledge.",
                 "countersign policy"};
    app.require_subcommand(1);
    std::string file, folder, on;
    auto* const checks = app.add_subcommand(
        "check", "Check a policy file and print its effective difference in words.");
    checks->add_option("file", file, "JSON file; docs/policy.md describes it.")->required();
    auto* const knowledge = checks->add_option("--knowledge", folder,
                                               "Folder whose knowledge replaces the built-in one.");
    checks->add_option("--on", on, "Day to look at, as 2027-05-31; today when left out.");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure) == 0 ? 0 : refused;
    }
    Sources sources;
    sources.environment = environment_settings(environ);
    if (knowledge->count() > 0) sources.flags.emplace_back("knowledge", folder);
    sources.flags.emplace_back("policy", file);
    return check(sources, on);
}

}  // namespace cds::server

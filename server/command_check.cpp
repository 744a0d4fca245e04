#include <unistd.h>

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

#include "base/json.hpp"
#include "cards/readable.hpp"
#include "hooks/engine.hpp"
#include "server/clock.hpp"
#include "server/commands.hpp"
#include "server/live.hpp"

namespace cds::server {
namespace {

/// Settings that decide what the cards say; the others do not matter offline.
constexpr std::array<std::pair<char const*, char const*>, 6> offered{{
    {"as-of", "Clinical clock, for example 2026-06-01T09:00:00Z; the time of day when left out."},
    {"knowledge", "Folder whose knowledge replaces the built-in one."},
    {"policy", "JSON file with what the site does differently; see docs/policy.md."},
    {"site-zone", "Time zone in which calendar days are compared."},
    {"region", "us or eu: whose product labels hold."},
    {"language", "Language of the cards."},
}};

std::optional<std::string> read_input(std::string const& path) {
    if (path == "-") return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

int failed(base::Error const& error) {
    if (error.where.empty())
        std::fprintf(stderr, "%s\n", error.what.c_str());
    else
        std::fprintf(stderr, "At %s: %s\n", error.where.c_str(), error.what.c_str());
    return 1;
}

int print(std::string const& body, bool as_json) {
    if (as_json) {
        std::puts(body.c_str());
        return 0;
    }
    base::json::Document document;
    auto const response = document.parse(body);
    if (!response) return failed(response.error());
    std::fputs(cards::readable(*response).c_str(), stdout);
    return 0;
}

}  // namespace

/// Evaluates one request offline and prints its cards; exit status 0 when it was answered, 1 when
/// not.
int command_check(Arguments arguments) {
    CLI::App app{
        "Evaluates an order-sign request from a file (or - for standard input) and prints its "
        "cards.",
        "countersign check"};
    std::string path;
    bool as_json = false;
    std::array<std::string, offered.size()> values;
    app.add_option("file", path, "JSON file with the request, or -.")->required();
    app.add_flag("--json", as_json, "Print the response as the service would send it.");
    std::array<CLI::Option*, offered.size()> options{};
    for (std::size_t i = 0; i < offered.size(); ++i)
        options[i] =
            app.add_option(std::string{"--"} + offered[i].first, values[i], offered[i].second);
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    Sources sources;
    sources.environment = environment_settings(environ);
    for (std::size_t i = 0; i < offered.size(); ++i)
        if (options[i]->count() > 0) sources.flags.emplace_back(offered[i].first, values[i]);
    auto const live = load_live(sources);
    if (!live) return failed(live.error());
    auto const body = read_input(path);
    if (!body) return failed({base::ErrorCode::not_found, path, "The file cannot be read."});

    hooks::Workspace workspace;
    std::string out;
    auto const now = (*live)->clinical_time(real_now());
    auto const stats = hooks::answer(*(*live)->knowledge, (*live)->site, hooks::Client{},
                                     hooks::safety_service, *body, now, workspace, out);
    if (!stats) return failed(stats.error());
    return print(out, as_json);
}

}  // namespace cds::server

#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/json.hpp"
#include "cards/readable.hpp"
#include "hooks/engine.hpp"
#include "server/commands.hpp"
#include "server/live.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

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
        "Evaluates a request from a file (or - for standard input) and prints its "
        "cards.",
        "countersign check"};
    std::string path;
    bool as_json = false;
    app.add_option("file", path, "JSON file with the request, or -.")->required();
    app.add_flag("--json", as_json, "Print the response as the service would send it.");
    OfflineOptions const options{app};
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const live = load_live(options.sources());
    if (!live) return failed(live.error());
    auto const body = read_input(path);
    if (!body) return failed({base::ErrorCode::not_found, path, "The file cannot be read."});

    hooks::Workspace workspace;
    std::string out;
    auto const now = clock_for(**live, *body);
    auto const stats =
        hooks::answer(*(*live)->knowledge, (*live)->site, (*live)->dialogues.with({}).client,
                      hooks::service_id_for(*body), *body, now, workspace, out);
    if (!stats) return failed(stats.error());
    return print(out, as_json);
}

}  // namespace cds::server

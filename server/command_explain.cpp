#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/json.hpp"
#include "hooks/explain.hpp"
#include "hooks/readable_explanation.hpp"
#include "server/commands.hpp"
#include "server/live.hpp"
#include "server/offline.hpp"

namespace cds::server {

/// Explains the answer to one request; exit status 0 when it was explained, 1 when the request
/// cannot be answered, 2 for a rule that does not exist.
int command_explain(Arguments arguments) {
    CLI::App app{
        "Explains the answer to a request from a file (or - for standard input): the "
        "facts found, what was passed over and why, and for each rule yes, no or unknown with "
        "what decided it.",
        "countersign explain"};
    std::string path, rule;
    bool as_json = false;
    app.add_option("file", path, "JSON file with the request, or -.")->required();
    app.add_option("--rule", rule, "Only this rule; `countersign rules` lists the ids.");
    app.add_flag("--json", as_json, "Print JSON, as POST /cds-services/{id}/$explain answers.");
    OfflineOptions const options{app};
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    auto const live = load_live(options.sources());
    if (!live) return failed(live.error());
    auto const& knowledge = *(*live)->knowledge;
    if (!rule.empty() && !knowledge.find(rule)) {
        std::fputs("There is no rule of that id; `countersign rules` lists them.\n", stderr);
        return 2;
    }
    auto const body = read_input(path);
    if (!body) return failed({base::ErrorCode::not_found, path, "The file cannot be read."});

    hooks::Workspace workspace;
    std::string out;
    auto const now = clock_for(**live, *body);
    auto const stats =
        hooks::explain(knowledge, (*live)->site, (*live)->dialogues.with({}).client,
                       hooks::service_id_for(*body), *body, now, workspace, out, rule);
    if (!stats) return failed(stats.error());
    if (as_json) {
        std::puts(out.c_str());
        return 0;
    }
    base::json::Document document;
    auto const explanation = document.parse(out);
    if (!explanation) return failed(explanation.error());
    std::fputs(hooks::readable_explanation(*explanation).c_str(), stdout);
    return 0;
}

}  // namespace cds::server

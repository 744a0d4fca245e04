#include <CLI/CLI.hpp>
#include <cstdio>
#include <string>

#include "base/pack.hpp"
#include "hooks/examples.hpp"
#include "server/commands.hpp"
#include "server/offline.hpp"

namespace cds::server {
namespace {

int check(std::string const& folder) {
    auto pack = rules::embedded_pack();
    if (!folder.empty()) {
        auto read = base::Pack::from_folder(folder);
        if (!read) return refuse(read.error());
        pack = *std::move(read);
    }
    auto const knowledge = rules::Knowledge::load(pack);
    if (!knowledge) return refuse(knowledge.error());
    auto const report = hooks::run_examples(pack, **knowledge);
    if (report.run == 0) return refuse(hooks::check_examples(pack, **knowledge).error());
    for (auto const& example : report.failed) {
        std::printf("%s\n", example.file.c_str());
        if (!example.title.empty()) std::printf("  %s\n", example.title.c_str());
        for (auto const& difference : example.differences)
            std::printf("  - %s\n", difference.c_str());
    }
    std::printf("Knowledge %s, digest %s: %zu rules, %zu examples, %zu of them not as expected.\n",
                std::string{(*knowledge)->version()}.c_str(),
                std::string{(*knowledge)->digest()}.c_str(), (*knowledge)->rules().size(),
                report.run, report.failed.size());
    return report.failed.empty() ? 0 : refused;
}

}  // namespace

/// Checks a knowledge folder as the service would: schema, references, examples. Exit status 0, or
/// 2 when it would be refused.
int command_knowledge(Arguments arguments) {
    CLI::App app{"Looks at a knowledge folder before it is used.", "countersign knowledge"};
    app.require_subcommand(1);
    std::string folder;
    auto* const checks = app.add_subcommand(
        "check", "Check schema, references and examples, and print each difference.");
    checks->add_option("folder", folder, "Folder; the built-in knowledge when left out.");
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure) == 0 ? 0 : refused;
    }
    return check(folder);
}

}  // namespace cds::server

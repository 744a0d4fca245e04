#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <deque>

#include "server/commands.hpp"
#include "server/process.hpp"
#include "server/server.hpp"
#include "server/settings.hpp"
#include "server/version.hpp"

namespace cds::server {
namespace {

/// One option of the table on the command line.
struct Flag {
    std::string name, value;
    CLI::Option* option = nullptr;
};

std::string help_text(Setting const& setting) {
    std::string text{setting.sentence};
    text += " (" + setting.limits_text();
    if (!setting.fallback.empty()) text += "; default " + std::string{setting.fallback};
    return text + ")";
}

void add_flags(CLI::App& app, std::deque<Flag>& flags) {
    for (auto const& setting : settings_table()) {
        auto& flag = flags.emplace_back();
        flag.name = setting.name;
        flag.option = app.add_option("--" + flag.name, flag.value, help_text(setting));
        flag.option->type_name(std::string{setting.type()});
    }
}

int start_failed(base::Error const& error) {
    std::fprintf(stderr, "countersign cannot start. %s: %s\n", error.where.c_str(),
                 error.what.c_str());
    return 1;
}

}  // namespace

int command_serve(Arguments arguments) {
    CLI::App app{
        "Answers CDS Hooks calls over HTTP. Every option can also be set in a JSON file or as an "
        "environment variable; see docs/configuration.md.",
        "countersign serve"};
    std::deque<Flag> flags;
    Sources sources;
    app.add_option("--config", sources.config_file, "JSON file with any of the settings below.");
    add_flags(app, flags);
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    sources.environment = environment_settings(environ);
    for (auto const& flag : flags)
        if (flag.option->count() > 0) sources.flags.emplace_back(flag.name, flag.value);

    auto const settings = load_settings(sources);
    if (!settings) return start_failed(settings.error());
    protect_process();
    Log log{STDOUT_FILENO, static_cast<std::size_t>(settings->log_queue_lines)};
    Server server{[sources] { return load_settings(sources); }, log};
    if (auto const started = server.start(); !started) return start_failed(started.error());
    server.handle_signals();
    std::printf("Countersign %s answers at %s/cds-services (%s).\n%s\n",
                std::string{program_version}.c_str(), server.url().c_str(),
                server.description().c_str(), server.storage().c_str());
    std::fflush(stdout);
    server.run();
    log.close();
    return 0;
}

}  // namespace cds::server

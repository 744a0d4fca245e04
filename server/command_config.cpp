#include <CLI/CLI.hpp>
#include <cstdio>

#include "server/commands.hpp"
#include "server/settings.hpp"

namespace cds::server {
namespace {

int check_file(std::string const& path) {
    Sources sources;
    sources.config_file = path;
    auto const settings = load_settings(sources);
    if (settings) {
        std::printf("%s is a good configuration.\n", path.c_str());
        return 0;
    }
    std::fprintf(stderr, "%s: %s\n", settings.error().where.c_str(), settings.error().what.c_str());
    return 1;
}

void print_table() {
    for (auto const& setting : settings_table()) {
        auto const fallback =
            setting.fallback.empty() ? std::string{"(empty)"} : std::string{setting.fallback};
        std::printf("%-26s %s\n%26s default %s; %s\n", std::string{setting.name}.c_str(),
                    std::string{setting.sentence}.c_str(), "", fallback.c_str(),
                    setting.limits_text().c_str());
    }
}

}  // namespace

int command_config(Arguments arguments) {
    CLI::App app{"Shows the settings, or checks a configuration file.", "countersign config"};
    bool markdown = false;
    std::string file;
    app.add_flag("--markdown", markdown, "Print docs/configuration.md.");
    auto* const check = app.add_subcommand("check", "Check a configuration file.");
    check->add_option("file", file, "JSON file.")->required();
    try {
        app.parse(static_cast<int>(arguments.size()), arguments.data());
    } catch (CLI::ParseError const& failure) {
        return app.exit(failure);
    }
    if (check->parsed()) return check_file(file);
    if (markdown)
        std::fputs(settings_markdown().c_str(), stdout);
    else
        print_table();
    return 0;
}

}  // namespace cds::server

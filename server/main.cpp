#include <cstdio>
#include <exception>
#include <span>
#include <string_view>

#include "server/commands.hpp"

namespace {

int usage(std::FILE* out, int status) {
    std::fputs("Usage: countersign COMMAND [OPTIONS]\n\nCommands:\n", out);
    for (auto const& command : cds::server::commands())
        std::fprintf(out, "  %-15.*s %.*s\n", static_cast<int>(command.name.size()),
                     command.name.data(), static_cast<int>(command.sentence.size()),
                     command.sentence.data());
    std::fputs("\n'countersign COMMAND --help' explains one of them.\n", out);
    return status;
}

}  // namespace

int main(int argc, char const* const* argv) {
    std::span const arguments{argv, static_cast<std::size_t>(argc)};
    if (arguments.size() < 2) return usage(stderr, 2);
    std::string_view const name{arguments[1]};
    if (name == "--help" || name == "-h" || name == "help") return usage(stdout, 0);
    for (auto const& command : cds::server::commands()) {
        if (command.name != name) continue;
        try {
            return command.run(arguments.subspan(1));
        } catch (std::exception const& failure) {
            std::fprintf(stderr, "countersign: %s\n", failure.what());
            return 1;
        }
    }
    std::fprintf(stderr, "countersign: there is no command of that name\n\n");
    return usage(stderr, 2);
}

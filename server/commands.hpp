#pragma once
#include <span>
#include <string_view>

namespace cds::server {

/// Arguments of a subcommand: its name first, as `main` would get them.
using Arguments = std::span<char const* const>;

/// A subcommand. To add one: a file server/command_<name>.cpp with its function, and a line in
/// commands.cpp.
struct Command {
    std::string_view name;
    std::string_view sentence;  ///< for `countersign --help`
    int (*run)(Arguments);      ///< returns the exit status
};

std::span<Command const> commands();

int command_capture(Arguments arguments);
int command_check(Arguments arguments);
int command_check_json(Arguments arguments);
int command_config(Arguments arguments);
int command_dev_certs(Arguments arguments);
int command_dev_token(Arguments arguments);
int command_explain(Arguments arguments);
int command_feedback(Arguments arguments);
int command_knowledge(Arguments arguments);
int command_lint(Arguments arguments);
int command_parse_primitive(Arguments arguments);
int command_policy(Arguments arguments);
int command_replay(Arguments arguments);
int command_rules(Arguments arguments);
int command_serve(Arguments arguments);
int command_verify_jws(Arguments arguments);
int command_verify_sig(Arguments arguments);
int command_version(Arguments arguments);

}  // namespace cds::server

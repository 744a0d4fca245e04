#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>

#include "base/json.hpp"
#include "server/commands.hpp"

namespace cds::server {

/// Prints "ok", or the place and the fault; exit status 0 or 1. The reader is the one that requests
/// go through.
int command_check_json(Arguments arguments) {
    if (arguments.size() > 1) {
        std::fputs("Usage: countersign check-json < FILE\n", stderr);
        return 2;
    }
    std::string const text{std::istreambuf_iterator<char>{std::cin}, {}};
    base::json::Document document;
    auto const root = document.parse(text);
    if (root) {
        std::puts("ok");
        return 0;
    }
    auto const& where = root.error().where;
    std::printf("error at %s: %s\n", where.empty() ? "the document" : where.c_str(),
                root.error().what.c_str());
    return 1;
}

}  // namespace cds::server

#include <cstdio>
#include <functional>
#include <iostream>
#include <string>

#include "server/commands.hpp"
#include "server/vectors.hpp"

namespace cds::server {
namespace {

int each_line(Arguments arguments, std::function<std::string(std::string_view)> const& answer) {
    if (arguments.size() > 1) {
        std::fprintf(stderr, "Usage: countersign %s < FILE\n", arguments[0]);
        return 2;
    }
    std::string line;
    while (std::getline(std::cin, line))
        if (!line.empty()) std::puts(answer(line).c_str());
    return 0;
}

}  // namespace

int command_verify_jws(Arguments arguments) { return each_line(arguments, verify_jws_line); }

int command_verify_sig(Arguments arguments) { return each_line(arguments, verify_signature_line); }

int command_parse_primitive(Arguments arguments) {
    auto const type = arguments.size() == 2 ? std::string{arguments[1]} : std::string{};
    if (!parse_primitive_line(type, "null")) {
        std::fputs("Usage: countersign parse-primitive date|dateTime|instant|decimal < FILE\n",
                   stderr);
        return 2;
    }
    return each_line(arguments.first(1), [&](std::string_view line) {
        return parse_primitive_line(type, line).value_or(std::string{});
    });
}

}  // namespace cds::server

#include <cstdio>
#include <string>

#include "rules/knowledge.hpp"
#include "server/commands.hpp"
#include "server/version.hpp"

namespace cds::server {

int command_version(Arguments) {
    std::printf("countersign %s\n", std::string{program_version}.c_str());
    auto const knowledge = rules::Knowledge::load(rules::embedded_pack());
    if (!knowledge) {
        std::fprintf(stderr, "The built-in knowledge is broken: %s\n",
                     knowledge.error().what.c_str());
        return 1;
    }
    std::printf("knowledge %s, digest %s\n", std::string{(*knowledge)->version()}.c_str(),
                std::string{(*knowledge)->digest()}.c_str());
    return 0;
}

}  // namespace cds::server

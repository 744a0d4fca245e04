// The answer without sockets: microseconds of CPU for one request, for profiling.
//   bench_answer [FILE] [COUNT]

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <sstream>
#include <string>

#include "base/json.hpp"
#include "hooks/engine.hpp"

namespace {

double cpu_us() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

}  // namespace

int main(int argc, char** argv) {
    std::string const file =
        argc > 1 ? argv[1] : COUNTERSIGN_SOURCE_DIR "/bench/bodies/order-sign-12k.json";
    int const count = argc > 2 ? std::atoi(argv[2]) : 2000;
    std::ostringstream text;
    text << std::ifstream{file, std::ios::binary}.rdbuf();
    auto const body = text.str();
    auto const knowledge = cds::rules::Knowledge::load(cds::rules::embedded_pack());
    if (!knowledge) {
        std::fprintf(stderr, "%s\n", knowledge.error().what.c_str());
        return 1;
    }
    cds::hooks::Site site;
    cds::hooks::Workspace workspace;
    auto const now = cds::base::parse_date("2026-06-01T14:30:00Z", site.zone).instant;
    std::string out;
    cds::base::json::Document document;
    auto const parse_begin = cpu_us();
    for (int i = 0; i < count; ++i) {
        if (!document.parse(body)) return 1;
    }
    auto const parse = (cpu_us() - parse_begin) / count;
    auto const begin = cpu_us();
    for (int i = 0; i < count; ++i) {
        out.clear();
        auto const answered = cds::hooks::answer(**knowledge, site, {}, cds::hooks::safety_service,
                                                 body, now, workspace, out);
        if (!answered) return 1;
    }
    std::printf("tape %.1f us, whole answer %.1f us, %zu bytes of answer\n", parse,
                (cpu_us() - begin) / count, out.size());
}

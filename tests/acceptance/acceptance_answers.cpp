#include <cstdio>
#include <string>

#include "hooks/engine.hpp"
#include "tests/acceptance/case_runner.hpp"

// acceptance_answers [FOLDER]: the whole answer to each acceptance case, as the service would send
// it: one line {"id":…,"response":…} a case. tests/node reads it.

int main(int argc, char** argv) {
    using namespace cds;
    std::string const folder =
        argc > 1 ? argv[1] : COUNTERSIGN_SOURCE_DIR "/test-fixtures/acceptance";
    auto const known = acceptance::knowledge();
    hooks::Workspace workspace;
    auto failures = 0;
    for (auto const& one : acceptance::load_cases(folder)) {
        base::json::Document document;
        auto const root = *document.parse(one.text);
        std::string request, response;
        base::json::write(root["request"], request);
        hooks::Site site;
        site.as_of = base::parse_date(root["now"].string(), site.zone).instant;
        auto const answered = hooks::answer(*known, site, {}, hooks::safety_service, request,
                                            *site.as_of, workspace, response);
        if (!answered) {
            ++failures;
            std::fprintf(stderr, "%s: %s: %s\n", one.id.c_str(), answered.error().where.c_str(),
                         answered.error().what.c_str());
            continue;
        }
        std::printf("{\"id\":\"%s\",\"response\":%s}\n", one.id.c_str(), response.c_str());
    }
    return failures == 0 ? 0 : 1;
}

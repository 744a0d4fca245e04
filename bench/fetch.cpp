// Wall time of fetching several resources of which one is slow: it is the slowest, not the sum.
//   bench_fetch [rounds]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <future>
#include <string>
#include <vector>

#include "server/fetcher.hpp"
#include "tests/server/fhir_server.hpp"

namespace {

using namespace cds;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds quick{50}, slow{200};

std::vector<hooks::Wanted> searches(std::vector<std::string> const& types) {
    std::vector<hooks::Wanted> wanted;
    for (auto const& type : types) {
        hooks::Wanted one;
        one.target = "/" + type + "?patient=p1";
        wanted.push_back(one);
    }
    return wanted;
}

double fetch_ms(server::Fetcher& fetcher, std::shared_ptr<server::FhirBase const> const& base,
                std::vector<std::string> const& types) {
    std::promise<bool> whole;
    server::FetchJob job;
    job.base = base;
    job.deadline = Clock::now() + std::chrono::seconds{5};
    job.wanted = searches(types);
    job.done = [&](std::vector<hooks::Fetched> const& fetched, server::FetchCounts) {
        whole.set_value(std::all_of(fetched.begin(), fetched.end(), [](auto const& one) {
            return one.reason == fhir::Reason::none;
        }));
    };
    auto const start = Clock::now();
    if (!fetcher.submit(std::move(job)) || !whole.get_future().get()) {
        std::fprintf(stderr, "not all was fetched\n");
        std::exit(1);
    }
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

}  // namespace

int main(int count, char** words) {
    int const rounds = count > 1 ? std::max(1, std::atoi(words[1])) : 11;
    server::test::FhirServer fhir{[](server::test::FhirRequest const& request) {
        server::test::FhirReply reply;
        reply.body = R"({"resourceType":"Bundle","type":"searchset"})";
        reply.after = request.target.find("Observation") == std::string::npos ? quick : slow;
        return reply;
    }};
    auto base = std::make_shared<server::FhirBase>();
    base->url = *hooks::BaseUrl::parse(fhir.base());
    base->networks = {"127.0.0.0/8"};
    server::Fetcher fetcher{16};
    std::vector<double> all, one;
    for (int i = 0; i < rounds; ++i) {
        all.push_back(fetch_ms(fetcher, base,
                               {"Condition", "AllergyIntolerance", "Procedure", "Observation"}));
        one.push_back(fetch_ms(fetcher, base, {"Observation"}));
    }
    std::printf("three answers after %lld ms and one after %lld ms: sum %lld ms\n",
                static_cast<long long>(quick.count()), static_cast<long long>(slow.count()),
                static_cast<long long>((3 * quick + slow).count()));
    std::printf("the slow one alone   %.1f ms\nall four together    %.1f ms\nratio %.3f\n",
                median(one), median(all), median(all) / median(one));
}

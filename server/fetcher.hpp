#pragma once
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "hooks/completed_call.hpp"
#include "server/clock.hpp"
#include "server/fhir_bases.hpp"
#include "server/secret.hpp"

namespace cds::server {

/// How much one call may fetch.
struct FetchLimits {
    std::size_t pages = 20;                     ///< of a search
    std::size_t entries = 5000;                 ///< of a search
    std::size_t bytes = 8 * 1024 * 1024;        ///< of a search, inflated
    std::size_t call_bytes = 16 * 1024 * 1024;  ///< of a call
    std::size_t header_bytes = 64 * 1024;       ///< of an answer
};

/// What happened while a call's data was fetched. Counts only.
struct FetchCounts {
    std::uint32_t requests = 0;    ///< sent, retries included
    std::uint32_t failed = 0;      ///< of what was wanted
    bool refused_address = false;  ///< a name led to an address outside the allowed networks
};

/// All that one call wants from one server. `token` goes nowhere but there.
struct FetchJob {
    std::shared_ptr<FhirBase const> base;
    Secret token;  ///< empty: none
    Steady::time_point deadline;
    Steady::time_point token_until = Steady::time_point::max();
    std::vector<hooks::Wanted> wanted;
    /// Called once, on the fetcher's thread, when all is there or the deadline has come.
    std::function<void(std::vector<hooks::Fetched>, FetchCounts)> done;
};

/// Fetches from FHIR servers with a thread of its own: nobody else ever waits for a transfer. All
/// that a job wants runs at the same time, over connections that are kept.
///
/// No redirects, no proxy but the base's own, no cookies; each connection's address is checked. At
/// most one repetition for each transfer, where the server asks for it or the connection broke. A
/// server that fails five times in a row is left alone for ten seconds.
class Fetcher {
public:
    explicit Fetcher(std::size_t most_jobs, FetchLimits limits = {});
    ~Fetcher();
    Fetcher(Fetcher const&) = delete;
    Fetcher& operator=(Fetcher const&) = delete;

    /// False: as many jobs are under way as there may be, and `done` is not called.
    bool submit(FetchJob job);
    /// Ends the thread. Jobs that are under way are dropped without a word.
    void close();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cds::server

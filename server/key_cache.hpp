#pragma once
#include <functional>
#include <memory>
#include <string>

#include "auth/client.hpp"
#include "server/clock.hpp"
#include "server/log.hpp"

namespace cds::server {

/// The keys of clients whose registration names an address for them. One thread of its own fetches
/// them, each anew every ten minutes, so that no call ever waits for a transfer by holding a
/// thread. What was fetched last goes on to be used while it cannot be renewed, as long as the
/// registration allows.
///
/// Safe to use from several threads.
class KeyCache {
public:
    struct Options {
        Log* log = nullptr;  ///< never null
        std::chrono::milliseconds transfer_limit{5'000};
        std::chrono::milliseconds renewal{600'000};
        std::chrono::milliseconds retry{15'000};      ///< after a failure
        std::chrono::milliseconds on_demand{60'000};  ///< between refreshes that calls cause
        Steady::time_point (*now)() = &Steady::now;   ///< another clock, in tests
    };

    explicit KeyCache(Options options);
    ~KeyCache();
    KeyCache(KeyCache const&) = delete;
    KeyCache& operator=(KeyCache const&) = delete;

    /// Fetches for the clients of `registry` from now on; what is known of an address that stays
    /// is kept.
    void use(std::shared_ptr<auth::Registry const> registry);

    /// The client's keys; null while there are none that may be used.
    std::shared_ptr<auth::KeySet const> find(auth::Client const& client) const;

    /// Has the client's keys fetched because a call needs one that is not there. `done` is called
    /// on another thread when that has succeeded or failed; calls that come meanwhile share the one
    /// transfer. False, and `done` is never called: the last such refresh is too recent.
    using Done = std::function<void()>;
    [[nodiscard]] bool refresh(auth::Client const& client, Done done);

    /// Ends the thread. Whoever waits is told.
    void close();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace cds::server

#pragma once
#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>

namespace cds::auth {

/// Token buckets by name: so many calls a second, and so many at once. Safe to use from several
/// threads.
class RateLimit {
public:
    /// Time since any fixed moment; it never goes backwards.
    using Time = std::chrono::nanoseconds;

    struct Rate {
        double per_second = 1;
        double burst = 1;
    };

    /// Takes one call from the bucket `name`; false when it is empty.
    bool take(std::string const& name, Rate rate, Time now);
    /// Whether a call could be taken, without taking it.
    bool has(std::string const& name, Rate rate, Time now);

private:
    struct Bucket {
        double left = 0;
        Time at{};
    };
    /// Buckets that are full again are as good as none; they go when there are too many.
    static constexpr std::size_t most_buckets = 10'000;

    Bucket& refilled(std::string const& name, Rate rate, Time now);

    std::mutex mutex_;
    std::map<std::string, Bucket> buckets_;
};

}  // namespace cds::auth

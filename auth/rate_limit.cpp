#include "auth/rate_limit.hpp"

#include <algorithm>

namespace cds::auth {

RateLimit::Bucket& RateLimit::refilled(std::string const& name, Rate rate, Time now) {
    auto [place, fresh] = buckets_.try_emplace(name, Bucket{rate.burst, now});
    auto& bucket = place->second;
    if (fresh && buckets_.size() > most_buckets) {
        constexpr std::chrono::minutes long_full{10};
        std::erase_if(buckets_, [&](auto const& one) { return one.second.at + long_full < now; });
        // All in use: forgetting them is safer than growing without end.
        if (buckets_.size() > most_buckets)
            std::erase_if(buckets_, [&](auto const& one) { return &one.second != &bucket; });
    }
    std::chrono::duration<double> const passed = std::max(now, bucket.at) - bucket.at;
    bucket.left = std::min(rate.burst, bucket.left + passed.count() * rate.per_second);
    bucket.at = std::max(now, bucket.at);
    return bucket;
}

bool RateLimit::take(std::string const& name, Rate rate, Time now) {
    std::lock_guard const lock{mutex_};
    auto& bucket = refilled(name, rate, now);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
}

bool RateLimit::has(std::string const& name, Rate rate, Time now) {
    std::lock_guard const lock{mutex_};
    return refilled(name, rate, now).left >= 1;
}

}  // namespace cds::auth

#include "server/keeping.hpp"

#include <chrono>
#include <cstdlib>

namespace cds::server {

base::Result<store::Place> store_place(Settings const& settings) {
    char const* const state_folder = std::getenv("STATE_DIRECTORY");
    return store::find_place(settings.store, state_folder ? state_folder : "");
}

std::string store_name(Settings const& settings) {
    auto const place = store_place(settings);
    return place ? place->name : std::string{};
}

base::Result<std::unique_ptr<store::Store>> open_store(Settings const& settings, Log& log) {
    auto const place = store_place(settings);
    if (!place) return place.error();
    store::Store::Options options;
    options.place = *place;
    options.limits.awaited = static_cast<std::size_t>(settings.store_queue);
    options.watch = [&log](base::Result<void> const& condition) {
        if (condition) return log.write(LogLine{"store-works-again"});
        auto const error = condition.error();
        log.write(std::move(LogLine{"store-unavailable", "error"}.text("what", error.what)));
    };
    auto store = store::Store::open(std::move(options));
    if (store && (*store)->works())
        log.write(std::move(LogLine{"store-opened"}.text("store", place->name)));
    return store;
}

store::Horizon horizon(Settings const& settings, base::Instant now) {
    store::Horizon horizon;
    horizon.cards = now - std::chrono::days{settings.card_retention_days};
    horizon.feedback = now - std::chrono::days{settings.feedback_retention_days};
    horizon.comments = now - std::chrono::days{settings.comment_retention_days};
    horizon.tokens = now;
    return horizon;
}

void expire_old_rows(store::Store& store, Settings const& settings, base::Instant now, Log& log) {
    auto const told = [&log](base::Result<store::Removed> const& removed) {
        // A store that fails has been logged by itself.
        if (!removed || removed->cards + removed->feedback + removed->comments == 0) return;
        log.write(std::move(LogLine{"expired"}
                                .number("cards", removed->cards)
                                .number("feedback", removed->feedback)
                                .number("comments", removed->comments)));
    };
    // When too much waits, the next hour's turn removes what this one did not.
    if (!store.expire(horizon(settings, now), told))
        log.write(LogLine{"expiry-put-off", "warning"});
}

}  // namespace cds::server

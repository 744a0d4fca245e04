#include "store/store.hpp"

#include "store/schema.hpp"

namespace cds::store {
namespace {

constexpr std::int64_t rows_removed_at_once = 2000;

}  // namespace

base::Result<std::unique_ptr<Database>> open_for_writing(Place const& place) {
    auto database = connect(place, Use::writing);
    if (!database) return database.error();
    if (auto const done = migrate(**database, migrations()); !done) return done.error();
    return database;
}

base::Result<std::unique_ptr<Database>> open_for_reading(Place const& place) {
    auto database = connect(place, Use::reading);
    if (!database) return database.error();
    if (auto const good = check_schema(**database); !good) return good.error();
    return database;
}

base::Result<std::unique_ptr<Store>> Store::open(Options options) {
    Writer::Open const again = [place = options.place] { return open_for_writing(place); };
    auto database = again();
    if (!database && database.error().code != base::ErrorCode::store_unavailable)
        return database.error();
    if (!database && options.watch) options.watch(database.error());
    auto ready = database ? *std::move(database) : nullptr;
    return std::unique_ptr<Store>{new Store{again, std::move(ready), std::move(options)}};
}

Store::Store(Writer::Open open, std::unique_ptr<Database> database, Options options)
    : writer_{std::move(open), std::move(database), options.limits, std::move(options.watch)} {}

bool Store::save(std::vector<FeedbackRow> rows, Writer::Done done) {
    return writer_.submit(
        [rows = std::move(rows)](Database& database) -> base::Result<void> {
            auto const added = insert_feedback(database, rows);
            if (!added) return added.error();
            return {};
        },
        std::move(done));
}

bool Store::use(TokenUse use, Used done) {
    auto const first = std::make_shared<bool>(false);
    return writer_.submit(
        [use = std::move(use), first](Database& database) -> base::Result<void> {
            auto const fresh = use_token(database, use);
            if (!fresh) return fresh.error();
            *first = *fresh;
            return {};
        },
        [first, done = std::move(done)](base::Result<void> const& outcome) {
            done(outcome ? base::Result<bool>{*first} : base::Result<bool>{outcome.error()});
        });
}

void Store::record(std::vector<CardRow> rows) {
    if (rows.empty()) return;
    writer_.submit_later([rows = std::move(rows)](Database& database) -> base::Result<void> {
        auto const added = insert_cards(database, rows);
        if (!added) return added.error();
        return {};
    });
}

bool Store::expire(Horizon horizon, Expired done) {
    return expire_further(horizon, {}, std::make_shared<Expired>(std::move(done)));
}

bool Store::expire_further(Horizon horizon, Removed so_far, std::shared_ptr<Expired> done) {
    auto removed = std::make_shared<Removed>();
    return writer_.submit(
        [horizon, removed](Database& database) -> base::Result<void> {
            auto const now = remove_older(database, horizon, rows_removed_at_once);
            if (!now) return now.error();
            *removed = *now;
            return {};
        },
        [this, horizon, so_far, removed, done](base::Result<void> const& outcome) {
            if (!outcome) return (*done)(outcome.error());
            auto sum = *removed;
            sum.cards += so_far.cards;
            sum.feedback += so_far.feedback;
            sum.comments += so_far.comments;
            sum.tokens += so_far.tokens;
            // Between two rounds those who wait get their turn. No room: the next hour goes on.
            if (!sum.more || !expire_further(horizon, sum, done)) (*done)(sum);
        });
}

}  // namespace cds::store

#pragma once
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "store/place.hpp"
#include "store/rows.hpp"
#include "store/tokens.hpp"
#include "store/writer.hpp"

namespace cds::store {

/// What the service keeps: cards sent, what was reported about them, and which tokens were used.
/// All writing goes through one thread (see Writer); nothing here waits for a disk.
///
/// Safe to use from several threads. Tables that come later (a record of calls) write through the
/// same thread: a function here that submits a job.
class Store {
public:
    struct Options {
        Place place;
        Writer::Limits limits;
        Writer::Watch watch;  ///< may be empty
    };

    /// Opens, creates or migrates. A store that cannot be used now is no error: `watch` is told,
    /// and it is tried again each second. Fails with `invalid` when it never can be: a later
    /// schema, or settings that would lose what was acknowledged.
    static base::Result<std::unique_ptr<Store>> open(Options options);

    /// Stores all rows or none. `done` is called on another thread when they are durable, or
    /// certainly not acknowledged. False: too much is waiting; nothing will be stored.
    [[nodiscard]] bool save(std::vector<FeedbackRow> rows, Writer::Done done);
    /// Records the use of a token; `done` is told whether it is the first, once that is durable, or
    /// the error. False: too much is waiting; `done` is never called.
    using Used = std::function<void(base::Result<bool> const& first)>;
    [[nodiscard]] bool use(TokenUse use, Used done);
    /// Stores cards some time soon, or counts them as dropped.
    void record(std::vector<CardRow> rows);
    /// Removes what is older, a few thousand rows in a transaction; `done` is told the sum.
    using Expired = std::function<void(base::Result<Removed> const&)>;
    [[nodiscard]] bool expire(Horizon horizon, Expired done);

    bool works() const noexcept { return writer_.works(); }
    Writer::Counts counts() const { return writer_.counts(); }
    /// Writes what waits and ends the thread. Everything after it is refused or dropped.
    void close() { writer_.close(); }

private:
    Store(Writer::Open open, std::unique_ptr<Database> database, Options options);
    bool expire_further(Horizon horizon, Removed so_far, std::shared_ptr<Expired> done);

    Writer writer_;
};

/// Opens a place as the service does: connects for writing and migrates.
base::Result<std::unique_ptr<Database>> open_for_writing(Place const& place);
/// Opens it for an export or a report, on a connection of its own: connects for reading and checks
/// the schema.
base::Result<std::unique_ptr<Database>> open_for_reading(Place const& place);

}  // namespace cds::store

#pragma once
#include <gtest/gtest.h>
#include <stdlib.h>
#include <unistd.h>

#include <condition_variable>
#include <filesystem>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "store/store.hpp"
#include "tests/store/postgres_server.hpp"

// The kinds of store that one suite is run against, and what its tests share.

namespace cds::store::test {

/// A folder that is gone at the end of the test.
class Folder {
public:
    Folder() {
        path_ = (std::filesystem::temp_directory_path() / "countersign-store-XXXXXX").string();
        if (!::mkdtemp(path_.data())) throw std::runtime_error{"no folder"};
    }
    ~Folder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    Folder(Folder const&) = delete;
    Folder& operator=(Folder const&) = delete;
    std::filesystem::path path() const { return path_; }

private:
    std::string path_;
};

struct SqliteKind {
    Folder folder;
    Place place = *find_place((folder.path() / "store.db").string(), "");
};

struct PostgresqlKind {
    Place place = *find_place(PostgresServer::running().fresh_database(), "");
};

using Kinds = testing::Types<SqliteKind, PostgresqlKind>;

/// The names by which ctest tells the two apart: PostgreSQL's run in one process, so that its
/// server starts once.
struct KindNames {
    template <class Kind>
    static std::string GetName(int) {
        return std::is_same_v<Kind, SqliteKind> ? "Sqlite" : "Postgresql";
    }
};

/// Waits for the writer's answer.
class Reply {
public:
    Writer::Done done() {
        return [this](base::Result<void> const& outcome) {
            std::lock_guard const lock{mutex_};
            outcome_ = outcome;
            arrived_.notify_all();
        };
    }
    base::Result<void> wait() {
        std::unique_lock lock{mutex_};
        arrived_.wait(lock, [this] { return outcome_.has_value(); });
        return *outcome_;
    }

private:
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::optional<base::Result<void>> outcome_;
};

inline base::Instant at(std::int64_t ms) { return base::Instant{std::chrono::milliseconds{ms}}; }

inline std::string uuid(int number) {
    auto const digits = std::to_string(number);
    return "4e0a3a1e-3283-4575-ab82-" + std::string(12 - digits.size(), '0') + digits;
}

inline CardRow card(int number, base::Instant sent_at = at(1000)) {
    return {uuid(number), "", "csa-thiazide", "warning", sent_at};
}

inline FeedbackRow feedback(int number, base::Instant received_at = at(2000)) {
    FeedbackRow row;
    row.service = "immunosuppressant-safety";
    row.card = uuid(number);
    row.outcome = "overridden";
    row.outcome_at = at(1500);
    row.received_at = received_at;
    row.id = feedback_id(row);
    return row;
}

inline std::unique_ptr<Store> open_store(Place const& place, Writer::Limits limits = {},
                                         Writer::Watch watch = {}) {
    auto store = Store::open({place, limits, std::move(watch)});
    if (!store) throw std::runtime_error{store.error().what};
    return *std::move(store);
}

inline base::Result<void> save(Store& store, std::vector<FeedbackRow> rows) {
    Reply reply;
    if (!store.save(std::move(rows), reply.done()))
        return base::Error{base::ErrorCode::store_unavailable, "", "full"};
    return reply.wait();
}

inline std::unique_ptr<Database> reader(Place const& place) {
    auto database = open_for_reading(place);
    if (!database) throw std::runtime_error{database.error().what};
    return *std::move(database);
}

inline Span always() { return {at(-1), at(std::int64_t{1} << 50)}; }

inline std::vector<ReportedCard> all_feedback(Place const& place) {
    std::vector<ReportedCard> rows;
    auto const database = reader(place);
    auto const done =
        each_feedback(*database, always(), [&](ReportedCard const& row) { rows.push_back(row); });
    if (!done) throw std::runtime_error{done.error().what};
    return rows;
}

inline std::vector<CardRow> all_cards(Place const& place) {
    std::vector<CardRow> rows;
    auto const database = reader(place);
    auto const done =
        each_card(*database, always(), [&](CardRow const& row) { rows.push_back(row); });
    if (!done) throw std::runtime_error{done.error().what};
    return rows;
}

}  // namespace cds::store::test

#include "store/schema.hpp"

#include <array>
#include <string>

namespace cds::store {
namespace {

using base::Error;
using base::ErrorCode;

// Instants are milliseconds since 1970 in UTC. Nothing here is of a patient but what a clinician
// may have typed into `comment`, or what an EHR put into `extension`; both have a retention of
// their own.
constexpr std::array<std::string_view, 8> cards_and_feedback{
    R"(CREATE TABLE card_sent (
  client TEXT NOT NULL,
  uuid TEXT NOT NULL,
  rule TEXT NOT NULL,
  indicator TEXT NOT NULL CHECK (indicator IN ('info', 'warning', 'critical')),
  sent_at BIGINT NOT NULL,
  PRIMARY KEY (client, uuid)))",
    "CREATE INDEX card_sent_by_time ON card_sent (sent_at)",
    R"(CREATE TABLE feedback (
  id TEXT NOT NULL PRIMARY KEY,
  client TEXT NOT NULL,
  service TEXT NOT NULL,
  card TEXT NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('accepted', 'overridden')),
  outcome_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  reason_code TEXT,
  reason_system TEXT,
  reason_display TEXT,
  comment TEXT,
  extension TEXT))",
    "CREATE INDEX feedback_by_card ON feedback (client, card)",
    "CREATE INDEX feedback_by_time ON feedback (received_at)",
    // Small, so that the daily search for free text that is to go looks at little.
    R"(CREATE INDEX feedback_with_text ON feedback (received_at)
  WHERE comment IS NOT NULL OR extension IS NOT NULL)",
    R"(CREATE TABLE accepted_suggestion (
  feedback TEXT NOT NULL REFERENCES feedback (id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  suggestion TEXT NOT NULL,
  PRIMARY KEY (feedback, place)))",
    // What a probe writes to learn whether the store takes rows again.
    "CREATE TABLE probe (one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), tried BIGINT NOT NULL)",
};

// The digest of a token's id, not the id: it may hold anything.
constexpr std::array<std::string_view, 2> tokens_used{
    R"(CREATE TABLE token_use (
  issuer TEXT NOT NULL,
  token TEXT NOT NULL,
  remember_until BIGINT NOT NULL,
  PRIMARY KEY (issuer, token)))",
    "CREATE INDEX token_use_by_time ON token_use (remember_until)",
};

constexpr std::array<Migration, 2> all_steps{Migration{cards_and_feedback}, Migration{tokens_used}};

base::Result<int> read_version(Database& database) {
    int version = 0;
    auto const done = database.query("SELECT version FROM schema_version", {}, [&](Row const& row) {
        version = static_cast<int>(row.number(0));
    });
    if (!done) return done.error();
    return version;
}

Error too_new(int found, int known) {
    return {ErrorCode::invalid, "store",
            "The store has schema version " + std::to_string(found) +
                ", made by a newer Countersign; this program knows versions up to " +
                std::to_string(known) +
                ". Start the newer program, or say with --store where another store is."};
}

base::Result<int> apply(Database& database, std::span<Migration const> steps) {
    if (auto const locked = database.lock_schema(); !locked) return locked.error();
    for (std::string_view const sql :
         {"CREATE TABLE IF NOT EXISTS schema_version ("
          "one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1), version INTEGER NOT NULL)",
          "INSERT INTO schema_version (one, version) VALUES (1, 0) ON CONFLICT DO NOTHING"})
        if (auto const done = database.execute(sql); !done) return done.error();
    auto const version = read_version(database);
    if (!version) return version.error();
    auto const known = static_cast<int>(steps.size());
    if (*version > known) return too_new(*version, known);
    for (auto const& step : steps.subspan(static_cast<std::size_t>(*version)))
        for (auto const sql : step)
            if (auto const done = database.execute(sql); !done) return done.error();
    if (*version < known) {
        Value const now{std::int64_t{known}};
        auto const done =
            database.execute("UPDATE schema_version SET version = $1", std::span{&now, 1});
        if (!done) return done.error();
    }
    return *version;
}

}  // namespace

std::span<Migration const> migrations() { return all_steps; }

base::Result<int> migrate(Database& database, std::span<Migration const> steps) {
    if (auto const begun = database.begin(); !begun) return begun.error();
    auto before = apply(database, steps);
    if (!before) {
        database.roll_back();
        return before.error();
    }
    if (auto const done = database.commit(); !done) {
        database.roll_back();
        return done.error();
    }
    return before;
}

base::Result<void> check_schema(Database& database) {
    auto const found = read_version(database);
    auto const known = static_cast<int>(all_steps.size());
    if (!found && found.error().code == ErrorCode::store_unavailable) return found.error();
    if (found && *found > known) return too_new(*found, known);
    if (!found || *found < known)
        return Error{ErrorCode::invalid, "store",
                     "This is no store of Countersign, or one that an older version made; "
                     "`countersign serve` brings it up to date."};
    return {};
}

}  // namespace cds::store

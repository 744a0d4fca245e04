#pragma once
#include <span>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"

namespace cds::store {

/// One step of the schema: the statements that lead from the version before to the next. A step
/// that has been released is never changed; what comes later is a further step.
using Migration = std::span<std::string_view const>;

/// All steps of this program; its schema version is their number.
std::span<Migration const> migrations();

/// Brings a database up to the last of `steps`, all in one transaction, and says which version it
/// was. Fails with `invalid` when the database is of a later version than this program knows.
base::Result<int> migrate(Database& database, std::span<Migration const> steps);

/// Whether a reader finds the schema that it knows. Fails with `invalid` and a sentence when not.
base::Result<void> check_schema(Database& database);

}  // namespace cds::store

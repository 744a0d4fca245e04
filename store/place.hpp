#pragma once
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "store/database.hpp"

namespace cds::store {

/// Where a store is: a file of SQLite, or a PostgreSQL database.
struct Place {
    enum class Kind : std::uint8_t { sqlite, postgresql };
    Kind kind = Kind::sqlite;
    std::string address;  ///< absolute path, or postgres://… (may hold a password: never shown)
    std::string name;     ///< for people and logs, without password
};

/// Reads the setting `store`: a path, or a connection as postgres://user@host/database. Empty:
/// `countersign.db` in `state_folder`, and where that is empty too, in the working directory.
/// Fails with `invalid` for a connection that libpq cannot read; nothing of it is in the text.
base::Result<Place> find_place(std::string_view setting, std::string_view state_folder);

/// Connects. A reader finds what is there and never creates, changes or migrates anything; a writer
/// creates file and folder.
///
/// Fails with store_unavailable when the place cannot be used now, with not_found when a reader
/// finds nothing there, and with `invalid` when it answers but without the settings that make a
/// commit durable: those are read back.
base::Result<std::unique_ptr<Database>> connect(Place const& place, Use use);

base::Result<std::unique_ptr<Database>> connect_sqlite(std::string const& path, Use use);
base::Result<std::unique_ptr<Database>> connect_postgresql(std::string const& connection, Use use);

}  // namespace cds::store

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <map>
#include <string>

#include "store/place.hpp"

namespace cds::store {
namespace {

using base::Error;
using base::ErrorCode;
namespace fs = std::filesystem;

constexpr int busy_timeout_ms = 2000;
constexpr std::size_t kept_statements = 64;

/// What a result code means for an operator. The library's own message may hold values.
Error fault(int code) {
    auto const unavailable = [code](std::string_view what) {
        return Error{ErrorCode::store_unavailable, "store",
                     std::string{what} + " (SQLite " + std::to_string(code) + ")"};
    };
    switch (code & 0xFF) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return unavailable("Another program holds the store; it is tried again.");
        case SQLITE_FULL:
            return unavailable("The disk that holds the store is full.");
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
            return unavailable("The store may not be written; see the rights of file and folder.");
        case SQLITE_IOERR:
            return unavailable("The disk that holds the store fails.");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return unavailable(
                "The store is damaged, or the file is no SQLite database; put it aside and bring "
                "back the last copy.");
        case SQLITE_CANTOPEN:
            return unavailable("The store cannot be opened; see the rights of file and folder.");
        case SQLITE_NOMEM:
            return unavailable("The store is short of memory.");
        case SQLITE_INTERRUPT:
        case SQLITE_PROTOCOL:
            return unavailable("The store could not be used; it is tried again.");
        default:
            return {ErrorCode::internal, "store",
                    "The store refused a statement (SQLite " + std::to_string(code) + ")."};
    }
}

bool breaks(int code) {
    switch (code & 0xFF) {
        case SQLITE_IOERR:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
            return true;
        default:
            return false;
    }
}

class SqliteRow final : public Row {
public:
    explicit SqliteRow(sqlite3_stmt* statement) : statement_{statement} {}
    std::optional<std::string_view> text(int column) const override {
        void const* const bytes = sqlite3_column_text(statement_, column);
        if (!bytes) return std::nullopt;
        return std::string_view{static_cast<char const*>(bytes),
                                static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
    }
    std::int64_t number(int column) const override {
        return sqlite3_column_int64(statement_, column);
    }

private:
    sqlite3_stmt* statement_;
};

class Sqlite final : public Database {
public:
    ~Sqlite() override {
        for (auto const& [sql, statement] : statements_) sqlite3_finalize(statement);
        sqlite3_close(connection_);
    }

    base::Result<void> open(std::string const& path, Use use) {
        int const flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE;
        if (int const code = sqlite3_open_v2(path.c_str(), &connection_, flags, nullptr); code != 0)
            return fault(code);
        sqlite3_busy_timeout(connection_, busy_timeout_ms);
        sqlite3_db_config(connection_, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
        sqlite3_db_config(connection_, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
        if (use == Use::reading) return set("PRAGMA query_only = ON");
        for (auto const* pragma :
             {"PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA foreign_keys = ON",
              // What is removed is overwritten: retention means the disk too.
              "PRAGMA secure_delete = ON"})
            if (auto const done = set(pragma); !done) return done;
        return check_settings();
    }

    base::Result<void> begin() override {
        if (sqlite3_get_autocommit(connection_) == 0) roll_back();
        return run("BEGIN IMMEDIATE");
    }
    base::Result<void> commit() override { return run("COMMIT"); }
    void roll_back() noexcept override {
        if (sqlite3_get_autocommit(connection_) == 0)
            sqlite3_exec(connection_, "ROLLBACK", nullptr, nullptr, nullptr);
    }

    base::Result<std::int64_t> execute(std::string_view sql,
                                       std::span<Value const> values) override {
        auto const done = query(sql, values, nullptr);
        if (!done) return done.error();
        return sqlite3_changes64(connection_);
    }

    base::Result<void> query(std::string_view sql, std::span<Value const> values,
                             Handler const& handler) override {
        auto const statement = prepared(sql);
        if (!statement) return statement.error();
        bind(*statement, values);
        int code = sqlite3_step(*statement);
        for (; code == SQLITE_ROW; code = sqlite3_step(*statement))
            if (handler) handler(SqliteRow{*statement});
        sqlite3_reset(*statement);
        sqlite3_clear_bindings(*statement);
        if (code != SQLITE_DONE) return failed(code);
        return {};
    }

    /// A transaction that writes excludes every other.
    base::Result<void> lock_schema() override { return {}; }
    bool broken() const noexcept override { return broken_; }

private:
    Error failed(int code) {
        broken_ = broken_ || breaks(code);
        return fault(code);
    }

    base::Result<void> run(char const* sql) { return query(sql, {}, nullptr); }

    base::Result<void> set(char const* pragma) {
        int const code = sqlite3_exec(connection_, pragma, nullptr, nullptr, nullptr);
        if (code != SQLITE_OK) return failed(code);
        return {};
    }

    base::Result<std::string> read_back(char const* pragma) {
        std::string found;
        auto const done =
            query(pragma, {}, [&](Row const& row) { found = row.text(0).value_or(""); });
        if (!done) return done.error();
        return found;
    }

    /// What makes a commit durable must be in force, and not only asked for.
    base::Result<void> check_settings() {
        struct {
            char const* pragma;
            std::string_view wanted;
        } const settings[] = {{"PRAGMA journal_mode", "wal"},
                              {"PRAGMA synchronous", "2"},
                              {"PRAGMA foreign_keys", "1"}};
        for (auto const& [pragma, wanted] : settings) {
            auto const found = read_back(pragma);
            if (!found) return found.error();
            if (*found != wanted)
                return Error{ErrorCode::invalid, "store",
                             std::string{pragma} +
                                 " is not in force, so that a power cut could lose feedback. Put "
                                 "the store on a local disk."};
        }
        return {};
    }

    base::Result<sqlite3_stmt*> prepared(std::string_view sql) {
        if (auto const found = statements_.find(sql); found != statements_.end())
            return found->second;
        if (statements_.size() >= kept_statements) {
            sqlite3_finalize(statements_.begin()->second);
            statements_.erase(statements_.begin());
        }
        sqlite3_stmt* statement = nullptr;
        int const code = sqlite3_prepare_v3(connection_, sql.data(), static_cast<int>(sql.size()),
                                            SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
        if (code != SQLITE_OK) return failed(code);
        statements_.emplace(sql, statement);
        return statement;
    }

    static void bind(sqlite3_stmt* statement, std::span<Value const> values) {
        for (std::size_t i = 0; i < values.size(); ++i) {
            auto const name = "$" + std::to_string(i + 1);
            // `$7` is a name to SQLite: its index is the order in which names appear.
            int const index = sqlite3_bind_parameter_index(statement, name.c_str());
            if (auto const* number = std::get_if<std::int64_t>(&values[i]))
                sqlite3_bind_int64(statement, index, *number);
            else if (auto const* text = std::get_if<std::string_view>(&values[i]))
                sqlite3_bind_text64(statement, index, text->data() ? text->data() : "",
                                    text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
            else
                sqlite3_bind_null(statement, index);
        }
    }

    sqlite3* connection_ = nullptr;
    std::map<std::string, sqlite3_stmt*, std::less<>> statements_;
    bool broken_ = false;
};

/// Makes the names in a folder durable: a file that a power cut takes with its name is lost whole.
void flush_folder(fs::path const& folder) {
    int const opened = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (opened < 0) return;
    ::fsync(opened);
    ::close(opened);
}

/// Creates the folders on the way to a file for this user alone.
void create_folders(fs::path const& folder) {
    std::error_code error;
    if (folder.empty() || fs::exists(folder, error)) return;
    create_folders(folder.parent_path());
    ::mkdir(folder.c_str(), 0700);
    flush_folder(folder.parent_path());
}

Error cannot_open(std::string const& path, int number) {
    auto const what = std::error_code{number, std::generic_category()}.message();
    return {ErrorCode::store_unavailable, "store",
            "The store " + path + " cannot be opened for writing: " + what + "."};
}

/// Creates the file for this user alone, or takes the rights of others from it. SQLite gives the
/// files that it puts beside it the same rights.
///
/// A file that is there is never opened: closing it would drop the locks that another connection of
/// this process holds.
base::Result<void> prepare_file(std::string const& path) {
    struct stat about {};
    if (::stat(path.c_str(), &about) != 0) {
        auto const folder = fs::path{path}.parent_path();
        create_folders(folder);
        int const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file < 0 && errno != EEXIST) return cannot_open(path, errno);
        if (file >= 0) ::close(file);
        flush_folder(folder);
        return {};
    }
    if (!S_ISREG(about.st_mode)) return cannot_open(path, S_ISDIR(about.st_mode) ? EISDIR : EINVAL);
    if ((about.st_mode & 077) != 0 && ::chmod(path.c_str(), 0600) != 0)
        return Error{ErrorCode::invalid, "store",
                     "The store " + path +
                         " can be read by others and belongs to another user, so that this cannot "
                         "be changed here; make its mode 0600."};
    return {};
}

}  // namespace

base::Result<std::unique_ptr<Database>> connect_sqlite(std::string const& path, Use use) {
    if (use == Use::writing) {
        if (auto const prepared = prepare_file(path); !prepared) return prepared.error();
    } else if (std::error_code error; !fs::exists(path, error)) {
        return Error{ErrorCode::not_found, path,
                     "There is no store here; say where it is with --store."};
    }
    auto database = std::make_unique<Sqlite>();
    if (auto const opened = database->open(path, use); !opened) return opened.error();
    return std::unique_ptr<Database>{std::move(database)};
}

}  // namespace cds::store

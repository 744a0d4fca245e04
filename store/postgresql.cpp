#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <map>
#include <string>
#include <vector>

#include "store/place.hpp"

namespace cds::store {
namespace {

using base::Error;
using base::ErrorCode;

struct Clear {
    void operator()(PGresult* result) const noexcept { PQclear(result); }
};
using Answer = std::unique_ptr<PGresult, Clear>;

Error unavailable(std::string what) {
    return {ErrorCode::store_unavailable, "store", std::move(what)};
}

std::int64_t whole_number(std::string_view text) {
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

/// Whether a class of SQLSTATE speaks of the server's condition and not of the statement
/// (https://www.postgresql.org/docs/15/errcodes-appendix.html).
bool is_condition(std::string_view state) {
    // 25006: the transaction is read-only. 40: rolled back. 53: resources. 55: not in that state
    // (locks). 57: shut down or cancelled. 58: the system. F0: its files.
    for (std::string_view const start : {"08", "25006", "40", "53", "55", "57", "58", "F0", "XX"})
        if (state.starts_with(start)) return true;
    return false;
}

class PostgresqlRow final : public Row {
public:
    explicit PostgresqlRow(PGresult const* result) : result_{result} {}
    std::optional<std::string_view> text(int column) const override {
        if (PQgetisnull(result_, 0, column) != 0) return std::nullopt;
        return std::string_view{PQgetvalue(result_, 0, column),
                                static_cast<std::size_t>(PQgetlength(result_, 0, column))};
    }
    std::int64_t number(int column) const override {
        return whole_number(text(column).value_or(""));
    }

private:
    PGresult const* result_;
};

/// Parameters as libpq takes them: all as text.
class Parameters {
public:
    explicit Parameters(std::span<Value const> values) {
        texts_.reserve(values.size());
        pointers_.reserve(values.size());
        for (auto const& value : values) {
            if (auto const* number = std::get_if<std::int64_t>(&value))
                pointers_.push_back(texts_.emplace_back(std::to_string(*number)).c_str());
            else if (auto const* text = std::get_if<std::string_view>(&value))
                pointers_.push_back(texts_.emplace_back(*text).c_str());
            else
                pointers_.push_back(nullptr);
        }
    }
    int count() const { return static_cast<int>(pointers_.size()); }
    char const* const* data() const { return pointers_.data(); }

private:
    std::vector<std::string> texts_;  ///< reserved, so that the pointers hold
    std::vector<char const*> pointers_;
};

class Postgresql final : public Database {
public:
    ~Postgresql() override { PQfinish(connection_); }

    base::Result<void> open(std::string const& address, Use use) {
        // What the address itself says comes later and wins, but for the encoding.
        std::array const names{"application_name", "connect_timeout", "dbname", "client_encoding",
                               static_cast<char const*>(nullptr)};
        std::array const values{"countersign", "3", address.c_str(), "UTF8",
                                static_cast<char const*>(nullptr)};
        connection_ = PQconnectdbParams(names.data(), values.data(), 1);
        if (!connection_) return unavailable("The store is short of memory.");
        PQsetNoticeProcessor(
            connection_, [](void*, char const*) {}, nullptr);
        if (PQstatus(connection_) != CONNECTION_OK) {
            std::string what{PQerrorMessage(connection_)};
            while (what.ends_with('\n')) what.pop_back();
            for (auto& c : what)
                if (c == '\n') c = ' ';
            return unavailable("PostgreSQL cannot be reached: " + what);
        }
        if (use == Use::reading) return run("SET default_transaction_read_only = on");
        for (auto const* setting : {"SET statement_timeout = '10s'", "SET lock_timeout = '2s'",
                                    "SET idle_in_transaction_session_timeout = '30s'"})
            if (auto const done = run(setting); !done) return done;
        return check_settings();
    }

    base::Result<void> begin() override {
        if (PQtransactionStatus(connection_) != PQTRANS_IDLE) roll_back();
        return run("BEGIN");
    }
    base::Result<void> commit() override { return run("COMMIT"); }
    void roll_back() noexcept override { Answer const ignored{PQexec(connection_, "ROLLBACK")}; }

    base::Result<std::int64_t> execute(std::string_view sql,
                                       std::span<Value const> values) override {
        auto const name = prepared(sql);
        if (!name) return name.error();
        Parameters const parameters{values};
        Answer const answer{PQexecPrepared(connection_, name->c_str(), parameters.count(),
                                           parameters.data(), nullptr, nullptr, 0)};
        if (auto const wrong = fault(answer.get())) return *wrong;
        return whole_number(PQcmdTuples(answer.get()));
    }

    base::Result<void> query(std::string_view sql, std::span<Value const> values,
                             Handler const& handler) override {
        auto const name = prepared(sql);
        if (!name) return name.error();
        Parameters const parameters{values};
        if (PQsendQueryPrepared(connection_, name->c_str(), parameters.count(), parameters.data(),
                                nullptr, nullptr, 0) != 1)
            return *fault(nullptr);
        // Row by row: an export must not fill the memory.
        PQsetSingleRowMode(connection_);
        std::optional<Error> wrong;
        while (Answer const answer{PQgetResult(connection_)}) {
            if (!wrong) wrong = fault(answer.get());
            if (!wrong && handler && PQresultStatus(answer.get()) == PGRES_SINGLE_TUPLE)
                handler(PostgresqlRow{answer.get()});
        }
        if (wrong) return *wrong;
        return {};
    }

    base::Result<void> lock_schema() override {
        return run("SELECT pg_advisory_xact_lock(7233617)");
    }
    bool broken() const noexcept override { return PQstatus(connection_) != CONNECTION_OK; }

private:
    /// What is wrong with an answer; none: it is good. libpq's message may hold values, so only the
    /// code is told.
    std::optional<Error> fault(PGresult const* answer) const {
        auto const status = PQresultStatus(answer);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_SINGLE_TUPLE)
            return std::nullopt;
        char const* const field = answer ? PQresultErrorField(answer, PG_DIAG_SQLSTATE) : nullptr;
        std::string const state{field ? field : ""};
        if (broken() || state.empty()) return unavailable("The connection to PostgreSQL was lost.");
        if (is_condition(state))
            return unavailable("PostgreSQL cannot do it now (SQLSTATE " + state + ").");
        return Error{ErrorCode::internal, "store",
                     "PostgreSQL refused a statement (SQLSTATE " + state + ")."};
    }

    base::Result<void> run(char const* sql) {
        Answer const answer{PQexec(connection_, sql)};
        if (auto const wrong = fault(answer.get())) return *wrong;
        return {};
    }

    base::Result<std::string> read_back(char const* sql) {
        Answer const answer{PQexec(connection_, sql)};
        if (auto const wrong = fault(answer.get())) return *wrong;
        return std::string{PQgetvalue(answer.get(), 0, 0)};
    }

    static Error not_durable(std::string what) {
        return {ErrorCode::invalid, "store", std::move(what)};
    }

    /// What makes a commit durable must be in force, and not only asked for.
    base::Result<void> check_settings() {
        auto const standby = read_back("SELECT pg_is_in_recovery()");
        if (!standby) return standby.error();
        if (*standby == "t")
            return unavailable("This PostgreSQL is a standby and takes no writes.");
        auto const before = read_back("SHOW synchronous_commit");
        if (!before) return before.error();
        // A stricter setting of the server (remote_apply) stays.
        if (*before == "off" || *before == "local")
            if (auto const set = run("SET synchronous_commit = on"); !set) return set.error();
        for (auto const* setting : {"fsync", "synchronous_commit", "full_page_writes"}) {
            auto const found = read_back((std::string{"SHOW "} + setting).c_str());
            if (!found) return found.error();
            if (*found == "off")
                return not_durable(
                    "PostgreSQL runs with " + std::string{setting} +
                    " = off, so that a power cut could lose feedback. Switch it on.");
        }
        auto const encoding = read_back("SHOW server_encoding");
        if (!encoding) return encoding.error();
        if (*encoding != "UTF8")
            return not_durable("The PostgreSQL database is not in UTF8; create one that is.");
        return {};
    }

    base::Result<std::string> prepared(std::string_view sql) {
        if (auto const found = names_.find(sql); found != names_.end()) return found->second;
        auto name = "s" + std::to_string(names_.size());
        Answer const answer{
            PQprepare(connection_, name.c_str(), std::string{sql}.c_str(), 0, nullptr)};
        if (auto const wrong = fault(answer.get())) return *wrong;
        names_.emplace(sql, name);
        return name;
    }

    PGconn* connection_ = nullptr;
    std::map<std::string, std::string, std::less<>> names_;  ///< of prepared statements, by text
};

}  // namespace

base::Result<std::unique_ptr<Database>> connect_postgresql(std::string const& connection, Use use) {
    auto database = std::make_unique<Postgresql>();
    if (auto const opened = database->open(connection, use); !opened) return opened.error();
    return std::unique_ptr<Database>{std::move(database)};
}

}  // namespace cds::store

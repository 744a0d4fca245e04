#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <variant>

#include "base/result.hpp"

namespace cds::store {

/// A value of a statement: absent (NULL), a whole number, or text in UTF-8 without U+0000. Text is
/// looked at during the call only.
using Value = std::variant<std::monostate, std::int64_t, std::string_view>;

/// NULL for a text that is absent.
template <class Text>
Value value_of(std::optional<Text> const& text) {
    return text ? Value{std::string_view{*text}} : Value{};
}

/// One row of a result; it is gone when the handler returns.
class Row {
public:
    /// None for NULL.
    virtual std::optional<std::string_view> text(int column) const = 0;
    /// 0 for NULL.
    virtual std::int64_t number(int column) const = 0;

protected:
    Row() = default;
    ~Row() = default;
    Row(Row const&) = default;
    Row& operator=(Row const&) = default;
};

/// One connection to a database, used by one thread at a time. Statements are the same for all
/// kinds: parameters are `$1`, `$2`, …, types TEXT, INTEGER and BIGINT.
///
/// Fails with store_unavailable when the database cannot do it now (lock, disk, connection), with
/// internal when it refuses the statement itself. Neither text holds a value.
class Database {
public:
    using Handler = std::function<void(Row const&)>;

    Database() = default;
    virtual ~Database() = default;
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    /// Starts a transaction that will write. One that was left open is rolled back first.
    virtual base::Result<void> begin() = 0;
    /// Made durable when this succeeds. When it fails nothing may be taken as stored.
    virtual base::Result<void> commit() = 0;
    virtual void roll_back() noexcept = 0;
    /// Runs a statement; returns how many rows it changed.
    virtual base::Result<std::int64_t> execute(std::string_view sql,
                                               std::span<Value const> values = {}) = 0;
    /// Runs a query; calls `handler` for each row as it comes.
    virtual base::Result<void> query(std::string_view sql, std::span<Value const> values,
                                     Handler const& handler) = 0;
    /// Keeps other programs from migrating the same database until the transaction ends.
    virtual base::Result<void> lock_schema() = 0;
    /// Whether it must be opened anew before it can be used again.
    virtual bool broken() const noexcept = 0;
};

/// What a connection is for.
enum class Use : std::uint8_t { writing, reading };

}  // namespace cds::store

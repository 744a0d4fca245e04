#include "store/tokens.hpp"

#include <array>

#include "base/digest.hpp"

namespace cds::store {

base::Result<bool> use_token(Database& database, TokenUse const& use) {
    auto const digest = base::sha256_hex(use.id);
    std::array const values{Value{std::string_view{use.issuer}}, Value{std::string_view{digest}},
                            Value{std::int64_t{use.remember_until.time_since_epoch().count()}}};
    auto const added = database.execute(
        "INSERT INTO token_use (issuer, token, remember_until) VALUES ($1, $2, $3) "
        "ON CONFLICT DO NOTHING",
        values);
    if (!added) return added.error();
    return *added == 1;
}

base::Result<std::int64_t> forget_tokens(Database& database, base::Instant now, std::int64_t most) {
    std::array const values{Value{std::int64_t{now.time_since_epoch().count()}}, Value{most}};
    return database.execute(
        "DELETE FROM token_use WHERE (issuer, token) IN (SELECT issuer, token FROM token_use "
        "WHERE remember_until < $1 LIMIT $2)",
        values);
}

}  // namespace cds::store

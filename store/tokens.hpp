#pragma once
#include <cstdint>
#include <string>

#include "base/date.hpp"
#include "base/result.hpp"
#include "store/database.hpp"

namespace cds::store {

/// The use of one token. Two with the same issuer and id are the same, whatever else differs.
struct TokenUse {
    std::string issuer;
    std::string id;                  ///< may hold anything; a digest of it is stored
    base::Instant remember_until{};  ///< after it the token is refused as expired
};

// Inside a transaction of the caller.

/// Records the use; false when the token was used before, by whichever instance of the service.
base::Result<bool> use_token(Database& database, TokenUse const& use);
/// Forgets up to `most` uses that were to be remembered until `now`; returns how many.
base::Result<std::int64_t> forget_tokens(Database& database, base::Instant now, std::int64_t most);

}  // namespace cds::store

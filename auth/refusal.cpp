#include "auth/refusal.hpp"

#include "base/result.hpp"

namespace cds::auth {

std::string_view name(Refusal refusal) {
    switch (refusal) {
        case Refusal::no_token:
            return "no-token";
        case Refusal::too_long:
            return "token-too-long";
        case Refusal::form:
            return "token-form";
        case Refusal::header:
            return "token-header";
        case Refusal::algorithm:
            return "algorithm";
        case Refusal::header_keys:
            return "header-keys";
        case Refusal::extension:
            return "token-extension";
        case Refusal::key_id:
            return "key-id";
        case Refusal::claims:
            return "claims";
        case Refusal::issuer:
            return "unknown-issuer";
        case Refusal::audience:
            return "audience";
        case Refusal::expired:
            return "expired";
        case Refusal::not_yet_valid:
            return "not-yet-valid";
        case Refusal::lifetime:
            return "lifetime";
        case Refusal::unknown_key:
            return "unknown-key";
        case Refusal::wrong_key:
            return "wrong-key";
        case Refusal::signature:
            return "signature";
        case Refusal::replayed:
            return "replayed";
    }
    return "refused";
}

void throw_exception_from_error(Refusal refusal, boost::source_location const&) {
    base::throw_error({base::ErrorCode::internal, "", std::string{name(refusal)}});
}

}  // namespace cds::auth

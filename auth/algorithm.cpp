#include "auth/algorithm.hpp"

namespace cds::auth {

std::string_view name(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::es256:
            return "ES256";
        case Algorithm::es384:
            return "ES384";
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::rs384:
            return "RS384";
        case Algorithm::eddsa:
            return "EdDSA";
    }
    return {};
}

std::optional<Algorithm> algorithm_of(std::string_view text) {
    for (auto const one :
         {Algorithm::es256, Algorithm::es384, Algorithm::rs256, Algorithm::rs384, Algorithm::eddsa})
        if (name(one) == text) return one;
    return std::nullopt;
}

}  // namespace cds::auth

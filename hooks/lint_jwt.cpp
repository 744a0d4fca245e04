#include <array>
#include <optional>

#include "base/base64url.hpp"
#include "hooks/lint_table.hpp"

// What holds of the JWT with which a client authenticates: CDS Hooks 2.0, "Trusting CDS Clients".

namespace cds::hooks::lint {

using base::json::Value;

namespace {

constexpr std::array members{
    Member{Part::jwt_header, "alg", Form::text, Need::required, "S5-alg", "Sign with ES384."},
    Member{Part::jwt_header, "kid", Form::text, Need::required, "S5-kid",
           "Name the key as the JWK Set does."},
    Member{Part::jwt_header, "typ", Form::text, Need::required, "S5-typ", "Send JWT."},
    Member{Part::jwt_header, "jku", Form::url, Need::optional, "S5-jku",
           "Send the URL of the JWK Set."},
    Member{Part::jwt_claims, "iss", Form::text, Need::required, "S5-iss",
           "Send the issuer under which you are registered."},
    Member{Part::jwt_claims, "exp", Form::seconds, Need::required, "S5-exp",
           "Send the end as seconds since 1970."},
    Member{Part::jwt_claims, "iat", Form::seconds, Need::required, "S5-iat",
           "Send the time of issue as seconds since 1970."},
    Member{Part::jwt_claims, "jti", Form::text, Need::required, "S5-jti",
           "Send a value that is new in each token."},
};

constexpr long long longest_life_seconds = 15 * 60;

constexpr std::array checks{
    Check{Part::jwt_header, "alg", "S5-alg", Severity::error,
          [](Value header) {
              auto const alg = header["alg"].string();
              return alg == "none" || alg == "None" || alg == "NONE" || alg.starts_with("HS");
          },
          "A token must be signed, and not with a shared secret.", "Sign with ES384 or RS384."},
    Check{Part::jwt_header, "alg", "S5-alg", Severity::warning,
          [](Value header) {
              auto const alg = header["alg"].string();
              return !alg.empty() && alg != "none" && !alg.starts_with("HS") && alg != "ES384" &&
                     alg != "RS384";
          },
          "ES384 and RS384 are recommended; a service may refuse others.", "Sign with ES384."},
    Check{Part::jwt_header, "typ", "S5-typ", Severity::error,
          [](Value header) {
              auto const typ = header["typ"].string();
              return !typ.empty() && typ != "JWT" && typ != "jwt";
          },
          "This is no type of token.", "Send JWT."},
    Check{Part::jwt_header, "jku", "S6", Severity::warning,
          [](Value header) { return header["jku"].string().starts_with("http://"); },
          "A service fetches keys by https only.", "Send an https URL."},
    Check{Part::jwt_header, "crit", "S7", Severity::warning,
          [](Value header) { return !is_absent(header["crit"]); },
          "A service refuses critical members that it does not know.", "Leave crit out."},
    Check{Part::jwt_claims, "aud", "S5-aud", Severity::error,
          [](Value claims) {
              auto const aud = claims["aud"];
              if (aud.is_array()) return aud.size() == 0 || aud.first().string().empty();
              return aud.string().empty();
          },
          "The audience is missing.", "Send the URL of the endpoint that is called."},
    Check{Part::jwt_claims, "exp", "S10", Severity::warning,
          [](Value claims) {
              auto const from = claims["iat"].integer(), to = claims["exp"].integer();
              return from && to && *to > *from && *to - *from > longest_life_seconds;
          },
          "The token is valid for more than 15 minutes; a service may refuse it.",
          "Let it end five minutes after its issue."},
    Check{Part::jwt_claims, "exp", "S5-exp", Severity::error,
          [](Value claims) {
              auto const from = claims["iat"].integer(), to = claims["exp"].integer();
              return from && to && *to <= *from;
          },
          "The token ends before it is issued.", "Send exp later than iat, both in seconds."},
};

/// Looks at one of the two JSON parts of a compact JWT.
void look_at_part(Part part, std::string_view text, std::string const& where,
                  Complaints& complaints) {
    auto const json = base::from_base64url(text);
    base::json::Document document;
    auto const value = json ? document.parse(*json) : base::Result<Value>{base::Error{}};
    if (!value || !value->is_object())
        return complaints.add({where, "S5", Severity::error, "This part is no JSON in base64url.",
                               "Encode the JSON without padding (RFC 7515)."});
    look_at(part, *value, jwt_tables(), where, complaints);
}

}  // namespace

Tables jwt_tables() { return {members, checks}; }

std::vector<Violation> lint_jwt(std::string_view compact, Dialect as) {
    Complaints complaints{as};
    while (!compact.empty() && (compact.back() == '\n' || compact.back() == '\r'))
        compact.remove_suffix(1);
    auto const first = compact.find('.');
    auto const second = first == compact.npos ? first : compact.find('.', first + 1);
    if (second == compact.npos || compact.find('.', second + 1) != compact.npos) {
        complaints.add({"", "S5", Severity::error,
                        "A compact JWT has three parts with dots between.",
                        "Send header.claims.signature."});
        return std::move(complaints).take();
    }
    look_at_part(Part::jwt_header, compact.substr(0, first), "/header", complaints);
    look_at_part(Part::jwt_claims, compact.substr(first + 1, second - first - 1), "/claims",
                 complaints);
    if (second + 1 == compact.size())
        complaints.add({"/signature", "S5-alg", Severity::error, "The token is not signed.",
                        "Sign with ES384 or RS384."});
    return std::move(complaints).take();
}

}  // namespace cds::hooks::lint

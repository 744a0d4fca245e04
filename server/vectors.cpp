#include "server/vectors.hpp"

#include <vector>

#include "auth/jws.hpp"
#include "base/date.hpp"
#include "base/json.hpp"
#include "base/rational.hpp"
#include "server/header_text.hpp"

namespace cds::server {
namespace {

using base::json::Value;

std::string answer(bool ok, std::string_view reason) {
    std::string out = ok ? R"({"ok":true,"reason":)" : R"({"ok":false,"reason":)";
    base::json::write_string(reason, out);
    return out + "}";
}

std::string bad_line() { return answer(false, "the line is no object of the expected form"); }

/// The bytes that hexadecimal digits stand for; none for anything else.
std::optional<std::string> from_hex(std::string_view digits) {
    if (digits.size() % 2 != 0) return std::nullopt;
    std::string bytes;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        auto const byte = percent_decoded("%" + std::string{digits.substr(i, 2)});
        if (!byte) return std::nullopt;
        bytes += *byte;
    }
    return bytes;
}

base::Result<auth::KeySet> keys_of(Value jwks) {
    if (jwks["keys"]) return auth::KeySet::read(jwks);
    std::string one = R"({"keys":[)";
    base::json::write(jwks, one);
    return auth::KeySet::read(one + "]}");
}

std::string days(base::Date const& date) {
    return R"({"ok":true,"first":")" + base::iso(date.first) + R"(","last":")" +
           base::iso(date.last) + R"("})";
}

}  // namespace

std::string verify_jws_line(std::string_view line) {
    base::json::Document document;
    auto const root = document.parse(line);
    if (!root || !(*root)["jws"].is_string() || !(*root)["allow"].is_array()) return bad_line();
    std::vector<auth::Algorithm> allowed;
    for (auto const entry : (*root)["allow"])
        if (auto const one = auth::algorithm_of(entry.string())) allowed.push_back(*one);
    auto const keys = keys_of((*root)["jwks"]);
    if (!keys) return answer(false, "keys");
    auto const jws = auth::read_jws((*root)["jws"].string(), allowed);
    if (!jws) return answer(false, auth::name(jws.error()));
    auto const good = auth::verify_with_only_key(*jws, *keys);
    return good ? answer(true, "ok") : answer(false, auth::name(good.error()));
}

std::string verify_signature_line(std::string_view line) {
    base::json::Document document;
    auto const root = document.parse(line);
    if (!root || !root->is_object()) return bad_line();
    auto const message = from_hex((*root)["msg_hex"].string());
    auto const signature = from_hex((*root)["sig_hex"].string());
    if (!message || !signature) return bad_line();
    auto const algorithm = auth::algorithm_of((*root)["alg"].string());
    if (!algorithm) return answer(false, "algorithm");
    auto const key = auth::PublicKey::read((*root)["jwk"]);
    if (!key) return answer(false, "keys");
    bool const good = key->verifies(*algorithm, *message, *signature);
    return answer(good, good ? "ok" : "signature");
}

std::optional<std::string> parse_primitive_line(std::string_view type, std::string_view line) {
    bool const decimal = type == "decimal";
    bool const dated = type == "date" || type == "dateTime" || type == "instant";
    if (!decimal && !dated) return std::nullopt;
    base::json::Document document;
    auto const value = document.parse(line);
    if (!value) return answer(false, "json");
    if (decimal) {
        auto const text = value->number();
        if (text.empty() || !base::Rational::parse(text)) return answer(false, "decimal");
        return R"({"ok":true,"text":")" + std::string{text} + R"("})";
    }
    auto const date = base::parse_date(value->string(), base::Zone{});
    bool const fits = date.precision >= base::Precision::year &&
                      (type != "date" || !date.has_time()) &&
                      (type != "instant" || date.has_time());
    return fits ? days(date) : answer(false, std::string{type});
}

}  // namespace cds::server

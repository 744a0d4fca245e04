#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <set>
#include <span>

#include "auth/client.hpp"
#include "base/json.hpp"

namespace cds::auth {
namespace {

using base::Error;
using base::ErrorCode;
using base::json::Value;

/// The epic dialect's tokens live a little longer than others'.
constexpr std::chrono::seconds epic_token_lifetime{900};

/// Reads one registration. The first fault is kept; everything after it is read in vain.
class Reader {
public:
    Reader(Value object, std::string place) : object_{object}, place_{std::move(place)} {}

    void refuse(std::string_view member, std::string_view what) {
        if (fault_) return;
        auto where = member.empty() ? place_ : place_ + "/" + std::string{member};
        fault_ = Error{ErrorCode::invalid, std::move(where), std::string{what}};
    }
    void allow_only(std::span<std::string_view const> members) {
        if (!object_.is_object()) return refuse("", "An object is expected here.");
        for (auto const member : object_)
            if (std::ranges::find(members, member.key()) == members.end())
                return refuse("",
                              "There is a member that docs/security.md does not know; it "
                              "lists all of them.");
    }
    std::string text(std::string_view member, bool required = false) {
        auto const value = object_[member];
        if (!value && !required) return {};
        if (!value.is_string() || value.string().empty() || value.string().size() > 2000)
            refuse(member, "A text is expected, not empty and of at most 2,000 bytes.");
        return std::string{value.string()};
    }
    std::vector<std::string> texts(std::string_view member) {
        std::vector<std::string> out;
        auto const value = object_[member];
        if (!value) return out;
        if (!value.is_array()) refuse(member, "An array of texts is expected.");
        for (auto const entry : value) {
            if (!entry.is_string() || entry.string().empty())
                refuse(member, "An array of texts is expected.");
            out.emplace_back(entry.string());
        }
        return out;
    }
    double number(std::string_view member, double fallback, double least, double most) {
        auto const value = object_[member];
        if (!value) return fallback;
        auto const digits = value.number();
        double out = 0;
        auto const end = digits.data() + digits.size();
        auto const [stop, error] = std::from_chars(digits.data(), end, out);
        if (digits.empty() || error != std::errc{} || stop != end || out < least || out > most)
            refuse(member, "The number is outside its limits; docs/security.md has them.");
        return out;
    }
    std::chrono::seconds seconds(std::string_view member, std::chrono::seconds fallback, int most) {
        return std::chrono::seconds{static_cast<std::int64_t>(
            number(member, static_cast<double>(fallback.count()), 1, most))};
    }
    Value operator[](std::string_view member) const { return object_[member]; }
    std::string const& place() const { return place_; }
    std::optional<Error> const& fault() const { return fault_; }

private:
    Value object_;
    std::string place_;
    std::optional<Error> fault_;
};

bool is_plain_url(std::string_view url) {
    return std::ranges::all_of(url, [](char c) {
        return c > ' ' && c <= '~' && c != '"' && c != '#' && c != '?' && c != '@' && c != '\\';
    });
}

/// http is for servers of the same machine, in tests and demonstrations.
bool is_fetchable(std::string_view url) {
    if (!is_plain_url(url)) return false;
    if (url.starts_with("https://")) return url.size() > 8;
    return url.starts_with("http://127.0.0.1:") || url.starts_with("http://localhost:") ||
           url.starts_with("http://[::1]:");
}

FhirBase read_base(Reader& outer, Value value, std::size_t index,
                   std::vector<std::string> const& networks) {
    static constexpr std::array<std::string_view, 6> members{"url",     "caFile", "certificateFile",
                                                             "keyFile", "proxy",  "networks"};
    Reader reader{value, outer.place() + "/fhirBases/" + std::to_string(index)};
    reader.allow_only(members);
    FhirBase base;
    base.url = reader.text("url", true);
    if (!is_fetchable(base.url) || base.url.ends_with('/'))
        reader.refuse("url",
                      "An https URL without query and without a slash at its end is "
                      "expected; http is for loopback only.");
    base.ca_file = reader.text("caFile");
    base.certificate_file = reader.text("certificateFile");
    base.key_file = reader.text("keyFile");
    base.proxy = reader.text("proxy");
    base.networks = reader.texts("networks");
    if (base.networks.empty()) base.networks = networks;
    if (base.certificate_file.empty() != base.key_file.empty())
        reader.refuse("keyFile", "A client certificate and its key go together.");
    if (auto const& fault = reader.fault())
        outer.refuse(fault->where.substr(outer.place().size() + 1), fault->what);
    return base;
}

void read_keys(Reader& reader, Client& client) {
    client.jwks_url = reader.text("jwksUrl");
    client.jwks_ca_file = reader.text("jwksCaFile");
    auto const inline_keys = reader["jwks"];
    if (bool{inline_keys} == !client.jwks_url.empty())
        return reader.refuse("jwks",
                             "Either jwks or jwksUrl says which keys the client signs "
                             "with.");
    if (!inline_keys) {
        if (!is_fetchable(client.jwks_url))
            reader.refuse("jwksUrl",
                          "An https URL without query is expected; http is for "
                          "loopback only.");
        return;
    }
    auto keys = KeySet::read(inline_keys);
    if (!keys) return reader.refuse("jwks", keys.error().what);
    if (keys->keys().empty())
        return reader.refuse("jwks",
                             "No key here can be used: EC on P-256 or P-384, RSA of 2,048 "
                             "to 4,096 bits or Ed25519, public, for signatures, each kid "
                             "once.");
    client.keys = std::make_shared<KeySet const>(*std::move(keys));
}

void read_algorithms(Reader& reader, Client& client) {
    for (auto const& text : reader.texts("algorithms")) {
        auto const one = algorithm_of(text);
        if (!one)
            return reader.refuse("algorithms",
                                 "Algorithms are ES384, RS384, ES256, RS256 and EdDSA.");
        client.algorithms.push_back(*one);
    }
    if (client.algorithms.empty()) client.algorithms = {Algorithm::es384, Algorithm::rs384};
}

void read_audiences(Reader& reader, std::string_view base_url, Client& client) {
    client.audience_bases = reader.texts("audienceBases");
    if (client.audience_bases.empty() && !base_url.empty())
        client.audience_bases.emplace_back(base_url);
    client.audiences = reader.texts("audiences");
    if (client.audience_bases.empty() && client.audiences.empty())
        reader.refuse("audienceBases",
                      "Say under which base URL the client calls, here or with "
                      "the setting base-url.");
    for (auto const& base : client.audience_bases)
        if (!is_plain_url(base) || base.ends_with('/') ||
            !(base.starts_with("https://") || base.starts_with("http://")))
            reader.refuse("audienceBases",
                          "Base URLs are http or https URLs without a slash at "
                          "their end.");
}

void read_replay(Reader& reader, Client& client) {
    auto const replay = reader.text("replay");
    if (replay == "within-lifetime")
        client.replay = Replay::within_lifetime;
    else if (!replay.empty() && replay != "never")
        reader.refuse("replay", "replay is never (the default) or within-lifetime.");
}

Client read_client(Reader& reader, std::string_view base_url) {
    static constexpr std::array<std::string_view, 19> members{"id",
                                                              "issuer",
                                                              "audienceBases",
                                                              "audiences",
                                                              "jwks",
                                                              "jwksUrl",
                                                              "jwksCaFile",
                                                              "algorithms",
                                                              "services",
                                                              "profile",
                                                              "switches",
                                                              "language",
                                                              "fhirBases",
                                                              "networks",
                                                              "replay",
                                                              "callsPerSecond",
                                                              "burst",
                                                              "tokenLifetimeSeconds",
                                                              "keyLifetimeSeconds"};
    Client client;
    reader.allow_only(members);
    client.id = reader.text("id", true);
    bool const plain =
        client.id.size() <= 64 &&
        client.id.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
    if (!plain)
        reader.refuse("id",
                      "An id is up to 64 lower-case letters, digits and hyphens: it stands "
                      "in logs.");
    client.issuer = reader.text("issuer", true);
    read_audiences(reader, base_url, client);
    read_keys(reader, client);
    read_algorithms(reader, client);
    client.services = reader.texts("services");
    client.profile = reader.text("profile");
    client.switches = reader.texts("switches");
    client.language = reader.text("language");
    client.networks = reader.texts("networks");
    auto const bases = reader["fhirBases"];
    if (bases && !bases.is_array()) reader.refuse("fhirBases", "An array is expected.");
    for (auto const base : bases)
        client.fhir_bases.push_back(
            read_base(reader, base, client.fhir_bases.size(), client.networks));
    read_replay(reader, client);
    client.calls_per_second = reader.number("callsPerSecond", client.calls_per_second, 0.01, 1e5);
    client.burst = reader.number("burst", std::max(1.0, 2 * client.calls_per_second), 1, 1e6);
    auto const usual = client.profile == "epic" ? epic_token_lifetime : client.token_lifetime;
    client.token_lifetime = reader.seconds("tokenLifetimeSeconds", usual, 3600);
    client.key_lifetime = reader.seconds("keyLifetimeSeconds", client.key_lifetime, 24 * 3600);
    return client;
}

}  // namespace

base::Result<Registry> Registry::read(std::string_view json, std::string_view base_url) {
    base::json::Document document;
    auto const root = document.parse(json);
    if (!root) return root.error();
    static constexpr std::array<std::string_view, 1> members{"clients"};
    Reader whole{*root, ""};
    whole.allow_only(members);
    auto const entries = (*root)["clients"];
    if (!entries.is_array()) whole.refuse("clients", "An array of clients is expected.");
    if (whole.fault()) return *whole.fault();
    Registry registry;
    std::set<std::string> ids, issuers;
    for (auto const entry : entries) {
        Reader reader{entry, "/clients/" + std::to_string(registry.clients_.size())};
        auto client = read_client(reader, base_url);
        if (!ids.insert(client.id).second) reader.refuse("id", "Another client has this id.");
        if (!issuers.insert(client.issuer).second)
            reader.refuse("issuer", "Another client has this issuer.");
        if (reader.fault()) return *reader.fault();
        registry.clients_.push_back(std::move(client));
    }
    return registry;
}

}  // namespace cds::auth

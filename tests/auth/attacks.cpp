#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/base64url.hpp"
#include "tests/auth/corpus.hpp"

namespace cds::auth::test {
namespace {

std::string quoted(std::string const& text) { return '"' + text + '"'; }
std::string number(std::int64_t value) { return std::to_string(value); }
std::int64_t seconds() { return now.time_since_epoch().count() / 1000; }

std::string hmac(EVP_MD const* digest, std::string const& key, std::string const& text) {
    unsigned char bytes[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    void const* const data = text.data();
    HMAC(digest, key.data(), static_cast<int>(key.size()), static_cast<unsigned char const*>(data),
         text.size(), bytes, &size);
    void const* const out = bytes;
    return {static_cast<char const*>(out), size};
}

/// Collects attacks on one row of the threat table at a time.
class Corpus {
public:
    void row(std::string name) { row_ = std::move(name); }
    void token(std::string const& what, std::string token, bool accepted = false) {
        all_.push_back({row_ + " " + what, std::move(token), accepted});
    }
    /// Signed well by the registered key, but for what `changes` say.
    void header(std::string const& what, Members const& changes, bool accepted = false) {
        token(
            what,
            sealed(Keys::get().es384, object(with(good_header(), changes)), object(good_claims())),
            accepted);
    }
    void claims(std::string const& what, Members const& changes, bool accepted = false) {
        token(
            what,
            sealed(Keys::get().es384, object(good_header()), object(with(good_claims(), changes))),
            accepted);
    }
    void raw_claims(std::string const& what, std::string const& text) {
        token(what, sealed(Keys::get().es384, object(good_header()), text));
    }
    void raw_header(std::string const& what, std::string const& text) {
        token(what, sealed(Keys::get().es384, text, object(good_claims())));
    }
    std::vector<Attack> take() { return std::move(all_); }

private:
    std::string row_;
    std::vector<Attack> all_;
};

std::string good_token() {
    return sealed(Keys::get().es384, object(good_header()), object(good_claims()));
}
std::string signed_part(std::string const& token) { return token.substr(0, token.rfind('.')); }
std::string part(std::string const& token, int which) {
    auto const first = token.find('.'), second = token.rfind('.');
    if (which == 0) return token.substr(0, first);
    return which == 1 ? token.substr(first + 1, second - first - 1) : token.substr(second + 1);
}

void good(Corpus& corpus) {
    auto const& keys = Keys::get();
    corpus.row("good");
    corpus.token("ES384", good_token(), true);
    corpus.token(
        "RS384",
        sealed(keys.rs384,
               object(with(good_header(), {{"alg", quoted("RS384")}, {"kid", quoted("rsa")}})),
               object(good_claims())),
        true);
    corpus.header("no typ", {{"typ", ""}}, true);
    corpus.header("typ in lower case", {{"typ", quoted("jwt")}}, true);
    corpus.claims("fractions of seconds", {{"exp", number(seconds() + 300) + ".75"}}, true);
    corpus.claims("audiences in an array",
                  {{"aud", R"(["https://other.example.org",")" + base_url + service_path + "\"]"}},
                  true);
    corpus.claims("further claims", {{"sub", quoted("EHR")}, {"tenant", quoted("north")}}, true);
    corpus.claims("longest lifetime", {{"exp", number(seconds() + 600)}}, true);
    corpus.claims("clock 30 s behind", {{"iat", number(seconds() + 30)}}, true);
    corpus.claims("expired within the leeway",
                  {{"iat", number(seconds() - 300)}, {"exp", number(seconds() - 29)}}, true);
    corpus.claims("begins now", {{"nbf", number(seconds())}}, true);
}

void algorithms(Corpus& corpus) {
    corpus.row("T-01");
    for (auto const* const alg :
         {R"("none")", R"("None")", R"("NONE")", R"("nOnE")", R"("")", R"(["ES384"])", "null",
          "true", "384", R"({"alg":"ES384"})", R"("es384")", R"("Es384")", R"("ES384 ")",
          R"(" ES384")", R"("ES384\u0000")", R"("ES-384")"})
        corpus.header(std::string{"alg "} + alg, {{"alg", alg}});
    corpus.header("alg absent", {{"alg", ""}});
    for (auto const* const alg : {"none", "None", "NONE"}) {
        auto const head = base::to_base64url(object(with(good_header(), {{"alg", quoted(alg)}})));
        auto const text = head + "." + base::to_base64url(object(good_claims()));
        corpus.token(std::string{"unsigned, alg "} + alg, text + ".");
        corpus.token(std::string{"unsigned and without a last dot, alg "} + alg, text);
        corpus.token(std::string{"alg with a signature of another token "} + alg,
                     text + "." + part(good_token(), 2));
    }
    corpus.row("T-02");
    auto const& keys = Keys::get();
    std::pair<std::string, EVP_MD const*> const digests[] = {
        {"HS256", EVP_sha256()}, {"HS384", EVP_sha384()}, {"HS512", EVP_sha512()}};
    std::pair<std::string, std::string> const secrets[] = {
        {"the PEM", keys.es384.public_pem()},
        {"the RSA PEM", keys.rs384.public_pem()},
        {"the JWK", keys.es384.public_jwk("ec")},
        {"nothing", ""},
        {"the JWKS", keys.jwks()},
        {"the symmetric key of the JWKS", "secret"}};
    for (auto const& [alg, digest] : digests)
        for (auto const& [what, secret] : secrets)
            for (auto const* const kid : {"ec", "rsa", "oct"}) {
                auto const text =
                    base::to_base64url(
                        object(with(good_header(), {{"alg", quoted(alg)}, {"kid", quoted(kid)}}))) +
                    "." + base::to_base64url(object(good_claims()));
                corpus.token(alg + " with " + what + " as its secret, kid " + kid,
                             text + "." + base::to_base64url(hmac(digest, secret, text)));
            }
}

void key_confusion(Corpus& corpus) {
    auto const& keys = Keys::get();
    corpus.row("T-03");
    for (auto const* const alg : {"ES256", "RS384", "RS256", "RS512", "PS256", "PS384", "PS512",
                                  "ES512", "ES256K", "EdDSA", "HS384"})
        for (auto const* const kid : {"ec", "p256", "rsa"}) {
            if (std::string{alg} == "RS384" && std::string{kid} == "rsa") continue;
            auto const header =
                object(with(good_header(), {{"alg", quoted(alg)}, {"kid", quoted(kid)}}));
            auto const claims = object(good_claims());
            auto const& key = std::string{kid} == "rsa"    ? keys.rs384
                              : std::string{kid} == "p256" ? keys.es256
                                                           : keys.es384;
            corpus.token(std::string{alg} + " on the key " + kid, sealed(key, header, claims));
        }
    corpus.header("ES384 on a P-256 key", {{"kid", quoted("p256")}});
    corpus.header("ES384 on an RSA key", {{"kid", quoted("rsa")}});
    corpus.token("signed by a key that nobody registered",
                 sealed(keys.foreign, object(good_header()), object(good_claims())));
    corpus.row("T-04");
    auto const text = signed_part(good_token());
    auto const good = keys.es384.sign(text);
    auto const r = good.substr(0, 48), s = good.substr(48);
    auto const zero = std::string(48, '\0'), ones = std::string(48, '\xff');
    auto const one = std::string(47, '\0') + '\1';
    std::string const order =
        *base::from_base64url("________________________________x2NNgfQ3Ld9YGg2ySLCneuzsGWrMxSlz");
    std::pair<std::string, std::string> const forms[] = {
        {"r and s zero", zero + zero},
        {"r zero", zero + s},
        {"s zero", r + zero},
        {"r and s one", one + one},
        {"r the order", order + s},
        {"s the order", r + order},
        {"both the order", order + order},
        {"all ones", ones + ones},
        {"no s", r},
        {"a byte less", good.substr(0, 95)},
        {"a byte more", good + '\0'},
        {"a zero first", '\0' + good},
        {"padded to the length for P-521", std::string(18, '\0') + r + std::string(18, '\0') + s},
        {"swapped", s + r},
        {"one byte", "x"},
        {"twice", good + good}};
    for (auto const& [what, bytes] : forms)
        corpus.token(what, text + "." + base::to_base64url(bytes));
    corpus.token("empty", text + ".");
    std::string der{"\x30\x64\x02\x30"};
    corpus.token("DER", text + "." + base::to_base64url(der + r + "\x02\x30" + s));
    for (std::size_t at = 0; at < good.size(); at += 8) {
        auto bent = good;
        bent[at] = static_cast<char>(bent[at] ^ 1);
        corpus.token("bit " + std::to_string(at * 8) + " of the signature",
                     text + "." + base::to_base64url(bent));
    }
    auto bent = text;
    bent[bent.find('.') + 9] = bent[bent.find('.') + 9] == 'A' ? 'B' : 'A';
    corpus.token("a letter of the claims changed", bent + "." + base::to_base64url(good));
}

void key_ids(Corpus& corpus) {
    corpus.row("T-06");
    for (auto const& kid :
         {std::string{"null"}, std::string{"1"}, std::string{"true"}, std::string{"[\"ec\"]"},
          quoted(""), quoted("unknown"), quoted("EC"), quoted("ec "), quoted("../ec"),
          quoted("ec\\u0000"), quoted("' OR '1'='1"), quoted("../../../../etc/passwd"),
          quoted("/dev/null"), quoted("twice"), quoted("oct"),
          quoted("https://attacker.example.org/jwks"), quoted(std::string(257, 'e')),
          quoted(std::string(4000, 'e'))})
        corpus.header("kid " + kid.substr(0, 40), {{"kid", kid}});
    corpus.header("kid absent", {{"kid", ""}});
    corpus.row("T-07");
    for (auto const* const jku :
         {"https://attacker.example.org/jwks", "https://ehr.example.org@attacker.example.org/jwks",
          "https://ehr.example.org.attacker.example.org/jwks", "http://127.0.0.1:9/jwks",
          "http://2130706433/jwks", "http://0x7f.1/jwks", "http://[::1]/jwks",
          "http://169.254.169.254/latest", "file:///etc/passwd",
          "https://ehr.example.org/jwks\\r\\nHost: attacker", "", "//ehr.example.org/jwks",
          "gopher://127.0.0.1:25/_x"})
        corpus.header(std::string{"jku "} + jku, {{"jku", quoted(jku)}});
    corpus.header("jku a number", {{"jku", "1"}});
    corpus.header("jku null", {{"jku", "null"}});
    corpus.header("x5u", {{"x5u", quoted("https://attacker.example.org/cert")}});
    corpus.row("T-08");
    auto const& foreign = Keys::get().foreign;
    corpus.token("its own jwk",
                 sealed(foreign, object(with(good_header(), {{"jwk", foreign.public_jwk("ec")}})),
                        object(good_claims())));
    corpus.header("the registered key as jwk", {{"jwk", Keys::get().es384.public_jwk("ec")}});
    corpus.header("x5c", {{"x5c", R"(["MIIB"])"}});
    corpus.header("jwk null", {{"jwk", "null"}});
}

void forms(Corpus& corpus) {
    corpus.row("T-09");
    corpus.header("crit", {{"crit", R"(["exp"])"}, {"exp", "1"}});
    corpus.header("crit empty", {{"crit", "[]"}});
    corpus.header("b64 false", {{"b64", "false"}, {"crit", R"(["b64"])"}});
    corpus.header("b64 alone", {{"b64", "false"}});
    corpus.header("enc", {{"enc", quoted("A256GCM")}});
    corpus.header("zip", {{"zip", quoted("DEF")}});
    corpus.header("nested", {{"cty", quoted("JWT")}});
    corpus.header("typ of another token", {{"typ", quoted("at+jwt")}});
    corpus.header("typ a number", {{"typ", "1"}});
    auto const token = good_token();
    auto const head = part(token, 0), claims = part(token, 1), signature = part(token, 2);
    corpus.token("four parts", token + ".");
    corpus.token("five parts",
                 head + "." + claims + "." + signature + "." + claims + "." + signature);
    corpus.token("two parts", head + "." + claims);
    corpus.token("one part", head);
    corpus.token("three dots only", "..");
    corpus.token("padded", head + "=." + claims + "." + signature);
    corpus.token("signature padded", token + "==");
    corpus.token("a blank inside", head + ". " + claims + "." + signature);
    corpus.token("a line feed inside", head + ".\n" + claims + "." + signature);
    corpus.token("standard base64",
                 head + "." + claims + "." + std::string(64, '+') + std::string(64, '/'));
    corpus.token("no header", "." + claims + "." + signature);
    corpus.token("no claims", head + ".." + signature);
    corpus.token("JSON serialization", R"({"payload":")" + claims + R"(","protected":")" + head +
                                           R"(","signature":")" + signature + "\"}");
    corpus.token("percent-encoded", head + "%2E" + claims + "%2E" + signature);
    corpus.token("bits left over in the signature of another length",
                 token.substr(0, token.size() - 1));
    auto const rsa_header = with(good_header(), {{"alg", quoted("RS384")}, {"kid", quoted("rsa")}});
    auto const rsa_text = base::to_base64url(object(rsa_header)) + "." + claims;
    auto const rsa = base::to_base64url(Keys::get().rs384.sign(rsa_text));
    // The last letter of 256 bytes has four bits to spare; these differ in them alone.
    std::string const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t const bits : {1U, 2U, 8U, 15U}) {
        auto const last = letters[letters.find(rsa.back()) | bits];
        corpus.token("bits to spare set: " + std::to_string(bits),
                     rsa_text + "." + rsa.substr(0, rsa.size() - 1) + last);
    }
}

void json_tricks(Corpus& corpus) {
    corpus.row("T-10");
    corpus.raw_header("alg twice", R"({"alg":"ES384","alg":"ES384","kid":"ec"})");
    corpus.raw_header("alg twice, once escaped", R"({"alg":"ES384","\u0061lg":"none","kid":"ec"})");
    corpus.raw_header("kid twice", R"({"alg":"ES384","kid":"ec","kid":"ec"})");
    corpus.raw_header("a byte order mark", "\xef\xbb\xbf" + object(good_header()));
    corpus.raw_header("two objects", object(good_header()) + object(good_header()));
    corpus.raw_header("an array", "[" + object(good_header()) + "]");
    corpus.raw_header("no JSON", "alg=ES384");
    corpus.raw_header("invalid UTF-8", "{\"alg\":\"ES384\",\"kid\":\"ec\",\"x\":\"\xc3\x28\"}");
    corpus.raw_header("a comment", R"({"alg":"ES384",/**/"kid":"ec"})");
    corpus.raw_header("deep", R"({"alg":"ES384","kid":"ec","x":)" + std::string(20, '[') +
                                  std::string(20, ']') + "}");
    auto const claims = object(good_claims());
    corpus.raw_claims("exp twice", claims.substr(0, claims.size() - 1) + ",\"exp\":1}");
    corpus.raw_claims("iss twice",
                      claims.substr(0, claims.size() - 1) + ",\"iss\":\"" + issuer + "\"}");
    corpus.raw_claims("aud twice, once escaped",
                      claims.substr(0, claims.size() - 1) + ",\"\\u0061ud\":\"x\"}");
    corpus.raw_claims("a byte order mark before the claims", "\xef\xbb\xbf" + claims);
    corpus.raw_claims("text after the claims", claims + "x");
    corpus.raw_claims("two objects of claims", claims + claims);
    corpus.raw_claims("an array of claims", "[" + claims + "]");
    corpus.raw_claims("deep claims", claims.substr(0, claims.size() - 1) + ",\"x\":" +
                                         std::string(3000, '[') + std::string(3000, ']') + "}");
    corpus.claims("beyond 8 KiB", {{"x", quoted(std::string(9000, 'x'))}});
    for (auto const& exp :
         {std::string{"1e400"}, std::string{"NaN"}, std::string{"18446744073709551616"},
          std::string(4000, '9'), std::string{"-1"}, std::string{"1.79e9"}, std::string{"true"},
          std::string{"null"}, std::string{"{}"}, std::string{"[1790000300]"},
          quoted(number(seconds() + 300)), std::string{"Infinity"}, std::string{"0x6AB13B8C"},
          std::string{"+1790000300"}, std::string{"01790000300"}, std::string{"9999999999999"}}) {
        corpus.claims("exp " + exp.substr(0, 24), {{"exp", exp}});
        corpus.claims("iat " + exp.substr(0, 24), {{"iat", exp}});
    }
}

void times(Corpus& corpus) {
    corpus.row("T-11");
    corpus.claims("exp past", {{"iat", number(seconds() - 400)}, {"exp", number(seconds() - 100)}});
    corpus.claims("exp just past the leeway",
                  {{"iat", number(seconds() - 330)}, {"exp", number(seconds() - 30)}});
    corpus.claims("exp absent", {{"exp", ""}});
    corpus.claims("exp in ten years", {{"exp", number(seconds() + 315'360'000)}});
    corpus.claims("a second too long", {{"exp", number(seconds() + 601)}});
    corpus.claims("iat future", {{"iat", number(seconds() + 100)}});
    corpus.claims("iat just beyond the leeway", {{"iat", number(seconds() + 31)}});
    corpus.claims("iat absent", {{"iat", ""}});
    corpus.claims("iat an hour ago", {{"iat", number(seconds() - 3600)}});
    corpus.claims("iat zero", {{"iat", "0"}});
    corpus.claims("nbf future", {{"nbf", number(seconds() + 100)}});
    corpus.claims("nbf a text", {{"nbf", quoted("now")}});
    corpus.claims("exp before iat",
                  {{"iat", number(seconds() + 20)}, {"exp", number(seconds() + 10)}});
    corpus.claims("exp equal to iat", {{"exp", number(seconds())}});
    corpus.row("T-12");
    auto const service = base_url + service_path;
    for (auto const& aud :
         {base_url,
          base_url + "/cds-services",
          base_url + "/cds-services/other",
          service + "/",
          service + "/feedback",
          service + "/$explain",
          service + "?x=1",
          service + "#x",
          service.substr(0, service.size() - 1),
          service + "x",
          "http://cds.example.org" + service_path,
          "https://CDS.example.org" + service_path,
          "https://cds.example.org:443" + service_path,
          "https://localhost" + service_path,
          "https://cds.example.org.attacker.example.org" + service_path,
          "https://attacker.example.org/" + service,
          std::string{"*"},
          std::string{},
          service_path,
          " " + service,
          base_url + "/" + service_path,
          std::string{"https://cds.example.org/cds-services/%69mmunosuppressant-safety"}})
        corpus.claims("aud " + aud, {{"aud", quoted(aud)}});
    for (auto const* const aud : {"", "[]", "null", "1", "{}", "[[]]", "[null]"})
        corpus.claims(std::string{"aud as "} + (*aud ? aud : "absent"), {{"aud", aud}});
    corpus.claims("aud in an object", {{"aud", R"({"0":")" + service + "\"}"}});
    corpus.claims("aud in an array of arrays", {{"aud", "[[\"" + service + "\"]]"}});
    corpus.row("issuer");
    for (auto const& iss : {issuer + "/", issuer + " ", std::string{"https://EHR.example.org"},
                            std::string{"https://attacker.example.org"}, std::string{}})
        corpus.claims("iss " + iss, {{"iss", quoted(iss)}});
    corpus.claims("iss absent", {{"iss", ""}});
    corpus.claims("iss in an array", {{"iss", "[\"" + issuer + "\"]"}});
    corpus.row("T-13");
    corpus.claims("jti absent", {{"jti", ""}});
    corpus.claims("jti empty", {{"jti", quoted("")}});
    corpus.claims("jti a number", {{"jti", "1"}});
    corpus.claims("jti too long", {{"jti", quoted(std::string(257, 'j'))}});
    corpus.claims("jti null", {{"jti", "null"}});
}

}  // namespace

std::vector<Attack> attacks() {
    Corpus corpus;
    good(corpus);
    algorithms(corpus);
    key_confusion(corpus);
    key_ids(corpus);
    forms(corpus);
    json_tricks(corpus);
    times(corpus);
    return corpus.take();
}

}  // namespace cds::auth::test

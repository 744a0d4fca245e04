/// Other people's signatures and keys through the seams, from where they lie.
#include "server/vectors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/json.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;
using base::json::Value;

fs::path const suites{COUNTERSIGN_SOURCE_DIR "/../shared/suites/jwt"};

/// A file of the suites; the test is skipped by name where it is absent.
class Vectors : public testing::Test {
protected:
    Value open(std::string const& name) {
        std::ifstream stream{suites / name, std::ios::binary};
        text_.assign(std::istreambuf_iterator<char>{stream}, {});
        auto const root = document_.parse(text_);
        return root ? *root : Value{};
    }
    static bool is_there(std::string const& name) { return fs::exists(suites / name); }

private:
    std::string text_;
    base::json::Document document_;
};

std::string text(Value value) {
    std::string out;
    base::json::write(value, out);
    return out;
}

bool accepted(std::string const& answer) { return answer.starts_with(R"({"ok":true)"); }

constexpr auto every =
    R"(["ES256","ES384","RS256","RS384","EdDSA","HS256","HS384","HS512","PS256","none"])";

std::string jws_line(std::string const& jws, std::string const& keys) {
    return R"({"jws":)" + jws + R"(,"jwks":)" + keys + R"(,"allow":)" + every + "}";
}

TEST_F(Vectors, KeySetsOfWycheproofAreJudgedAsLabelled) {
    auto const name = "wycheproof/testvectors_v1/json_web_key_test.json";
    if (!is_there(name)) GTEST_SKIP() << name << " is not there";
    // Where we differ from the label, and why.
    std::map<long long, std::string> const explained{
        {2, "valid, but HMAC: there is no symmetric key here"},
        {13, "valid, but HMAC"},
        {14, "valid, but HMAC"},
        {15, "valid, but HMAC"},
    };
    std::size_t judged = 0;
    for (auto const group : open(name)["testGroups"]) {
        auto const published = group["public"] ? group["public"] : group["private"];
        for (auto const test : group["tests"]) {
            auto const id = test["tcId"].integer().value_or(0);
            SCOPED_TRACE(std::to_string(id) + " " + std::string{test["comment"].string()});
            auto const answer = verify_jws_line(jws_line(text(test["jws"]), text(published)));
            bool const labelled = test["result"].string() == "valid";
            EXPECT_EQ(accepted(answer), labelled && !explained.contains(id)) << answer;
            EXPECT_TRUE(labelled || !explained.contains(id)) << "needs no explanation";
            ++judged;
        }
    }
    EXPECT_EQ(judged, 26U);
}

/// Puts each vector of a file of raw signatures to the seam; returns how many there were.
std::size_t judge_raw(Value root, std::string const& algorithm, char const* key) {
    std::size_t judged = 0;
    for (auto const group : root["testGroups"]) {
        auto const jwk = group[key];
        if (!jwk) continue;
        for (auto const test : group["tests"]) {
            SCOPED_TRACE(std::string{test["tcId"].number()} + " " +
                         std::string{test["comment"].string()});
            auto const line = R"({"alg":")" + algorithm + R"(","jwk":)" + text(jwk) +
                              R"(,"msg_hex":)" + text(test["msg"]) + R"(,"sig_hex":)" +
                              text(test["sig"]) + "}";
            // "acceptable" signatures have a form that RFC 7518 does not allow.
            EXPECT_EQ(accepted(verify_signature_line(line)), test["result"].string() == "valid");
            ++judged;
        }
    }
    return judged;
}

TEST_F(Vectors, EcdsaSignaturesOfWycheproofAreJudgedAsLabelled) {
    auto const name = "wycheproof/testvectors_v1/ecdsa_secp256r1_sha256_p1363_test.json";
    if (!is_there(name)) GTEST_SKIP() << name << " is not there";
    EXPECT_GE(judge_raw(open(name), "ES256", "publicKeyJwk"), 250U);
}

TEST_F(Vectors, RsaSignaturesOfWycheproofAreJudgedAsLabelled) {
    auto const name = "wycheproof/testvectors_v1/rsa_signature_2048_sha256_test.json";
    if (!is_there(name)) GTEST_SKIP() << name << " is not there";
    EXPECT_GE(judge_raw(open(name), "RS256", "keyJwk"), 200U);
}

TEST_F(Vectors, TheCookbooksTextsAreNoTokensOfOurs) {
    auto const folder = suites / "ietf-jose-cookbook" / "jws";
    if (!fs::exists(folder)) GTEST_SKIP() << folder << " is not there";
    // RS256 is the one that exists here; the others are PS384, ES512, HMAC, or detached.
    std::map<std::string, bool> const expected{{"4_1.rsa_v15_signature.json", true}};
    for (auto const& entry : fs::directory_iterator{folder}) {
        auto const file = entry.path().filename().string();
        SCOPED_TRACE(file);
        auto const root = open("ietf-jose-cookbook/jws/" + file);
        auto key = root["input"]["key"];
        auto jws = root["output"]["compact"];
        if (!jws.is_string() || !key.is_object()) continue;
        // The file holds the private key; the seam wants the public half.
        std::string half = "{";
        for (auto const member : key) {
            auto const is_public = member.key() == "kty" || member.key() == "kid" ||
                                   member.key() == "n" || member.key() == "e" ||
                                   member.key() == "crv" || member.key() == "x" ||
                                   member.key() == "y";
            if (!is_public) continue;
            half +=
                (half.size() > 1 ? ",\"" : "\"") + std::string{member.key()} + "\":" + text(member);
        }
        EXPECT_EQ(accepted(verify_jws_line(jws_line(text(jws), half + "}"))),
                  expected.contains(file));
    }
}

TEST(VectorLines, SayWhatIsWrongWithALine) {
    using testing::HasSubstr;
    for (auto const* const line : {"", "x", "{}", "[]", R"({"jws":1,"jwks":{},"allow":[]})"})
        EXPECT_THAT(verify_jws_line(line), HasSubstr(R"("ok":false)"));
    for (auto const* const line : {"", "x", "[]", R"({"msg_hex":"0","sig_hex":""})"})
        EXPECT_THAT(verify_signature_line(line), HasSubstr(R"("ok":false)"));
}

TEST(VectorLines, PrimitivesAreReadAsInARecord) {
    struct {
        std::string_view type, line, answer;
    } const rows[] = {
        {"date", R"("1975")", R"({"ok":true,"first":"1975-01-01","last":"1975-12-31"})"},
        {"date", R"("2026-02")", R"({"ok":true,"first":"2026-02-01","last":"2026-02-28"})"},
        {"date", R"("2026-02-30")", R"({"ok":false,"reason":"date"})"},
        {"date", R"("2026-02-03T10:00:00Z")", R"({"ok":false,"reason":"date"})"},
        {"dateTime", R"("2026-02-03T10:00:00Z")",
         R"({"ok":true,"first":"2026-02-03","last":"2026-02-03"})"},
        {"instant", R"("2026-02-03")", R"({"ok":false,"reason":"instant"})"},
        {"decimal", "1.00", R"({"ok":true,"text":"1.00"})"},
        {"decimal", "1e400", R"({"ok":false,"reason":"json"})"},
        {"decimal", R"("1")", R"({"ok":false,"reason":"decimal"})"},
    };
    for (auto const& row : rows)
        EXPECT_EQ(parse_primitive_line(row.type, row.line).value_or(""), row.answer) << row.line;
    EXPECT_FALSE(parse_primitive_line("Patient", "{}"));
}

}  // namespace
}  // namespace cds::server

#include "hooks/lint.hpp"
#include "base/base64url.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "hooks/lint_table.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::hooks::lint {
namespace {

using cards::Parsed;
using testing::Contains;
using testing::IsEmpty;
using testing::Not;

/// "severity requirement place" of each violation.
std::vector<std::string> found(std::string const& text, Kind kind, Dialect as = Dialect::standard,
                               std::string const& request = {}) {
    Parsed const message{text};
    Parsed const call{request.empty() ? "{}" : request};
    std::vector<std::string> out;
    for (auto const& violation :
         lint(*message, kind, as, request.empty() ? base::json::Value{} : *call)) {
        EXPECT_NE(violation.what, "");
        EXPECT_NE(violation.fix, "");
        out.push_back(std::string{name(violation.severity)} + " " +
                      std::string{violation.requirement} + " " + violation.where);
    }
    return out;
}

/// `text` with its first `from` replaced.
std::string with(std::string text, std::string const& from, std::string const& to) {
    auto const at = text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    return text.replace(at, from.size(), to);
}

std::string const request =
    R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
    R"("fhirServer":"https://ehr.example.org/fhir","fhirAuthorization":{"access_token":"t",)"
    R"("token_type":"Bearer","expires_in":300,"scope":"patient/Observation.rs","subject":"c",)"
    R"("patient":"p1"},"context":{"userId":"Practitioner/d1","patientId":"p1","draftOrders":)"
    R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":{"resourceType":)"
    R"("MedicationRequest","id":"m1","status":"draft","intent":"order",)"
    R"("medicationCodeableConcept":{"text":"ciclosporin"},"subject":{"reference":"Patient/p1"}}}]}},)"
    R"("prefetch":{"patient":{"resourceType":"Patient","id":"p1"},"conditions":null}})";

std::string const response =
    R"({"cards":[{"uuid":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","summary":"s","detail":"d",)"
    R"("indicator":"warning","source":{"label":"l","topic":{"code":"c","system":"urn:x"}},)"
    R"("suggestions":[{"label":"a","uuid":"d1577c69-dfbe-44ad-ba6d-3e05e953b2eb",)"
    R"("isRecommended":true,"actions":[{"type":"delete","description":"d","resourceId":)"
    R"("MedicationRequest/m1"}]},{"label":"b","uuid":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ec",)"
    R"("actions":[{"type":"create","description":"d","resource":{"resourceType":"Task"}}]}],)"
    R"("selectionBehavior":"at-most-one","overrideReasons":[{"code":"c","system":"urn:y",)"
    R"("display":"d"}],"links":[{"label":"l","url":"https://doi.org/1","type":"absolute"}]}]})";

std::string const discovery =
    R"({"services":[{"hook":"order-sign","id":"a-b","title":"t","description":"d","prefetch":)"
    R"({"patient":"Patient/{{context.patientId}}","user":"{{userPractitionerId}}"}}]})";

std::string const feedback =
    R"({"feedback":[{"card":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","outcome":"accepted",)"
    R"("acceptedSuggestions":[{"id":"d1577c69-dfbe-44ad-ba6d-3e05e953b2eb"}],)"
    R"("outcomeTimestamp":"2026-03-10T09:00:00Z"},{"card":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ec",)"
    R"("outcome":"overridden","overrideReason":{"reason":{"code":"c","system":"urn:y"}},)"
    R"("outcomeTimestamp":"2026-03-10T09:00:00.5Z"}]})";

TEST(Lint, IsSilentAboutMessagesThatKeepTheSpecification) {
    for (auto const as : {Dialect::standard, Dialect::strict}) {
        EXPECT_THAT(found(request, Kind::request, as), IsEmpty());
        EXPECT_THAT(found(response, Kind::response, as, request), IsEmpty());
        EXPECT_THAT(found(discovery, Kind::discovery, as), IsEmpty());
        EXPECT_THAT(found(feedback, Kind::feedback, as), IsEmpty());
    }
    EXPECT_THAT(found(R"({"cards":[]})", Kind::response), IsEmpty());
}

struct Row {
    char const* from;
    char const* to;
    char const* violation;
};

void expect_each(std::string const& good, Kind kind, std::initializer_list<Row> rows) {
    for (auto const& row : rows)
        EXPECT_THAT(found(with(good, row.from, row.to), kind), Contains(row.violation)) << row.to;
}

TEST(Lint, NamesWhatIsWrongWithARequest) {
    expect_each(
        request, Kind::request,
        {{R"("hook":"order-sign",)", "", "error 4.1-hook /hook"},
         {"order-sign", "order-review", "warning 4.1-hook /hook"},
         {"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea", "7", "error 4.1-hookInstance /hookInstance"},
         {R"("fhirServer":"https://ehr.example.org/fhir",)", "", "error cds-r-1 /fhirServer"},
         {"https://ehr", "http://ehr", "warning 4.1-fhirServer /fhirServer"},
         {R"("token_type":"Bearer")", R"("token_type":"Basic")",
          "error 4.2-token_type /fhirAuthorization/token_type"},
         {R"("expires_in":300)", R"("expires_in":"300")",
          "error 4.2-expires_in /fhirAuthorization/expires_in"},
         {R"(,"patient":"p1"},"context")", R"(},"context")",
          "warning cds-r-2 /fhirAuthorization/patient"},
         {R"("patient":"p1"},"context")", R"("patient":"p2"},"context")",
          "error 4.2-patient /fhirAuthorization"},
         {R"("userId":"Practitioner/d1",)", "", "error 9-context /context/userId"},
         {"Practitioner/d1", "d1", "error ord-1 /context/userId"},
         {R"("patientId":"p1")", R"("patientId":"Patient/p1")", "error H5 /context/patientId"},
         {R"("type":"collection",)", "", "warning H4 /context/draftOrders/type"},
         {R"("id":"m1",)", "", "warning C14 /context/draftOrders/entry/0/resource/id"},
         {"Patient/p1", "Patient/p2", "error H6 /context/draftOrders/entry/0/resource/subject"},
         {R"("intent":"order",)", "", "warning G2 /context/draftOrders/entry/0/resource/intent"},
         {R"({"text":"ciclosporin"})", R"({"text":""})",
          "error G2 /context/draftOrders/entry/0/resource/medicationCodeableConcept/text"},
         {"null", R"("none")", "error 4.3-value /prefetch/conditions"},
         {"null", R"({"resourceType":"OperationOutcome"})", "note R11 /prefetch/conditions"},
         {"null", R"({"resourceType":"Bundle","link":[{"relation":"next","url":"u"}]})",
          "warning R12 /prefetch/conditions/link"},
         {"null", R"({"response":{"status":"200"},"resource":{"resourceType":"Bundle"}})",
          "warning 4.3-wrapper /prefetch/conditions"},
         {R"("hook":)", R"("hooks":1,"hook":)", "note G7 /hooks"}});
}

TEST(Lint, KnowsTheContextOfEachHook) {
    auto const call = [](std::string const& hook, std::string const& context) {
        return R"({"hook":")" + hook + R"(","context":{"patientId":"p1")" + context + "}}";
    };
    EXPECT_THAT(found(call("order-select", ""), Kind::request),
                Contains("error 9-context /context/selections"));
    EXPECT_THAT(found(call("order-dispatch", ""), Kind::request),
                Contains("error 9-context /context/dispatchedOrders"));
    EXPECT_THAT(found(call("order-dispatch", R"(,"order":"ServiceRequest/1")"), Kind::request),
                Not(Contains("error 9-context /context/dispatchedOrders")));
    EXPECT_THAT(found(call("encounter-discharge", R"(,"userId":"Practitioner/1")"), Kind::request),
                Contains("error 9-context /context/encounterId"));
    EXPECT_THAT(found(call("patient-view", R"(,"userId":"Practitioner/1")"), Kind::request),
                Not(Contains("error 9-context /context/encounterId")));
}

TEST(Lint, NamesWhatIsWrongWithAResponse) {
    expect_each(
        response, Kind::response,
        {{R"("cards")", R"("card")", "error C1 /cards"},
         {R"("summary":"s",)", "", "error 5.2-summary /cards/0/summary"},
         {R"("summary":"s")", R"("summary":"a\nb")", "warning 5.2-summary /cards/0/summary"},
         {"warning", "hard-stop", "error 5.2-indicator /cards/0/indicator"},
         {R"("label":"l",)", "", "error C7 /cards/0/source/label"},
         {R"("code":"c",)", "", "error C21 /cards/0/source/topic/code"},
         {R"("selectionBehavior":"at-most-one",)", "",
          "error cds-resp-6 /cards/0/selectionBehavior"},
         {"at-most-one", "all", "error 5.2-selectionBehavior /cards/0/selectionBehavior"},
         {R"("label":"b",)", R"("label":"b","isRecommended":true,)",
          "error cds-resp-1 /cards/0/suggestions"},
         {R"("type":"delete","description":"d",)", R"("type":"delete",)",
          "error cds-resp-5 /cards/0/suggestions/0/actions/0/description"},
         {R"("type":"delete")", R"("type":"DELETE")",
          "error 5.5-type /cards/0/suggestions/0/actions/0/type"},
         {R"("resourceId":"MedicationRequest/m1")", R"("resource":{"id":"m1"})",
          "warning cds-resp-2 /cards/0/suggestions/0/actions/0/resourceId"},
         {R"({"resourceType":"Task"})", R"("Task")",
          "error 5.5-resource /cards/0/suggestions/1/actions/0/resource"},
         {R"("type":"create")", R"("type":"update")",
          "error C13 /cards/0/suggestions/1/actions/0/resource"},
         {"b2eb", "b2ea", "error 5.2-uuid /cards/0/suggestions/0/uuid"},
         {R"(,"display":"d"}])", "}]", "error cds-resp-4 /cards/0/overrideReasons/0/display"},
         {"https://doi.org/1", "doi.org/1", "error C18 /cards/0/links/0/url"},
         {R"("type":"absolute")", R"("type":"absolute","appContext":"x")",
          "error cds-resp-3 /cards/0/links/0/appContext"},
         {R"("links":[{"label":"l","url":"https://doi.org/1","type":"absolute"}])", R"("links":[])",
          "error G3 /cards/0/links"},
         {R"("detail":"d")", R"("detail":null)", "error G3 /cards/0/detail"},
         {R"("label":"a",)", R"("label":"a","actionSelectionBehavior":"some",)",
          "error cds-resp-7 /cards/0/suggestions/0/actionSelectionBehavior"}});
    EXPECT_THAT(found(with(response, "MedicationRequest/m1", "MedicationRequest/m2"),
                      Kind::response, Dialect::standard, request),
                Contains("error C13 /cards/0/suggestions/0/actions/0"));
}

TEST(Lint, CountsASummaryInCharactersAndNotInBytes) {
    std::string summary;
    for (auto i = 0; i < 139; ++i) summary += "ç";
    auto const card = [&](std::string const& text) {
        return with(response, R"("summary":"s")", R"("summary":")" + text + '"');
    };
    EXPECT_THAT(found(card(summary), Kind::response), IsEmpty());
    EXPECT_THAT(found(card(summary + "x"), Kind::response),
                Contains("error 5.2-summary /cards/0/summary"));
}

TEST(Lint, NamesWhatIsWrongWithDiscovery) {
    expect_each(
        discovery, Kind::discovery,
        {{R"("title":"t",)", "", "warning D5-title /services/0/title"},
         {R"("hook":"order-sign",)", "", "error D5-hook /services/0/hook"},
         {"a-b", "a/b", "error D5-id /services/0/id"},
         {R"("title":"t")", R"("version":"2.0","title":"t")",
          "warning D5-version /services/0/version"},
         {"{{context.patientId}}", "{{context.draftOrders.entry}}",
          "warning P8 /services/0/prefetch/patient"},
         {"{{context.patientId}}", "{{context.patientId", "error P7 /services/0/prefetch/patient"},
         {"Patient/{{", "https://ehr/Patient/{{", "error P1 /services/0/prefetch/patient"},
         {"Patient/{{context.patientId}}", "Observation?_sort:desc=date",
          "error P18 /services/0/prefetch/patient"},
         {"Patient/{{context.patientId}}", "Observation?date=ge2020&date=le2021",
          "warning P16 /services/0/prefetch/patient"},
         {R"("patient":)", R"("the-patient":)", "note P14 /services/0/prefetch/the-patient"}});
    auto const twice = [](char const* hook) {
        return std::string{R"({"services":[{"hook":"order-sign","id":"a","title":"t",)"} +
               R"("description":"d"},{"hook":")" + hook +
               R"(","id":"a","title":"t","description":"d"}]})";
    };
    EXPECT_THAT(found(twice("order-sign"), Kind::discovery), Contains("error D6 /services/1/id"));
    EXPECT_THAT(found(twice("order-select"), Kind::discovery), IsEmpty());
    EXPECT_THAT(found(twice("order-select"), Kind::discovery, Dialect::sandbox),
                Contains("error D6 /services/1/id"));
}

TEST(Lint, NamesWhatIsWrongWithFeedback) {
    expect_each(
        feedback, Kind::feedback,
        {{"b2ea", "", "error 6-card /feedback/0/card"},
         {R"("accepted")", R"("ignored")", "error cds-fb-1 /feedback/0/outcome"},
         {R"("acceptedSuggestions":[{"id":"d1577c69-dfbe-44ad-ba6d-3e05e953b2eb"}],)", "",
          "error cds-fb-2 /feedback/0/acceptedSuggestions"},
         {R"({"reason":{"code":"c","system":"urn:y"}})", R"({"note":"n"})",
          "error cds-fb-3 /feedback/1/overrideReason"},
         {R"(,"system":"urn:y")", "", "warning F4 /feedback/1/overrideReason/reason/system"},
         {"2026-03-10T09:00:00Z", "2026-03-10",
          "error 6-outcomeTimestamp /feedback/0/outcomeTimestamp"},
         {"2026-03-10T09:00:00Z", "2026-03-10T09:00:00+01:00",
          "warning 6-outcomeTimestamp /feedback/0/outcomeTimestamp"}});
}

TEST(Lint, AddsWhatOneKindOfReaderNeeds) {
    struct {
        Dialect as;
        char const* violation;
    } const rows[] = {
        {Dialect::epic, "error 1g-7 /cards/0/selectionBehavior"},
        {Dialect::crd, "error 12-systemActions /systemActions"},
    };
    for (auto const& row : rows) {
        EXPECT_THAT(found(response, Kind::response, row.as), Contains(row.violation));
        EXPECT_THAT(found(response, Kind::response), Not(Contains(row.violation)));
    }
    EXPECT_THAT(found(discovery, Kind::discovery, Dialect::oracle),
                Contains("warning 1g-oracle /services/0/hook"));
    EXPECT_THAT(found(with(response, "at-most-one", "any"), Kind::response, Dialect::athena),
                Contains("warning 1g-athena /cards/0/selectionBehavior"));
    EXPECT_THAT(found(R"({"cards":[],"systemActions":[]})", Kind::response, Dialect::crd),
                IsEmpty());
    EXPECT_THAT(found(R"({"cards":[],"systemActions":[]})", Kind::response),
                Contains("error G3 /systemActions"));
}

TEST(Lint, StrictMakesErrorsOfWarnings) {
    auto const untyped = with(request, R"("type":"collection",)", "");
    EXPECT_THAT(found(untyped, Kind::request, Dialect::strict),
                Contains("error H4 /context/draftOrders/type"));
}

TEST(Lint, RepeatsNothingOfTheMessage) {
    Parsed const message{R"({"hook":"Mr Smith","Mr Smith, born 1950":1,"hookInstance":"Smith"})"};
    for (auto const& violation : lint(*message, Kind::request, Dialect::standard))
        EXPECT_EQ((violation.where + std::string{violation.what}).find("Smith"), std::string::npos)
            << violation.where;
}

TEST(Lint, KnowsAMessageByItsMembers) {
    EXPECT_EQ(recognise(*Parsed{request}), Kind::request);
    EXPECT_EQ(recognise(*Parsed{response}), Kind::response);
    EXPECT_EQ(recognise(*Parsed{discovery}), Kind::discovery);
    EXPECT_EQ(recognise(*Parsed{feedback}), Kind::feedback);
    EXPECT_EQ(recognise(*Parsed{R"({"resourceType":"Patient"})"}), std::nullopt);
    EXPECT_EQ(recognise(*Parsed{"[]"}), std::nullopt);
}

/// header.claims.signature of {"alg":…} and {"iss":…}, as written by hand below.
std::vector<std::string> found_in_jwt(std::string const& compact) {
    std::vector<std::string> out;
    for (auto const& violation : lint_jwt(compact, Dialect::standard))
        out.push_back(std::string{violation.requirement} + " " + violation.where);
    return out;
}

TEST(LintJwt, NamesWhatIsWrongWithHeaderAndClaims) {
    std::string const header = R"({"alg":"ES384","kid":"k","typ":"JWT"})";
    std::string const claims =
        R"({"iss":"https://ehr.example.org","aud":"https://cds.example.org/cds-services",)"
        R"("exp":1700000300,"iat":1700000000,"jti":"j"})";
    auto const token = [](std::string const& one, std::string const& two) {
        return base::to_base64url(one) + "." + base::to_base64url(two) + ".c2ln";
    };
    EXPECT_THAT(found_in_jwt(token(header, claims)), IsEmpty());
    EXPECT_THAT(found_in_jwt(token(header, claims) + "\n"), IsEmpty());
    for (auto const* alg : {"none", "HS256", "PS512"})
        EXPECT_THAT(found_in_jwt(token(with(header, "ES384", alg), claims)),
                    Contains("S5-alg /header/alg"));
    EXPECT_THAT(found_in_jwt(token(with(header, R"("kid":"k",)", ""), claims)),
                Contains("S5-kid /header/kid"));
    EXPECT_THAT(found_in_jwt(token(header, with(claims, R"("aud")", R"("x")"))),
                Contains("S5-aud /claims/aud"));
    EXPECT_THAT(found_in_jwt(token(header, with(claims, "1700000300", "1700090000"))),
                Contains("S10 /claims/exp"));
    EXPECT_THAT(found_in_jwt(token(header, with(claims, "1700000300", "1600000000"))),
                Contains("S5-exp /claims/exp"));
    EXPECT_THAT(found_in_jwt("only.two"), Contains("S5 "));
    EXPECT_THAT(found_in_jwt("a*b.c.d"), Contains("S5 /header"));
    EXPECT_THAT(found_in_jwt(base::to_base64url(header) + "." + base::to_base64url(claims) + "."),
                Contains("S5-alg /signature"));
}

TEST(Lint, EveryRequirementStandsInTheConformanceStatement) {
    std::ifstream in{COUNTERSIGN_SOURCE_DIR "/docs/conformance.json", std::ios::binary};
    std::string const text{std::istreambuf_iterator<char>{in}, {}};
    Parsed const statement{text};
    std::set<std::string_view> ids;
    for (auto const section : statement["sections"])
        for (auto const one : section["requirements"]) ids.insert(one["id"].string());
    for (auto const& tables : {request_tables(), response_tables(), discovery_tables(),
                               feedback_tables(), jwt_tables()}) {
        for (auto const& rule : tables.members)
            EXPECT_TRUE(ids.contains(rule.requirement)) << rule.requirement;
        for (auto const& check : tables.checks)
            EXPECT_TRUE(ids.contains(check.requirement)) << check.requirement;
    }
    for (auto const& own : dialect_checks())
        EXPECT_TRUE(ids.contains(own.check.requirement)) << own.check.requirement;
}

TEST(Lint, KnowsDialectsAndKindsByTheirNames) {
    for (auto const dialect : dialect_names()) EXPECT_EQ(name(*dialect_named(dialect)), dialect);
    EXPECT_EQ(dialect_named("other"), std::nullopt);
    for (auto const* kind : {"request", "response", "discovery", "feedback", "jwt"})
        EXPECT_EQ(name(*kind_named(kind)), kind);
}

}  // namespace
}  // namespace cds::hooks::lint

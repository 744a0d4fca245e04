#include "hooks/tolerance.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "hooks/engine.hpp"
#include "hooks/profiles.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {
namespace {

using cards::Parsed;
using testing::ElementsAre;
using testing::IsEmpty;

std::string const patient = R"({"resourceType":"Patient","id":"p1"})";

/// An order-sign call of one draft with `members` after its type; `more` after the context.
std::string call(
    std::string const& draft, std::string const& more = "", std::string const& context = "",
    std::string const& instance = R"("hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)") {
    return R"({"hook":"order-sign",)" + instance +
           R"("context":{"userId":"Practitioner/d1","patientId":"p1",)" + context +
           R"("draftOrders":{"resourceType":"Bundle","type":"collection","entry":[{"resource":{)" +
           draft + "}}]}}" + more + "}";
}
std::string const good =
    R"("resourceType":"MedicationRequest","id":"m1","status":"draft","intent":"order",)"
    R"("medicationCodeableConcept":{"text":"azathioprine"},"subject":{"reference":"Patient/p1"})";

std::optional<base::Error> refused(std::string const& body) {
    Workspace workspace;
    std::string out;
    auto const stats = answer(cards::knowledge(), {}, *profile("strict"), safety_service, body,
                              cards::instant("2026-06-01T09:00:00Z"), workspace, out);
    if (stats) return std::nullopt;
    EXPECT_THAT(out, IsEmpty());
    return stats.error();
}

/// "path rule" of each that is listed.
std::vector<std::string> listed(std::string const& body) {
    Client client;
    client.reports_tolerated = true;
    Workspace workspace;
    std::string out;
    auto const stats = answer(cards::knowledge(), {}, client, safety_service, body,
                              cards::instant("2026-06-01T09:00:00Z"), workspace, out);
    EXPECT_TRUE(stats) << (stats ? "" : stats.error().what);
    Parsed const document{out};
    EXPECT_THAT(cards::empty_members(*document), IsEmpty());
    std::vector<std::string> found;
    for (auto const one : document["extension"][tolerated_extension].each()) {
        EXPECT_FALSE(one["read"].string().empty());
        found.push_back(std::string{one["path"].string()} + ' ' +
                        std::string{one["rule"].string()});
    }
    return found;
}

struct Row {
    char const* name;
    std::string body;
    std::string path, rule;
};

std::vector<Row> rows() {
    auto const dosed = [](std::string const& dosage) {
        return call(good + R"(,"dosageInstruction":[)" + dosage + "]");
    };
    std::string const draft = "/context/draftOrders/entry/0/resource";
    return {
        {"no instance", call(good, "", "", ""), "/hookInstance", "hook-instance"},
        {"typed encounter", call(good, "", R"("encounterId":"Encounter/e1",)"),
         "/context/encounterId", "typed-id"},
        {"empty encounter", call(good, "", R"("encounterId":"",)"), "/context/encounterId",
         "empty-encounter"},
        {"prefetch in the context", call(good, "", R"("prefetch":{"medications":null},)"),
         "/context/prefetch", "prefetch-place"},
        {"null server", call(good, R"(,"fhirServer":null)"), "/fhirServer", "null-member"},
        {"plain http", call(good, R"(,"fhirServer":"http://localhost/r4")"), "/fhirServer",
         "plain-http"},
        {"authorization alone", call(good, R"(,"fhirAuthorization":{})"), "/fhirAuthorization",
         "authorization-alone"},
        {"one category", call(good + R"(,"category":{"text":"Outpatient"})"), draft + "/category",
         "single-value"},
        {"dose before R4", dosed(R"({"doseQuantity":{"value":50,"unit":"mg"}})"),
         draft + "/dosageInstruction/0/doseQuantity", "dose-on-dosage"},
        {"timing of DSTU2",
         dosed(R"({"timing":{"repeat":{"frequency":1,"period":1,"periodUnits":"d"}}})"),
         draft + "/dosageInstruction/0/timing/repeat/periodUnits", "older-member"},
        {"order of DSTU2",
         call(R"("resourceType":"MedicationOrder","id":"m1","status":"draft",)"
              R"("medicationCodeableConcept":{"text":"azathioprine"})"),
         draft + "/resourceType", "older-type"},
        {"medication of R5",
         call(R"("resourceType":"MedicationRequest","id":"m1","status":"draft","intent":"order",)"
              R"("medication":{"concept":{"text":"azathioprine"}})"),
         draft + "/medication", "codeable-reference"},
        {"no intent",
         call(R"("resourceType":"MedicationRequest","id":"m1","status":"draft",)"
              R"("medicationCodeableConcept":{"text":"azathioprine"})"),
         draft + "/intent", "no-intent"},
        {"no status",
         call(R"("resourceType":"MedicationRequest","id":"m1","intent":"order",)"
              R"("medicationCodeableConcept":{"text":"azathioprine"})"),
         draft + "/status", "no-status"},
        {"wrapped prefetch",
         call(good, R"(,"prefetch":{"patient":{"response":{"status":"200"},"resource":)" + patient +
                        "}}"),
         "/prefetch/patient/resource", "wrapped-resource"},
        {"allergy of DSTU2",
         call(good, R"(,"prefetch":{"allergies":{"resourceType":"Bundle","type":"searchset",)"
                    R"("entry":[{"resource":{"resourceType":"AllergyIntolerance","id":"a1",)"
                    R"("substance":{"text":"azathioprine"}}}]}})"),
         "/prefetch/allergies/entry/0/resource/substance", "older-member"},
    };
}

TEST(Tolerance, IsListedWithPathAndRuleForAClientThatAsks) {
    for (auto const& row : rows()) {
        SCOPED_TRACE(row.name);
        EXPECT_THAT(listed(row.body), ElementsAre(row.path + ' ' + row.rule));
    }
    EXPECT_THAT(listed(call(good)), IsEmpty());
}

TEST(Tolerance, IsRefusedByTheStrictProfileAtTheSamePath) {
    for (auto const& row : rows()) {
        SCOPED_TRACE(row.name);
        auto const error = refused(row.body);
        ASSERT_TRUE(error);
        EXPECT_EQ(error->code, base::ErrorCode::invalid);
        EXPECT_EQ(error->where, row.path);
        EXPECT_THAT(error->what, testing::HasSubstr("(" + row.rule + ")"));
        EXPECT_THAT(error->what, testing::Not(testing::HasSubstr("azathioprine")));
    }
    EXPECT_FALSE(refused(call(good)));
}

TEST(Tolerance, IsNotSeenWhereR4HasOneValueItself) {
    EXPECT_THAT(listed(call(good, R"(,"prefetch":{"procedures":{"resourceType":"Bundle","type":)"
                                  R"("searchset","entry":[{"resource":{"resourceType":"Procedure",)"
                                  R"("status":"completed","category":{"text":"Surgery"}}}]}})")),
                IsEmpty());
}

TEST(Tolerance, IsNotListedUnasked) {
    Workspace workspace;
    std::string out;
    ASSERT_TRUE(answer(cards::knowledge(), {}, {}, safety_service, call(good, "", "", ""),
                       cards::instant("2026-06-01T09:00:00Z"), workspace, out));
    EXPECT_THAT(out, testing::Not(testing::HasSubstr("extension")));
}

TEST(Tolerance, HasOneCodeForEachRule) {
    std::set<std::string_view> codes;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Leniency::count_); ++i) {
        auto const rule = static_cast<Leniency>(i);
        EXPECT_TRUE(codes.insert(code(rule)).second) << code(rule);
        EXPECT_FALSE(reading(rule).empty());
    }
}

}  // namespace
}  // namespace cds::hooks

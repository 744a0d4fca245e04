#include "hooks/request.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace cds::hooks {
namespace {

struct Reading {
    std::unique_ptr<std::string const> body;  ///< the request looks into it
    base::json::Document document;
    base::Result<Request> request = base::Error{};
};

Reading read(std::string const& text, std::string_view service = safety_service) {
    Reading reading;
    reading.body = std::make_unique<std::string const>(text);
    auto const& body = *reading.body;
    auto const root = reading.document.parse(body);
    EXPECT_TRUE(root) << body;
    if (root) reading.request = read_request(*root, body, *find_service(service));
    return reading;
}

std::string call(std::string const& context, std::string const& more = {}) {
    return R"({"hook":"order-sign","hookInstance":"i1","context":{)" + context + "}" + more + "}";
}

std::string const good =
    R"("userId":"Practitioner/d1","patientId":"p1","draftOrders":{"resourceType":"Bundle","type":)"
    R"("collection","entry":[)"
    R"({"resource":{"resourceType":"MedicationRequest","id":"m1"}}]})";

struct ErrorRow {
    char const* name;
    std::string body;
    char const* where;
    char const* says;
};

TEST(Request, NamesThePlaceAndTheFixOfEachFault) {
    std::string const drafts = R"("draftOrders":{"resourceType":"Bundle","type":"collection"})";
    ErrorRow const rows[] = {
        {"array", "[]", "", "JSON object"},
        {"string", "\"x\"", "", "JSON object"},
        {"no hook", "{}", "/hook", "order-sign"},
        {"hook null", R"({"hook":null})", "/hook", "order-sign"},
        {"hook number", R"({"hook":5})", "/hook", "string"},
        {"deprecated hook", R"({"hook":"medication-prescribe"})", "/hook", "deprecated"},
        {"deprecated review", R"({"hook":"order-review"})", "/hook", "draftOrders"},
        {"another hook", R"({"hook":"appointment-book"})", "/hook", "order-sign and order-select"},
        {"hookInstance number", R"({"hook":"order-sign","hookInstance":7})", "/hookInstance",
         "string"},
        {"hookInstance with a control", "{\"hook\":\"order-sign\",\"hookInstance\":\"a\\u0000\"}",
         "/hookInstance", "control"},
        {"no context", R"({"hook":"order-sign","hookInstance":"i"})", "/context", "patientId"},
        {"context string", R"({"hook":"order-sign","hookInstance":"i","context":"x"})", "/context",
         "object"},
        {"no patient", call(drafts), "/context/patientId", "patient"},
        {"patient null", call(R"("patientId":null,)" + drafts), "/context/patientId", "patient"},
        {"patient empty", call(R"("patientId":"",)" + drafts), "/context/patientId", "patient"},
        {"patient bare type", call(R"("patientId":"Patient/",)" + drafts), "/context/patientId",
         "patient"},
        {"patient number", call(R"("patientId":5,)" + drafts), "/context/patientId", "string"},
        {"patient object", call(R"("patientId":{},)" + drafts), "/context/patientId", "string"},
        {"patient of another type", call(R"("patientId":"Group/1",)" + drafts),
         "/context/patientId", "bare id"},
        {"patient path", call(R"("patientId":"../1",)" + drafts), "/context/patientId", "bare id"},
        {"patient twice typed", call(R"("patientId":"Patient/Patient/1",)" + drafts),
         "/context/patientId", "bare id"},
        {"patient with NUL", call("\"patientId\":\"a\\u0000b\"," + drafts), "/context/patientId",
         "control"},
        {"patient with C1 control", call("\"patientId\":\"a\\u0085b\"," + drafts),
         "/context/patientId", "control"},
        {"patient of 257", call("\"patientId\":\"" + std::string(257, 'a') + "\"," + drafts),
         "/context/patientId", "256"},
        {"encounter number", call(R"("patientId":"p","encounterId":1,)" + drafts),
         "/context/encounterId", "string"},
        {"encounter path", call(R"("patientId":"p","encounterId":"a/b",)" + drafts),
         "/context/encounterId", "bare id"},
        {"user number", call(R"("patientId":"p","userId":1,)" + drafts), "/context/userId",
         "string"},
        {"user with a line break",
         call("\"patientId\":\"p\",\"userId\":\"Practitioner/a\\nb\"," + drafts), "/context/userId",
         "control"},
        {"no drafts", call(R"("patientId":"p")"), "/context/draftOrders", "Bundle"},
        {"drafts null", call(R"("patientId":"p","draftOrders":null)"), "/context/draftOrders",
         "Bundle"},
        {"drafts string", call(R"("patientId":"p","draftOrders":"{}")"), "/context/draftOrders",
         "Bundle"},
        {"prefetch list", call(good, R"(,"prefetch":[])"), "/prefetch", "object"},
        {"prefetch string", call(good, R"(,"prefetch":"x")"), "/prefetch", "object"},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const reading = read(row.body);
        ASSERT_FALSE(reading.request);
        EXPECT_EQ(reading.request.error().code, base::ErrorCode::invalid);
        EXPECT_EQ(reading.request.error().where, row.where);
        EXPECT_NE(reading.request.error().what.find(row.says), std::string::npos)
            << reading.request.error().what;
    }
}

TEST(Request, EchoesNothingOfTheInputInItsErrors) {
    for (auto const& body :
         {std::string{R"({"hook":"<script>secret"})"}, call(R"("patientId":"secret/1")")}) {
        auto const reading = read(body);
        ASSERT_FALSE(reading.request);
        EXPECT_EQ(reading.request.error().what.find("secret"), std::string::npos);
    }
}

struct ToleratedRow {
    char const* name;
    std::string body;
    std::uint32_t tolerated;
};

TEST(Request, CountsEachDepartureThatItReadsAllTheSame) {
    auto const with_drafts = [](std::string const& drafts) {
        return call(R"("userId":"Practitioner/d1","patientId":"p1","draftOrders":)" + drafts);
    };
    ToleratedRow const rows[] = {
        {"nothing", call(good), 0},
        {"typed patient",
         call(R"("userId":"Practitioner/1","patientId":"Patient/p1","draftOrders":{"resourceType":)"
              R"("Bundle","type":"collection"})"),
         1},
        {"no user",
         call(R"("patientId":"p1","draftOrders":{"resourceType":"Bundle","type":"collection"})"),
         1},
        {"user that cannot order",
         call(R"("userId":"d1","patientId":"p1","draftOrders":{"resourceType":"Bundle","type":)"
              R"("collection"})"),
         1},
        {"empty encounter", call(good + R"(,"encounterId":"")"), 1},
        {"typed encounter", call(good + R"(,"encounterId":"Encounter/e1")"), 1},
        {"no Bundle.type", with_drafts(R"({"resourceType":"Bundle","entry":[]})"), 1},
        {"list of orders", with_drafts(R"([{"resourceType":"MedicationRequest","id":"a"}])"), 2},
        {"one order", with_drafts(R"({"resourceType":"MedicationRequest","id":"a","type":"x"})"),
         1},
        {"entry without wrapper",
         with_drafts(R"({"resourceType":"Bundle","type":"collection","entry":[{"resourceType":)"
                     R"("MedicationRequest","id":"a"}]})"),
         1},
        {"draft without id",
         with_drafts(R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)"
                     R"({"resourceType":"MedicationRequest"}}]})"),
         1},
        {"null server and authorization",
         call(good, R"(,"fhirServer":null,"fhirAuthorization":null)"), 2},
        {"plain http server", call(good, R"(,"fhirServer":"http://localhost/fhir")"), 1},
        {"authorization without server", call(good, R"(,"fhirAuthorization":{})"), 1},
        {"prefetch in the context", call(good + R"(,"prefetch":{"a":null})"), 1},
        {"unknown members", call(good + R"(,"x":1)", R"(,"extension":{"y":2},"z":[3])"), 0},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        auto const reading = read(row.body);
        ASSERT_TRUE(reading.request)
            << reading.request.error().where << reading.request.error().what;
        EXPECT_EQ(reading.request->tolerated.size(), row.tolerated);
        EXPECT_EQ(reading.request->patient_id, "p1");
    }
}

TEST(Request, TakesIdsAsTheyCome) {
    auto const id = std::string(250, 'x') + "é+=.~ ";
    auto const reading = read(
        call("\"patientId\":\"Patient/" + id + R"(","draftOrders":{"resourceType":"Bundle"})"));
    ASSERT_TRUE(reading.request);
    EXPECT_EQ(reading.request->patient_id, id);
}

TEST(Request, MakesAnInstanceOfItsOwnForACallWithoutOne) {
    auto const body = [](char const* patient) {
        return R"({"hook":"order-sign","context":{"patientId":")" + std::string{patient} +
               R"(","draftOrders":{"resourceType":"Bundle"}}})";
    };
    auto const a = read(body("a")), again = read(body("a")), b = read(body("b"));
    EXPECT_FALSE(a.request->hook_instance.empty());
    EXPECT_EQ(a.request->hook_instance, again.request->hook_instance);
    EXPECT_NE(a.request->hook_instance, b.request->hook_instance);
}

TEST(Request, TakesOnlyAReferenceToSomebodyWhoCanOrderAsRequester) {
    EXPECT_TRUE(is_requester("Practitioner/1"));
    EXPECT_TRUE(is_requester("PractitionerRole/a.b-c"));
    EXPECT_FALSE(is_requester("Practitioner"));
    EXPECT_FALSE(is_requester("Practitioner/"));
    EXPECT_FALSE(is_requester("Practitioner/1/2"));
    EXPECT_FALSE(is_requester("Medication/1"));
    EXPECT_FALSE(is_requester("https://x.test/Practitioner/1"));
}

}  // namespace
}  // namespace cds::hooks

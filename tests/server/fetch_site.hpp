#pragma once
#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/server/fhir_server.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"
#include "tests/server/temporary_folder.hpp"

// What the tests of fetching share: calls with and without prefetch, and a service that may fetch
// from a FHIR server of the test.

namespace cds::server::test {

using Values = std::vector<std::pair<std::string, std::string>>;

inline std::string empty_bundle() { return R"({"resourceType":"Bundle","type":"searchset"})"; }

inline std::string bundle_of(std::string const& resources, std::string const& members = {}) {
    std::string entries;
    if (!resources.empty()) entries = R"({"resource":)" + resources + "}";
    return R"({"resourceType":"Bundle","type":"searchset",)" + members + R"("entry":[)" + entries +
           "]}";
}

/// Creatinine of a day, with further members.
inline std::string creatinine(std::string const& id, std::string const& day,
                              std::string const& patient = "p1") {
    return R"({"resourceType":"Observation","id":")" + id +
           R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"2160-0"}]},)"
           R"("subject":{"reference":"Patient/)" +
           patient + R"("},"effectiveDateTime":")" + day +
           R"(","valueQuantity":{"value":0.9,"unit":"mg/dL","system":)"
           R"("http://unitsofmeasure.org","code":"mg/dL"}})";
}

inline std::string patient_p1() {
    return R"({"resourceType":"Patient","id":"p1","birthDate":"1980-02-03","gender":"male"})";
}

inline constexpr auto ciclosporin = "ciclosporin 100 mg capsules";
inline constexpr auto infliximab = "infliximab 100 mg infusion";

/// A call that signs `drug` for p1. Every key of the prefetch is there and empty, but for
/// `values`; an empty value leaves its key out.
inline std::string order_call(std::string const& drug, Values const& values,
                              std::string const& members = {}) {
    static constexpr std::array<std::string_view, 11> keys{
        "patient",    "encounter", "medications",  "statements", "administrations", "dispenses",
        "conditions", "allergies", "observations", "procedures", "serviceRequests"};
    std::string prefetch;
    for (auto const key : keys) {
        std::string value = key == "patient" ? patient_p1() : "null";
        for (auto const& [name, text] : values)
            if (name == key) value = text;
        if (value.empty()) continue;
        prefetch += (prefetch.empty() ? "\"" : ",\"") + std::string{key} + "\":" + value;
    }
    return R"({"hook":"order-sign","hookInstance":"4e0a3a1e-3283-4575-ab82-028d55fe2719",)" +
           members +
           R"("context":{"userId":"Practitioner/d1","patientId":"p1","draftOrders":)"
           R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)"
           R"({"resourceType":"MedicationRequest","id":"d1","status":"draft","intent":"order",)"
           R"("medicationCodeableConcept":{"text":")" +
           drug +
           R"("},)"
           R"("subject":{"reference":"Patient/p1"},"authoredOn":"2026-06-01"}}]}},)"
           R"("prefetch":{)" +
           prefetch + "}}";
}

inline std::string ciclosporin_call(Values const& values, std::string const& members = {}) {
    return order_call(ciclosporin, values, members);
}

/// A failure as a client may prefetch it.
inline std::string outcome(std::string const& code) {
    return R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":")" + code +
           R"("}]})";
}

/// The members that let the service fetch, for `order_call`.
inline std::string access(std::string const& base, std::string const& authorization = {}) {
    return R"("fhirServer":")" + base + R"(",)" +
           (authorization.empty() ? std::string{}
                                  : R"("fhirAuthorization":)" + authorization + ",");
}

inline std::string token(std::string const& text, std::string const& expires = "300",
                         std::string const& scope = "patient/*.rs") {
    return R"({"access_token":")" + text + R"(","token_type":"Bearer","expires_in":)" + expires +
           R"(,"scope":")" + scope + R"(","subject":"countersign"})";
}

/// A service that may fetch from `bases`, on loopback.
class FetchingService {
public:
    explicit FetchingService(std::vector<std::string> const& bases,
                             std::function<void(Settings&)> const& change = {},
                             std::string const& networks = R"(["127.0.0.0/8"])")
        : server_{[this, list = write(bases, networks), change](Settings& settings) {
              settings.fhir_bases = list;
              settings.as_of = "2026-06-01T09:00:00Z";
              settings.fetch_deadline_ms = 5000;
              settings.reference_deadline_ms = 5000;
              settings.log_file = folder_.file("log");
              if (change) change(settings);
          }} {}

    std::optional<Answer> answer(std::string const& call) {
        return ask(server_.port(), post(call, "Connection: close\r\n"));
    }
    /// The body of a 200; the status in words otherwise.
    std::string cards(std::string const& call) {
        auto const got = answer(call);
        if (!got) return "no answer";
        return got->status == 200 ? got->body : "status " + std::to_string(got->status);
    }
    std::uint16_t port() const { return server_.port(); }
    /// Ends the service; what it has logged.
    std::string log() {
        server_.stop();
        server_.log.close();
        return Folder::read(folder_.file("log"));
    }

private:
    std::string write(std::vector<std::string> const& bases, std::string const& networks) {
        std::string text;
        for (auto const& base : bases)
            text += (text.empty() ? R"([{"url":")" : R"(,{"url":")") + base + R"(","networks":)" +
                    networks + "}";
        return folder_.write("bases.json", text + "]");
    }

    Folder folder_;
    RunningServer server_;
};

/// What the same call would get with the data prefetched.
inline std::string cards_with(Values const& values, std::string const& drug = ciclosporin) {
    static RunningServer plain{[](Settings& settings) { settings.as_of = "2026-06-01T09:00:00Z"; }};
    auto const got = ask(plain.port(), post(order_call(drug, values), "Connection: close\r\n"));
    return got && got->status == 200 ? got->body : "no answer";
}

/// The value of a query parameter or the resource type of a target: "Observation".
inline std::string type_of(std::string const& target) {
    std::string rest = target.substr(target.starts_with("/fhir/") ? 6 : 0);
    return rest.substr(0, rest.find_first_of("?/"));
}

}  // namespace cds::server::test

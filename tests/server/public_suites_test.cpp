// Other people's FHIR and JSON files, replayed against a running server from where they lie: as a
// drafted order, as a prefetch value and as the whole body. Whatever they hold, each is answered
// and the next request too. Under the asan preset this shows that none of them reads or writes out
// of bounds.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.hpp"
#include "tests/server/http_client.hpp"
#include "tests/server/running_server.hpp"

namespace cds::server {
namespace {

namespace fs = std::filesystem;

fs::path const suites{COUNTERSIGN_SOURCE_DIR "/../shared/suites"};

std::string read(fs::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

std::vector<fs::path> files_below(fs::path const& folder, std::string_view ending) {
    std::vector<fs::path> files;
    for (auto const& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.is_regular_file() && entry.path().filename().string().ends_with(ending))
            files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    return files;
}

/// The patient that a resource names, so that it is read and not set aside as another's.
std::string patient_of(base::json::Value resource) {
    auto subject = resource["subject"];
    if (!subject) subject = resource["patient"];
    auto const reference = subject["reference"].string();
    auto const cut = reference.find_last_of("/:#");
    auto id = std::string{cut == reference.npos ? reference : reference.substr(cut + 1)};
    if (resource["resourceType"].string() == "Patient") id = resource["id"].string();
    return id.empty() ? "p1" : id;
}

std::string call(std::string const& patient, std::string const& drafts,
                 std::string const& prefetch) {
    return R"({"hook":"order-sign","hookInstance":"7c1b5b53-2b69-4a0c-9c46-8f1b0a9f2f1d",)"
           R"("context":{"userId":"Practitioner/1","patientId":")" +
           patient + R"(","draftOrders":{"resourceType":"Bundle","entry":[)" + drafts +
           R"(]}},"prefetch":{)" + prefetch + "}}";
}

/// What kept one request from being answered as it must; empty when it was.
std::string fault_of(std::optional<test::Answer> const& answer, unsigned wanted) {
    if (!answer) return "no answer";
    base::json::Document document;
    auto const body = document.parse(answer->body);
    if (!body) return "an answer that is no JSON";
    if (answer->status == 200)
        return wanted == 200 && (*body)["cards"].is_array() ? "" : "status 200";
    if ((*body)["resourceType"].string() != "OperationOutcome") return "no OperationOutcome";
    return answer->status == 400 && wanted == 400 ? "" : "status " + std::to_string(answer->status);
}

class PublicSuites : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::is_directory(suites)) GTEST_SKIP() << "the public suites are not here: " << suites;
    }
    void send(std::string const& body, unsigned wanted, std::string const& what) {
        ++requests_;
        auto const fault = fault_of(test::ask(server_.port(), test::post(body)), wanted);
        EXPECT_EQ(fault, "") << what;
    }
    test::RunningServer server_;
    std::size_t requests_ = 0;
};

/// Three bodies for each resource. HL7's examples are whole and valid: all are answered with 200.
TEST_F(PublicSuites, EveryFhirResourceIsAnsweredAsDraftAndAsPrefetch) {
    std::size_t resources = 0;
    for (auto const* const folder : {"hl7-r4-examples", "us-core", "synthea"}) {
        for (auto const& path : files_below(suites / "fhir" / folder, ".json")) {
            auto const text = read(path);
            base::json::Document document;
            auto const resource = document.parse(text);
            ASSERT_TRUE(resource) << path << ": " << resource.error().what;
            ++resources;
            auto const patient = patient_of(*resource);
            auto const entry = R"({"resource":)" + text + "}";
            auto const key = "\"observations\":";
            send(call(patient, entry, ""), 200, path.string() + " as a draft");
            send(call(patient, "", key + text), 200, path.string() + " as a prefetch value");
            send(call(patient, "",
                      std::string{key} + R"({"resourceType":"Bundle","entry":[)" + entry + "]}"),
                 200, path.string() + " in a prefetch Bundle");
        }
    }
    EXPECT_GT(resources, 400U);
    std::cout << resources << " resources, " << requests_ << " requests\n";
}

/// Each line is one JSON value, right or wrong for a FHIR type, put where a date, a code or a
/// number is read. A wrong one may lose that fact, never the request.
TEST_F(PublicSuites, EveryFhirPrimitiveIsReadOrPassedOver) {
    std::size_t values = 0;
    for (auto const& path : files_below(suites / "fhir" / "primitives-google", ".ndjson")) {
        std::ifstream lines{path};
        for (std::string line; std::getline(lines, line);) {
            base::json::Document document;
            if (line.empty() || !document.parse(line)) continue;
            ++values;
            auto const order =
                R"({"resource":{"resourceType":"MedicationRequest","id":"a","status":"draft",)"
                R"("intent":"order","subject":{"reference":"Patient/p1"},)"
                R"("medicationCodeableConcept":{"text":"ciclosporin 100 mg capsule"},"authoredOn":)" +
                line + R"(,"dosageInstruction":[{"sequence":)" + line +
                R"(,"timing":{"repeat":{"frequency":)" + line + R"(,"period":)" + line +
                R"(,"periodUnit":)" + line + R"(}},"doseAndRate":[{"doseQuantity":{"value":)" +
                line + R"(,"code":)" + line + "}}]}]}}";
            auto const result =
                R"("observations":{"resourceType":"Observation","status":"final",)"
                R"("subject":{"reference":"Patient/p1"},"code":{"coding":[{"code":)" +
                line + R"(}],"text":"creatinine"},"effectiveDateTime":)" + line +
                R"(,"valueQuantity":{"value":)" + line + R"(,"unit":)" + line + "}}";
            send(call("p1", order, result), 200, path.string() + ": " + line);
        }
    }
    EXPECT_GT(values, 100U);
    std::cout << values << " values, " << requests_ << " requests\n";
}

/// As a body none of them is a hook call: all are refused with 400, well-formed or not.
TEST_F(PublicSuites, EveryFileOfTheJsonSuiteIsRefusedAsACallWithItsPlace) {
    std::size_t files = 0;
    for (auto const& path : files_below(suites / "json" / "JSONTestSuite", ".json")) {
        ++files;
        send(read(path), 400, path.string());
    }
    EXPECT_GT(files, 300U);
    std::cout << files << " files, " << requests_ << " requests\n";
}

/// And inside a call: what is no JSON breaks the whole body, what is JSON is a value like any
/// other.
TEST_F(PublicSuites, EveryFileOfTheJsonSuiteIsJudgedInsideACall) {
    std::size_t refused = 0;
    for (auto const& path : files_below(suites / "json" / "JSONTestSuite", ".json")) {
        auto const body = call("p1", "", R"("observations":)" + read(path));
        base::json::Document document;
        bool const is_json = static_cast<bool>(document.parse(body));
        refused += is_json ? 0U : 1U;
        send(body, is_json ? 200 : 400, path.string());
        auto const name = path.filename().string();
        // A lone comma or brace may close the call early; what the suite calls wrong stays wrong.
        EXPECT_FALSE(name.starts_with("n_") && is_json) << name;
    }
    std::cout << refused << " of " << requests_ << " requests refused\n";
}

}  // namespace
}  // namespace cds::server

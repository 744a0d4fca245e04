#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <regex>
#include <set>

#include "tests/hooks/each_example.hpp"

// What public clients were seen to need: docs/client-demands.md has the numbers.

namespace cds::hooks {
namespace {

using base::json::Value;
using cards::Parsed;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::string ask(std::string const& body) {
    return answer_to(body, cards::instant("2026-06-01T09:00:00Z"));
}

void for_each_answer(std::function<void(Value)> const& look) {
    for_each_example_call([&](ExampleCall const& call) {
        Parsed const answer{answer_to(call.body, call.now, {}, call.site)};
        look(*answer);
    });
}

std::set<std::string> topics(std::string const& body) {
    std::set<std::string> found;
    Parsed const document{body};
    for (auto const card : document["cards"])
        found.emplace(card["source"]["topic"]["code"].string());
    return found;
}

std::string read(std::filesystem::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

TEST(ClientDemands, EachHasItsLineAndTheTestsThatTheDocumentNamesExist) {
    std::filesystem::path const root{COUNTERSIGN_SOURCE_DIR};
    auto const text = read(root / "docs" / "client-demands.md");
    for (int number = 1; number <= 40; ++number)
        EXPECT_THAT(text, HasSubstr("\n| " + std::to_string(number) + " | "));
    std::string tests;
    for (auto const& file : std::filesystem::recursive_directory_iterator{root / "tests"}) {
        if (file.path().extension() == ".cpp") tests += read(file.path());
    }
    std::regex const name{"`([A-Z][A-Za-z]+)\\.([A-Z][A-Za-z0-9]+)`"};
    auto count = 0;
    for (std::sregex_iterator at{text.begin(), text.end(), name}, end; at != end; ++at) {
        EXPECT_NE(tests.find("(" + (*at)[1].str() + ", " + (*at)[2].str() + ")"), tests.npos)
            << at->str();
        ++count;
    }
    EXPECT_GT(count, 25);
}

TEST(ClientDemands, Numbers4And6AnswersHaveCardsAndNoStatus) {
    for_each_answer([](Value answer) {
        EXPECT_TRUE(answer["cards"].is_array());
        EXPECT_FALSE(answer["status"]);
    });
    auto const empty =
        ask(R"({"hook":"order-sign","context":{"patientId":"p1","draftOrders":{}}})");
    EXPECT_EQ(empty, R"({"cards":[]})");
}

TEST(ClientDemands, Number9NoQueryOfThePrefetchRepeatsAParameter) {
    Parsed const document{discovery(cards::knowledge(), {}, {})};
    for (auto const service : document["services"]) {
        for (auto const entry : service["prefetch"]) {
            auto query = entry.string();
            auto const mark = query.find('?');
            if (mark == query.npos) continue;
            query.remove_prefix(mark + 1);
            std::set<std::string_view> names;
            while (!query.empty()) {
                auto const part = query.substr(0, query.find('&'));
                EXPECT_TRUE(names.insert(part.substr(0, part.find('='))).second) << entry.string();
                query.remove_prefix(std::min(query.size(), part.size() + 1));
            }
        }
    }
}

TEST(ClientDemands, Number10AnEmptySearchIsABundleWithoutEntry) {
    auto const call = [](std::string const& medications) {
        return ask(
            R"({"hook":"patient-view","context":{"userId":"Practitioner/1","patientId":"p1"},)"
            R"("prefetch":{"statements":null,"administrations":null,"dispenses":null,)"
            R"("medications":)" +
            medications + "}}");
    };
    EXPECT_EQ(call(R"({"resourceType":"Bundle","type":"searchset","total":0})"), R"({"cards":[]})");
    EXPECT_THAT(topics(call(R"({"resourceType":"OperationOutcome","issue":[]})")),
                testing::ElementsAre("not-evaluated"));
}

/// As the request generator sends a call: keys and Bundles of its own, an empty token, no user or
/// encounter that exists.
std::string generator(std::string const& prefetch) {
    return R"({"hook":"order-sign","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",)"
           R"("fhirServer":"http://localhost:8080/test-ehr/r4","fhirAuthorization":)"
           R"({"access_token":"","token_type":"Bearer","expires_in":300,"scope":"","subject":""},)"
           R"("extension":{"davinci-crd.configuration":{}},"context":{"userId":"Practitioner/none",)"
           R"("patientId":"p1","encounterId":"none","draftOrders":{"resourceType":"Bundle","type":)"
           R"("collection","entry":[{"resource":{"resourceType":"MedicationRequest","id":"m1",)"
           R"("status":"draft","intent":"order","medicationReference":{"reference":"Medication/x"},)"
           R"("_resolvedMedication":{"resourceType":"Medication","id":"x","code":{"text":"y"}},)"
           R"("contained":[],"subject":{"reference":"Patient/p1"}}},{"resource":{"resourceType":)"
           R"("MedicationRequest","id":"m2","status":"draft","intent":"order",)"
           R"("medicationCodeableConcept":{"text":"azathioprine"},"subject":{"reference":)"
           R"("Patient/p1"}}}]}})" +
           prefetch + "}";
}

TEST(ClientDemands, Numbers11And12WhatWasNotAskedForOrNotSentIsNotTakenForNothing) {
    auto const own =
        R"(,"prefetch":{"coverageBundle":{"resourceType":"Bundle","type":"collection",)"
        R"("entry":[{"resource":{"resourceType":"Coverage","id":"c1"}}]},)"
        R"("medicationRequestBundle":{"resourceType":"Bundle","type":"collection"}})";
    for (std::string const prefetch : {own, ""}) {
        auto const body = ask(generator(prefetch));
        EXPECT_THAT(topics(body), testing::Contains("not-evaluated"));
        EXPECT_THAT(body, HasSubstr("not supplied"));
    }
}

TEST(ClientDemands, Numbers17And18TheRequestGeneratorsOdditiesAreNoError) {
    auto const body = ask(generator(""));
    EXPECT_THAT(body, Not(HasSubstr("_resolvedMedication")));
    EXPECT_EQ(ask(generator("")), body) << "the same hookInstance again";
}

/// As the sandbox sends a call; `members` are the draft's.
std::string sandbox(std::string const& hook, std::string const& members) {
    auto const selections =
        hook == "order-select" ? R"("selections":["MedicationRequest/request-123"],)" : "";
    return R"({"hook":")" + hook +
           R"(","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","fhirServer":)"
           R"("http://localhost:8099/r4","context":{"userId":"Practitioner/1","patientId":"p1",)" +
           selections +
           R"("draftOrders":{"resourceType":"Bundle","entry":[{"resource":{"resourceType":)"
           R"("MedicationRequest","id":"request-123",)" +
           members + "}}]}}}";
}
std::string const capsule =
    R"("status":"draft","intent":"order","authoredOn":"2026-06-01","category":{"coding":[]},)"
    R"("medicationCodeableConcept":{"coding":[{"system":)"
    R"("http://www.nlm.nih.gov/research/umls/rxnorm","code":"241834"}],"text":)"
    R"("cyclosporine, modified 100 MG Oral Capsule"},"subject":{"reference":"Patient/p1"},)";

TEST(ClientDemands, Numbers13And16TheDoseInCapsulesIsCountedByTheProductsStrength) {
    // 300 mg of ciclosporin twice a day, as three capsules of 100 mg, for a patient of 100 kg:
    // above 5 mg/kg.
    auto body = sandbox("order-sign",
                        capsule + R"("reasonCode":{"text":"Psoriasis"},"dosageInstruction":[{)"
                                  R"("doseAndRate":[{"doseQuantity":{"value":3,"system":)"
                                  R"("http://unitsofmeasure.org","code":"{pill}"}}],"timing":)"
                                  R"({"repeat":{"frequency":2,"period":1,"periodUnit":"d"}}}])");
    auto const weighed = [&](std::string const& kg) {
        auto call = body;
        call.insert(
            call.size() - 1,
            R"(,"prefetch":{"patient":{"resourceType":"Patient","id":"p1","gender":"male",)"
            R"("birthDate":"1980-01-01"},"observations":{"resourceType":"Bundle","entry":[{)"
            R"("resource":{"resourceType":"Observation","status":"final","code":{"coding":[{)"
            R"("system":"http://loinc.org","code":"29463-7"}]},"effectiveDateTime":"2026-05-30",)"
            R"("valueQuantity":{"value":)" +
                kg + R"(,"unit":"kg","code":"kg"}}}]}})");
        return ask(call);
    };
    EXPECT_THAT(weighed("100"), HasSubstr("6 mg/kg"));
    EXPECT_THAT(weighed("100"), HasSubstr("not-evaluated"));
}

TEST(ClientDemands, Number14ADraftWithoutADrugIsNoErrorAndNoDrugCard) {
    for (auto const* hook : {"order-select", "order-sign"}) {
        auto const body = ask(sandbox(hook, R"("status":"draft","category":{"coding":[]},)"
                                            R"("authoredOn":"2026-06-01","subject":{"reference":)"
                                            R"("Patient/p1"})"));
        EXPECT_THAT(topics(body), testing::ElementsAre("not-evaluated")) << "and that is said";
    }
}

TEST(ClientDemands, Number15OneReasonIsReadAsAList) {
    auto const listed = ask(sandbox("order-sign", capsule + R"("reasonCode":[{"text":"Eczema"}])"));
    EXPECT_EQ(ask(sandbox("order-sign", capsule + R"("reasonCode":{"text":"Eczema"})")), listed);
    EXPECT_NE(ask(sandbox("order-sign", capsule + R"("reasonCode":[{"text":"Asthma"}])")), listed);
}

TEST(ClientDemands, Number22CriticalCardsComeFirst) {
    auto const weight = [](std::string_view indicator) {
        return indicator == "critical" ? 2 : indicator == "warning" ? 1 : 0;
    };
    for_each_answer([&](Value answer) {
        auto last = 2;
        for (auto const card : answer["cards"]) {
            EXPECT_THAT(card["indicator"].string(), testing::AnyOf("critical", "warning", "info"));
            EXPECT_LE(weight(card["indicator"].string()), last);
            last = weight(card["indicator"].string());
        }
    });
}

TEST(ClientDemands, Numbers23And25And27CardsHaveWhatClientsReadOfThem) {
    for_each_answer([](Value answer) {
        EXPECT_THAT(cards::empty_members(answer), IsEmpty());
        std::set<std::string> uuids;
        for (auto const card : answer["cards"]) {
            EXPECT_TRUE(uuids.emplace(card["uuid"].string()).second);
            auto const topic = card["source"]["topic"];
            EXPECT_TRUE(card["source"].is_object());
            for (auto const* member : {"code", "system", "display"})
                EXPECT_FALSE(topic[member].string().empty());
            EXPECT_FALSE(card["source"]["icon"]) << "40: none is shown";
            for (auto const reason : card["overrideReasons"].each())
                EXPECT_FALSE(reason["display"].string().empty()) << "26";
            for (auto const suggestion : card["suggestions"].each()) {
                EXPECT_TRUE(uuids.emplace(suggestion["uuid"].string()).second);
                EXPECT_GT(suggestion["actions"].size(), 0U) << "30";
                for (auto const action : suggestion["actions"]) {
                    EXPECT_FALSE(action["description"].string().empty()) << "29";
                    EXPECT_TRUE(action["type"].string() != "delete" || !action["resource"])
                        << "31: nothing deprecated is added";
                }
            }
            for (auto const link : card["links"].each())
                EXPECT_EQ(link["type"].string(), "absolute") << "36, 37: no SMART links yet";
        }
    });
}

TEST(ClientDemands, Number28TheDrugsActionComesFirst) {
    for_each_answer([](Value answer) {
        for (auto const card : answer["cards"]) {
            for (auto const suggestion : card["suggestions"].each()) {
                auto others = false;
                for (auto const action : suggestion["actions"]) {
                    auto const type = action["resource"]["resourceType"].string();
                    auto const drug =
                        action["type"].string() == "delete" || type == "MedicationRequest";
                    EXPECT_FALSE(drug && others);
                    others = others || !drug;
                    if (type != "MedicationRequest") continue;
                    auto const medication = action["resource"]["medicationCodeableConcept"];
                    if (action["type"].string() != "create") continue;
                    EXPECT_FALSE(medication["text"].string().empty());
                    EXPECT_FALSE(medication["coding"].first()["code"].string().empty());
                }
            }
        }
    });
}

TEST(ClientDemands, Number32WhatASuggestionCreatesIsACompleteResource) {
    for_each_answer([](Value answer) {
        for (auto const card : answer["cards"]) {
            for (auto const suggestion : card["suggestions"].each()) {
                for (auto const action : suggestion["actions"]) {
                    auto const made = action["resource"];
                    if (action["type"].string() != "create") continue;
                    EXPECT_FALSE(made["id"]) << "the server gives it";
                    EXPECT_FALSE(made["status"].string().empty());
                    EXPECT_FALSE(made["intent"].string().empty());
                    auto const* owner = made["resourceType"].string() == "Task" ? "for" : "subject";
                    EXPECT_FALSE(made[owner]["reference"].string().empty());
                }
            }
        }
    });
}

}  // namespace
}  // namespace cds::hooks

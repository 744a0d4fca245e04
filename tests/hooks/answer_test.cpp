#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::hooks {
namespace {

using cards::empty_members;
using cards::Parsed;

/// Answers `body` as the default client at 2026-06-01T09:00:00Z.
struct Service {
    Site site;
    Client client;
    Workspace workspace;

    base::Result<std::string> operator()(std::string const& body,
                                         std::string_view service = safety_service) {
        std::string out;
        auto const stats = answer(cards::knowledge(), site, client, service, body,
                                  cards::instant("2026-06-01T09:00:00Z"), workspace, out);
        if (!stats) {
            EXPECT_EQ(out, "") << "a failed call leaves no half answer";
            return stats.error();
        }
        last = *stats;
        EXPECT_EQ(lint_errors(out, lint::Kind::response, body), "") << out;
        return out;
    }
    CallStats last;
};

std::string medication(std::string const& id, std::string const& text, std::string const& status,
                       std::string const& patient = "p1") {
    return R"({"resourceType":"MedicationRequest",)" +
           (id.empty() ? "" : R"("id":")" + id + R"(",)") + R"("status":")" + status +
           R"(","intent":"order","medicationCodeableConcept":{"text":")" + text +
           R"("},"subject":{"reference":"Patient/)" + patient + R"("},"authoredOn":"2026-05-20"})";
}

std::string entries(std::initializer_list<std::string> resources) {
    std::string out;
    for (auto const& resource : resources)
        out += (out.empty() ? "" : ",") + (R"({"resource":)" + resource + "}");
    return out;
}

std::string bundle(std::initializer_list<std::string> resources) {
    return R"({"resourceType":"Bundle","type":"searchset","entry":[)" + entries(resources) + "]}";
}

constexpr std::array<std::string_view, 11> keys{
    "patient",    "encounter", "medications",  "statements", "administrations", "dispenses",
    "conditions", "allergies", "observations", "procedures", "serviceRequests"};

/// A prefetch in which every key is known and empty, save those given.
std::string prefetch(std::initializer_list<std::pair<std::string_view, std::string>> given) {
    std::string out;
    for (auto const key : keys) {
        std::string value = key == "patient" ? R"({"resourceType":"Patient","id":"p1"})" : "null";
        for (auto const& [name, text] : given) {
            if (name == key) value = text;
        }
        if (value.empty()) continue;
        out += (out.empty() ? "{\"" : ",\"") + std::string{key} + "\":" + value;
    }
    return out + "}";
}

std::string call(std::initializer_list<std::string> drafts, std::string const& prefetch_text,
                 std::string const& instance = "i1") {
    return R"({"hook":"order-sign","hookInstance":")" + instance +
           R"(","context":{"userId":"Practitioner/d1","patientId":"p1","draftOrders":)"
           R"({"resourceType":"Bundle",)"
           R"("type":"collection","entry":[)" +
           entries(drafts) + R"(]}},"prefetch":)" + prefetch_text + "}";
}

std::vector<std::string> topics(std::string const& body) {
    Parsed const answer{body};
    std::vector<std::string> out;
    for (auto const card : answer["cards"])
        out.emplace_back(card["source"]["topic"]["code"].string());
    return out;
}

std::string const pair_call =
    call({medication("d1", "ciclosporin", "draft")},
         prefetch({{"medications", bundle({medication("m1", "infliximab", "active")})}}));

TEST(Answer, FindsThePairAndShapesItsCards) {
    Service service;
    auto const body = service(pair_call);
    ASSERT_TRUE(body) << body.error().where << body.error().what;
    EXPECT_THAT(topics(*body), testing::Contains("ifx-csa-concurrent-avoid"));
    Parsed const answer{*body};
    EXPECT_THAT(empty_members(*answer), testing::IsEmpty());
    EXPECT_EQ(service.last.drafts, 1U);
    EXPECT_EQ(service.last.cards, answer["cards"].size());
    EXPECT_EQ(service.last.cards, service.last.critical + service.last.warning + service.last.info);
}

TEST(Answer, IsTheSameForTheSameCallAlsoWithUsedBuffers) {
    Service service, other;
    auto const first = *service(pair_call);
    (void)service(call({medication("x", "infliximab", "draft")}, "{}"));
    EXPECT_EQ(*service(pair_call), first);
    EXPECT_EQ(*other(pair_call), first);
}

TEST(Answer, HasOtherUuidsForAnotherCallAndAnotherClient) {
    Service service;
    auto const uuid = [&](std::string const& instance) {
        Parsed const answer{*service(
            call({medication("d1", "ciclosporin", "draft")},
                 prefetch({{"medications", bundle({medication("m1", "infliximab", "active")})}}),
                 instance))};
        return std::string{answer["cards"].first()["uuid"].string()};
    };
    auto const first = uuid("i1");
    EXPECT_NE(first, uuid("i2"));
    service.client.id = "client";
    EXPECT_NE(first, uuid("i1"));
}

TEST(Answer, SpeaksTheClientsSpelling) {
    Service service;
    auto const british = *service(pair_call);
    service.client.language = "en-US";
    auto const american = *service(pair_call);
    // The drug is also named by our own words, which follow the language.
    EXPECT_NE(british, american);
}

struct StateRow {
    char const* name;
    std::string medications;  ///< the prefetch value; empty: the key is absent
    bool pair_card;
    char const* reason;  ///< in the not-checked card; empty: there is no such card for it
};

TEST(Answer, TellsThePrefetchStatesApart) {
    auto const infliximab = medication("m1", "infliximab", "active");
    StateRow const rows[] = {
        {"null: there is none", "null", false, ""},
        {"empty Bundle", R"({"resourceType":"Bundle","type":"searchset"})", false, ""},
        {"Bundle", bundle({infliximab}), true, ""},
        {"collection",
         R"({"resourceType":"Bundle","type":"collection","entry":[{"resource":)" + infliximab +
             "}]}",
         true, ""},
        {"bare resource", infliximab, true, ""},
        {"wrapped", R"({"response":{"status":"200"},"resource":)" + bundle({infliximab}) + "}",
         true, ""},
        {"absent", "", false, "not supplied"},
        {"OperationOutcome",
         R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]})",
         false, "could not answer"},
        {"not permitted",
         R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"forbidden"}]})",
         false, "not permitted"},
        {"a further page",
         R"({"resourceType":"Bundle","link":[{"relation":"next","url":"x"}],"entry":[]})", false,
         "only a part was supplied"},
        {"another patient's rows only", bundle({medication("m1", "infliximab", "active", "p2")}),
         false, "belongs to another patient"},
        {"a page with the drug on it",
         R"({"resourceType":"Bundle","link":[{"relation":"next","url":"x"}],"entry":[{"resource":)" +
             infliximab + "}]}",
         true, ""},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Service service;
        auto const body = service(call({medication("d1", "ciclosporin", "draft")},
                                       prefetch({{"medications", row.medications}})));
        ASSERT_TRUE(body) << body.error().what;
        auto const found = topics(*body);
        EXPECT_EQ(std::count(found.begin(), found.end(), "ifx-csa-concurrent-avoid"),
                  row.pair_card ? 1 : 0);
        if (*row.reason != '\0') {
            EXPECT_THAT(found, testing::Contains("not-evaluated"));
            EXPECT_NE(body->find(row.reason), std::string::npos) << *body;
        }
        if (std::count(found.begin(), found.end(), "not-evaluated") != 0) {
            EXPECT_EQ(found.back(), "not-evaluated") << "last, and once";
        }
        EXPECT_LE(std::count(found.begin(), found.end(), "not-evaluated"), 1);
    }
}

TEST(Answer, IsEmptyForAnUnrelatedOrderWhateverIsMissing) {
    for (auto const& prefetch_text :
         {std::string{"{}"}, prefetch({}), prefetch({{"medications", ""}})}) {
        Service service;
        EXPECT_EQ(*service(call({medication("d1", "levothyroxine 50 microgram tablet", "draft")},
                                prefetch_text)),
                  R"({"cards":[]})");
    }
}

TEST(Answer, NamesAnOrderThatItCannotIdentify) {
    Service service;
    auto const body = *service(
        call({R"({"resourceType":"MedicationRequest","id":"d1","status":"draft","intent":"order",)"
              R"("medicationCodeableConcept":{"coding":[{"system":"urn:local","code":"X77"}]},)"
              R"("subject":{"reference":"Patient/p1"}})"},
             prefetch({})));
    EXPECT_THAT(topics(body), testing::ElementsAre("not-evaluated"));
}

TEST(Answer, SaysThatACoveredOrderOfAnotherPatientWasNotChecked) {
    Service service;
    auto const body =
        *service(call({medication("d1", "ciclosporin", "draft", "p2")}, prefetch({})));
    EXPECT_THAT(topics(body), testing::ElementsAre("not-evaluated"));
    EXPECT_NE(body.find("another patient"), body.npos);
    EXPECT_EQ(*service(call({medication("d1", "amoxicillin", "draft", "p2")}, prefetch({}))),
              R"({"cards":[]})");
}

TEST(Answer, SaysThatADraftWithAnUnknownModifierWasNotChecked) {
    Service service;
    for (std::string const member :
         {R"("implicitRules":"urn:x")", R"("modifierExtension":[{"url":"urn:x"}])"}) {
        SCOPED_TRACE(member);
        auto draft = medication("d1", "Ciclosporin 100 mg capsule", "draft");
        draft.insert(1, member + ",");
        EXPECT_THAT(topics(*service(call({draft}, prefetch({})))),
                    testing::ElementsAre("not-evaluated"));
        auto unrelated = medication("d1", "Levothyroxine 100 mcg", "draft");
        unrelated.insert(1, member + ",");
        EXPECT_THAT(topics(*service(call({unrelated}, prefetch({})))), testing::IsEmpty());
    }
}

TEST(Answer, SaysThatADraftWhichIsNoResourceWasNotChecked) {
    Service service;
    for (std::string const entry :
         {"null", "{}", R"({"resource":null})", R"({"resource":{}})", R"({"resource":"x"})",
          R"({"resource":{"medicationCodeableConcept":{"text":"ciclosporin"}}})"}) {
        auto const body =
            service(R"({"hook":"order-sign","hookInstance":"i","context":{"patientId":"p1",)"
                    R"("draftOrders":{"resourceType":"Bundle","entry":[)" +
                    entry + "]}}}");
        ASSERT_TRUE(body) << entry;
        EXPECT_THAT(topics(*body), testing::ElementsAre("not-evaluated")) << entry;
    }
}

TEST(Answer, SurvivesDraftsThatHoldNothing) {
    Service service;
    for (auto const& drafts :
         {R"([])", R"({})", R"({"resourceType":"Bundle","entry":[null]})",
          R"({"resourceType":"Bundle","entry":[{"resource":null}]})",
          R"({"resourceType":"Bundle","entry":[{"resource":{}}]})",
          R"({"resourceType":"Bundle","entry":{"resource":{"resourceType":"MedicationRequest"}}})",
          R"({"resourceType":"Bundle","entry":"x"})", R"([1,"a",[[]]])"}) {
        auto const body = service(
            R"({"hook":"order-sign","hookInstance":"i","context":{"patientId":"p1","draftOrders":)" +
            std::string{drafts} + "}}");
        EXPECT_TRUE(body) << drafts;
    }
}

struct FaultRow {
    char const* name;
    std::string body;
    base::ErrorCode code;
};

TEST(Answer, RefusesWhatItCannotRead) {
    FaultRow const rows[] = {
        {"empty", "", base::ErrorCode::malformed},
        {"no JSON", "hello", base::ErrorCode::malformed},
        {"cut off", pair_call.substr(0, pair_call.size() / 2), base::ErrorCode::malformed},
        {"text behind", pair_call + "x", base::ErrorCode::malformed},
        {"repeated name", R"({"hook":"order-sign","ho\u006fk":"order-sign"})",
         base::ErrorCode::malformed},
        {"byte order mark", "\xEF\xBB\xBF" + pair_call, base::ErrorCode::malformed},
        {"invalid UTF-8", "{\"hook\":\"\xff\"}", base::ErrorCode::malformed},
        {"not finite", R"({"hook":"order-sign","x":1e400})", base::ErrorCode::malformed},
        {"another Patient",
         call({medication("d1", "ciclosporin", "draft")},
              prefetch({{"patient", R"({"resourceType":"Patient","id":"p2"})"}})),
         base::ErrorCode::wrong_patient},
    };
    for (auto const& row : rows) {
        SCOPED_TRACE(row.name);
        Service service;
        auto const body = service(row.body);
        ASSERT_FALSE(body);
        EXPECT_EQ(body.error().code, row.code);
        EXPECT_FALSE(body.error().what.empty());
    }
    Service service;
    std::string const deep = std::string(65, '[') + std::string(65, ']');
    EXPECT_FALSE(service(deep));
    EXPECT_EQ(service(pair_call, "another-service").error().code, base::ErrorCode::unknown_service);
    EXPECT_TRUE(service(pair_call)) << "a refusal leaves the buffers usable";
}

}  // namespace
}  // namespace cds::hooks

#include "hooks/services.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "hooks/engine.hpp"
#include "hooks/explain.hpp"
#include "tests/cards/chart_case.hpp"

namespace cds::hooks {
namespace {

using cards::Parsed;

/// Ciclosporin and simple orders for a patient of whom everything else is known and empty.
class Call {
public:
    explicit Call(std::string hook) : hook_{std::move(hook)} {}
    Call& draft(std::string const& id, std::string const& rxnorm, std::string const& text) {
        auto const name = id.empty() ? "" : R"("id":")" + id + R"(",)";
        drafts_ +=
            (drafts_.empty() ? "" : ",") +
            (R"({"resource":{"resourceType":"MedicationRequest",)" + name +
             R"("status":"draft","intent":"order","medicationCodeableConcept":{"coding":[)"
             R"({"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":")" +
             rxnorm + R"("}],"text":")" + text + R"("},"subject":{"reference":"Patient/p1"}}})");
        return *this;
    }
    Call& context(std::string const& members) {
        context_ += "," + members;
        return *this;
    }
    std::string body() const {
        std::string prefetch = R"("patient":{"resourceType":"Patient","id":"p1","gender":"male",)"
                               R"("birthDate":"1980-01-01"})";
        for (auto const key :
             {"encounter", "medications", "statements", "administrations", "dispenses",
              "conditions", "allergies", "observations", "procedures", "serviceRequests"})
            prefetch += std::string{",\""} + key + "\":null";
        return R"({"hook":")" + hook_ +
               R"(","hookInstance":"d1577c69-dfbe-44ad-ba6d-3e05e953b2ea","context":{"userId":)"
               R"("Practitioner/d1","patientId":"p1","draftOrders":{"resourceType":"Bundle",)"
               R"("type":"collection","entry":[)" +
               drafts_ + "]}" + context_ + R"(},"prefetch":{)" + prefetch + "}}";
    }

private:
    std::string hook_, drafts_, context_;
};

struct Answered {
    std::string body;
    CallStats stats;
    std::optional<base::Error> error;

    /// Rule -> indicator.
    std::map<std::string, std::string> cards() const {
        std::map<std::string, std::string> found;
        Parsed const document{body};
        for (auto const card : document["cards"])
            found.emplace(card["source"]["topic"]["code"].string(), card["indicator"].string());
        return found;
    }
};

Answered ask(std::string_view service, std::string const& body, Client const& client = {}) {
    Answered answered;
    Workspace workspace;
    auto const stats = answer(cards::knowledge(), {}, client, service, body,
                              cards::instant("2026-06-01T09:00:00Z"), workspace, answered.body);
    if (stats)
        answered.stats = *stats;
    else
        answered.error = stats.error();
    return answered;
}

Call azathioprine_and_allopurinol(std::string const& hook) {
    return Call{hook}.draft("m1", "1256", "azathioprine").draft("m2", "519", "allopurinol");
}

TEST(Services, BothSafetyEndpointsAnswerBothOrderHooksAlike) {
    auto const expected = ask(safety_service, azathioprine_and_allopurinol("order-sign").body());
    ASSERT_FALSE(expected.error) << expected.error->what;
    EXPECT_EQ(expected.cards().at("aza-xanthine-oxidase-inhibitor"), "critical");
    EXPECT_EQ(expected.cards().at("thiopurine-tpmt-missing"), "info");
    for (auto const service : {safety_service, select_service}) {
        for (auto const* hook : {"order-sign", "order-select"}) {
            auto const body = azathioprine_and_allopurinol(hook)
                                  .context(R"("selections":["MedicationRequest/m2"])")
                                  .body();
            EXPECT_EQ(ask(service, body).body, expected.body) << service << ' ' << hook;
        }
    }
}

TEST(Services, RefuseAnotherServicesHookAndNameTheRightId) {
    for (auto const& service : services()) {
        for (auto const& other : services()) {
            if (service.answers_hook(other.hook)) continue;
            SCOPED_TRACE(std::string{service.id} + ' ' + std::string{name(other.hook)});
            auto const got = ask(service.id, Call{std::string{name(other.hook)}}.body());
            ASSERT_TRUE(got.error);
            EXPECT_EQ(got.error->code, base::ErrorCode::invalid);
            EXPECT_EQ(got.error->where, "/hook");
            EXPECT_THAT(got.error->what,
                        testing::HasSubstr("/cds-services/" + std::string{other.id} + "."));
        }
    }
}

TEST(Services, RefuseAHookThatNoneAnswersAndSayWhatThisOneDoes) {
    auto const got = ask(select_service, Call{"appointment-book"}.body());
    ASSERT_TRUE(got.error);
    EXPECT_THAT(got.error->what, testing::HasSubstr("answers order-sign and order-select"));
}

TEST(Services, AreFoundByTheHookOfACall) {
    for (auto const& service : services()) {
        EXPECT_EQ(service_id_for(Call{std::string{name(service.hook)}}.body()), service.id);
    }
    EXPECT_EQ(service_id_for(std::string_view{"no JSON"}), safety_service);
    EXPECT_EQ(service_id_for(std::string_view{R"({"hook":"appointment-book"})"}), safety_service);
}

TEST(OrderSelect, LooksAtEveryDraftWhateverWasSelected) {
    auto const selected = [](std::string const& selections) {
        auto call = azathioprine_and_allopurinol("order-select");
        if (!selections.empty()) call.context(R"("selections":)" + selections);
        return ask(select_service, call.body());
    };
    auto const all = selected(R"(["MedicationRequest/m1","MedicationRequest/m2"])");
    for (auto const* selections :
         {R"(["MedicationRequest/m1"])", R"(["MedicationRequest/m2"])", "[]", "",
          R"("MedicationRequest/m1")", R"([{"reference":"MedicationRequest/m1"}])", "[5,null]",
          R"(["NutritionOrder/n1"])", R"(["https://ehr.example.org/fhir/MedicationRequest/m1"])"}) {
        auto const got = selected(selections);
        ASSERT_FALSE(got.error) << got.error->what;
        EXPECT_EQ(got.cards(), all.cards()) << selections;
    }
    EXPECT_EQ(all.stats.tolerated, 0U);
    EXPECT_EQ(selected("").stats.tolerated, 1U);
}

TEST(OrderSelect, NamesASelectedOrderThatWasNotSent) {
    auto const call = azathioprine_and_allopurinol("order-select")
                          .context(R"("selections":["MedicationRequest/m9"])");
    auto const got = ask(select_service, call.body());
    EXPECT_EQ(got.cards().count("not-evaluated"), 1U) << got.body;
    EXPECT_THAT(got.body, testing::HasSubstr(R"(MedicationRequest/m9, which was not sent)"));

    auto without_id = Call{"order-select"};
    without_id.draft("", "1256", "azathioprine")
        .context(R"("selections":["MedicationRequest/m9"])");
    EXPECT_THAT(ask(select_service, without_id.body()).body, testing::Not(testing::HasSubstr("m9")))
        << "a draft without an id may be the selected one";
}

TEST(OrderSelect, LeavesAdviceToOrderSignOnlyForAClientThatSignsAllItSelects) {
    Client client;
    client.select_then_sign = true;
    auto const whole = ask(safety_service, azathioprine_and_allopurinol("order-sign").body());
    auto const select = azathioprine_and_allopurinol("order-select")
                            .context(R"("selections":["MedicationRequest/m1"])")
                            .body();
    auto const early = ask(select_service, select, client);
    EXPECT_EQ(early.cards().count("thiopurine-tpmt-missing"), 0U) << "info waits";
    EXPECT_EQ(early.cards().at("aza-xanthine-oxidase-inhibitor"), "critical");
    EXPECT_EQ(early.stats.deferred + early.stats.cards, whole.stats.cards);
    EXPECT_GT(early.stats.deferred, 0U);

    auto const signed_now =
        ask(safety_service, azathioprine_and_allopurinol("order-sign").body(), client);
    EXPECT_EQ(signed_now.body, whole.body) << "nothing is kept back when it is signed";
    EXPECT_EQ(signed_now.stats.deferred, 0U);
}

TEST(OrderSelect, SaysWhatWasNotCheckedAlsoToAClientThatSignsAllItSelects) {
    Client client;
    client.select_then_sign = true;
    auto body = azathioprine_and_allopurinol("order-select")
                    .context(R"("selections":["MedicationRequest/m1"])")
                    .body();
    std::string const known = R"(,"observations":null)";
    body.erase(body.find(known), known.size());
    EXPECT_EQ(ask(select_service, body, client).cards().count("not-evaluated"), 1U);
}

TEST(OrderSelect, ExplainsThatAdviceWaits) {
    Client client;
    client.select_then_sign = true;
    auto const body = azathioprine_and_allopurinol("order-select").body();
    Workspace workspace;
    std::string out;
    ASSERT_TRUE(explain(cards::knowledge(), {}, client, select_service, body,
                        cards::instant("2026-06-01T09:00:00Z"), workspace, out,
                        "thiopurine-tpmt-missing"));
    Parsed const explanation{out};
    EXPECT_EQ(explanation["service"].string(), select_service);
    EXPECT_EQ(explanation["context"]["hook"].string(), "order-select");
    EXPECT_EQ(explanation["rules"].first()["answer"].string(), "deferred");
}

}  // namespace
}  // namespace cds::hooks

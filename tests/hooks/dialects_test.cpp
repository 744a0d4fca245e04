#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "cards/shape.hpp"
#include "hooks/profiles.hpp"
#include "hooks/tolerance.hpp"
#include "tests/hooks/each_example.hpp"

// What each profile changes. Laws of a dialect are tried on the answers to all examples of the
// knowledge; one call in each vendor's shape is answered as that vendor needs it.

namespace cds::hooks {
namespace {

using base::json::Value;
using cards::Parsed;
using testing::HasSubstr;

std::string read(std::filesystem::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

std::string fixture(std::string const& name) {
    auto const text = read(std::filesystem::path{COUNTERSIGN_SOURCE_DIR} / "test-fixtures" /
                           "dialects" / (name + ".json"));
    EXPECT_FALSE(text.empty()) << name;
    return text;
}

Client client_of(std::string_view name) { return *profile(name); }

std::string ask(Client const& client, std::string const& body) {
    return answer_to(body, cards::instant("2026-06-01T09:00:00Z"), client);
}

/// Hands the answers to every example of the knowledge over: as the client gets it, and as written.
void for_each_example(Client const& client, std::function<void(Value, Value)> const& look) {
    for_each_example_call([&](ExampleCall const& call) {
        Parsed const shaped{answer_to(call.body, call.now, client, call.site)};
        Parsed const plain{answer_to(call.body, call.now, {}, call.site)};
        ASSERT_EQ(shaped["cards"].size(), plain["cards"].size());
        EXPECT_THAT(cards::empty_members(*shaped), testing::IsEmpty());
        look(*shaped, *plain);
    });
}

TEST(Profiles, AreFoundByName) {
    for (auto const* name : {"default", "strict", "epic", "oracle", "athena", "sandbox"})
        EXPECT_TRUE(profile(name)) << name;
    auto const unknown = profile("Epic");
    ASSERT_FALSE(unknown);
    EXPECT_EQ(unknown.error().code, base::ErrorCode::not_found);
    EXPECT_THAT(unknown.error().what, HasSubstr("default, strict, epic, oracle, athena, sandbox"));
}

TEST(Profiles, ChangeNothingByDefault) {
    auto const body = fixture("athena");
    EXPECT_EQ(ask(client_of("default"), body), ask({}, body));
}

TEST(Profiles, SwitchesAreTurnedOnByName) {
    for (auto const& row : switches()) {
        Client client;
        EXPECT_TRUE(turn_on(row.name, client)) << row.name;
    }
    Client client;
    ASSERT_TRUE(turn_on("annotates-orders", client));
    EXPECT_TRUE(client.annotates_orders);
    EXPECT_FALSE(client.reports_tolerated);
    auto const unknown = turn_on("annotate", client);
    ASSERT_FALSE(unknown);
    EXPECT_THAT(unknown.error().what, HasSubstr("annotates-orders"));
}

TEST(Profiles, AreDocumentedWithTheirSwitchesAndTolerances) {
    auto const text = read(std::filesystem::path{COUNTERSIGN_SOURCE_DIR} / "docs" / "dialects.md");
    auto const has_row = [&](std::string_view name) {
        return text.find("`" + std::string{name} + "`") != text.npos;
    };
    for (auto const& row : profiles()) EXPECT_TRUE(has_row(row.name)) << row.name;
    for (auto const& row : switches()) EXPECT_TRUE(has_row(row.name)) << row.name;
    for (std::size_t i = 0; i < static_cast<std::size_t>(Leniency::count_); ++i)
        EXPECT_TRUE(has_row(code(static_cast<Leniency>(i)))) << code(static_cast<Leniency>(i));
}

TEST(EpicDialect, HoldsForTheAnswersToAllExamples) {
    std::map<std::string, std::string> rule_of_topic;
    for_each_example(client_of("epic"), [&](Value shaped, Value plain) {
        std::set<std::string> uuids;
        auto written = plain["cards"].begin();
        for (auto const card : shaped["cards"]) {
            auto const twin = *written;
            ++written;
            EXPECT_EQ(card["summary"].string(), twin["summary"].string());
            EXPECT_EQ(card["uuid"].string(), twin["uuid"].string());
            std::string const topic{card["source"]["topic"]["code"].string()};
            EXPECT_LE(topic.size(), 100U);
            EXPECT_TRUE(std::all_of(topic.begin(), topic.end(), [](unsigned char c) {
                return std::isalnum(c) != 0;
            })) << topic;
            std::string const rule{twin["source"]["topic"]["code"].string()};
            EXPECT_EQ(rule_of_topic.emplace(topic, rule).first->second, rule);
            if (card["suggestions"]) {
                EXPECT_EQ(card["selectionBehavior"].string(), "any");
            }
            for (auto const suggestion : card["suggestions"]) {
                EXPECT_TRUE(uuids.insert(std::string{suggestion["uuid"].string()}).second);
                EXPECT_FALSE(suggestion["label"].string().empty());
                ASSERT_EQ(suggestion["actions"].size(), 1U);
                auto const action = suggestion["actions"].first();
                EXPECT_FALSE(action["description"].string().empty());
                if (action["type"].string() == "delete") {
                    EXPECT_FALSE(action["resourceId"].string().empty());
                    continue;
                }
                EXPECT_EQ(action["type"].string(), "create");
                EXPECT_THAT(std::string{action["resource"]["resourceType"].string()},
                            testing::AnyOf("MedicationRequest", "ServiceRequest"));
            }
        }
    });
    std::set<std::string> topics;
    for (auto const& rule : cards::knowledge().rules())
        EXPECT_TRUE(topics.insert(cards::topic_code(client_of("epic").dialect, rule.id)).second)
            << rule.id;
}

TEST(EpicDialect, SaysInWordsWhatHasNoButton) {
    auto taken_out = 0;
    for_each_example(client_of("epic"), [&](Value shaped, Value plain) {
        auto card = shaped["cards"].begin();
        for (auto const twin : plain["cards"]) {
            auto const own = *card;
            ++card;
            auto without_button = false;
            for (auto const suggestion : twin["suggestions"]) {
                for (auto const action : suggestion["actions"])
                    without_button |= action["type"].string() == "update" ||
                                      action["resource"]["resourceType"].string() == "Task";
            }
            if (!without_button) continue;
            ++taken_out;
            EXPECT_THAT(std::string{own["detail"].string()},
                        HasSubstr("By hand, since this system cannot be asked to do it: "));
        }
    });
    EXPECT_GT(taken_out, 10);
}

TEST(EpicDialect, AnswersACallOfItsShape) {
    auto const body = ask(client_of("epic"), fixture("epic"));
    Parsed const answer{body};
    auto const card = answer["cards"].first();
    EXPECT_EQ(card["indicator"].string(), "critical") << "allopurinol is known by its words";
    EXPECT_EQ(card["source"]["topic"]["code"].string(), "azaxanthineoxidaseinhibitor");
    EXPECT_THAT(body, HasSubstr(R"("type":"delete","description")"));
    EXPECT_THAT(body, HasSubstr("MedicationRequest/eDia.mr-aza"));
    EXPECT_THAT(body, HasSubstr("notevaluated")) << "most of the chart was not sent";
    EXPECT_THAT(body, HasSubstr("PractitionerRole/eDia.role-1"));
}

TEST(EpicDialect, NamesRxNormByItsOid) {
    auto named = 0;
    for_each_example(client_of("epic"), [&](Value shaped, Value) {
        for (auto const card : shaped["cards"]) {
            for (auto const suggestion : card["suggestions"]) {
                auto const drug = suggestion["actions"].first()["resource"];
                auto const coding = drug["medicationCodeableConcept"]["coding"].first();
                if (!coding) continue;
                EXPECT_EQ(coding["system"].string(), "urn:oid:2.16.840.1.113883.6.88");
                ++named;
            }
        }
    });
    EXPECT_GT(named, 0);
}

TEST(EpicDialect, WritesNoNoteOnMedicationOrders) {
    auto client = client_of("epic");
    client.annotates_orders = true;
    EXPECT_THAT(ask(client, fixture("epic")), testing::Not(HasSubstr("systemActions")));
}

/// What an action does, without the words for it.
std::string effect(Value action) {
    std::string text{action["type"].string()};
    text += ' ';
    text += action["resourceId"].string();
    base::json::write(action["resource"], text);
    return text;
}

bool changes_drugs(Value action) {
    return action["type"].string() == "delete" ||
           action["resource"]["resourceType"].string() == "MedicationRequest";
}

/// The effects that a card offers, and those that are safe only with another action of their
/// suggestion: a drug that is ordered or changed beside another change of the drugs.
struct Effects {
    explicit Effects(Value card) {
        for (auto const suggestion : card["suggestions"].each()) {
            auto drugs = 0;
            for (auto const action : suggestion["actions"]) drugs += changes_drugs(action) ? 1 : 0;
            for (auto const action : suggestion["actions"]) {
                auto const safe =
                    drugs < 2 || !changes_drugs(action) || action["type"].string() == "delete";
                (safe ? alone : together).insert(effect(action));
            }
        }
    }
    std::set<std::string> alone, together;
};

TEST(SandboxDialect, LosesNoActionThatIsSafeAlone) {
    // It carries out the first action of a suggestion alone (client-demands 28).
    auto split = 0;
    for_each_example(client_of("sandbox"), [&](Value shaped, Value plain) {
        auto card = shaped["cards"].begin();
        for (auto const twin : plain["cards"]) {
            Effects const meant{twin};
            EXPECT_EQ(Effects{*card}.alone, meant.alone);
            EXPECT_THAT(Effects{*card}.together, testing::IsEmpty());
            if (!meant.together.empty()) {
                EXPECT_THAT(std::string{(*card)["detail"].string()}, HasSubstr("By hand, since"));
            }
            for (auto const suggestion : (*card)["suggestions"].each())
                EXPECT_EQ(suggestion["actions"].size(), 1U);
            for (auto const suggestion : twin["suggestions"].each())
                split += suggestion["actions"].size() > 1 ? 1 : 0;
            ++card;
        }
    });
    EXPECT_GT(split, 10);
}

TEST(SandboxDialect, AnswersACallOfItsShape) {
    Parsed const answer{ask(client_of("sandbox"), fixture("sandbox"))};
    EXPECT_GT(answer["cards"].size(), 1U);
    std::string body;
    base::json::write(*answer, body);
    EXPECT_THAT(body, HasSubstr("csa-baseline")) << "ciclosporin is known by the product's code";
}

TEST(OneChoiceDialects, LetAtMostOneSuggestionBeChosen) {
    for (auto const* name : {"oracle", "athena"}) {
        for_each_example(client_of(name), [&](Value shaped, Value) {
            for (auto const card : shaped["cards"]) {
                auto recommended = 0;
                if (!card["suggestions"]) continue;
                EXPECT_EQ(card["selectionBehavior"].string(), "at-most-one");
                for (auto const suggestion : card["suggestions"])
                    recommended += suggestion["isRecommended"].boolean().value_or(false) ? 1 : 0;
                EXPECT_LE(recommended, 1);
            }
        });
    }
}

TEST(OracleDialect, AnswersACallOfItsShape) {
    Parsed const answer{ask(client_of("oracle"), fixture("oracle"))};
    auto const card = answer["cards"].first();
    EXPECT_EQ(card["source"]["topic"]["code"].string(), "monitoring-thiopurine");
    EXPECT_EQ(card["indicator"].string(), "warning");
}

TEST(AthenaDialect, AnswersACallOfItsShape) {
    Parsed const answer{ask(client_of("athena"), fixture("athena"))};
    EXPECT_GT(answer["cards"].size(), 0U);
    for (auto const card : answer["cards"]) EXPECT_NE(card["selectionBehavior"].string(), "any");
}

}  // namespace
}  // namespace cds::hooks

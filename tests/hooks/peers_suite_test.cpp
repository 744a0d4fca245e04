/// Requests of other people's projects, replayed from where they lie: every order-sign call is
/// answered, whatever it leaves out, and every other hook is refused with its reason.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/hooks/linted.hpp"

namespace cds::hooks {
namespace {

namespace fs = std::filesystem;
using cards::Parsed;

fs::path const folder = fs::path{COUNTERSIGN_SOURCE_DIR} / ".." / "shared" / "peers" / "fixtures";

std::string read(fs::path const& path) {
    std::ifstream stream{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{stream}, {}};
}

struct Answered {
    bool ok = false;
    std::string body;  ///< or the error's sentence
};

Answered ask(std::string const& body) {
    Site site;
    Workspace workspace;
    std::string out;
    auto const stats = answer(cards::knowledge(), site, {}, safety_service, body,
                              cards::instant("2020-04-01T12:00:00Z"), workspace, out);
    if (stats) {
        EXPECT_EQ(lint_errors(out, lint::Kind::response, body), "") << out;
    }
    return {static_cast<bool>(stats), stats ? out : stats.error().what};
}

/// What an order-sign request must lead to: "none" no card, "card" a card about the drug or of what
/// was not checked, "any" either.
std::map<std::string, std::string> const& expectations() {
    static std::map<std::string, std::string> const table{
        // DeviceRequest only.
        {"HL7-DaVinci__CRD/requestWithHydratedPrefetchBundle.json", "none"},
        // The draft is digoxin or ciclosporin; prefetch comes under keys of their own (item1 ...).
        {"HL7__PDDI-CDS/digoxin-cyclosporine-order-sign-coordination.json", "any"},
        {"HL7__PDDI-CDS/digoxin-cyclosporine-order-sign-no-coordination.json", "any"},
        // Warfarin and an NSAID: not covered.
        {"HL7__PDDI-CDS/multi-update-draft-orders-3.json", "none"},
        {"HL7__PDDI-CDS/multi-update-draft-orders-4.json", "none"},
        {"HL7__PDDI-CDS/warfarin-nsaids-order-sign-coordination.json", "none"},
        {"HL7__PDDI-CDS/warfarin-nsaids-order-sign-no-coordination.json", "none"},
        {"NeXEHRS__cds-hooks-proto/HookRequest-warfarin-nsaids-order-sign.json", "none"},
        // Methotrexate with azathioprine, most of the record not supplied: never silence.
        {"_epic-shaped-synthetic/order-sign-reference-and-display-only.json", "card"},
        {"_epic-shaped-synthetic/order-sign-sibling-medication.json", "card"},
        // Services for sleep apnoea.
        {"cqframework__clinical-reasoning/ASLPCrdServiceRequest.json", "none"},
        // An opioid.
        {"cqframework__cqf-ruler/opioidcds-08-request-prefetch.json", "none"},
        // Amoxicillin.
        {"inferno-framework__davinci-crd-test-kit/order_sign_hook_request.json", "none"},
        // A REMS drug outside the lists.
        {"mcode__rems-admin/ExampleHook.json", "none"},
    };
    return table;
}

class PeersSuite : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::is_directory(folder)) GTEST_SKIP() << "peers/fixtures is not here: " << folder;
    }
};

TEST_F(PeersSuite, EveryOrderSignRequestIsAnsweredAndEveryOtherHookRefusedWithItsReason) {
    std::size_t answered = 0;
    for (auto const& entry : fs::recursive_directory_iterator{folder}) {
        if (entry.path().extension() != ".json") continue;
        auto const name = fs::relative(entry.path(), folder).generic_string();
        SCOPED_TRACE(name);
        auto const body = read(entry.path());
        base::json::Document document;
        auto const root = document.parse(body);
        if (!root || !(*root)["hook"].is_string()) continue;
        auto const got = ask(body);
        if ((*root)["hook"].string() != "order-sign") {
            EXPECT_FALSE(got.ok);
            EXPECT_NE(got.body.find("order-sign"), std::string::npos) << got.body;
            continue;
        }
        ++answered;
        ASSERT_TRUE(got.ok) << got.body;
        Parsed const answer{got.body};
        EXPECT_THAT(cards::empty_members(*answer), testing::IsEmpty());
        auto const expected = expectations().find(name);
        ASSERT_NE(expected, expectations().end())
            << "an unknown fixture: say here what it must lead to";
        if (expected->second == "none") {
            EXPECT_EQ(answer["cards"].size(), 0U) << got.body;
        } else if (expected->second == "card") {
            EXPECT_NE(answer["cards"].size(), 0U);
        }
    }
    EXPECT_EQ(answered, expectations().size());
}

TEST_F(PeersSuite, MarkupInDrugNamesStaysText) {
    for (auto const& name : {"html-request.json", "unicode-request.json"}) {
        auto body = read(folder / "cqframework__cqf-ruler" / name);
        auto const place = body.find("\"patient-view\"");
        ASSERT_NE(place, body.npos);
        // Theirs is a patient-view call; what matters here is that their text goes through the
        // reader unharmed.
        body.replace(place, 14, "\"order-sign\"");
        auto const got = ask(body);
        if (got.ok) {
            EXPECT_EQ(got.body.find("<"), got.body.npos);
        }
    }
}

}  // namespace
}  // namespace cds::hooks

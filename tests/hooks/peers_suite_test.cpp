/// Calls and feedback of other people's projects, replayed from where they lie. What each must lead
/// to stands in a table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "hooks/engine.hpp"
#include "hooks/feedback.hpp"
#include "hooks/profiles.hpp"
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

Answered ask(std::string const& body, Client const& client = {}) {
    Site site;
    Workspace workspace;
    std::string out;
    auto const stats = answer(cards::knowledge(), site, client, service_id_for(body), body,
                              cards::instant("2020-04-01T12:00:00Z"), workspace, out);
    if (stats) {
        EXPECT_EQ(lint_errors(out, lint::Kind::response, body), "") << out;
    }
    return {static_cast<bool>(stats), stats ? out : stats.error().what};
}

/// What a call must lead to: "none" no card, "not-evaluated" the card of what was not checked
/// alone, "refused" a hook that was taken out of the specification, with the hook to call instead.
std::map<std::string, std::string> const& expectations() {
    static std::map<std::string, std::string> const table{
        // patient-view without any medication data that we asked for: whether a therapy is taken
        // cannot be told.
        {"AHRQ-CDS__AHRQ-CDS-Connect-CQL-SERVICES/missing_prefetch_keys_invocation.json",
         "not-evaluated"},
        {"AHRQ-CDS__AHRQ-CDS-Connect-CQL-SERVICES/null_prefetch_values_invocation.json",
         "not-evaluated"},
        {"cqframework__cqf-ruler/html-request.json", "not-evaluated"},
        {"cqframework__cqf-ruler/unicode-request.json", "not-evaluated"},
        // medication-prescribe.
        {"HL7-DaVinci__CRD/medicationRequestPrefetch.json", "refused"},
        {"HL7__PDDI-CDS/request-digoxin-cyclosporine-scenario-01.json", "refused"},
        {"HL7__PDDI-CDS/request-digoxin-cyclosporine-scenario-02.json", "refused"},
        {"HL7__PDDI-CDS/request-digoxin-cyclosporine-scenario-03.json", "refused"},
        {"HL7__PDDI-CDS/request-digoxin-cyclosporine-scenario-04.json", "refused"},
        {"HL7__PDDI-CDS/request-warfarin-nsaid-scenario-01.json", "refused"},
        {"HL7__PDDI-CDS/request-warfarin-nsaid-scenario-02.json", "refused"},
        {"HL7__PDDI-CDS/request-warfarin-nsaid-scenario-03.json", "refused"},
        // DeviceRequest only.
        {"HL7-DaVinci__CRD/requestWithHydratedPrefetchBundle.json", "none"},
        // Digoxin for a patient on ciclosporin, under prefetch keys of their own: digoxin is listed
        // as not covered (knowledge/not-covered.json).
        {"HL7__PDDI-CDS/digoxin-cyclosporine-order-select-coordination.json", "none"},
        {"HL7__PDDI-CDS/digoxin-cyclosporine-order-sign-coordination.json", "none"},
        {"HL7__PDDI-CDS/digoxin-cyclosporine-order-sign-no-coordination.json", "none"},
        // Warfarin and an NSAID: not covered.
        {"HL7__PDDI-CDS/multi-update-draft-orders-3.json", "none"},
        {"HL7__PDDI-CDS/multi-update-draft-orders-4.json", "none"},
        {"HL7__PDDI-CDS/warfarin-nsaids-order-sign-coordination.json", "none"},
        {"HL7__PDDI-CDS/warfarin-nsaids-order-sign-no-coordination.json", "none"},
        {"NeXEHRS__cds-hooks-proto/HookRequest-warfarin-nsaids-order-sign.json", "none"},
        // Methotrexate with azathioprine, most of the record not supplied: never silence.
        {"_epic-shaped-synthetic/order-sign-reference-and-display-only.json", "not-evaluated"},
        {"_epic-shaped-synthetic/order-sign-sibling-medication.json", "not-evaluated"},
        // Drugs outside the lists.
        {"adamzkover__fimea-risk-medications-cds-hooks/request-order-select.json", "none"},
        {"flexpa__sero/epic-order-select-two-medreferences.json", "none"},
        {"mcode__rems-admin/ExampleHook.json", "none"},
        // Services for sleep apnoea.
        {"cqframework__clinical-reasoning/ASLPCrdServiceRequest.json", "none"},
        // Opioids.
        {"cqframework__cqf-ruler/opioidcds-01-request-prefetch.json", "none"},
        {"cqframework__cqf-ruler/opioidcds-08-request-prefetch.json", "none"},
        // A diet and amoxicillin.
        {"inferno-framework__davinci-crd-test-kit/order_select_hook_request.json", "none"},
        {"inferno-framework__davinci-crd-test-kit/order_sign_hook_request.json", "none"},
    };
    return table;
}

class PeersSuite : public testing::Test {
protected:
    void SetUp() override {
        if (!fs::is_directory(folder)) GTEST_SKIP() << "peers/fixtures is not here: " << folder;
    }

    /// Every file that holds a call, with its name.
    static std::map<std::string, std::string> calls() {
        std::map<std::string, std::string> found;
        for (auto const& entry : fs::recursive_directory_iterator{folder}) {
            if (entry.path().extension() != ".json") continue;
            auto body = read(entry.path());
            base::json::Document document;
            auto const root = document.parse(body);
            if (!root || !(*root)["hook"].is_string()) continue;
            found.emplace(fs::relative(entry.path(), folder).generic_string(), std::move(body));
        }
        return found;
    }
};

TEST_F(PeersSuite, EveryCallIsAnsweredAsItIsExpected) {
    auto const found = calls();
    EXPECT_EQ(found.size(), expectations().size());
    for (auto const& [name, body] : found) {
        SCOPED_TRACE(name);
        auto const expected = expectations().find(name);
        ASSERT_NE(expected, expectations().end())
            << "an unknown fixture: say here what it must lead to";
        auto const got = ask(body);
        ASSERT_EQ(got.ok, expected->second != "refused") << got.body;
        if (!got.ok) {
            EXPECT_NE(got.body.find("order-sign"), std::string::npos) << got.body;
            continue;
        }
        Parsed const answer{got.body};
        EXPECT_THAT(cards::empty_members(*answer), testing::IsEmpty());
        if (expected->second == "none") {
            EXPECT_EQ(answer["cards"].size(), 0U) << got.body;
            continue;
        }
        ASSERT_EQ(answer["cards"].size(), 1U) << got.body;
        EXPECT_EQ(answer["cards"].first()["source"]["topic"]["code"].string(), expected->second);
    }
}

TEST_F(PeersSuite, EveryProfileButTheStrictOneAnswersThemAlike) {
    for (auto const& [name, body] : calls()) {
        SCOPED_TRACE(name);
        auto const expected = ask(body);
        for (auto const& row : profiles()) {
            if (row.name == "strict") continue;
            auto const got = ask(body, *profile(row.name));
            EXPECT_EQ(got.ok, expected.ok) << row.name;
            if (!got.ok) continue;
            EXPECT_EQ(Parsed{got.body}["cards"].size(), Parsed{expected.body}["cards"].size());
        }
    }
}

TEST_F(PeersSuite, EveryFeedbackIsRead) {
    auto count = 0;
    for (auto const* name : {"AHRQ-CDS__AHRQ-CDS-Connect-CQL-SERVICES/feedbackFor2.json",
                             "_epic-shaped-synthetic/feedback-batch-plural-overrideReasons.json"}) {
        auto const body = read(folder / name);
        base::json::Document document;
        auto const root = document.parse(body);
        ASSERT_TRUE(root) << name;
        auto const feedback = read_feedback(*root);
        ASSERT_TRUE(feedback) << name << feedback.error().where << feedback.error().what;
        count += static_cast<int>(feedback->reports.size());
    }
    EXPECT_EQ(count, 5);
}

TEST_F(PeersSuite, MarkupInDrugNamesStaysText) {
    for (auto const& name : {"html-request.json", "unicode-request.json"}) {
        auto const got = ask(read(folder / "cqframework__cqf-ruler" / name));
        EXPECT_TRUE(got.ok) << got.body;
        EXPECT_EQ(got.body.find("<"), got.body.npos);
    }
}

}  // namespace
}  // namespace cds::hooks

/// What a replay counts, and that orders which no rule is about give no card.
#include "hooks/tally.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "tests/hooks/history.hpp"

namespace cds::hooks {
namespace {

namespace fs = std::filesystem;
using cards::Parsed;
using testing::HasSubstr;

/// Answers a captured request at its own instant; returns the number of cards.
std::uint32_t replay(CapturedRequest const& request, Workspace& workspace, Tally& tally) {
    Site const site;
    std::string out;
    auto const stats = answer_observed(cards::knowledge(), site, {}, safety_service, request.body,
                                       request.as_of, workspace, out, &tally);
    EXPECT_TRUE(stats);
    return stats ? stats->cards : 0;
}

TEST(Tally, CountsCardsInterruptionsAndSilenceByRule) {
    auto const history = made_up_colitis();
    Workspace workspace;
    Tally tally;
    EXPECT_EQ(replay(history.requests.at(0), workspace, tally), 0U) << "amoxicillin";
    EXPECT_GT(replay(history.requests.at(1), workspace, tally), 0U) << "infliximab, no TB screen";
    EXPECT_GT(replay(history.requests.at(2), workspace, tally), 0U) << "ciclosporin beside it";
    auto const& totals = tally.totals();
    EXPECT_EQ(totals.requests, 3U);
    EXPECT_EQ(totals.orders, 3U);
    EXPECT_EQ(totals.covered, 2U);
    EXPECT_EQ(totals.silent, 1U);
    EXPECT_EQ(totals.uncovered_with_card, 0U);
    std::uint32_t cards = 0, interruptions = 0;
    for (auto const& [id, rule] : tally.rules()) {
        cards += rule.cards();
        interruptions += rule.interruptions();
    }
    EXPECT_EQ(cards, totals.cards);
    EXPECT_EQ(interruptions, totals.interruptions);
    auto const& pair = tally.rules().at("uc-ifx-csa-concurrent");
    EXPECT_EQ(pair.fired[2], 1U);
    EXPECT_EQ(pair.interruptions(), 1U);
    auto const& tuberculosis = tally.rules().at("ifx-tb-screen-missing");
    EXPECT_GE(tuberculosis.cards(), 1U);
}

TEST(Tally, CountsWhatWasSuppressedAndByWhat) {
    CapturedRequest request;
    request.body = R"({"hook":"order-sign","context":{"patientId":"p","draftOrders":[)";
    for (std::string const drug : {"Infliximab 100 mg", "Ciclosporin 100 mg", "Azathioprine 50 mg"})
        request.body +=
            (request.body.ends_with('[') ? "" : ",") +
            (R"({"resourceType":"MedicationRequest","status":"draft","id":")" + drug.substr(0, 3) +
             R"(","medicationCodeableConcept":{"text":")" + drug + R"("}})");
    request.body += R"(]},"prefetch":{"patient":null,"medications":null,"statements":null,
        "administrations":null,"dispenses":null,"conditions":null,"allergies":null,
        "observations":null,"procedures":null,"serviceRequests":null}})";
    request.as_of = cards::instant("2026-03-10T09:00:00Z");
    Workspace workspace;
    Tally tally;
    replay(request, workspace, tally);
    // Three classes, but the card of the pair says so already.
    auto const& burden = tally.rules().at("multi-immunosuppressant-burden");
    EXPECT_EQ(burden.cards(), 0U);
    EXPECT_EQ(burden.suppressed.at("ifx-csa-concurrent-avoid"), 1U);
}

TEST(Tally, CountsUnknownByReason) {
    CapturedRequest request;
    request.body =
        R"({"hook":"order-sign","context":{"patientId":"p","draftOrders":{"resourceType":"Bundle",
        "entry":[{"resource":{"resourceType":"MedicationRequest","id":"m","status":"draft",
        "medicationCodeableConcept":{"text":"Azathioprine 50 mg"}}}]}}})";
    request.as_of = cards::instant("2026-03-10T09:00:00Z");
    Workspace workspace;
    Tally tally;
    replay(request, workspace, tally);
    std::uint32_t not_supplied = 0;
    for (auto const& [id, rule] : tally.rules()) {
        auto const found = rule.unknown.find("not-supplied");
        if (found != rule.unknown.end()) not_supplied += found->second;
    }
    EXPECT_GT(not_supplied, 0U);
    EXPECT_EQ(tally.rules().at("not-evaluated").fired[0], 1U);
}

TEST(Tally, ReportsAreTheSameCounts) {
    auto const history = made_up_colitis();
    Workspace workspace;
    Tally tally;
    for (auto const& request : history.requests) replay(request, workspace, tally);
    Parsed const json{tally.json(cards::knowledge())};
    EXPECT_EQ(json["requests"].integer(), 3);
    EXPECT_EQ(json["cards"].integer(), static_cast<long long>(tally.totals().cards));
    EXPECT_EQ(json["rules"].size(), tally.rules().size());
    EXPECT_EQ(json["rules"].first()["id"].string(), "uc-ifx-csa-concurrent");
    EXPECT_EQ(json["rules"].first()["critical"].integer(), 1);
    auto const table = tally.table(cards::knowledge());
    EXPECT_THAT(table, HasSubstr("| uc-ifx-csa-concurrent | 1 | 0 | 0 | 0 | 0 |"));
    EXPECT_THAT(table, HasSubstr("With a card although no rule concerns the order: 0."));
}

/// Names of the drugs whose orders may rightly give a card, as people write them. Written by hand,
/// so that the test does not ask the program what it thinks of itself.
bool may_speak(std::string_view folded) {
    static constexpr std::array names{
        "infliximab",  "ciclosporin", "cyclosporin",  "azathioprine", "mercaptopurine",
        "thioguanine", "omalizumab",  "methotrexate", "tacrolimus",   "mycophenol",
        "adalimumab",  "etanercept",  "leflunomide",  "tofacitinib",  "cyclophosphamide",
        "rituximab",   "tocilizumab", "sirolimus",    "everolimus"};
    return std::any_of(names.begin(), names.end(),
                       [&](std::string_view name) { return folded.find(name) != folded.npos; });
}

/// Where the synthetic patients lie: beside the checkout, or where the variable says.
fs::path synthetic_patients() {
    if (auto const* named = std::getenv("COUNTERSIGN_TEST_SYNTHEA")) return named;
    return fs::path{COUNTERSIGN_SOURCE_DIR} / ".." / "shared" / "suites" / "fhir" / "synthea";
}

std::vector<fs::path> bundles_of(fs::path const& folder, std::size_t most) {
    std::vector<fs::path> found;
    if (!fs::is_directory(folder)) return found;
    for (auto const& entry : fs::directory_iterator{folder})
        if (entry.path().extension() == ".json") found.push_back(entry.path());
    std::sort(found.begin(), found.end());
    // Evenly spread over the names, so that the sample does not change with the machine.
    std::vector<fs::path> sample;
    auto const step = std::max<std::size_t>(1, found.size() / most);
    for (std::size_t i = 0; i < found.size() && sample.size() < most; i += step)
        sample.push_back(found[i]);
    return sample;
}

TEST(SyntheticPatients, UnrelatedOrdersGiveNoCard) {
    auto const bundles = bundles_of(synthetic_patients(), 40);
    if (bundles.empty()) GTEST_SKIP() << "no bundles in shared/suites/fhir/synthea";
    Workspace workspace;
    Tally tally;
    std::size_t unrelated = 0;
    for (auto const& path : bundles) {
        for (auto const& request : captured_from(path).requests) {
            std::string folded;
            base::fold(request.body, folded);
            if (may_speak(folded)) continue;  // on the order or in the chart
            ++unrelated;
            EXPECT_EQ(replay(request, workspace, tally), 0U)
                << path.filename() << " at " << base::iso(request.as_of);
        }
    }
    EXPECT_GT(unrelated, 100U);
}

}  // namespace
}  // namespace cds::hooks

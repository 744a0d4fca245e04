#include <gtest/gtest.h>

#include <string>

#include "tests/rules/patient.hpp"

// Boundaries of the screens before infliximab.

namespace cds::acceptance {
namespace {

constexpr char const* infliximab = "191831";
constexpr char const* isoniazid = "6038";

Patient starts() { return Patient{}.draft("d1", infliximab, "infliximab"); }
std::string coded(std::string const& value) { return "\"valueString\":\"" + value + "\""; }
Patient positive(int days = -30) { return starts().result("71773-6", "", coded("positive"), days); }
std::string bounds(int from, int to) {
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"boundsPeriod":{"start":")" + day(from) +
           R"(","end":")" + day(to) + "\"}}}}]";
}

TEST(LatentTb, AnyPositiveCounts) {
    auto const rule = "ifx-latent-tb-untreated";
    EXPECT_EQ(starts().card(rule), "");
    EXPECT_EQ(positive().card(rule), "critical");
    EXPECT_EQ(positive(-900).result("71773-6", "", coded("negative"), -30).card(rule), "critical");
    EXPECT_EQ(starts().result("39263-9", "", coded("positive"), -300).card(rule), "critical");
    EXPECT_EQ(starts()
                  .result("39263-9", "", coded("positive"), -300)
                  .result("71773-6", "", coded("negative"), -30)
                  .card(rule),
              "");
    EXPECT_EQ(starts()
                  .result("39263-9", "", coded("positive"), -30)
                  .result("71773-6", "", coded("negative"), -300)
                  .card(rule),
              "critical");
    EXPECT_EQ(starts().result("71773-6", "", coded("indeterminate"), -30).card(rule), "");
    EXPECT_EQ(starts().condition("Z22.7", "Latent tuberculosis", -30).card(rule), "critical");
    EXPECT_EQ(starts().prefetch("observations", "").card(rule), "unknown");
}

TEST(LatentTb, ADocumentedFalsePositiveClearsTheTestItNames) {
    auto const rule = "ifx-latent-tb-untreated";
    EXPECT_EQ(positive().condition("", "False positive QuantiFERON", -20).card(rule), "");
    EXPECT_EQ(positive().condition("", "False positive tuberculin skin test", -20).card(rule),
              "critical");
}

TEST(LatentTb, TreatmentMustPrecede) {
    auto const rule = "ifx-latent-tb-untreated";
    EXPECT_EQ(positive().order("m1", isoniazid, "isoniazid", -20).card(rule), "");
    EXPECT_EQ(positive().draft("d2", isoniazid, "isoniazid").card(rule), "");
    EXPECT_EQ(positive().draft("d2", isoniazid, "isoniazid", bounds(1, 90)).card(rule), "critical");
    EXPECT_EQ(positive()
                  .order("m1", isoniazid, "isoniazid", -300, bounds(-300, -120), "completed")
                  .card(rule),
              "");
    EXPECT_EQ(positive()
                  .order("m1", isoniazid, "isoniazid", -300, bounds(-300, -272), "stopped")
                  .card(rule),
              "");
    EXPECT_EQ(positive()
                  .order("m1", isoniazid, "isoniazid", -300, bounds(-300, -273), "stopped")
                  .card(rule),
              "critical");
    EXPECT_EQ(positive().order("m1", isoniazid, "isoniazid", -300, "", "stopped").card(rule),
              "critical");
    EXPECT_EQ(positive().condition("Z86.15", "Latent TB treated", -300).card(rule), "");
    EXPECT_EQ(positive().procedure(R"({"text":"Latent TB treatment completed"})", -100).card(rule),
              "");
    EXPECT_EQ(positive().prefetch("procedures", "").card(rule), "unknown");
}

TEST(HepatitisB, BothMarkersAreNeeded) {
    auto const rule = "ifx-hbv-screen-missing";
    auto const tested = [](char const* antigen, char const* core) {
        return starts()
            .result("5196-1", "", coded(antigen), -90)
            .result("13952-7", "", coded(core), -90);
    };
    EXPECT_EQ(starts().card(rule), "warning");
    EXPECT_EQ(starts().result("5196-1", "", coded("negative"), -90).card(rule), "warning");
    EXPECT_EQ(tested("negative", "negative").card(rule), "");
    EXPECT_EQ(tested("negative", "positive").card(rule), "warning");
    EXPECT_EQ(tested("negative", "indeterminate").card(rule), "warning");
    EXPECT_EQ(tested("positive", "negative").result("5196-1", "", coded("negative"), -3).card(rule),
              "");
    EXPECT_EQ(tested("positive", "negative").order("m1", "", "entecavir", -30).card(rule), "");
    EXPECT_EQ(
        tested("negative", "negative").condition("B18.1", "Chronic hepatitis B", -900).card(rule),
        "warning");
    EXPECT_EQ(starts().prefetch("observations", "").card(rule), "unknown");
    EXPECT_EQ(starts().order("m1", infliximab, "infliximab", -200).card(rule), "");
    EXPECT_EQ(starts().given(infliximab, "infliximab", -91).card(rule), "warning");
}

Patient pair() { return starts().order("m1", "3008", "cyclosporine", -90); }

TEST(PreinfusionCheck, LooksBackSevenDays) {
    auto const rule = "ifx-preinfusion-infection-check";
    EXPECT_EQ(starts().card(rule), "");
    EXPECT_EQ(pair().card(rule), "info");
    EXPECT_EQ(pair().lab("8310-5", "36.8", "Cel", -7).card(rule), "");
    EXPECT_EQ(pair().lab("8310-5", "36.8", "Cel", -8).card(rule), "info");
    EXPECT_EQ(pair().lab("8310-5", "37.9", "Cel", -1).card(rule), "");
    EXPECT_EQ(pair().lab("8310-5", "38.0", "Cel", -1).card(rule), "warning");
    EXPECT_EQ(pair().lab("8310-5", "100.4", "[degF]", -1).card(rule), "warning");
    EXPECT_EQ(pair().lab("8310-5", "100.3", "[degF]", -1).card(rule), "");
    EXPECT_EQ(pair().lab("8310-5", "38.6", "Cel", -7).lab("8310-5", "36.8", "Cel", -1).card(rule),
              "warning");
    EXPECT_EQ(pair().lab("8310-5", "38.6", "Cel", -8).lab("8310-5", "36.8", "Cel", -1).card(rule),
              "");
    EXPECT_EQ(pair().lab("8310-5", "36.8", "", -1).card(rule), "info");
    EXPECT_EQ(pair().procedure(R"({"text":"Infection assessment"})", -7).card(rule), "");
    EXPECT_EQ(pair().procedure(R"({"text":"Infection assessment"})", -8).card(rule), "info");
    EXPECT_EQ(pair().prefetch("procedures", "").card(rule), "unknown");
}

}  // namespace
}  // namespace cds::acceptance

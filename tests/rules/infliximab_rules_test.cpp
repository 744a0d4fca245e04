#include <gtest/gtest.h>

#include <string>

#include "tests/rules/patient.hpp"

// Boundaries of the rules about infliximab's own safety.

namespace cds::acceptance {
namespace {

constexpr char const* infliximab = "191831";

/// Infliximab on these days from now.
std::string on_days(std::initializer_list<int> days,
                    std::string const& dose = R"("value":400,"unit":"mg","code":"mg")") {
    std::string events;
    for (auto const each : days) events += (events.empty() ? "\"" : ",\"") + day(each) + "\"";
    return R"(,"dosageInstruction":[{"timing":{"event":[)" + events +
           R"(]},"route":{"text":"intravenous"},"doseAndRate":[{"doseQuantity":{)" + dose + "}}]}]";
}

/// Infliximab at a fixed interval.
std::string every_weeks(int weeks, std::string const& mg = "400") {
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":1,"period":)" +
           std::to_string(weeks) +
           R"(,"periodUnit":"wk"}},"doseAndRate":[{"doseQuantity":{"value":)" + mg +
           R"(,"unit":"mg","code":"mg"}}]}])";
}

Patient starts(std::string const& extra = on_days({0, 14, 42})) {
    return Patient{}
        .condition("K50.90", "Crohn's disease", -400)
        .draft("d1", infliximab, "infliximab", extra);
}

Patient renews() {
    auto patient = starts(every_weeks(8));
    patient.order("m1", infliximab, "infliximab", -200, every_weeks(8));
    for (int ago : {-200, -186, -158, -102, -46}) patient.given(infliximab, "infliximab", ago);
    return patient;
}

std::string with_unit(std::string const& value) { return "\"valueString\":\"" + value + "\""; }

TEST(InfliximabInfection, CountsFor90Days) {
    EXPECT_EQ(starts().condition("A41.9", "Sepsis", -90).card("ifx-contra-active-infection"),
              "critical");
    EXPECT_EQ(starts().condition("A41.9", "Sepsis", -91).card("ifx-contra-active-infection"), "");
    EXPECT_EQ(starts()
                  .condition("A31.0", "Mycobacterium avium", -300)
                  .card("ifx-contra-active-infection"),
              "critical");
    EXPECT_EQ(starts().condition("", "Common cold", -3).card("ifx-contra-active-infection"), "");
    EXPECT_EQ(starts()
                  .condition("A41.9", "Sepsis", -9,
                             R"(,"clinicalStatus":{"coding":[{"code":"resolved"}]})")
                  .card("ifx-contra-active-infection"),
              "");
}

TEST(InfliximabInfection, ConcernsOmalizumabOnlyWhileInfliximabIsInUse) {
    auto omalizumab =
        Patient{}.condition("A41.9", "Sepsis", -9).draft("d1", "302379", "omalizumab");
    EXPECT_EQ(omalizumab.card("ifx-contra-active-infection"), "");
    EXPECT_EQ(Patient{omalizumab}
                  .given(infliximab, "infliximab", -90)
                  .card("ifx-contra-active-infection"),
              "critical");
    EXPECT_EQ(Patient{omalizumab}
                  .given(infliximab, "infliximab", -91)
                  .card("ifx-contra-active-infection"),
              "");
    EXPECT_EQ(starts().prefetch("conditions", "").card("ifx-contra-active-infection"), "unknown");
}

TEST(AlphaGal, NeedsAHistoryOrAPositiveIge) {
    auto const rule = "ifx-alpha-gal-risk";
    EXPECT_EQ(starts().card(rule), "");
    EXPECT_EQ(starts().condition("", "Lone Star tick bite", -100).card(rule), "warning");
    EXPECT_EQ(starts().allergy("red meat").card(rule), "warning");
    EXPECT_EQ(starts().condition("", "Reaction to first infusion of infliximab", -900).card(rule),
              "warning");
    struct Row {
        char const* value;
        char const* comparator;
        char const* expected;
    };
    for (auto const& row :
         {Row{"0.09", "", ""}, Row{"0.10", "", "warning"}, Row{"0.11", "", "warning"},
          Row{"0.10", "<", ""}, Row{"0.35", "<", ""}, Row{"0.35", ">", "warning"}}) {
        auto quantity = std::string{R"("valueQuantity":{"value":)"} + row.value +
                        R"(,"unit":"kU/L","code":"k[IU]/L")";
        if (*row.comparator) quantity += std::string{R"(,"comparator":")"} + row.comparator + "\"";
        EXPECT_EQ(starts().result("73837-7", "", quantity + "}", -30).card(rule), row.expected)
            << row.comparator << row.value;
    }
}

TEST(AlphaGal, NewestIgeDecidesAndNegativeSilencesTheHistory) {
    auto bitten = starts().condition("", "Lone Star tick bite", -100);
    EXPECT_EQ(Patient{bitten}.lab("73837-7", "0.05", "k[IU]/L", -30).card("ifx-alpha-gal-risk"),
              "");
    EXPECT_EQ(Patient{bitten}.lab("73837-7", "0.05", "", -30).card("ifx-alpha-gal-risk"),
              "warning");
    EXPECT_EQ(Patient{bitten}.lab("73837-7", "0.05", "", -30).card("data-quality-unusable"),
              "info");
    EXPECT_EQ(Patient{bitten}.prefetch("observations", "").card("ifx-alpha-gal-risk"), "unknown");
}

TEST(AlphaGal, ThreeInfusionsSinceThenAreEnoughAtAContinuation) {
    EXPECT_EQ(renews().lab("73837-7", "0.5", "k[IU]/L", -190).card("ifx-alpha-gal-risk"), "");
    EXPECT_EQ(renews().lab("73837-7", "0.5", "k[IU]/L", -158).card("ifx-alpha-gal-risk"),
              "warning");
    EXPECT_EQ(renews()
                  .lab("73837-7", "0.5", "k[IU]/L", -190)
                  .allergy("infliximab")
                  .card("ifx-alpha-gal-risk"),
              "warning");
}

TEST(PriorAntibodies, OnePositiveResultIsEnough) {
    auto const rule = "ifx-prior-ada-immunogenicity";
    EXPECT_EQ(starts().result("72623-2", "", with_unit("positive"), -700).card(rule), "info");
    EXPECT_EQ(starts()
                  .result("72623-2", "", with_unit("positive"), -700)
                  .result("72623-2", "", with_unit("negative"), -30)
                  .card(rule),
              "info");
    EXPECT_EQ(starts().result("74116-5", "", with_unit("low positive"), -700).card(rule), "info");
    EXPECT_EQ(starts().result("72623-2", "", with_unit("negative"), -30).card(rule), "");
    EXPECT_EQ(renews().result("72623-2", "", with_unit("positive"), -700).card(rule), "");
}

TEST(PriorAntibodies, ANumberNeedsACutOff) {
    auto const rule = "ifx-prior-ada-immunogenicity";
    auto const range = std::string{R"(,"referenceRange":[{"high":{"value":10}}])"};
    EXPECT_EQ(starts().lab("72623-2", "10", "ng/mL", -30, range).card(rule), "");
    EXPECT_EQ(starts().lab("72623-2", "10.1", "ng/mL", -30, range).card(rule), "info");
    EXPECT_EQ(starts().lab("72623-2", "40", "ng/mL", -30).card(rule), "");
    EXPECT_EQ(starts().lab("72623-2", "40", "ng/mL", -30).card("data-quality-unusable"), "info");
}

TEST(PriorAntibodies, AnImmunomodulatorSilencesACorticosteroidDoesNot) {
    auto positive = starts().result("72623-2", "", with_unit("positive"), -700);
    EXPECT_EQ(Patient{positive}
                  .order("m1", "1256", "azathioprine", -90)
                  .card("ifx-prior-ada-immunogenicity"),
              "");
    EXPECT_EQ(
        Patient{positive}.draft("d2", "6851", "methotrexate").card("ifx-prior-ada-immunogenicity"),
        "");
    EXPECT_EQ(Patient{positive}
                  .order("m1", "8640", "prednisone", -9, dose("20", 1))
                  .card("ifx-prior-ada-immunogenicity"),
              "info");
}

TEST(Induction, AllowsThreeDaysEitherWay) {
    auto const card = [](std::string const& extra) {
        return starts(extra).card("ifx-induction-schedule");
    };
    EXPECT_EQ(card(on_days({0, 14, 42})), "");
    EXPECT_EQ(card(on_days({0, 17, 45})), "");
    EXPECT_EQ(card(on_days({0, 11, 39})), "");
    EXPECT_EQ(card(on_days({0, 18, 42})), "info");
    EXPECT_EQ(card(on_days({0, 14, 46})), "info");
    EXPECT_EQ(card(on_days({0, 10, 42})), "info");
    EXPECT_EQ(card(on_days({0, 14})), "");
    EXPECT_EQ(card(on_days({0, 56})), "info");
    EXPECT_EQ(card(on_days({0})), "");
    EXPECT_EQ(card(every_weeks(8)), "info");
    EXPECT_EQ(card(""), "");
}

TEST(Induction, IsSilentUnderTheSkinAtARenewalAndInAcuteSevereColitis) {
    auto const subcutaneous = Patient{}.draft("d1", "", "Zymfentra 120 mg", every_weeks(2, "120"));
    EXPECT_EQ(subcutaneous.card("ifx-induction-schedule"), "");
    EXPECT_EQ(renews().card("ifx-induction-schedule"), "");
    auto const rescue = Patient{}
                            .condition("", "Acute severe ulcerative colitis", -3)
                            .draft("d1", infliximab, "infliximab", on_days({0, 5, 30}));
    EXPECT_EQ(rescue.card("ifx-induction-schedule"), "");
}

TEST(BiologicHypersensitivity, CountsUnconfirmedAndNotRefutedEntries) {
    auto const rule = "biologic-contra-hypersensitivity";
    auto const status = [](char const* code) {
        return std::string{R"(,"verificationStatus":{"coding":[{"code":")"} + code + "\"}]}";
    };
    EXPECT_EQ(starts().allergy("infliximab").card(rule), "critical");
    EXPECT_EQ(starts().allergy("Mouse protein").card(rule), "critical");
    EXPECT_EQ(starts().allergy("infliximab", status("unconfirmed")).card(rule), "critical");
    EXPECT_EQ(starts().allergy("infliximab", status("refuted")).card(rule), "");
    EXPECT_EQ(starts().allergy("infliximab", status("entered-in-error")).card(rule), "");
    EXPECT_EQ(starts().allergy("omalizumab").card(rule), "");
    EXPECT_EQ(starts().prefetch("allergies", "").card(rule), "unknown");
    EXPECT_EQ(Patient{}.stop("d1", infliximab, "infliximab").allergy("infliximab").card(rule), "");
}

Patient failing(std::string const& nyha) {
    return starts(on_days({0, 14, 42}, R"("value":350,"unit":"mg","code":"mg")"))
        .condition("I50.9", "Heart failure", -300)
        .result("88020-3", "NYHA", with_unit(nyha), -30);
}

TEST(HeartFailureDose, ComparesAfterRoundingToOneDecimal) {
    auto const rule = "ifx-heart-failure-dose";
    EXPECT_EQ(failing("NYHA class III").weight("69.3", -5).card(rule), "critical");
    EXPECT_EQ(failing("NYHA class IV").weight("69.4", -5).card(rule), "");
    EXPECT_EQ(failing("NYHA class III").weight("70", -5).card(rule), "");
    EXPECT_EQ(failing("Class III").weight("60", -300).card(rule), "critical");
    EXPECT_EQ(failing("NYHA class II").weight("60", -5).card(rule), "");
    EXPECT_EQ(failing("NYHA class III").card(rule), "unknown");
    EXPECT_EQ(failing("NYHA class III").lab("29463-7", "60", "", -5).card(rule), "unknown");
}

TEST(HeartFailureDose, NewestStatementDecides) {
    auto const rule = "ifx-heart-failure-dose";
    EXPECT_EQ(failing("NYHA class III")
                  .weight("60", -5)
                  .result("88020-3", "NYHA", with_unit("II"), -3)
                  .card(rule),
              "");
    EXPECT_EQ(
        failing("NYHA class II").weight("60", -5).condition("", "NYHA class III", -3).card(rule),
        "critical");
    auto const alone = starts(on_days({0, 14, 42}, R"("value":10,"unit":"mg/kg","code":"mg/kg")"));
    EXPECT_EQ(Patient{alone}.condition("", "NYHA class III", -3).card(rule), "critical");
    EXPECT_EQ(Patient{alone}.result("88020-3", "NYHA", with_unit("NYHA class III"), -3).card(rule),
              "");
}

TEST(BiologicDuplication, ConcernsInfliximabWithAnotherBiologic) {
    auto const rule = "ifx-biologic-duplication";
    EXPECT_EQ(starts().order("m1", "327361", "adalimumab", -90).card(rule), "warning");
    EXPECT_EQ(starts().draft("d2", "", "Entyvio").card(rule), "warning");
    EXPECT_EQ(starts().order("m1", "302379", "omalizumab", -90).card(rule), "");
    EXPECT_EQ(Patient{}
                  .order("m1", infliximab, "infliximab", -90)
                  .draft("d1", "", "vedolizumab")
                  .card(rule),
              "warning");
    EXPECT_EQ(Patient{}
                  .order("m1", "327361", "adalimumab", -90)
                  .draft("d1", "", "vedolizumab")
                  .card(rule),
              "");
    EXPECT_EQ(starts()
                  .order("m1", "327361", "adalimumab", -90)
                  .stop("d2", "327361", "adalimumab")
                  .card(rule),
              "");
    EXPECT_EQ(starts().prefetch("medications", "").card(rule), "unknown");
}

}  // namespace
}  // namespace cds::acceptance

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/rules/patient.hpp"

// Data that were not sent: absence is concluded only from what the client says is empty. Source:
// catalogue 4, default missing-data policy, and fact-encodings section 1.

namespace cds::acceptance {
namespace {

std::string const ifx = "191831", csa = "3008";

char const* const keys[] = {"patient",         "encounter",  "medications",    "statements",
                            "administrations", "dispenses",  "conditions",     "allergies",
                            "observations",    "procedures", "serviceRequests"};

struct State {
    char const* name;
    std::string value;
    bool complete;
};

/// The states in which a key can arrive; foreign rows are of the key's own type.
std::vector<State> states(std::string const& key) {
    std::map<std::string, std::string> const types{{"patient", "Patient"},
                                                   {"encounter", "Encounter"},
                                                   {"medications", "MedicationRequest"},
                                                   {"statements", "MedicationStatement"},
                                                   {"administrations", "MedicationAdministration"},
                                                   {"dispenses", "MedicationDispense"},
                                                   {"conditions", "Condition"},
                                                   {"allergies", "AllergyIntolerance"},
                                                   {"observations", "Observation"},
                                                   {"procedures", "Procedure"},
                                                   {"serviceRequests", "ServiceRequest"}};
    auto const owner =
        key == "patient" ? R"("id":"p2")" : R"("subject":{"reference":"Patient/p2"})";
    return {
        {"absent", "", false},
        {"null", "null", true},
        {"outcome",
         R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":"exception"}]})",
         false},
        {"empty", R"({"resourceType":"Bundle","type":"searchset","total":0})", true},
        {"next",
         R"({"resourceType":"Bundle","link":[{"relation":"next","url":"https://ehr.example/2"}],"entry":[]})",
         false},
        {"foreign",
         R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":")" + types.at(key) +
             "\"," + owner + "}}]}",
         false},
    };
}

bool lists(Outcome const& outcome, std::string const& rule, std::string const& key) {
    return std::any_of(
        outcome.not_checked.begin(), outcome.not_checked.end(), [&](std::string const& line) {
            return line.rfind(rule + ":", 0) == 0 && line.find(" " + key) != std::string::npos;
        });
}

TEST(WithheldData, AnUnrelatedDraftNeverGetsACard) {
    for (auto const* key : keys) {
        for (auto const& state : states(key)) {
            Patient patient;
            patient.draft("d", "10582", "levothyroxine").prefetch(key, state.value);
            auto const outcome = patient.fire();
            EXPECT_TRUE(outcome.failure.empty()) << key << " " << state.name << outcome.failure;
            EXPECT_TRUE(outcome.got.empty()) << key << " " << state.name;
            Patient laboratory;
            laboratory
                .draft_service("s", R"({"coding":[{"system":"http://loinc.org","code":"3016-3"}]})")
                .prefetch(key, state.value);
            EXPECT_TRUE(laboratory.fire().got.empty()) << key << " " << state.name;
        }
    }
    Patient nothing;
    nothing.draft("d", "10582", "levothyroxine");
    for (auto const* key : keys) nothing.prefetch(key, "");
    EXPECT_TRUE(nothing.fire().got.empty());
}

TEST(WithheldData, AFindingFromTheDraftsStaysWhateverIsMissing) {
    for (auto const* key : keys) {
        for (auto const& state : states(key)) {
            Patient patient;
            patient.draft("d1", ifx, "infliximab", reason("ulcerative colitis"))
                .draft("d2", csa, "ciclosporin", dose("100", 2) + reason("ulcerative colitis"))
                .prefetch(key, state.value);
            EXPECT_EQ(patient.card("uc-ifx-csa-concurrent"), "critical")
                << key << " " << state.name;
        }
    }
}

struct Withheld {
    char const* rule;
    std::vector<std::string> needs;  ///< keys without which it cannot be concluded
    char const* when_empty;          ///< its card when the key is known to be empty
};

void expect_withheld(Withheld const& check, Patient const& base) {
    for (auto const* key : keys) {
        auto const needed =
            std::find(check.needs.begin(), check.needs.end(), key) != check.needs.end();
        for (auto const& state : states(key)) {
            if (!needed && std::string{key} != "allergies") continue;
            auto patient = base;
            patient.prefetch(key, state.value);
            auto const outcome = patient.fire();
            auto const found = outcome.got.find(check.rule);
            auto const got = found == outcome.got.end() ? std::string{} : found->second;
            auto const where = std::string{check.rule} + " " + key + " " + state.name;
            if (!needed || state.complete) {
                EXPECT_EQ(got, check.when_empty) << where;
                EXPECT_FALSE(lists(outcome, check.rule, key)) << where;
            } else {
                EXPECT_EQ(got, "") << where;
                EXPECT_TRUE(lists(outcome, check.rule, key)) << where;
                EXPECT_EQ(outcome.got.count("not-evaluated"), 1U) << where;
            }
        }
    }
}

TEST(WithheldData, TuberculosisScreeningIsNotMissedUnlessAllItsSourcesAreKnown) {
    Patient patient;
    patient.draft("d", ifx, "infliximab", reason("Crohn disease"));
    expect_withheld({"ifx-tb-screen-missing",
                     {"observations", "conditions", "procedures", "medications", "statements",
                      "administrations", "dispenses"},
                     "critical"},
                    patient);
}

TEST(WithheldData, ProphylaxisIsNotMissedUnlessTheMedicationsAreKnown) {
    Patient patient;
    patient.draft("d1", ifx, "infliximab", reason("Crohn disease"))
        .draft("d2", csa, "ciclosporin", reason("Crohn disease"));
    expect_withheld({"pjp-prophylaxis-missing",
                     {"medications", "statements", "administrations", "dispenses"},
                     "warning"},
                    patient);
}

TEST(WithheldData, TestsOfThePairAreNotOverdueUnlessResultsAreKnown) {
    Patient patient;
    patient.draft("d1", ifx, "infliximab", reason("Crohn disease"))
        .draft("d2", csa, "ciclosporin", reason("Crohn disease"));
    expect_withheld({"ifx-csa-combination-labs", {"observations"}, "warning"}, patient);
}

TEST(WithheldData, MethotrexateIsNotMissedUnlessMedicationsAreKnown) {
    Patient patient;
    patient.draft("d", ifx, "infliximab", reason("rheumatoid arthritis"));
    expect_withheld({"ra-ifx-without-mtx",
                     {"medications", "statements", "administrations", "dispenses"},
                     "info"},
                    patient);
}

TEST(WithheldData, APairThatCouldBeThereIsListedNotConcluded) {
    for (auto const* key : {"medications", "statements", "administrations", "dispenses"}) {
        for (auto const& state : states(key)) {
            Patient patient;
            patient.draft("d", ifx, "infliximab", reason("ulcerative colitis"))
                .prefetch(key, state.value);
            auto const outcome = patient.fire();
            for (auto const* rule : {"uc-ifx-csa-concurrent", "ifx-csa-sequential-salvage-28d",
                                     "ifx-csa-sequential-3mo"}) {
                EXPECT_EQ(outcome.got.count(rule), 0U) << key << state.name << rule;
                EXPECT_EQ(lists(outcome, rule, key), !state.complete) << key << state.name << rule;
            }
        }
    }
}

TEST(WithheldData, WithoutConditionsThePairIsJudgedAsUnknown) {
    for (auto const& state : states("conditions")) {
        Patient patient;
        patient.draft("d1", ifx, "infliximab")
            .draft("d2", csa, "ciclosporin")
            .prefetch("conditions", state.value);
        auto const outcome = patient.fire();
        EXPECT_EQ(outcome.got.count("ifx-csa-concurrent-avoid"), 1U) << state.name;
        EXPECT_EQ(patient.card("ifx-csa-concurrent-avoid"), "critical") << state.name;
        EXPECT_EQ(lists(outcome, "uc-ifx-csa-concurrent", "conditions"), !state.complete)
            << state.name;
    }
}

TEST(WithheldData, AnInfusionThatWasFoundStillCounts) {
    for (auto const* key : {"medications", "statements", "dispenses", "observations"}) {
        for (auto const& state : states(key)) {
            Patient patient;
            patient.draft("d", csa, "ciclosporin", dose("100", 2) + reason("ulcerative colitis"))
                .given(ifx, "infliximab", -20)
                .prefetch(key, state.value);
            EXPECT_EQ(patient.card("ifx-csa-sequential-salvage-28d"), "critical")
                << key << state.name;
        }
    }
}

TEST(WithheldData, SofteningFactsAreNotAssumed) {
    for (auto const& state : states("allergies")) {
        Patient patient;
        patient.draft("d1", ifx, "infliximab", reason("rheumatoid arthritis"))
            .draft("d2", csa, "ciclosporin", reason("rheumatoid arthritis"))
            .prefetch("allergies", state.value);
        EXPECT_EQ(patient.card("ra-ifx-csa-mtx-preferred"), "warning") << state.name;
        EXPECT_EQ(patient.card("ra-ifx-csa-mtx-contraindicated"), "") << state.name;
    }
}

TEST(WithheldData, AReasonThatRefersToConditionsThatWereNotSentIsUnknown) {
    Patient patient;
    patient.draft("d1", ifx, "infliximab", R"(,"reasonReference":[{"reference":"Condition/c9"}])")
        .draft("d2", csa, "ciclosporin")
        .prefetch("conditions", "");
    EXPECT_EQ(patient.card("ifx-csa-concurrent-avoid"), "critical");
}

TEST(WithheldData, RowsOfAnotherKindOrNoBundleAreNoStatementThatThereIsNone) {
    auto const other =
        R"({"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Goal"}}]})";
    for (std::string const value : {other, "[]", "{}", R"("<html>")", "7"}) {
        for (auto const* key : {"medications", "conditions", "allergies", "observations"}) {
            Patient patient;
            patient.draft("d", csa, "ciclosporin", dose("100", 2)).prefetch(key, value);
            EXPECT_EQ(patient.fire().got.count("not-evaluated"), 1U) << key << value;
        }
    }
}

}  // namespace
}  // namespace cds::acceptance

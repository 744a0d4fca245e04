#pragma once
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "hooks/engine.hpp"
#include "tests/cards/chart_case.hpp"
#include "tests/rules/patient.hpp"

// What a patient's chart gives on patient-view. The clock is 2026-03-10.

namespace cds::acceptance {

inline constexpr char const* modified = "835911";
inline constexpr char const* azathioprine = "1256";
inline constexpr char const* infliximab = "191831";
inline constexpr char const* omalizumab = "302379";

struct View {
    std::string body;
    std::uint32_t not_checked = 0;                 ///< the log's count
    std::map<std::string, std::string> cards;      ///< topic -> indicator
    std::map<std::string, std::string> summaries;  ///< topic -> summary
    std::map<std::string, std::string> details;
    std::map<std::string, std::string> actions;  ///< topic -> "Creatinine; Blood pressure"

    std::string card(std::string const& therapy) const {
        auto const found = cards.find("monitoring-" + therapy);
        return found == cards.end() ? "" : found->second;
    }
    std::string summary(std::string const& therapy) const {
        auto const found = summaries.find("monitoring-" + therapy);
        return found == summaries.end() ? "" : found->second;
    }
    std::string detail(std::string const& topic) const {
        auto const found = details.find(topic);
        return found == details.end() ? "" : found->second;
    }
};

inline View view(Patient const& patient, hooks::Client const& client = {}) {
    View made;
    auto request = patient.request();
    request.replace(request.find("order-sign"), 10, "patient-view");
    hooks::Workspace workspace;
    auto const stats =
        hooks::answer(cards::knowledge(), {}, client, hooks::monitoring_service, request,
                      cards::instant("2026-03-10T09:00:00Z"), workspace, made.body);
    EXPECT_TRUE(stats) << (stats ? "" : stats.error().what);
    if (stats) made.not_checked = stats->not_checked;
    cards::Parsed const document{made.body};
    EXPECT_THAT(cards::empty_members(*document), testing::IsEmpty());
    for (auto const card : document["cards"]) {
        std::string const topic{card["source"]["topic"]["code"].string()};
        made.cards.emplace(topic, card["indicator"].string());
        made.summaries.emplace(topic, card["summary"].string());
        made.details.emplace(topic, card["detail"].string());
        auto& actions = made.actions[topic];
        for (auto const suggestion : card["suggestions"]) {
            for (auto const action : suggestion["actions"]) {
                auto const resource = action["resource"];
                actions += (actions.empty() ? "" : "; ") +
                           std::string{resource["resourceType"].string()} + ' ' +
                           std::string{resource["code"]["text"].string()} +
                           (resource["occurrenceDateTime"]
                                ? " " + std::string{resource["occurrenceDateTime"].string()}
                                : "");
            }
        }
    }
    return made;
}

inline Patient& count(Patient& patient, int days) {
    return patient.lab("6690-2", "6", "10*9/L", days)
        .lab("718-7", "14", "g/dL", days)
        .lab("777-3", "250", "10*9/L", days);
}

/// Psoriasis; ciclosporin since `start`, all its tests done `days` from now.
inline Patient on_ciclosporin(int start, int days, std::string const& disease = "Psoriasis") {
    Patient patient;
    patient.order("m1", modified, "Neoral", start, dose("125", 2) + reason(disease));
    patient.lab("14682-9", "80", "umol/L", days).pressure("120", "75", days);
    count(patient, days);
    return patient.lab("1742-6", "20", "U/L", days)
        .lab("2093-3", "180", "mg/dL", days)
        .lab("2823-3", "4.2", "mmol/L", days)
        .lab("19123-9", "2.0", "mg/dL", days);
}

/// An active ServiceRequest.
inline Patient& ordered(Patient& patient, std::string const& loinc, int days,
                        std::string const& more = "") {
    return patient.add("serviceRequests",
                       R"({"resourceType":"ServiceRequest","id":"s)" + loinc +
                           R"(","status":"active","intent":"order","code":{"coding":[{"system":)"
                           R"("http://loinc.org","code":")" +
                           loinc + R"("}]},"subject":{"reference":"Patient/p1"},"authoredOn":")" +
                           day(days) + "\"" + more + "}");
}

}  // namespace cds::acceptance

#include "tests/acceptance/case_runner.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <memory_resource>
#include <sstream>

#include "fhir/chart.hpp"
#include "fhir/record.hpp"

namespace cds::acceptance {

using base::json::Value;

std::shared_ptr<rules::Knowledge const> knowledge() {
    static auto const loaded = [] {
        auto result = rules::Knowledge::load(rules::embedded_pack());
        if (!result) {
            std::fprintf(stderr, "knowledge: %s: %s\n", result.error().where.c_str(),
                         result.error().what.c_str());
            std::exit(2);
        }
        return *result;
    }();
    return loaded;
}

std::vector<Case> load_cases(std::filesystem::path const& folder) {
    std::vector<std::filesystem::path> files;
    if (std::filesystem::is_directory(folder)) {
        for (auto const& entry : std::filesystem::directory_iterator{folder}) {
            if (entry.path().extension() == ".json") files.push_back(entry.path());
        }
    }
    std::sort(files.begin(), files.end());
    std::vector<Case> cases;
    for (auto const& file : files) {
        Case one;
        std::ostringstream text;
        text << std::ifstream{file, std::ios::binary}.rdbuf();
        one.text = text.str();
        one.file = file.string();
        base::json::Document document;
        auto const parsed = document.parse(one.text);
        if (!parsed) continue;
        auto const root = *parsed;
        if (!root["request"] || !root["expect"]) continue;
        one.id = root["id"].string();
        one.title = root["title"].string();
        for (auto value : root["expect"]) one.expect[std::string{value.key()}] = value.string();
        for (auto value : root["mustNotFire"].each())
            one.must_not_fire.emplace_back(value.string());
        cases.push_back(std::move(one));
    }
    return cases;
}

namespace {

void note_not_checked(rules::Evaluation const& evaluation, rules::Knowledge const& known,
                      Outcome& outcome) {
    for (auto const& item : evaluation.not_checked) {
        std::string line = item.rule == rules::NotChecked::no_rule ? "unidentified draft"
                                                                   : known.rules()[item.rule].id;
        line += ": ";
        line += fhir::name(item.reason);
        for (std::size_t i = 0; i < item.open.size(); ++i) {
            if (item.open.test(i))
                line += " " + std::string{fhir::key(static_cast<fhir::Query>(i))};
        }
        outcome.not_checked.push_back(line);
    }
    if (!outcome.not_checked.empty()) outcome.got["not-evaluated"] = "info";
}

Outcome evaluate_request(Value request, std::string_view now_text) {
    Outcome outcome;
    auto const known = knowledge();
    static base::Zone const zone;
    alignas(16) static thread_local std::array<std::byte, 1 << 20> buffer;
    std::pmr::monotonic_buffer_resource arena{buffer.data(), buffer.size()};
    auto const now = base::parse_date(now_text, zone);
    auto const context = request["context"];
    fhir::ReadContext read;
    read.terminology = &known->terminology();
    read.zone = &zone;
    read.now = now.instant;
    read.today = now.first;
    read.patient_id = context["patientId"].string();
    read.encounter_id = context["encounterId"].string();
    read.arena = &arena;
    auto const record = fhir::read_record(read, {context["draftOrders"], request["prefetch"]});
    if (!record) {
        outcome.failure = record.error().where + ": " + record.error().what;
        return outcome;
    }
    std::vector<fhir::MedicationRow const*> drafts;
    for (auto const& row : record->drafts) drafts.push_back(&row);
    std::vector<fhir::ServiceRow const*> services;
    for (auto const& row : record->service_drafts) services.push_back(&row);
    fhir::Chart const chart{*record, drafts, services};
    auto const evaluation = rules::evaluate(*known, chart, rules::Region::us, &arena);
    for (auto const& finding : evaluation.findings) {
        auto const& id = known->rules()[finding.rule].id;
        if (!finding.suppressed_by.empty()) {
            outcome.suppressed.push_back(id + " by " + std::string{finding.suppressed_by});
        } else {
            outcome.got[id] = rules::name(finding.indicator);
        }
    }
    note_not_checked(evaluation, *known, outcome);
    return outcome;
}

}  // namespace

Outcome run(Case const& acceptance_case) {
    base::json::Document document;
    auto const parsed = document.parse(acceptance_case.text);
    if (!parsed) return {{}, {}, {}, parsed.error().what};
    return evaluate_request((*parsed)["request"], (*parsed)["now"].string());
}

Outcome run_request(std::string const& request, std::string const& now) {
    base::json::Document document;
    auto const parsed = document.parse(request);
    if (!parsed) return {{}, {}, {}, parsed.error().what};
    return evaluate_request(*parsed, now);
}

}  // namespace cds::acceptance

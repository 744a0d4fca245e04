#include "tests/rules/patient.hpp"

#include <chrono>

#include "base/date.hpp"

namespace cds::acceptance {

namespace {

constexpr char const* subject = R"("subject":{"reference":"Patient/p1"})";

std::string medication(std::string const& rxnorm, std::string const& text) {
    std::string json = "\"medicationCodeableConcept\":{";
    if (!rxnorm.empty()) {
        json += R"("coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":")" +
                rxnorm + "\"}]";
        if (!text.empty()) json += ",";
    }
    if (!text.empty()) json += "\"text\":\"" + text + "\"";
    return json + "}";
}

}  // namespace

std::string day(int days) {
    using namespace std::chrono;
    return base::iso(sys_days{year{2026} / March / 10} + std::chrono::days{days});
}

Patient::Patient(std::string sex, std::string birth)
    : sex_{std::move(sex)}, birth_{std::move(birth)} {}

Patient& Patient::draft_json(std::string const& resource) {
    drafts_.push_back(resource);
    return *this;
}

Patient& Patient::draft(std::string const& id, std::string const& rxnorm, std::string const& text,
                        std::string const& extra) {
    return draft_json(R"({"resourceType":"MedicationRequest","id":")" + id +
                      R"(","status":"draft","intent":"order",)" + medication(rxnorm, text) + "," +
                      subject + extra + "}");
}

Patient& Patient::stop(std::string const& id, std::string const& rxnorm, std::string const& text,
                       std::string const& extra) {
    return draft_json(R"({"resourceType":"MedicationRequest","id":")" + id +
                      R"(","status":"stopped","intent":"order",)" + medication(rxnorm, text) + "," +
                      subject + extra + "}");
}

Patient& Patient::draft_service(std::string const& id, std::string const& code_json,
                                std::string const& extra) {
    return draft_json(R"({"resourceType":"ServiceRequest","id":")" + id +
                      R"(","status":"draft","intent":"order","code":)" + code_json + "," + subject +
                      extra + "}");
}

Patient& Patient::order(std::string const& id, std::string const& rxnorm, std::string const& text,
                        int days, std::string const& extra, std::string const& status) {
    return add("medications", R"({"resourceType":"MedicationRequest","id":")" + id +
                                  R"(","status":")" + status +
                                  R"(","intent":"order","authoredOn":")" + day(days) + "\"," +
                                  medication(rxnorm, text) + "," + subject + extra + "}");
}

Patient& Patient::given(std::string const& rxnorm, std::string const& text, int days,
                        std::string const& status) {
    return add("administrations", R"({"resourceType":"MedicationAdministration","id":")" +
                                      next_id("ma") + R"(","status":")" + status +
                                      R"(","effectiveDateTime":")" + day(days) + "\"," +
                                      medication(rxnorm, text) + "," + subject + "}");
}

Patient& Patient::condition(std::string const& icd10, std::string const& text, int days,
                            std::string const& extra) {
    std::string code = "\"code\":{";
    if (!icd10.empty()) {
        code +=
            R"("coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":")" + icd10 + "\"}],";
    }
    code += "\"text\":\"" + text + "\"}";
    auto status = std::string{};
    if (extra.find("clinicalStatus") == std::string::npos) {
        status = R"(,"clinicalStatus":{"coding":[{"code":"active"}]})";
    }
    return add("conditions", R"({"resourceType":"Condition","id":")" + next_id("c") + "\"," + code +
                                 "," + subject + R"(,"onsetDateTime":")" + day(days) + "\"" +
                                 status + extra + "}");
}

Patient& Patient::allergy(std::string const& text, std::string const& extra) {
    return add("allergies", R"({"resourceType":"AllergyIntolerance","id":")" + next_id("a") +
                                R"(","code":{"text":")" + text +
                                R"("},"patient":{"reference":"Patient/p1"})" + extra + "}");
}

Patient& Patient::lab(std::string const& loinc, std::string const& value, std::string const& unit,
                      int days, std::string const& extra, std::string const& status) {
    std::string quantity = "\"valueQuantity\":{\"value\":" + value;
    if (!unit.empty()) {
        quantity += R"(,"unit":")" + unit + R"(","system":"http://unitsofmeasure.org","code":")" +
                    unit + "\"";
    }
    quantity += "}";
    return add("observations", R"({"resourceType":"Observation","id":")" + next_id("o") +
                                   R"(","status":")" + status +
                                   R"(","code":{"coding":[{"system":"http://loinc.org","code":")" +
                                   loinc + R"("}]},)" + subject + R"(,"effectiveDateTime":")" +
                                   day(days) + "\"," + quantity + extra + "}");
}

Patient& Patient::result(std::string const& loinc, std::string const& text,
                         std::string const& value, int days) {
    std::string code = "\"code\":{";
    if (!loinc.empty()) {
        code += R"("coding":[{"system":"http://loinc.org","code":")" + loinc + "\"}]";
        if (!text.empty()) code += ",";
    }
    if (!text.empty()) code += "\"text\":\"" + text + "\"";
    code += "}";
    return add("observations", R"({"resourceType":"Observation","id":")" + next_id("o") +
                                   R"(","status":"final",)" + code + "," + subject +
                                   R"(,"effectiveDateTime":")" + day(days) + "\"" +
                                   (value.empty() ? "" : "," + value) + "}");
}

Patient& Patient::pressure(std::string const& systolic, std::string const& diastolic, int days) {
    auto const part = [](char const* code, std::string const& value) {
        return R"({"code":{"coding":[{"system":"http://loinc.org","code":")" + std::string{code} +
               R"("}]},"valueQuantity":{"value":)" + value +
               R"(,"unit":"mm[Hg]","system":"http://unitsofmeasure.org","code":"mm[Hg]"}})";
    };
    return add(
        "observations",
        R"({"resourceType":"Observation","id":")" + next_id("o") +
            R"(","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},)" +
            subject + R"(,"effectiveDateTime":")" + day(days) + R"(","component":[)" +
            part("8480-6", systolic) + "," + part("8462-4", diastolic) + "]}");
}

Patient& Patient::procedure(std::string const& code_json, int days, std::string const& status) {
    return add("procedures", R"({"resourceType":"Procedure","id":")" + next_id("pr") +
                                 R"(","status":")" + status + R"(","code":)" + code_json + "," +
                                 subject + R"(,"performedDateTime":")" + day(days) + "\"}");
}

Patient& Patient::encounter(std::string const& encounter_class) {
    encounter_ =
        R"({"resourceType":"Encounter","id":"e1","status":"in-progress","class":{"code":")" +
        encounter_class + R"("},)" + subject + R"(,"period":{"start":")" + day(-2) + "\"}}";
    return *this;
}

Patient& Patient::add(std::string const& key, std::string const& resource) {
    rows_[key].push_back(resource);
    return *this;
}

Patient& Patient::prefetch(std::string const& key, std::string const& value) {
    replaced_[key] = value;
    return *this;
}

std::string Patient::request() const {
    auto const bundle = [](std::vector<std::string> const& resources) {
        std::string json = R"({"resourceType":"Bundle","type":"searchset","entry":[)";
        for (std::size_t i = 0; i < resources.size(); ++i) {
            json += (i ? "," : "");
            json += R"({"resource":)" + resources[i] + "}";
        }
        return json + "]}";
    };
    std::string json =
        R"({"hook":"order-sign","hookInstance":"11111111-2222-4333-8444-555555555555","context":{)"
        R"("userId":"Practitioner/u1","patientId":"p1","encounterId":"e1","draftOrders":)" +
        bundle(drafts_) + R"(},"prefetch":{)";
    std::map<std::string, std::string> values;
    for (auto const* key :
         {"medications", "statements", "administrations", "dispenses", "conditions", "allergies",
          "observations", "procedures", "serviceRequests"}) {
        auto const found = rows_.find(key);
        values[key] = found == rows_.end()
                          ? R"({"resourceType":"Bundle","type":"searchset","total":0})"
                          : bundle(found->second);
    }
    values["patient"] = R"({"resourceType":"Patient","id":"p1","gender":")" + sex_ +
                        R"(","birthDate":")" + birth_ + "\"}";
    values["encounter"] = encounter_.empty() ? "null" : encounter_;
    for (auto const& [key, value] : replaced_) values[key] = value;
    auto first = true;
    for (auto const& [key, value] : values) {
        if (value.empty()) continue;
        json += (first ? "\"" : ",\"") + key + "\":" + value;
        first = false;
    }
    return json + "}}";
}

Outcome Patient::fire() const { return run_request(request(), "2026-03-10T09:00:00Z"); }

std::string Patient::card(std::string const& rule) const {
    auto const outcome = fire();
    if (!outcome.failure.empty()) return "failure: " + outcome.failure;
    if (auto const found = outcome.got.find(rule); found != outcome.got.end()) return found->second;
    for (auto const& line : outcome.not_checked) {
        if (line.rfind(rule + ":", 0) == 0) return "unknown";
    }
    return "";
}

std::string dose(std::string const& mg, int times_per_day, std::string const& route) {
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":)" +
           std::to_string(times_per_day) + R"(,"period":1,"periodUnit":"d"}},"route":{"text":")" +
           route + R"("},"doseAndRate":[{"doseQuantity":{"value":)" + mg +
           R"(,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}]}])";
}

std::string bounded_dose(std::string const& mg, int times_per_day, int from, int to) {
    std::string bounds = R"("boundsPeriod":{"start":")" + day(from) + "\"";
    if (to != 9999) bounds += R"(,"end":")" + day(to) + "\"";
    bounds += "}";
    return R"(,"dosageInstruction":[{"timing":{"repeat":{"frequency":)" +
           std::to_string(times_per_day) + R"(,"period":1,"periodUnit":"d",)" + bounds +
           R"(}},"route":{"text":"oral"},"doseAndRate":[{"doseQuantity":{"value":)" + mg +
           R"(,"unit":"mg","system":"http://unitsofmeasure.org","code":"mg"}}]}])";
}

std::string reason(std::string const& text) {
    return R"(,"reasonCode":[{"text":")" + text + "\"}]";
}

}  // namespace cds::acceptance

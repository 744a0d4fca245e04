#pragma once
#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.hpp"

namespace cds::cards {

/// A request from a compact story (test-fixtures/vignettes/rules): what every resource of the kind
/// says in the same words is filled in here. A string in a list stands for the shared chart of that
/// name.
class StoryRequest {
public:
    /// Both must outlive this.
    StoryRequest(base::json::Value shared, base::json::Value patient)
        : shared_{shared}, patient_{patient} {}

    void add_drafts(base::json::Value resources) { add(resources, true); }
    void add_chart(base::json::Value resources) { add(resources, false); }

    /// The order-sign request; `withheld` are prefetch keys that the client does not send, all
    /// others hold a complete Bundle.
    std::string text(base::json::Value withheld) const {
        std::string out =
            R"({"hook":"order-sign","hookInstance":"00000000-0000-4000-8000-000000000001",)"
            R"("context":{"userId":"Practitioner/d1","patientId":"p1","draftOrders":)" +
            bundle(drafts_) + R"(},"prefetch":{)";
        auto first = true;
        auto const put = [&](std::string_view key, std::string const& value) {
            for (auto const left_out : withheld)
                if (left_out.string() == key) return;
            if (!std::exchange(first, false)) out += ',';
            base::json::write_string(key, out);
            out += ':' + value;
        };
        put("patient", with_defaults(patient_, R"("resourceType":"Patient","id":"p1")", {}));
        auto const met = chart_.find("encounter");
        put("encounter", met == chart_.end() ? "null" : met->second.front());
        for (auto const& [type, key] : keys) {
            auto const found = chart_.find(key);
            if (key != "encounter")
                put(key, found == chart_.end() ? bundle({}) : bundle(found->second));
        }
        return out + "}}";
    }

private:
    using Texts = std::vector<std::string>;
    using Pair = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Pair, 11> keys{{{"MedicationRequest", "medications"},
                                                {"MedicationStatement", "statements"},
                                                {"MedicationAdministration", "administrations"},
                                                {"MedicationDispense", "dispenses"},
                                                {"Condition", "conditions"},
                                                {"AllergyIntolerance", "allergies"},
                                                {"Observation", "observations"},
                                                {"Procedure", "procedures"},
                                                {"Immunization", "immunizations"},
                                                {"ServiceRequest", "serviceRequests"},
                                                {"Encounter", "encounter"}}};

    static std::string bundle(Texts const& resources) {
        std::string out = R"({"resourceType":"Bundle","type":"collection","entry":[)";
        for (auto const& resource : resources) {
            if (&resource != &resources.front()) out += ',';
            out += R"({"resource":)" + resource + '}';
        }
        return out + "]}";
    }

    /// `fixed` and those of `defaults` that the resource does not have itself.
    static std::string with_defaults(
        base::json::Value resource, std::string fixed,
        std::vector<std::pair<std::string_view, std::string>> const& defaults) {
        std::string out = "{" + std::move(fixed);
        auto const comma = [&] {
            if (out.size() > 1) out += ',';
        };
        for (auto const& [name, value] : defaults) {
            if (resource[name]) continue;
            comma();
            out.append("\"").append(name).append("\":").append(value);
        }
        for (auto const member : resource) {
            comma();
            base::json::write_string(member.key(), out);
            out += ':';
            base::json::write(member, out);
        }
        return out + '}';
    }

    static std::string complete(base::json::Value resource, bool is_draft) {
        auto const type = resource["resourceType"].string();
        std::vector<std::pair<std::string_view, std::string>> defaults;
        defaults.emplace_back(type == "AllergyIntolerance" ? "patient" : "subject",
                              R"({"reference":"Patient/p1"})");
        if (type == "Observation") defaults.emplace_back("status", "\"final\"");
        if (type.starts_with("Medication") || type == "Procedure")
            defaults.emplace_back("status",
                                  type == "MedicationRequest" ? "\"active\"" : "\"completed\"");
        if (type == "ServiceRequest") defaults.emplace_back("status", "\"active\"");
        if (type.ends_with("Request")) defaults.emplace_back("intent", "\"order\"");
        if (is_draft) {
            for (auto& [name, value] : defaults)
                if (name == "status") value = "\"draft\"";
        }
        return with_defaults(resource, {}, defaults);
    }

    void add(base::json::Value resources, bool is_draft) {
        for (auto const resource : resources) {
            if (resource.is_string()) {
                auto const shared = shared_[resource.string()];
                EXPECT_TRUE(shared) << "charts.json lacks " << resource.string();
                add(shared, is_draft);
                continue;
            }
            auto const type = resource["resourceType"].string();
            auto const key = std::find_if(keys.begin(), keys.end(),
                                          [&](auto const& pair) { return pair.first == type; });
            EXPECT_NE(key, keys.end()) << type;
            if (key == keys.end()) continue;
            auto& list = is_draft ? drafts_ : chart_[key->second];
            list.push_back(complete(resource, is_draft));
        }
    }

    base::json::Value shared_, patient_;
    Texts drafts_;
    std::map<std::string_view, Texts, std::less<>> chart_;
};

}  // namespace cds::cards

#include "hooks/explain.hpp"

#include "hooks/explain_parts.hpp"

namespace cds::hooks {

using namespace explanation;  // NOLINT: the parts of this very thing

namespace {

void write_clock(Observed const& call, std::string& out) {
    JsonObject object{out};
    object.text("now", base::iso(call.chart.now()));
    object.text("today", base::iso(call.chart.today()));
    object.text("zone", call.site.zone.name());
    flag(object, "frozen", call.site.as_of.has_value());
    object.close();
}

void write_knowledge(Observed const& call, std::string& out) {
    JsonObject object{out};
    object.text("version", call.knowledge.version());
    object.text("digest", call.knowledge.digest());
    object.text("region", call.site.region == Region::eu ? "eu" : "us");
    object.text("language", call.call.language);
    object.close();
}

void write_context(Observed const& call, std::string& out) {
    JsonObject object{out};
    object.text("hook", name(call.request.hook));
    object.text("hookInstance", call.request.hook_instance);
    object.text("userId", call.request.user_id);
    object.text("patientId", call.request.patient_id);
    object.text("encounterId", call.request.encounter_id);
    number(object, "tolerated", call.request.tolerated.size());
    object.close();
}

class Explainer : public Observer {
public:
    Explainer(std::string_view rule, std::string& out) : rule_{rule}, out_{out} {}

    rules::Trace* trace() override { return &trace_; }

    void answered(Observed const& call) override {
        auto const resources = resources_of(call.request);
        auto const places = places_of(resources);
        JsonObject object{out_};
        object.text("service", call.service.id);
        write_clock(call, object.member("clock"));
        write_knowledge(call, object.member("knowledge"));
        write_context(call, object.member("context"));
        write_queries(call.chart.record(), object.member("queries"));
        write_orders(call, places, object.member("orders"));
        write_facts(call, places, object.member("facts"));
        write_discarded(call, resources, places, object.member("discarded"));
        write_rules(call, trace_, rule_, object.member("rules"));
        object.close();
    }

private:
    std::string_view rule_;
    std::string& out_;
    rules::Trace trace_;
};

}  // namespace

base::Result<CallStats> explain(rules::Knowledge const& knowledge, Site const& site,
                                Client const& client, std::string_view service_id,
                                std::string_view body, base::Instant now, Workspace& workspace,
                                std::string& out, std::string_view rule) {
    if (!rule.empty() && !knowledge.find(rule)) {
        return base::Error{base::ErrorCode::not_found, "the rule",
                           "There is no rule of that id; `countersign rules` lists them."};
    }
    Explainer explainer{rule, out};
    std::string cards;
    return answer_observed(knowledge, site, client, service_id, body, now, workspace, cards,
                           &explainer);
}

}  // namespace cds::hooks

#include "tests/fhir/sample_record.hpp"

#include <algorithm>

#include "tests/fhir/shipped_terminology.hpp"

namespace cds::fhir {

std::string on(int days) { return base::iso(in_days(days)); }

std::string json(std::string text) {
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

std::string authored(int days) { return ",'authoredOn':'" + on(days) + "'"; }

std::string bounds(std::string const& start, std::string const& end) {
    std::string period;
    if (!start.empty()) period += "'start':'" + start + "'";
    if (!end.empty()) period += (period.empty() ? "'end':'" : ",'end':'") + end + "'";
    return ",'dosageInstruction':[{'timing':{'repeat':{'boundsPeriod':{" + period + "}}}}]";
}

namespace {

std::string medication(std::string const& drug) {
    return "'medicationCodeableConcept':{'text':'" + drug + "'}";
}

std::string bundle(std::vector<std::string> const& entries) {
    std::string text = "{'resourceType':'Bundle','entry':[";
    for (std::size_t i = 0; i < entries.size(); ++i) text += (i ? "," : "") + entries[i];
    return text + "]}";
}

}  // namespace

SampleRequest& SampleRequest::row(std::string const& key, std::string const& resource) {
    rows_.emplace_back(key, "{'resource':" + resource + "}");
    return *this;
}

SampleRequest& SampleRequest::value(std::string const& key, std::string const& json_text) {
    values_.emplace_back(key, json_text);
    return *this;
}

SampleRequest& SampleRequest::draft(std::string const& resource) {
    return draft_entry("", resource);
}

SampleRequest& SampleRequest::draft_entry(std::string const& members, std::string const& resource) {
    drafts_.push_back("{" + members + "'resource':" + resource + "}");
    return *this;
}

SampleRequest& SampleRequest::now(std::string const& instant) {
    now_ = instant;
    return *this;
}

SampleRequest& SampleRequest::zone(std::string const& name) {
    zone_ = name;
    return *this;
}

SampleRequest& SampleRequest::order(std::string const& drug, std::string const& extra,
                                    std::string const& status) {
    return row("medications", "{'resourceType':'MedicationRequest','intent':'order','status':'" +
                                  status + "'," + medication(drug) + extra + "}");
}

SampleRequest& SampleRequest::statement(std::string const& drug, std::string const& extra,
                                        std::string const& status) {
    return row("statements", "{'resourceType':'MedicationStatement','status':'" + status + "'," +
                                 medication(drug) + extra + "}");
}

SampleRequest& SampleRequest::given(std::string const& drug, int days, std::string const& extra,
                                    std::string const& status) {
    return row("administrations", "{'resourceType':'MedicationAdministration','status':'" + status +
                                      "','effectiveDateTime':'" + on(days) + "'," +
                                      medication(drug) + extra + "}");
}

SampleRequest& SampleRequest::dispensed(std::string const& drug, int days, std::string const& extra,
                                        std::string const& status) {
    return row("dispenses", "{'resourceType':'MedicationDispense','status':'" + status +
                                "','whenHandedOver':'" + on(days) + "'," + medication(drug) +
                                extra + "}");
}

SampleRequest& SampleRequest::condition(std::string const& text, std::string const& extra) {
    return row("conditions",
               "{'resourceType':'Condition','code':{'text':'" + text + "'}" + extra + "}");
}

SampleRequest& SampleRequest::lab(std::string const& code, std::string const& value,
                                  std::string const& unit, int days, std::string const& extra) {
    auto quantity = "'valueQuantity':{'value':" + value;
    if (!unit.empty())
        quantity +=
            ",'unit':'" + unit + "','system':'http://unitsofmeasure.org','code':'" + unit + "'";
    return result(code, quantity + "}", days, extra);
}

SampleRequest& SampleRequest::result(std::string const& code, std::string const& value, int days,
                                     std::string const& extra) {
    return row("observations",
               "{'resourceType':'Observation','status':'final','code':{'coding':[{'system':'http://"
               "loinc.org','code':'" +
                   code + "'}]},'effectiveDateTime':'" + on(days) + "'" +
                   (value.empty() ? "" : "," + value) + extra + "}");
}

SampleRequest& SampleRequest::start(std::string const& drug, std::string const& extra) {
    return draft("{'resourceType':'MedicationRequest','intent':'order','status':'draft'," +
                 medication(drug) + extra + "}");
}

SampleRequest& SampleRequest::stop(std::string const& drug, std::string const& extra) {
    return draft("{'resourceType':'MedicationRequest','intent':'order','status':'stopped'," +
                 medication(drug) + extra + "}");
}

std::unique_ptr<Sample> SampleRequest::load() const {
    std::vector<std::pair<std::string, std::string>> prefetch;
    for (auto const* key :
         {"medications", "statements", "administrations", "dispenses", "conditions", "allergies",
          "observations", "procedures", "serviceRequests"}) {
        std::vector<std::string> entries;
        for (auto const& [row_key, entry] : rows_) {
            if (row_key == key) entries.push_back(entry);
        }
        prefetch.emplace_back(key, bundle(entries));
    }
    prefetch.emplace_back(
        "patient",
        "{'resourceType':'Patient','id':'p1','gender':'female','birthDate':'1981-01-15'}");
    prefetch.emplace_back("encounter", "null");
    for (auto const& [key, text] : values_) {
        std::erase_if(prefetch, [&](auto const& member) { return member.first == key; });
        if (!text.empty()) prefetch.emplace_back(key, text);
    }
    std::string text = "{'draftOrders':" + bundle(drafts_) + ",'prefetch':{";
    for (std::size_t i = 0; i < prefetch.size(); ++i) {
        text += (i ? ",'" : "'") + prefetch[i].first + "':" + prefetch[i].second;
    }
    auto sample = std::make_unique<Sample>();
    sample->text = json(text + "}}");
    if (!zone_.empty()) sample->zone = base::Zone::find(zone_).value();
    auto const now = base::parse_date(now_, sample->zone);
    auto const root = sample->document.parse(sample->text);
    if (!root) {
        sample->error = "not JSON: " + root.error().what;
        return sample;
    }
    ReadContext context;
    context.terminology = &shipped_terminology();
    context.zone = &sample->zone;
    context.now = now.instant;
    context.today = now.first;
    context.patient_id = "p1";
    context.encounter_id = "e1";
    context.arena = &sample->arena;
    auto record = read_record(context, {(*root)["draftOrders"], (*root)["prefetch"]});
    if (!record) {
        sample->error = record.error().where;
        return sample;
    }
    sample->record.emplace(std::move(*record));
    std::vector<MedicationRow const*> drafts;
    for (auto const& row : sample->record->drafts) drafts.push_back(&row);
    std::vector<ServiceRow const*> services;
    for (auto const& row : sample->record->service_drafts) services.push_back(&row);
    sample->chart.emplace(*sample->record, drafts, services);
    return sample;
}

}  // namespace cds::fhir

#include "hooks/capture.hpp"

#include <algorithm>
#include <vector>

#include "base/digest.hpp"
#include "cards/json_list.hpp"
#include "cards/json_object.hpp"
#include "fhir/element.hpp"
#include "hooks/chart_search.hpp"
#include "hooks/prefetch.hpp"
#include "hooks/request.hpp"

namespace cds::hooks {

using base::json::Value;
using cards::JsonList;
using cards::JsonObject;

namespace {

/// Noon: late enough for what was done that morning, early enough for the day's own zone.
constexpr std::chrono::hours noon{12};

base::Instant instant_of(base::Date const& date) {
    return date.has_time() ? date.instant : base::Instant{date.first} + noon;
}

/// Whether a member names the patient by another id than their own: a fullUrl of the bundle. A
/// server that takes the bundle in would put the id there, so it is put there.
bool is_other_name(Value member, std::string_view patient_id) {
    if (member.key() != "subject" && member.key() != "patient") return false;
    auto const id = fhir::reference_id(member);
    return !id.empty() && id != patient_id;
}

enum class As : std::uint8_t { stored, draft };

/// A resource of the patient. As a draft, as it stood before it was signed: without the reason why
/// it ended later.
void write_resource(Value resource, std::string_view patient_id, As as, std::string& out) {
    JsonObject object{out};
    for (auto const member : resource) {
        if (as == As::draft && (member.key() == "statusReason" || member.key() == "status"))
            continue;
        if (is_other_name(member, patient_id))
            object.reference(member.key(), "Patient", patient_id);
        else
            object.copy_of(member);
        if (as == As::draft && member.key() == "resourceType") object.text("status", "draft");
    }
    object.close();
}

class Capture {
public:
    Capture(rules::Knowledge const& knowledge, Value bundle,
            std::function<void(CapturedRequest const&)> const& take)
        : templates_{prefetch_templates(knowledge, true)}, take_{take}, search_{bundle} {
        for (auto const& one : templates_) wanted_.push_back(parse_search(one.key, one.query));
    }

    CaptureCounts run() {
        for (auto const& entry : search_.entries()) {
            if (entry.type == "Patient") ++counts_.patients;
        }
        for (auto const& entry : search_.entries()) {
            if (entry.type == "MedicationRequest") look_at(entry);
        }
        return counts_;
    }

private:
    void look_at(ChartEntry const& order) {
        if (!order.resource["medicationCodeableConcept"] &&
            !order.resource["medicationReference"]) {
            ++counts_.nameless;
            return;
        }
        auto const authored = base::parse_date(order.resource["authoredOn"].string(), base::Zone{});
        if (authored.precision < base::Precision::day) {
            ++counts_.undated;
            return;
        }
        auto const* patient = search_.target(order.resource["subject"], "Patient");
        if (!patient) {
            ++counts_.unowned;
            return;
        }
        ++counts_.requests;
        CapturedRequest request;
        request.as_of = instant_of(authored);
        write_request(order, *patient, request.as_of, request.body);
        take_(request);
    }

    void write_request(ChartEntry const& order, ChartEntry const& patient, base::Instant as_of,
                       std::string& out) const {
        auto const* encounter = search_.target(order.resource["encounter"], "Encounter");
        if (encounter && is_after(*encounter, as_of)) encounter = nullptr;
        JsonObject object{out};
        object.text("hook", name(Hook::order_sign));
        object.text("hookInstance",
                    base::name_uuid({"captured order", patient.id, order.id, base::iso(as_of)}));
        write_context(order, patient, encounter, object.member("context"));
        auto& prefetch = object.member("prefetch");
        JsonObject members{prefetch};
        for (auto const& wanted : wanted_) {
            if (wanted.type == "Patient")
                write_resource(patient.resource, patient.id, As::stored,
                               members.member(wanted.key));
            else if (wanted.type != "Encounter")
                write_bundle(wanted, order, patient, as_of, members.member(wanted.key));
            else if (encounter)
                write_resource(encounter->resource, patient.id, As::stored,
                               members.member(wanted.key));
        }
        members.close();
        JsonObject extension{object.member("extension")};
        extension.text(as_of_extension, base::iso(as_of));
        extension.close();
        object.close();
    }

    void write_context(ChartEntry const& order, ChartEntry const& patient,
                       ChartEntry const* encounter, std::string& out) const {
        JsonObject context{out};
        auto const requester = order.resource["requester"];
        if (auto const* person = search_.target(requester, "Practitioner"))
            context.text("userId", "Practitioner/" + std::string{person->id});
        else if (is_requester(requester["reference"].string()))
            context.text("userId", requester["reference"].string());
        context.text("patientId", patient.id);
        if (encounter) context.text("encounterId", encounter->id);
        auto& drafts = context.member("draftOrders");
        drafts += R"({"resourceType":"Bundle","type":"collection","entry":)";
        JsonList list{drafts};
        list.next() += R"({"resource":)";
        write_resource(order.resource, patient.id, As::draft, drafts);
        drafts += '}';
        if (auto const* drug = search_.target(order.resource["medicationReference"], "Medication"))
            write_entry(*drug, patient.id, {}, list.next());
        list.close();
        drafts += '}';
        context.close();
    }

    static void write_entry(ChartEntry const& entry, std::string_view patient_id,
                            std::string_view mode, std::string& out) {
        JsonObject object{out};
        object.text("fullUrl", entry.full_url);
        write_resource(entry.resource, patient_id, As::stored, object.member("resource"));
        if (!mode.empty()) {
            JsonObject search{object.member("search")};
            search.text("mode", mode);
            search.close();
        }
        object.close();
    }

    /// What a server would answer to the template at that instant.
    void write_bundle(ChartQuery const& wanted, ChartEntry const& order, ChartEntry const& patient,
                      base::Instant as_of, std::string& out) const {
        out += R"({"resourceType":"Bundle","type":"searchset","entry":)";
        JsonList list{out};
        std::vector<ChartEntry const*> drugs;
        for (auto const& entry : search_.entries()) {
            if (entry.type != wanted.type || entry.resource.node() == order.resource.node())
                continue;
            if (is_after(entry, as_of) || !matches(wanted, entry.resource)) continue;
            if (search_.owner(entry) != &patient) continue;
            write_entry(entry, patient.id, "match", list.next());
            auto const* drug = search_.target(entry.resource["medicationReference"], "Medication");
            if (drug && std::find(drugs.begin(), drugs.end(), drug) == drugs.end())
                drugs.push_back(drug);
        }
        for (auto const* drug : drugs) write_entry(*drug, patient.id, "include", list.next());
        list.close();
        out += '}';
    }

    std::vector<PrefetchTemplate> templates_;
    std::vector<ChartQuery> wanted_;
    std::function<void(CapturedRequest const&)> const& take_;
    ChartSearch search_;
    CaptureCounts counts_;
};

}  // namespace

base::Result<CaptureCounts> capture(rules::Knowledge const& knowledge, Value bundle,
                                    std::function<void(CapturedRequest const&)> const& take) {
    if (bundle["resourceType"].string() != "Bundle") {
        return base::Error{base::ErrorCode::invalid, "/resourceType",
                           "This is no FHIR Bundle. Give a patient's Bundle of type transaction, "
                           "collection or searchset."};
    }
    return Capture{knowledge, bundle, take}.run();
}

std::optional<base::Instant> captured_at(Value request) {
    auto const date =
        base::parse_date(request["extension"][as_of_extension].string(), base::Zone{});
    if (!date.has_time()) return std::nullopt;
    return date.instant;
}

}  // namespace cds::hooks

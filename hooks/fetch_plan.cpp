#include "hooks/fetch_plan.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <memory_resource>

#include "fhir/element.hpp"
#include "fhir/record.hpp"
#include "hooks/prefetch.hpp"
#include "hooks/read_context.hpp"
#include "hooks/resources.hpp"
#include "hooks/scopes.hpp"
#include "hooks/services.hpp"

namespace cds::hooks {

using base::json::Value;
using fhir::Query;
using fhir::Reason;

namespace {

/// Asked for on searches, so that a chart takes few pages; servers may send fewer.
constexpr std::string_view page_size = "&_count=250";

bool is_dots(std::string_view id) { return id == "." || id == ".."; }

/// As part of a path or query: everything but RFC 3986's unreserved characters is encoded.
void append_encoded(std::string_view text, std::string& out) {
    static constexpr std::string_view hex = "0123456789ABCDEF";
    for (char const c : text) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_' || c == '~';
        if (plain) {
            out += c;
            continue;
        }
        auto const byte = static_cast<unsigned char>(c);
        out += '%';
        out += hex[byte >> 4U];
        out += hex[byte & 15U];
    }
}

/// As the value of a search parameter, where some characters separate values
/// (http://hl7.org/fhir/R4/search.html#escaping).
void append_parameter(std::string_view text, std::string& out) {
    std::string escaped;
    for (char const c : text) {
        if (std::string_view{"\\$,|"}.find(c) != std::string_view::npos) escaped += '\\';
        escaped += c;
    }
    append_encoded(escaped, out);
}

/// A prefetch template with its tokens filled. None when a token has no value that could stand
/// there.
std::optional<std::string> filled(std::string_view text, Request const& request) {
    std::string out{"/"};
    bool in_query = false;
    while (!text.empty()) {
        auto const open = text.find("{{");
        auto const before = text.substr(0, open);
        in_query = in_query || before.find('?') != before.npos;
        out += before;
        if (open == text.npos) break;
        text.remove_prefix(open + 2);
        auto const close = text.find("}}");
        if (close == text.npos) return {};
        auto const token = text.substr(0, close);
        text.remove_prefix(close + 2);
        auto const value = token == "context.patientId"     ? request.patient_id
                           : token == "context.encounterId" ? request.encounter_id
                                                            : std::string_view{};
        if (value.empty() || (!in_query && is_dots(value))) return {};
        in_query ? append_parameter(value, out) : append_encoded(value, out);
    }
    return out;
}

std::optional<Query> query_of_key(std::string_view key) {
    for (std::size_t i = 0; i < static_cast<std::size_t>(Query::count_); ++i) {
        if (fhir::key(static_cast<Query>(i)) == key) return static_cast<Query>(i);
    }
    return std::nullopt;
}

/// How much of a type may be asked for. A call that says nothing of scopes leaves it to the server.
Access granted(FhirAccess const& access, Scopes const& scopes, std::string_view type, bool search) {
    if (access.token.empty() || access.scope.empty()) return Access::whole;
    return search ? scopes.searching(type) : scopes.reading(type);
}

/// The `next` link of a prefetched page.
std::string_view next_of(Value bundle) {
    if (!bundle["resourceType"] && bundle["resource"].is_object()) bundle = bundle["resource"];
    for (auto const link : bundle["link"].each()) {
        if (link["relation"].string() == "next") return link["url"].string();
    }
    return {};
}

FetchPlan medications_of(Request const& rows, FhirAccess const& access, BaseUrl const& base);

class Planner {
public:
    Planner(Request const& request, FhirAccess const& access, BaseUrl const& base)
        : request_{request}, access_{access}, base_{base}, scopes_{Scopes::of(access.scope)} {}

    void look_at(Query query, std::string_view text, Reason state) {
        if (state == Reason::none) return;
        plan_.prefetch_complete = false;
        if (state == Reason::not_permitted) return;
        if (!may_ask()) return refuse(query);
        auto const type = text.substr(0, text.find_first_of("?/"));
        Wanted wanted;
        wanted.query = query;
        bool const search = text.find('?') != text.npos;
        auto const access = granted(access_, scopes_, type, search);
        if (access == Access::none) return refuse(query);
        wanted.partial = search && access == Access::part;
        auto target = filled(text, request_);
        if (!target) return;
        wanted.target = *std::move(target);
        if (search) {
            wanted.kind = Wanted::Kind::search;
            wanted.target += page_size;
            follow_page(query, state, wanted);
        } else {
            wanted.kind = Wanted::Kind::resource;
            wanted.id = query == Query::patient ? request_.patient_id : request_.encounter_id;
        }
        plan_.wanted.push_back(std::move(wanted));
    }

    void add_medications() {
        if (!may_ask()) return;
        add(medications_of(request_, access_, base_));
    }

    FetchPlan take() { return std::move(plan_); }

private:
    /// A token of another patient opens nothing that this call could use.
    bool may_ask() const {
        bool const expired = access_.expires_s && *access_.expires_s <= 0;
        bool const foreign = !access_.patient.empty() && access_.patient != request_.patient_id;
        return access_.authorised && !expired && !foreign;
    }
    void add(FetchPlan&& more) {
        for (auto& one : more.wanted) plan_.wanted.push_back(std::move(one));
        for (auto const& one : more.not_asked) plan_.not_asked.push_back(one);
    }
    void refuse(Query query) { plan_.not_asked.push_back({query, Reason::not_permitted}); }

    /// Goes on behind a prefetched page, where its link can be trusted; else the whole search is
    /// done again.
    void follow_page(Query query, Reason state, Wanted& wanted) const {
        if (state != Reason::incomplete) return;
        auto const target = base_.below(next_of(request_.prefetch[fhir::key(query)]));
        if (!target) return;
        wanted.kind = Wanted::Kind::more_pages;
        wanted.target = *target;
    }

    Request const& request_;
    FhirAccess const& access_;
    BaseUrl const& base_;
    Scopes scopes_;
    FetchPlan plan_;
};

/// Collects references to Medications that lead to nothing in the call.
class References {
public:
    explicit References(BaseUrl const& base) : base_{base} {}

    void look_at(Resource const& resource) {
        auto const type = resource.value["resourceType"].string();
        if (type == "Medication") {
            if (auto const id = resource.value["id"].string(); !id.empty()) held_.emplace_back(id);
            return;
        }
        auto reference = resource.value["medicationReference"];
        if (auto const r5 = resource.value["medication"]; !reference && r5.is_object())
            reference = r5["reference"].is_object() ? r5["reference"] : r5;
        auto const text = reference["reference"].string();
        if (text.empty() || text.front() == '#' || text.starts_with("urn:")) return;
        auto const target = base_.below(text);
        if (!target || !target->starts_with("/Medication/")) return;
        auto const id = fhir::reference_id(text);
        if (!is_id(id) || is_dots(id) || id.find('%') != id.npos) return;
        auto& wanted = wanted_[std::string{id}];
        bool const first = wanted.id.empty();
        bool const draft = resource.at.starts_with("/context/draftOrders");
        wanted.kind = Wanted::Kind::medication;
        wanted.id = id;
        wanted.named = !reference["display"].string().empty() && (first || wanted.named);
        wanted.of_draft = draft && (first || wanted.of_draft);
        if (first || !draft) wanted.query = query_of_row(type);
        wanted.target = "/Medication/";
        append_encoded(id, wanted.target);
    }

    /// Those without a name first: of the others, the words at least are known.
    std::vector<Wanted> take() {
        std::vector<Wanted> all;
        for (auto& [id, wanted] : wanted_) {
            if (std::find(held_.begin(), held_.end(), id) == held_.end())
                all.push_back(std::move(wanted));
        }
        std::stable_sort(all.begin(), all.end(), [](Wanted const& a, Wanted const& b) {
            return std::pair{!a.of_draft, a.named} < std::pair{!b.of_draft, b.named};
        });
        return all;
    }

private:
    static Query query_of_row(std::string_view type) {
        if (type == "MedicationStatement") return Query::statements;
        if (type == "MedicationAdministration") return Query::administrations;
        if (type == "MedicationDispense") return Query::dispenses;
        return Query::medications;
    }

    BaseUrl const& base_;
    std::map<std::string, Wanted, std::less<>> wanted_;
    std::vector<std::string> held_;
};

/// Drafts first, and names that are nowhere else before those that are; as many as may be fetched.
FetchPlan medications_of(Request const& rows, FhirAccess const& access, BaseUrl const& base) {
    References references{base};
    for (auto const& resource : resources_of(rows)) references.look_at(resource);
    auto const opened = granted(access, Scopes::of(access.scope), "Medication", false);
    FetchPlan plan;
    for (auto& one : references.take()) {
        if (opened != Access::none && plan.wanted.size() < most_medications)
            plan.wanted.push_back(std::move(one));
        else if (one.decides_rows())
            plan.not_asked.push_back({one.query, Reason::incomplete});
    }
    return plan;
}

}  // namespace

FhirAccess read_access(Value call) {
    FhirAccess access;
    access.server = call["fhirServer"].string();
    auto const given = call["fhirAuthorization"];
    if (!given || given.is_null()) return access;
    access.token = given["access_token"].string();
    access.scope = given["scope"].string();
    access.patient = given["patient"].string();
    access.expires_s = given["expires_in"].integer();
    auto const type = given["token_type"].string();
    bool const bearer = type.empty() || type == "Bearer" || type == "bearer";
    // RFC 6750, section 2.1: what may stand in the header.
    bool const clean = access.token.find_first_not_of(
                           "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                           "0123456789-._~+/=") == access.token.npos;
    // An expiry that is there and no whole number cannot be kept.
    bool const expiry = access.expires_s || !given["expires_in"];
    access.authorised = bearer && clean && expiry && !access.token.empty();
    return access;
}

FetchPlan plan_medications(Value completed, FhirAccess const& access, BaseUrl const& base,
                           FetchPlan const& first) {
    Request rows;
    rows.draft_orders = completed["context"]["draftOrders"];
    rows.prefetch = completed["prefetch"];
    auto plan = medications_of(rows, access, base);
    auto const tried = [&](Wanted const& one) {
        return std::any_of(first.wanted.begin(), first.wanted.end(),
                           [&](Wanted const& other) { return other.target == one.target; });
    };
    for (auto const& one : plan.wanted) {
        if (tried(one) && one.decides_rows())
            plan.not_asked.push_back({one.query, Reason::incomplete});
    }
    std::erase_if(plan.wanted, tried);
    return plan;
}

base::Result<FetchPlan> plan_fetch(rules::Knowledge const& whole, Site const& site,
                                   Client const& client, std::string_view service_id, Value call,
                                   std::string_view body, base::Instant now, BaseUrl const& base) {
    auto const* service = find_service(service_id);
    if (!service)
        return base::Error{base::ErrorCode::unknown_service, "", "There is no service of that id."};
    auto const request = read_request(call, body, *service);
    if (!request) return request.error();
    std::pmr::monotonic_buffer_resource arena;
    auto const today = site.zone.day_of(now);
    auto const& knowledge = whole.on(today);
    auto const context = read_context(knowledge, site, *request, now, arena);
    auto const record = fhir::read_record(
        context, {request->draft_orders, request->prefetch, request->dispatched.orders});
    if (!record) return record.error();
    auto const access = read_access(call);
    Planner planner{*request, access, base};
    for (auto const& item : prefetch_templates(knowledge, client.include_medication)) {
        auto const query = query_of_key(item.key);
        if (query && service->prefetch.test(static_cast<std::size_t>(*query)))
            planner.look_at(*query, item.query, record->queries[*query]);
    }
    planner.add_medications();
    return planner.take();
}

}  // namespace cds::hooks

#include "hooks/completed_call.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "hooks/request.hpp"
#include "hooks/services.hpp"

namespace cds::hooks {

using base::json::Document;
using base::json::Value;
using fhir::Query;
using fhir::Reason;

namespace {

/// A key of ours beside those of the discovery document: Medications belong to no query.
constexpr std::string_view medications_key = "countersign-medications";

constexpr std::size_t query_count = static_cast<std::size_t>(Query::count_);

Value unwrapped(Value value) {
    if (!value["resourceType"] && value["resource"].is_object()) return value["resource"];
    return value;
}

Value resource_of(Value entry) { return entry["resource"] ? entry["resource"] : entry; }

bool is_match(Value entry) {
    auto const mode = entry["search"]["mode"].string();
    return mode != "include" && mode != "outcome";
}

/// How new a version is: by number, else by the time of its last change.
struct Version {
    long long number = -1;
    std::string_view changed;
    friend auto operator<=>(Version const&, Version const&) = default;
};
Version version_of(Value resource) {
    Version version;
    auto const text = resource["meta"]["versionId"].string();
    if (!text.empty() && text.size() < 18 &&
        text.find_first_not_of("0123456789") == std::string_view::npos)
        version.number = std::stoll(std::string{text});
    version.changed = resource["meta"]["lastUpdated"].string();
    return version;
}

/// The rows of one key from all its pages.
class Rows {
public:
    void add_bundle(Value bundle) {
        bundle = unwrapped(bundle);
        auto const entries = bundle.is_array() ? bundle : bundle["entry"];
        for (auto const entry : entries.each()) add(entry);
        if (auto const total = bundle["total"].integer()) total_ = std::max(total_, *total);
        if (!bundle.is_array() && !bundle["resourceType"].string().empty() &&
            bundle["resourceType"].string() != "Bundle")
            add(bundle);
    }
    void add(Value entry) {
        if (is_match(entry)) ++matches_;
        auto const resource = resource_of(entry);
        auto const type = resource["resourceType"].string();
        auto const id = resource["id"].string();
        if (!id.empty()) {
            auto const [known, fresh] =
                by_name_.emplace(std::string{type} + "/" + std::string{id}, entries_.size());
            if (!fresh) {
                auto& kept = entries_[known->second];
                if (version_of(resource_of(kept)) < version_of(resource)) kept = entry;
                return;
            }
        }
        entries_.push_back(entry);
    }
    bool empty() const { return entries_.empty(); }
    /// Fewer matches than the server said that there are.
    bool cut_off() const { return total_ > matches_; }

    void write(bool complete, std::string& out) const {
        out += R"({"resourceType":"Bundle","type":"searchset",)";
        if (!complete) out += R"("link":[{"relation":"next"}],)";
        out += R"("entry":[)";
        for (auto const entry : entries_) {
            if (out.back() != '[') out += ',';
            if (entry["resource"]) {
                base::json::write(entry, out);
            } else {
                out += R"({"resource":)";
                base::json::write(entry, out);
                out += '}';
            }
        }
        out += "]}";
    }

private:
    std::vector<Value> entries_;
    std::map<std::string, std::size_t, std::less<>> by_name_;
    long long matches_ = 0, total_ = 0;
};

/// A value that the record's reader takes for a failure of that kind.
void write_failure(Reason reason, std::string& out) {
    if (reason == Reason::unreadable) {
        out += "{}";
        return;
    }
    if (reason == Reason::incomplete) return Rows{}.write(false, out);
    auto const code = reason == Reason::timed_out       ? "timeout"
                      : reason == Reason::not_permitted ? "forbidden"
                                                        : "transient";
    out += R"({"resourceType":"OperationOutcome","issue":[{"severity":"error","code":")";
    out += code;
    out += R"("}]})";
}

/// Whether a resource is the one that was asked for. A Patient of another id is let through: the
/// record's reader discards it and says whose it is not.
bool is_wanted(Wanted const& wanted, Value resource) {
    auto const type = resource["resourceType"].string();
    auto const id = resource["id"].string();
    if (wanted.query == Query::patient && wanted.kind == Wanted::Kind::resource)
        return type == "Patient" && !id.empty();
    auto const expected = wanted.kind == Wanted::Kind::medication ? "Medication" : "Encounter";
    return type == expected && id == wanted.id;
}

class Composer {
public:
    Composer(Value call, FetchPlan const& plan, std::span<Fetched const> fetched,
             BaseUrl const& base)
        : plan_{plan}, fetched_{fetched}, base_{base} {
        prefetch_ = call["prefetch"];
        if (!prefetch_ || prefetch_.is_null()) prefetch_ = call["context"]["prefetch"];
        for (auto const entry : prefetch_[medications_key]["entry"].each())
            base::json::write(entry, next_medication());
    }

    void write_prefetch(std::string& out) {
        take_fetched();
        take_not_asked();
        out += '{';
        for (auto const member : prefetch_) {
            if (!is_replaced(member.key()) && member.key() != medications_key)
                write_member(member.key(), member, out);
        }
        for (std::size_t i = 0; i < query_count; ++i) {
            auto const query = static_cast<Query>(i);
            if (values_[i].empty() && !incomplete_[i]) continue;
            write_key(fhir::key(query), out);
            if (values_[i].empty())
                write_incomplete(prefetch_[fhir::key(query)], out);
            else
                out += values_[i];
        }
        if (!medications_.empty()) {
            write_key(medications_key, out);
            out +=
                R"({"resourceType":"Bundle","type":"collection","entry":[)" + medications_ + "]}";
        }
        out += '}';
    }

private:
    static void write_key(std::string_view key, std::string& out) {
        if (out.back() != '{') out += ',';
        base::json::write_string(key, out);
        out += ':';
    }
    static void write_member(std::string_view key, Value value, std::string& out) {
        write_key(key, out);
        base::json::write(value, out);
    }
    bool is_replaced(std::string_view key) const {
        for (std::size_t i = 0; i < query_count; ++i) {
            if (key == fhir::key(static_cast<Query>(i)))
                return !values_[i].empty() || incomplete_[i];
        }
        return false;
    }
    static void write_incomplete(Value supplied, std::string& out) {
        Rows rows;
        rows.add_bundle(supplied);
        rows.write(false, out);
    }

    void take_fetched() {
        for (std::size_t i = 0; i < plan_.wanted.size() && i < fetched_.size(); ++i) {
            auto const& wanted = plan_.wanted[i];
            auto const& one = fetched_[i];
            switch (wanted.kind) {
                case Wanted::Kind::search:
                case Wanted::Kind::more_pages:
                    take_pages(wanted, one);
                    break;
                case Wanted::Kind::resource:
                    take_resource(wanted, one);
                    break;
                case Wanted::Kind::medication:
                    take_medication(wanted, one);
                    break;
            }
        }
    }

    /// Keys whose Medications are not known stay incomplete, whatever else was had.
    void take_not_asked() {
        for (auto const& one : plan_.not_asked) {
            if (one.reason == Reason::incomplete)
                mark_incomplete(one.query);
            else
                fail(one.query, one.reason);
        }
    }

    /// Of a value that came just now, the next round looks up the Medications.
    void mark_incomplete(Query query) { incomplete_[static_cast<std::size_t>(query)] = true; }

    void fail(Query query, Reason reason) {
        auto const supplied = prefetch_[fhir::key(query)];
        Rows rows;
        if (supplied) rows.add_bundle(supplied);
        bool const holds_rows =
            !rows.empty() && unwrapped(supplied)["resourceType"].string() != "OperationOutcome";
        if (holds_rows || reason == Reason::not_supplied) return;  // it stays as it was sent
        write_failure(reason, values_[static_cast<std::size_t>(query)]);
    }

    void take_pages(Wanted const& wanted, Fetched const& one) {
        if (one.pages.empty()) return fail(wanted.query, one.reason);
        Rows rows;
        if (wanted.kind == Wanted::Kind::more_pages)
            rows.add_bundle(prefetch_[fhir::key(wanted.query)]);
        bool complete = one.reason == Reason::none && !wanted.partial;
        std::vector<Document> pages(one.pages.size());
        for (std::size_t i = 0; i < pages.size(); ++i) {
            auto const root = pages[i].parse(one.pages[i]);
            if (!root || (*root)["resourceType"].string() != "Bundle") {
                // An outcome in place of a page, or something else.
                bool const outcome = root && (*root)["resourceType"].string() == "OperationOutcome";
                if (i == 0 && rows.empty())
                    return fail(wanted.query, outcome ? Reason::incomplete : Reason::unreadable);
                complete = false;
                continue;
            }
            rows.add_bundle(*root);
        }
        complete = complete && !rows.cut_off();
        rows.write(complete, values_[static_cast<std::size_t>(wanted.query)]);
    }

    void take_resource(Wanted const& wanted, Fetched const& one) {
        if (one.pages.empty()) return fail(wanted.query, one.reason);
        Document page;
        auto const root = page.parse(one.pages.front());
        if (!root || !is_wanted(wanted, *root)) return fail(wanted.query, Reason::unreadable);
        Rows rows;
        rows.add(*root);
        rows.write(true, values_[static_cast<std::size_t>(wanted.query)]);
    }

    void take_medication(Wanted const& wanted, Fetched const& one) {
        Document page;
        bool found = false;
        if (!one.pages.empty()) {
            auto const root = page.parse(one.pages.front());
            found = root && is_wanted(wanted, *root);
            if (found) {
                next_medication() += R"({"fullUrl":)";
                base::json::write_string(base_.text() + "/Medication/" + wanted.id, medications_);
                medications_ += R"(,"resource":)";
                base::json::write(*root, medications_);
                medications_ += '}';
            }
        }
        if (!found && wanted.decides_rows()) mark_incomplete(wanted.query);
    }

    std::string& next_medication() {
        if (!medications_.empty()) medications_ += ',';
        return medications_;
    }

    Value prefetch_;
    FetchPlan const& plan_;
    std::span<Fetched const> fetched_;
    BaseUrl const& base_;
    std::array<std::string, query_count> values_;
    std::array<bool, query_count> incomplete_{};
    std::string medications_;
};

}  // namespace

Page look_at_page(std::string_view bytes, BaseUrl const& base) {
    Page page;
    Document document;
    auto const root = document.parse(bytes);
    auto const type = root ? (*root)["resourceType"].string() : std::string_view{};
    if (type.empty()) {
        page.reason = Reason::unreadable;
        return page;
    }
    if (type == "OperationOutcome") page.reason = Reason::incomplete;
    if (type != "Bundle") return page;
    page.entries = (*root)["entry"].size();
    for (auto const link : (*root)["link"].each()) {
        if (link["relation"].string() != "next") continue;
        page.has_next = true;
        page.next = base.below(link["url"].string()).value_or("");
    }
    return page;
}

std::string completed_call(Value call, std::string_view body, FetchPlan const& plan,
                           std::span<Fetched const> fetched, BaseUrl const& base) {
    std::string out{"{"};
    for (auto const member : call) {
        auto const key = member.key();
        if (key == "fhirAuthorization" || key == "prefetch") continue;
        if (key == "hookInstance" && member.string().empty()) continue;
        if (out.back() != '{') out += ',';
        base::json::write_string(key, out);
        out += ':';
        base::json::write(member, out);
    }
    if (call["hookInstance"].string().empty()) {
        // The name that the call as it came would have had: its cards keep their uuids.
        auto const& service = *find_service(service_id_for(call));
        if (auto const request = read_request(call, body, service)) {
            out += R"(,"hookInstance":)";
            base::json::write_string(request->hook_instance, out);
        }
    }
    out += R"(,"prefetch":)";
    std::string prefetch;
    Composer{call, plan, fetched, base}.write_prefetch(prefetch);
    out += prefetch;
    out += '}';
    return out;
}

bool patient_is_unknown(FetchPlan const& plan, std::span<Fetched const> fetched) {
    for (std::size_t i = 0; i < plan.wanted.size() && i < fetched.size(); ++i) {
        if (plan.wanted[i].kind == Wanted::Kind::resource &&
            plan.wanted[i].query == Query::patient && fetched[i].gone)
            return true;
    }
    return false;
}

bool holds_chart(Value call) {
    auto prefetch = call["prefetch"];
    if (!prefetch || prefetch.is_null()) prefetch = call["context"]["prefetch"];
    if (!prefetch.is_object()) return false;
    for (auto const member : prefetch) {
        if (unwrapped(member)["resourceType"].string() != "OperationOutcome") return true;
    }
    return false;
}

}  // namespace cds::hooks

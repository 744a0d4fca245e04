#include "base/json.hpp"
#include "base/text.hpp"
#include "hooks/engine.hpp"
#include "hooks/prefetch.hpp"

namespace cds::hooks {

namespace {

void member(std::string_view name, std::string_view value, std::string& out) {
    out += out.back() == '{' ? "" : ",";
    base::json::write_string(name, out);
    out += ':';
    base::json::write_string(value, out);
}

/// Which knowledge answers, and which code systems were left out of it. `gap` stands in front of
/// each part: a blank, or a paragraph's end in Markdown.
std::string knowledge_sentence(rules::Knowledge const& knowledge, std::string_view gap) {
    std::string out{gap};
    out += "Knowledge version ";
    out += knowledge.version();
    out += " (";
    out += knowledge.digest().substr(0, 12);
    out += ").";
    if (auto const* policy = knowledge.policy()) {
        out += " Site policy ";
        base::append_plain(policy->version, out);
        out += " (" + policy->digest.substr(0, 12) + ").";
    }
    out += gap;
    out += knowledge.not_covered_summary();
    auto const& terminology = knowledge.terminology();
    if (!terminology.has_snomed()) out += " SNOMED CT codes are not read by this installation.";
    if (!terminology.has_atc()) out += " ATC codes are not read by this installation.";
    return out;
}

void write_service(CdsService const& service, std::string_view id,
                   rules::Knowledge const& knowledge, Client const& client, std::string& out) {
    auto const is_v3 = client.specification == Specification::v3_0;
    out += out.back() == '[' ? "{" : ",{";
    member("hook", name(service.hook), out);
    member("id", id, out);
    member("title", service.title, out);
    member("description",
           std::string{service.description} + knowledge_sentence(knowledge, is_v3 ? "\n\n" : " "),
           out);
    out += R"(,"prefetch":{)";
    for (auto const& entry : prefetch_templates(knowledge, client.include_medication)) {
        if (service.prefetch.test(static_cast<std::size_t>(entry.asks)))
            member(entry.key, entry.query, out);
    }
    if (auto const* path = client.fhirpath_prefetch ? path_template(service.hook) : nullptr)
        member(path->key, path->query, out);
    out += '}';
    member("usageRequirements", service.usage, out);
    if (is_v3) {
        member("version", "3.0.0", out);
        member("hookVersion", service.hook_version, out);
    }
    out += '}';
}

}  // namespace

std::string discovery(rules::Knowledge const& knowledge, Site const&, Client const& client) {
    std::string out = R"({"services":[)";
    for (auto const& service : services()) {
        auto const is_select = service.hook == Hook::order_select;
        if (client.one_id_for_both_hooks && is_select) continue;
        // The later hook's cards take the place of the earlier one's: signing comes last.
        if (client.one_id_for_both_hooks && service.hook == Hook::order_sign)
            write_service(service_for(Hook::order_select), service.id, knowledge, client, out);
        write_service(service, service.id, knowledge, client, out);
    }
    out += "]}";
    return out;
}

}  // namespace cds::hooks

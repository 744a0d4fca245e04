#include "base/json.hpp"
#include "base/text.hpp"
#include "hooks/engine.hpp"
#include "hooks/prefetch.hpp"
#include "hooks/request.hpp"

namespace cds::hooks {

namespace {

constexpr std::string_view title = "Immunosuppressant safety";

/// Two sentences: what is checked and for whom; and what it is not.
constexpr std::string_view description =
    "Checks orders of infliximab, ciclosporin, azathioprine or mercaptopurine, and omalizumab, "
    "when they are signed for "
    "a patient with inflammatory bowel disease, rheumatoid arthritis, Behçet's disease, psoriasis, "
    "eczema, asthma or "
    "urticaria, against the patient's other drugs, conditions, allergies and results, and says "
    "what it could not check. "
    "It offers options with their evidence and is no substitute for clinical judgement, least of "
    "all in an emergency.";

constexpr std::string_view usage =
    "Send the prefetch that is named here, as far as the user may see it; leave out a key that "
    "cannot be had, and send "
    "null for one that was searched without result. Searches must not be cut off at a page. Draft "
    "orders need ids for "
    "suggestions that change or delete them. FHIR R4.";

void member(std::string_view name, std::string_view value, std::string& out) {
    out += out.back() == '{' ? "" : ",";
    base::json::write_string(name, out);
    out += ':';
    base::json::write_string(value, out);
}

/// Which knowledge answers, and which code systems were left out of it.
std::string knowledge_sentence(rules::Knowledge const& knowledge) {
    std::string out = " Knowledge version ";
    out += knowledge.version();
    out += " (";
    out += knowledge.digest().substr(0, 12);
    out += ").";
    if (auto const* policy = knowledge.policy()) {
        out += " Site policy ";
        base::append_plain(policy->version, out);
        out += " (" + policy->digest.substr(0, 12) + ").";
    }
    out += ' ';
    out += knowledge.not_covered_summary();
    auto const& terminology = knowledge.terminology();
    if (!terminology.has_snomed()) out += " SNOMED CT codes are not read by this installation.";
    if (!terminology.has_atc()) out += " ATC codes are not read by this installation.";
    return out;
}

}  // namespace

std::string discovery(rules::Knowledge const& knowledge, Site const&, Client const& client) {
    std::string out = R"({"services":[{)";
    member("hook", order_sign, out);
    member("id", safety_service, out);
    member("title", title, out);
    member("description", std::string{description} + knowledge_sentence(knowledge), out);
    out += R"(,"prefetch":{)";
    for (auto const& entry : prefetch_templates(knowledge, client.include_medication))
        member(entry.key, entry.query, out);
    out += '}';
    member("usageRequirements", usage, out);
    member("version", "2.0", out);
    member("hookVersion", "1.0", out);
    out += "}]}";
    return out;
}

}  // namespace cds::hooks

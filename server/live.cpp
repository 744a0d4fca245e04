#include "server/live.hpp"

#include "base/json.hpp"
#include "server/address.hpp"
#include "server/version.hpp"

namespace cds::server {
namespace {

base::Result<hooks::Site> make_site(Settings const& settings) {
    hooks::Site site;
    auto zone = base::Zone::find(settings.site_zone);
    if (!zone) return zone.error();
    site.zone = *zone;
    site.region = settings.region == "eu" ? hooks::Region::eu : hooks::Region::us;
    site.language = settings.language;
    site.base_url = settings.base_url;
    if (!settings.as_of.empty()) site.as_of = base::parse_date(settings.as_of, site.zone).instant;
    return site;
}

void append_review_by(base::Day day, std::string& out) {
    out += R"(,"reviewBy":")" + base::iso(day) + R"("})";
}

void append_policy(rules::Policy const* policy, std::string& out) {
    out += R"(,"policy":)";
    if (!policy) {
        out += "null";
        return;
    }
    out += R"({"version":)";
    base::json::write_string(policy->version, out);
    out += R"(,"digest":)";
    base::json::write_string(policy->digest, out);
    append_review_by(policy->review_by, out);
}

/// An explanation holds the whole chart of the call, so beyond loopback it needs a caller who is
/// known; this version knows none.
bool explains(Settings const& settings) {
    auto const listen = parse_listen(settings.listen);
    return listen && listen->loopback && settings.explain != "off";
}

std::string health_body(rules::Knowledge const& knowledge, hooks::Site const& site) {
    std::string out = R"({"service":"countersign","version":)";
    base::json::write_string(program_version, out);
    out += R"(,"knowledge":{"version":)";
    base::json::write_string(knowledge.version(), out);
    out += R"(,"digest":)";
    base::json::write_string(knowledge.digest(), out);
    append_review_by(knowledge.review_by(), out);
    append_policy(knowledge.policy(), out);
    // The code lists that were built in, or brought by the folder; without one of them its codes in
    // charts mean nothing to the rules.
    auto const& terminology = knowledge.terminology();
    out += R"(,"codeLists":{"snomedCt":)";
    out += terminology.has_snomed() ? "true" : "false";
    out += R"(,"atc":)";
    out += terminology.has_atc() ? "true" : "false";
    out += R"(},"asOf":)";
    if (site.as_of)
        base::json::write_string(base::iso(*site.as_of), out);
    else
        out += "null";
    out += "}";
    return out;
}

}  // namespace

std::vector<std::string> Live::overdue_reviews(base::Instant now) const {
    std::vector<std::string> sentences;
    auto const today = site.zone.day_of(now);
    auto const look_at = [&](std::string const& what, base::Day review_by) {
        if (today > review_by)
            sentences.push_back(what + " was to be reviewed by " + base::iso(review_by) + ".");
    };
    look_at("Knowledge version " + std::string{knowledge->version()}, knowledge->review_by());
    if (auto const* policy = knowledge->policy())
        look_at("Site policy " + policy->version, policy->review_by);
    return sentences;
}

base::Result<std::shared_ptr<Live const>> make_live(Settings settings) {
    auto site = make_site(settings);
    if (!site) return site.error();
    auto knowledge = load_knowledge(settings);
    if (!knowledge) return knowledge.error();
    auto bases = read_fhir_bases(settings.fhir_bases);
    if (!bases) return bases.error();
    auto live = std::make_shared<Live>();
    live->fhir_bases = *std::move(bases);
    live->limits.target_bytes = static_cast<std::size_t>(settings.max_target_bytes);
    live->limits.header_bytes = static_cast<std::size_t>(settings.max_header_bytes);
    live->limits.fields = static_cast<std::size_t>(settings.max_header_fields);
    live->site = *std::move(site);
    live->knowledge = *knowledge;
    live->discovery = hooks::discovery(*live->knowledge, live->site, hooks::Client{});
    live->explains = explains(settings);
    live->health = health_body(*live->knowledge, live->site);
    live->settings = std::move(settings);
    return live;
}

base::Result<std::shared_ptr<Live const>> load_live(Sources const& sources) {
    auto settings = load_settings(sources);
    if (!settings) return settings.error();
    return make_live(*std::move(settings));
}

}  // namespace cds::server

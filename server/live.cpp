#include "server/live.hpp"

#include "base/json.hpp"
#include "server/address.hpp"
#include "server/exposure.hpp"
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

/// An explanation holds the whole chart of the call, so where clients are registered it must have
/// been asked for, and beyond loopback there are always clients.
bool explains(Settings const& settings) {
    if (settings.explain == "auto") return settings.clients.empty();
    return settings.explain == "on";
}

Workbench workbench(Settings const& settings) {
    auto const listen = parse_listen(settings.listen);
    bool const loopback = listen && listen->loopback;
    if (settings.workbench == "off" || (settings.workbench == "auto" && !loopback))
        return Workbench::off;
    return loopback ? Workbench::whole : Workbench::without_report;
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

std::string Live::certificate_warning(base::Instant now) const {
    constexpr int warned_days = 30;
    if (!tls || days_left(*tls, now) > warned_days) return {};
    return "The TLS certificate ends at " + base::iso(tls->certificate_ends) + ".";
}

base::Result<std::shared_ptr<Live const>> make_live(Settings settings) {
    auto site = make_site(settings);
    if (!site) return site.error();
    auto clients = load_clients(settings);
    if (!clients) return clients.error();
    auto tls = load_tls(settings);
    if (!tls) return tls.error();
    if (auto const safe = check_exposure(settings, clients->get()); !safe) return safe.error();
    auto knowledge = load_knowledge(settings);
    if (!knowledge) return knowledge.error();
    auto dialogues = Dialogues::make(settings, clients->get(), **knowledge, *site);
    if (!dialogues) return dialogues.error();
    auto live = std::make_shared<Live>();
    live->limits.target_bytes = static_cast<std::size_t>(settings.max_target_bytes);
    live->limits.header_bytes = static_cast<std::size_t>(settings.max_header_bytes);
    live->limits.fields = static_cast<std::size_t>(settings.max_header_fields);
    live->site = *std::move(site);
    live->clients = *std::move(clients);
    live->tls = *std::move(tls);
    live->knowledge = *knowledge;
    live->dialogues = *std::move(dialogues);
    live->explains = explains(settings);
    live->workbench = workbench(settings);
    live->rules = std::make_shared<RulesPage const>(*knowledge);
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

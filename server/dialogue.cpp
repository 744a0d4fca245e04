#include "server/dialogue.hpp"

#include <utility>

#include "hooks/profiles.hpp"

namespace cds::server {
namespace {

base::Result<hooks::Client> make_client(std::string_view profile,
                                        std::vector<std::string> const& switches) {
    auto client = hooks::profile(profile);
    if (!client) return client;
    for (auto const& name : switches)
        if (auto const done = hooks::turn_on(name, *client); !done) return done.error();
    return client;
}

/// Only the servers of its own registration: a token of one client never reaches another's server.
base::Result<FhirBases> registered_bases(auth::Client const& client) {
    FhirBases bases;
    for (auto const& registered : client.fhir_bases) {
        FhirBase base;
        base.networks = registered.networks;
        base.ca_file = registered.ca_file;
        base.certificate_file = registered.certificate_file;
        base.key_file = registered.key_file;
        base.proxy = registered.proxy;
        auto checked = checked_base(std::move(base), registered.url, registered.url);
        if (!checked) return checked.error();
        bases.push_back(*std::move(checked));
    }
    return bases;
}

bool is_language(std::string_view language) {
    return language.empty() || language == "en-GB" || language == "en-US";
}

base::Error in_registration(std::string_view id, base::Error error) {
    error.where = "clients: " + std::string{id};
    return error;
}

}  // namespace

base::Result<Dialogues> Dialogues::make(Settings const& settings, auth::Registry const* clients,
                                        rules::Knowledge const& knowledge,
                                        hooks::Site const& site) {
    Dialogues dialogues;
    auto const begin = [&](hooks::Client client) {
        auto discovery = hooks::discovery(knowledge, site, client);
        return Dialogue{std::move(client), std::move(discovery), {}};
    };
    auto anybody = make_client(settings.default_profile, settings.default_switches);
    if (!anybody) return anybody.error();
    dialogues.default_ = begin(*std::move(anybody));
    auto bases = read_fhir_bases(settings.fhir_bases);
    if (!bases) return bases.error();
    dialogues.default_.fhir_bases = *std::move(bases);
    if (!clients) return dialogues;
    for (auto const& registered : clients->clients()) {
        auto client = make_client(registered.profile.empty() ? "default" : registered.profile,
                                  registered.switches);
        if (!client) return in_registration(registered.id, client.error());
        if (!is_language(registered.language))
            return in_registration(
                registered.id, {base::ErrorCode::invalid, {}, "The language is en-GB or en-US."});
        client->id = registered.id;
        client->language = registered.language;
        auto own = registered_bases(registered);
        if (!own) return in_registration(registered.id, own.error());
        auto dialogue = begin(*std::move(client));
        dialogue.fhir_bases = *std::move(own);
        dialogues.registered_.emplace(registered.id, std::move(dialogue));
    }
    return dialogues;
}

Dialogue const& Dialogues::with(std::string_view id) const noexcept {
    auto const found = registered_.find(id);
    return found == registered_.end() ? default_ : found->second;
}

}  // namespace cds::server

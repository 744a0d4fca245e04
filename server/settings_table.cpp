#include <charconv>

#include "base/date.hpp"
#include "hooks/profiles.hpp"
#include "server/address.hpp"
#include "server/settings.hpp"
#include "store/place.hpp"

namespace cds::server {
namespace {

std::string check_listen(std::string_view value) {
    auto const listen = parse_listen(value);
    if (!listen)
        return "must be HOST:PORT with a numeric address or localhost, for example 127.0.0.1:8080 "
               "or [::1]:8080";
    return {};
}

std::string check_zone(std::string_view value) {
    if (base::Zone::find(value)) return {};
    return "must be the IANA name of a time zone, for example Europe/Amsterdam or UTC";
}

std::string check_region(std::string_view value) {
    return value == "us" || value == "eu" ? std::string{} : "must be us or eu";
}

std::string check_language(std::string_view value) {
    return value == "en-GB" || value == "en-US" ? std::string{} : "must be en-GB or en-US";
}

std::string check_switch(std::string_view value) {
    return value == "on" || value == "off" ? std::string{} : "must be on or off";
}

std::string check_discovery(std::string_view value) {
    return value == "open" || value == "token" ? std::string{} : "must be open or token";
}

std::string check_auto_on_off(std::string_view value) {
    return value == "auto" || value == "on" || value == "off" ? std::string{}
                                                              : "must be auto, on or off";
}

std::string check_as_of(std::string_view value) {
    if (value.empty()) return {};
    if (base::parse_date(value, base::Zone{}).has_time()) return {};
    return "must be an instant with time and zone, for example 2026-06-01T09:00:00Z";
}

/// scheme://host[:port] without path, as browsers send it.
bool is_origin(std::string_view value) {
    std::string_view rest;
    if (value.starts_with("https://"))
        rest = value.substr(8);
    else if (value.starts_with("http://"))
        rest = value.substr(7);
    if (rest.empty()) return false;
    return rest.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-:[]") ==
           std::string_view::npos;
}

std::string check_origin(std::string_view value) {
    if (is_origin(value)) return {};
    return "must be exact origins as browsers send them, in lower case and without a path, for "
           "example "
           "https://ehr.example.com; * is not accepted";
}

std::string check_network(std::string_view value) {
    if (is_network(value)) return {};
    return "must be numeric addresses or networks, for example 10.0.0.5 or 10.0.0.0/8";
}

std::string check_base_url(std::string_view value) {
    if (value.empty()) return {};
    bool const scheme = value.starts_with("https://") || value.starts_with("http://");
    for (auto const c : value)
        if (c <= ' ' || c > '~' || c == '"' || c == '#' || c == '?')
            return "must be a URL without query and fragment, for example https://cds.example.com";
    if (!scheme || value.back() == '/')
        return "must be an http or https URL without a slash at its end, for example "
               "https://cds.example.com";
    return {};
}

std::string check_store(std::string_view value) {
    if (store::find_place(value, {})) return {};
    return "must be a path, or a connection that libpq can read: "
           "postgres://USER@HOST:PORT/DATABASE, with reserved characters percent-encoded";
}

std::string check_profile(std::string_view value) {
    auto const profile = hooks::profile(value);
    return profile ? std::string{} : "is not known: " + profile.error().what;
}

std::string check_client_switch(std::string_view value) {
    hooks::Client client;
    auto const done = hooks::turn_on(value, client);
    return done ? std::string{} : "is not known: " + done.error().what;
}

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t mib = 1 << 20;

using S = Settings;

Setting text(std::string_view name, std::string S::*field, std::string_view fallback,
             std::string_view limits, Setting::Check check, bool reload,
             std::string_view sentence) {
    return {name, field, fallback, "", 0, 0, limits, check, reload, sentence};
}

Setting list(std::string_view name, std::vector<std::string> S::*field, std::string_view limits,
             Setting::Check check, std::string_view sentence) {
    return {name, field, "", "", 0, 0, limits, check, true, sentence};
}

Setting number(std::string_view name, std::int64_t S::*field, std::string_view fallback,
               std::string_view unit, std::int64_t least, std::int64_t most, bool reload,
               std::string_view sentence) {
    return {name, field, fallback, unit, least, most, "", nullptr, reload, sentence};
}

std::vector<Setting> make_table() {
    return {
        text(
            "listen", &S::listen, "127.0.0.1:8080", "HOST:PORT; port 0 lets the system choose",
            check_listen, false,
            "Address on which the service answers. Beyond loopback only with clients, and with TLS "
            "or a declared proxy (docs/security.md)."),
        text("clients", &S::clients, "", "a file, or empty for none", nullptr, true,
             "JSON file with the registered clients (docs/security.md). Without it anybody may "
             "call, and the service listens on loopback only; with it every call needs a token of "
             "one of them, on loopback too."),
        text("discovery", &S::discovery, "open", "open or token", check_discovery, true,
             "Whether GET /cds-services needs a token once clients are registered."),
        number("calls-per-second", &S::calls_per_second, "500", "calls/s", 1, 1'000'000, true,
               "Calls of all registered clients together, with twice as many at once; beyond it "
               "they are answered with 429. Each client has a rate of its own beside it."),
        number("bad-signatures-per-second", &S::bad_signatures_per_second, "100", "calls/s", 1,
               1'000'000, true,
               "Tokens of one client from one address whose signature was wrong, with twice as "
               "many at once; beyond it no more are looked at and the answer is 429. Callers "
               "behind one trusted proxy count as one address."),
        text("tls-certificate", &S::tls_certificate, "", "a file, or empty for plain HTTP", nullptr,
             true, "Certificate in PEM with the chain up to its authority."),
        text("tls-key", &S::tls_key, "", "a file, or empty", nullptr, true,
             "Private key of tls-certificate, in PEM and without a passphrase."),
        text("tls-client-ca", &S::tls_client_ca, "", "a file, or empty for no client certificates",
             nullptr, true,
             "Authorities in PEM. When it is set, a connection needs a certificate of one of them, "
             "beside the token."),
        text("tls-proxy", &S::tls_proxy, "off", "on or off", check_switch, true,
             "on: a proxy in front does TLS, so the service may listen beyond loopback in plain "
             "HTTP; peers outside trusted-proxies and loopback are then turned away."),
        text("site-zone", &S::site_zone, "UTC", "an IANA time zone name", check_zone, true,
             "Time zone in which calendar days are compared."),
        text("region", &S::region, "us", "us or eu", check_region, true,
             "Whose product labels hold where they differ (omalizumab dosing)."),
        text("language", &S::language, "en-GB", "en-GB or en-US", check_language, true,
             "Language of cards for clients that set none."),
        text("as-of", &S::as_of, "", "an instant, or empty", check_as_of, true,
             "Freezes the clinical clock, for tests, replays and demonstrations; logs and timeouts "
             "keep the real "
             "time. Shown at start, in /healthz and on each card."),
        text("knowledge", &S::knowledge, "", "a folder, or empty for the built-in knowledge",
             nullptr, true,
             "Folder whose knowledge replaces the built-in one, provided that its examples go as "
             "they "
             "say (`countersign knowledge check FOLDER`)."),
        text("policy", &S::policy, "", "a file, or empty for none", nullptr, true,
             "JSON file with what this site does differently from the knowledge: rules that are "
             "off, quiet or tried out, other weights and thresholds, local guidance "
             "(docs/policy.md). `countersign policy check FILE` says what it changes."),
        text("explain", &S::explain, "auto", "auto, on or off", check_auto_on_off, true,
             "Whether POST /cds-services/{id}/$explain tells how an answer came about. auto: on "
             "loopback, as long as no clients are registered. Never without a client's "
             "authentication elsewhere."),
        text("workbench", &S::workbench, "auto", "auto, on or off", check_auto_on_off, true,
             "Whether the pages at / answer, with /cds-cards.js, /rules.json and, on loopback, "
             "/feedback-report (docs/web.md). auto: on loopback."),
        text("base-url", &S::base_url, "",
             "an http or https URL without a slash at its end, or empty", check_base_url, true,
             "Public URL under which clients reach the service, for links to its own pages."),
        text("fhir-bases", &S::fhir_bases, "", "a file, or empty for none", nullptr, true,
             "JSON file with the FHIR servers that may be asked for what a call's prefetch lacks "
             "(docs/fetching.md). A server that is not in it is never contacted."),
        number("fetch-deadline-ms", &S::fetch_deadline_ms, "2000", "ms", 100, 30'000, true,
               "Time for everything that is fetched for one call; what has not come by then is "
               "reported as not checked."),
        number("reference-deadline-ms", &S::reference_deadline_ms, "500", "ms", 100, 30'000, true,
               "The same for a call whose prefetch is complete, so that only the Medications that "
               "it refers to are fetched."),
        number("fetch-queue", &S::fetch_queue, "256", "calls", 1, 65'536, false,
               "Calls for which something is being fetched; for one more nothing is fetched, and "
               "its cards say so."),
        list("cors-origins", &S::cors_origins, "exact origins", check_origin,
             "Web pages that may call the service from a browser. Empty: on loopback any page may, "
             "provided that "
             "the Host header names localhost or a loopback address."),
        text("default-profile", &S::default_profile, "default",
             "default, strict, epic, oracle, athena or sandbox", check_profile, true,
             "What is known of clients that are not registered (docs/dialects.md)."),
        list("default-switches", &S::default_switches, "names of switches", check_client_switch,
             "What clients that are not registered get beside their profile (docs/dialects.md)."),
        list("trusted-proxies", &S::trusted_proxies, "addresses or networks", check_network,
             "Peers that do not count towards connections-per-peer."),
        number("threads", &S::threads, "0", "threads", 0, 256, false,
               "Threads that answer requests; 0 takes one for each processor."),
        number("connections", &S::connections, "1024", "connections", 1, 65536, true,
               "Open connections; beyond it the one that has been longest without a complete "
               "header is closed."),
        number("connections-per-peer", &S::connections_per_peer, "64", "connections", 1, 65536,
               true, "Open connections of one address; loopback and trusted proxies do not count."),
        number("max-target-bytes", &S::max_target_bytes, "8192", "bytes", 64, 16384, true,
               "Longest request target (414)."),
        number("max-header-bytes", &S::max_header_bytes, "16384", "bytes", 256, 32768, true,
               "Largest header block (431)."),
        number("max-header-fields", &S::max_header_fields, "100", "fields", 4, 1000, true,
               "Most header fields (431)."),
        number("max-body-bytes", &S::max_body_bytes, "4194304", "bytes", 1024, 32 * mib, true,
               "Largest request body (413)."),
        number(
            "large-bodies", &S::large_bodies, "8", "bodies", 1, 1024, true,
            "Bodies beyond 256 KiB that are read at the same time; one more is answered with 503."),
        number(
            "header-timeout-ms", &S::header_timeout_ms, "10000", "ms", 10, hour_ms, true,
            "Time for a whole header, from its first byte or from the connection's start (408)."),
        number("body-timeout-ms", &S::body_timeout_ms, "15000", "ms", 10, hour_ms, true,
               "Time for a whole body (408)."),
        number("body-grace-ms", &S::body_grace_ms, "2000", "ms", 0, hour_ms, true,
               "Time before the minimum rate of a body is demanded."),
        number("min-body-bytes-per-second", &S::min_body_bytes_per_second, "1024", "bytes/s", 1,
               mib, true, "Lowest average rate at which a body may arrive (408)."),
        number("idle-timeout-ms", &S::idle_timeout_ms, "60000", "ms", 10, 24 * hour_ms, true,
               "Time that a kept connection may stay without a new request."),
        number("write-timeout-ms", &S::write_timeout_ms, "15000", "ms", 10, hour_ms, true,
               "Time that a client may take to receive an answer."),
        number(
            "linger-ms", &S::linger_ms, "1000", "ms", 0, 60'000, true,
            "Time to read on after a refused request, so that the client can receive the refusal."),
        number("drain-ms", &S::drain_ms, "10000", "ms", 0, hour_ms, true,
               "Time that running requests have to finish after SIGTERM."),
        number("drain-idle-ms", &S::drain_idle_ms, "1000", "ms", 0, hour_ms, true,
               "Time that idle connections stay open after SIGTERM, for requests that are already "
               "on their way."),
        text("log-file", &S::log_file, "", "a path, or empty for standard output", nullptr, true,
             "File to which log lines are appended; SIGHUP opens it anew."),
        number("log-queue-lines", &S::log_queue_lines, "4096", "lines", 16, mib, false,
               "Log lines that wait for a slow sink; further ones are dropped and counted."),
        text("store", &S::store, "", "a path, or postgres://USER@HOST:PORT/DATABASE", check_store,
             false,
             "Where feedback and the cards sent are kept: the file of an SQLite database, made at "
             "the first start, or a PostgreSQL database. Empty: countersign.db in the folder that "
             "STATE_DIRECTORY names (systemd sets it), else in the working directory. Give a "
             "password in a libpq passfile or in the environment variable, never as a flag."),
        number("card-retention-days", &S::card_retention_days, "1095", "days", 1, 36'500, true,
               "How long it is kept which cards were sent. Reports need them as long as the "
               "feedback about them."),
        number("feedback-retention-days", &S::feedback_retention_days, "1095", "days", 1, 36'500,
               true, "How long feedback is kept."),
        number("comment-retention-days", &S::comment_retention_days, "90", "days", 1, 36'500, true,
               "How long the free text of feedback is kept; it may hold anything. The feedback "
               "itself stays."),
        number("store-queue", &S::store_queue, "1024", "calls", 1, 65'536, false,
               "Feedback calls that wait for the store; one more is answered with 503."),
        number("store-wait-ms", &S::store_wait_ms, "5000", "ms", 10, hour_ms, true,
               "How long a feedback call waits until it is durable; beyond it is answered with "
               "503, and the client sends it again."),
    };
}

}  // namespace

std::span<Setting const> settings_table() {
    static std::vector<Setting> const table = make_table();
    return table;
}

}  // namespace cds::server

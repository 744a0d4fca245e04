#pragma once
#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/result.hpp"

namespace cds::server {

/// The whole configuration. Fields have no defaults here: they stand in the table, once.
struct Settings {
    std::string listen, site_zone, region, language, as_of, knowledge, policy, explain, workbench,
        base_url, log_file, store, default_profile, clients, discovery, tls_certificate, tls_key,
        tls_client_ca, tls_proxy, fhir_bases;
    std::vector<std::string> cors_origins, trusted_proxies, default_switches;
    std::int64_t threads = 0, connections = 0, connections_per_peer = 0;
    std::int64_t max_target_bytes = 0, max_header_bytes = 0, max_header_fields = 0,
                 max_body_bytes = 0, large_bodies = 0;
    std::int64_t header_timeout_ms = 0, body_timeout_ms = 0, body_grace_ms = 0,
                 min_body_bytes_per_second = 0, idle_timeout_ms = 0, write_timeout_ms = 0,
                 linger_ms = 0, drain_ms = 0, drain_idle_ms = 0;
    std::int64_t log_queue_lines = 0;
    std::int64_t card_retention_days = 0, feedback_retention_days = 0, comment_retention_days = 0,
                 store_queue = 0, store_wait_ms = 0, calls_per_second = 0,
                 bad_signatures_per_second = 0;
    std::int64_t fetch_deadline_ms = 0, reference_deadline_ms = 0, fetch_queue = 0;
};

/// One row of the configuration table. The parser, `--help`, the start-up check and
/// docs/configuration.md are all made from it.
struct Setting {
    using Field = std::variant<std::string Settings::*, std::int64_t Settings::*,
                               std::vector<std::string> Settings::*>;
    /// What is wrong with a value; empty when nothing is.
    using Check = std::string (*)(std::string_view value);

    std::string_view name;  ///< "max-body-bytes": key of the JSON file and name of the flag
    Field field;
    std::string_view fallback;         ///< the default; lists: empty
    std::string_view unit;             ///< of numbers
    std::int64_t least = 0, most = 0;  ///< of numbers, both allowed
    std::string_view limits;           ///< of texts and lists, in words
    Check check = nullptr;             ///< of texts, and of each entry of a list
    bool reload = true;                ///< whether SIGHUP can change it
    std::string_view sentence;

    std::string_view type() const;
    /// "0 to 256 threads", or what `limits` says.
    std::string limits_text() const;
    /// "COUNTERSIGN_MAX_BODY_BYTES".
    std::string environment_name() const;
};

std::span<Setting const> settings_table();

/// Where values come from; a later one wins: defaults, file, environment, flags.
struct Sources {
    using Pairs = std::vector<std::pair<std::string, std::string>>;
    std::string config_file;  ///< JSON; empty: none
    Pairs environment;        ///< COUNTERSIGN_… variables, by their full names
    Pairs flags;              ///< by setting name; lists with commas
};

/// The variables of this process whose names start with COUNTERSIGN_, without those that Kubernetes
/// sets by itself for a service of that name (COUNTERSIGN_PORT…, COUNTERSIGN_SERVICE_…).
Sources::Pairs environment_settings(char const* const* environment);

/// The defaults of the table.
Settings default_settings();

/// Reads and checks everything. Fails with `invalid` or `malformed`, the place (file, variable or
/// flag) in `where` and a sentence naming the key in `what`; with `not_found` when the file cannot
/// be read.
base::Result<Settings> load_settings(Sources const& sources);

/// Puts those settings of `current` that only a restart can change into `fresh`; returns the names
/// of those that differed.
std::vector<std::string_view> keep_fixed(Settings const& current, Settings& fresh);

/// How long after its start a body of which `received` bytes are there may still be unfinished: the
/// whole time, or less when it arrives more slowly than the minimum rate.
std::chrono::milliseconds body_time(Settings const& settings, std::size_t received);

/// docs/configuration.md.
std::string settings_markdown();

}  // namespace cds::server

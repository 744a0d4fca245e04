#pragma once
#include <CLI/CLI.hpp>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/date.hpp"
#include "base/result.hpp"
#include "server/live.hpp"
#include "server/settings.hpp"

// What the commands that answer without a server share: settings as options, input, failures.

namespace cds::server {

/// The settings that decide what the cards say, as options of a command; the others do not matter
/// offline.
class OfflineOptions {
public:
    explicit OfflineOptions(CLI::App& app);
    /// Environment and given options; after the parse.
    Sources sources() const;

private:
    static constexpr std::array<std::pair<char const*, char const*>, 8> offered{{
        {"as-of",
         "Clinical clock, for example 2026-06-01T09:00:00Z; when left out the instant at which "
         "the request was captured, else the time of day."},
        {"knowledge", "Folder whose knowledge replaces the built-in one."},
        {"policy", "JSON file with what the site does differently; see docs/policy.md."},
        {"site-zone", "Time zone in which calendar days are compared."},
        {"region", "us or eu: whose product labels hold."},
        {"language", "Language of the cards."},
        {"default-profile", "The client's profile; see docs/dialects.md."},
        {"default-switches", "What the client gets beside its profile; see docs/dialects.md."},
    }};
    std::array<std::string, offered.size()> values_;
    std::array<CLI::Option*, offered.size()> options_{};
};

/// The bytes of a file, or of standard input for "-"; none when it cannot be read.
std::optional<std::string> read_input(std::string const& path);

/// The clinical clock for one request: `as-of` when it is set, else the instant at which the
/// request was captured (hooks/capture.hpp), else the time of day.
base::Instant clock_for(Live const& live, std::string_view body);

/// Tells the error on standard error; returns exit status 1.
int failed(base::Error const& error);

/// Exit status of a check that found its file or folder unfit for use.
inline constexpr int refused = 2;

/// Tells the error on standard error; returns `refused`.
int refuse(base::Error const& error);

}  // namespace cds::server

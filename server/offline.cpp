#include "server/offline.hpp"

#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>

#include "base/json.hpp"
#include "hooks/capture.hpp"
#include "server/clock.hpp"

namespace cds::server {

OfflineOptions::OfflineOptions(CLI::App& app) {
    for (std::size_t i = 0; i < offered.size(); ++i)
        options_[i] =
            app.add_option(std::string{"--"} + offered[i].first, values_[i], offered[i].second);
}

Sources OfflineOptions::sources() const {
    Sources sources;
    sources.environment = environment_settings(environ);
    for (std::size_t i = 0; i < offered.size(); ++i)
        if (options_[i]->count() > 0) sources.flags.emplace_back(offered[i].first, values_[i]);
    return sources;
}

std::optional<std::string> read_input(std::string const& path) {
    if (path == "-") return std::string{std::istreambuf_iterator<char>{std::cin}, {}};
    std::ifstream file{path, std::ios::binary};
    if (!file) return std::nullopt;
    std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    if (file.bad()) return std::nullopt;
    return bytes;
}

base::Instant clock_for(Live const& live, std::string_view body) {
    base::json::Document document;
    auto const request = document.parse(body);
    auto const captured = request ? hooks::captured_at(*request) : std::nullopt;
    return live.clinical_time(captured.value_or(real_now()));
}

int failed(base::Error const& error) {
    if (error.where.empty())
        std::fprintf(stderr, "%s\n", error.what.c_str());
    else
        std::fprintf(stderr, "At %s: %s\n", error.where.c_str(), error.what.c_str());
    return 1;
}

int refuse(base::Error const& error) {
    failed(error);
    return refused;
}

}  // namespace cds::server

#include "server/settings.hpp"

#include <algorithm>
#include <charconv>
#include <fstream>
#include <optional>
#include <sstream>

#include "base/json.hpp"

namespace cds::server {
namespace {

using base::Error;
using base::ErrorCode;
using Complaint = std::optional<std::string>;

Setting const* find_setting(std::string_view name) {
    for (auto const& setting : settings_table())
        if (setting.name == name) return &setting;
    return nullptr;
}

Complaint set_text(Setting const& setting, std::string Settings::*field, std::string_view value,
                   Settings& settings) {
    if (value.find('\0') != std::string_view::npos) return "must not hold a NUL";
    if (setting.check)
        if (auto wrong = setting.check(value); !wrong.empty()) return wrong;
    settings.*field = std::string{value};
    return {};
}

Complaint set_number(Setting const& setting, std::int64_t Settings::*field, std::string_view value,
                     Settings& settings) {
    std::int64_t number = 0;
    auto const end = value.data() + value.size();
    auto const [stop, error] = std::from_chars(value.data(), end, number);
    bool const whole = error == std::errc{} && stop == end && !value.empty();
    if (!whole || number < setting.least || number > setting.most)
        return "must be a whole number from " + setting.limits_text();
    settings.*field = number;
    return {};
}

Complaint set_list(Setting const& setting, std::vector<std::string> Settings::*field,
                   std::vector<std::string> values, Settings& settings) {
    for (auto const& value : values)
        if (auto wrong = setting.check ? setting.check(value) : std::string{}; !wrong.empty())
            return wrong;
    settings.*field = std::move(values);
    return {};
}

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> parts;
    while (!text.empty()) {
        auto const comma = text.find(',');
        auto part = text.substr(0, comma);
        while (part.starts_with(' ')) part.remove_prefix(1);
        while (part.ends_with(' ')) part.remove_suffix(1);
        if (!part.empty()) parts.emplace_back(part);
        if (comma == std::string_view::npos) break;
        text.remove_prefix(comma + 1);
    }
    return parts;
}

/// Sets a value that came as text: a variable or a flag.
Complaint set_from_text(Setting const& setting, std::string_view value, Settings& settings) {
    if (auto const* field = std::get_if<std::string Settings::*>(&setting.field))
        return set_text(setting, *field, value, settings);
    if (auto const* field = std::get_if<std::int64_t Settings::*>(&setting.field))
        return set_number(setting, *field, value, settings);
    return set_list(setting, std::get<std::vector<std::string> Settings::*>(setting.field),
                    split(value), settings);
}

Complaint set_from_json(Setting const& setting, base::json::Value value, Settings& settings) {
    if (auto const* field = std::get_if<std::string Settings::*>(&setting.field)) {
        if (!value.is_string()) return "must be a JSON string";
        return set_text(setting, *field, value.string(), settings);
    }
    if (auto const* field = std::get_if<std::int64_t Settings::*>(&setting.field)) {
        if (value.kind() != base::json::Kind::number) return "must be a JSON number";
        return set_number(setting, *field, value.number(), settings);
    }
    if (!value.is_array()) return "must be a JSON array of strings";
    std::vector<std::string> entries;
    for (auto const entry : value) {
        if (!entry.is_string()) return "must be a JSON array of strings";
        entries.emplace_back(entry.string());
    }
    return set_list(setting, std::get<std::vector<std::string> Settings::*>(setting.field),
                    std::move(entries), settings);
}

Error bad_value(Setting const& setting, std::string where, std::string const& complaint) {
    return {ErrorCode::invalid, std::move(where),
            std::string{setting.name} + " " + complaint + "."};
}

Error unknown(std::string_view kind, std::string_view name, std::string where) {
    return {ErrorCode::invalid, std::move(where),
            "There is no " + std::string{kind} + " named " + std::string{name.substr(0, 80)} +
                "; docs/configuration.md lists all of them."};
}

std::optional<Error> apply_file(std::string const& path, Settings& settings) {
    std::string const where = "configuration file " + path;
    std::ifstream file{path, std::ios::binary};
    std::ostringstream content;
    if (!file || !(content << file.rdbuf()))
        return Error{ErrorCode::not_found, where, "The file cannot be read, or it is empty."};
    auto const bytes = content.str();
    base::json::Document document;
    auto const root = document.parse(bytes);
    if (!root) return Error{ErrorCode::malformed, where, root.error().what};
    if (!root->is_object())
        return Error{ErrorCode::malformed, where, "The file must hold a JSON object."};
    for (auto const member : *root) {
        auto const* setting = find_setting(member.key());
        if (!setting) return unknown("key", member.key(), where);
        if (auto const wrong = set_from_json(*setting, member, settings))
            return bad_value(*setting, where, *wrong);
    }
    return {};
}

std::optional<Error> apply_environment(Sources::Pairs const& variables, Settings& settings) {
    for (auto const& [name, value] : variables) {
        auto const where = "environment variable " + name;
        Setting const* found = nullptr;
        for (auto const& setting : settings_table())
            if (setting.environment_name() == name) found = &setting;
        if (!found) return unknown("variable", name, where);
        if (auto const wrong = set_from_text(*found, value, settings))
            return bad_value(*found, where, *wrong);
    }
    return {};
}

std::optional<Error> apply_flags(Sources::Pairs const& flags, Settings& settings) {
    for (auto const& [name, value] : flags) {
        auto const where = "flag --" + name;
        auto const* setting = find_setting(name);
        if (!setting) return unknown("flag", name, where);
        if (auto const wrong = set_from_text(*setting, value, settings))
            return bad_value(*setting, where, *wrong);
    }
    return {};
}

}  // namespace

std::string_view Setting::type() const {
    if (std::holds_alternative<std::string Settings::*>(field)) return "text";
    if (std::holds_alternative<std::int64_t Settings::*>(field)) return "number";
    return "list";
}

std::string Setting::limits_text() const {
    if (!std::holds_alternative<std::int64_t Settings::*>(field)) return std::string{limits};
    return std::to_string(least) + " to " + std::to_string(most) + " " + std::string{unit};
}

std::string Setting::environment_name() const {
    std::string result = "COUNTERSIGN_";
    for (auto const c : name)
        result += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return result;
}

Sources::Pairs environment_settings(char const* const* environment) {
    Sources::Pairs pairs;
    for (; environment && *environment; ++environment) {
        std::string_view const entry{*environment};
        auto const equals = entry.find('=');
        if (!entry.starts_with("COUNTERSIGN_") || equals == std::string_view::npos) continue;
        auto const name = entry.substr(0, equals);
        auto const rest = name.substr(std::string_view{"COUNTERSIGN_"}.size());
        if (rest == "PORT" || rest.starts_with("PORT_") || rest.starts_with("SERVICE_")) continue;
        pairs.emplace_back(name, entry.substr(equals + 1));
    }
    return pairs;
}

Settings default_settings() {
    Settings settings;
    for (auto const& setting : settings_table()) {
        // The table's own defaults must pass its own checks; a test holds it to that.
        if (auto const wrong = set_from_text(setting, setting.fallback, settings))
            base::throw_error(bad_value(setting, "built-in default", *wrong));
    }
    return settings;
}

base::Result<Settings> load_settings(Sources const& sources) {
    auto settings = default_settings();
    if (!sources.config_file.empty())
        if (auto error = apply_file(sources.config_file, settings)) return *error;
    if (auto error = apply_environment(sources.environment, settings)) return *error;
    if (auto error = apply_flags(sources.flags, settings)) return *error;
    return settings;
}

std::vector<std::string_view> keep_fixed(Settings const& current, Settings& fresh) {
    std::vector<std::string_view> changed;
    for (auto const& setting : settings_table()) {
        if (setting.reload) continue;
        std::visit(
            [&](auto field) {
                if (fresh.*field == current.*field) return;
                fresh.*field = current.*field;
                changed.push_back(setting.name);
            },
            setting.field);
    }
    return changed;
}

std::chrono::milliseconds body_time(Settings const& settings, std::size_t received) {
    auto const earned =
        static_cast<std::int64_t>(received) * 1000 / settings.min_body_bytes_per_second;
    return std::chrono::milliseconds{
        std::min(settings.body_timeout_ms, settings.body_grace_ms + earned)};
}

std::string settings_markdown() {
    std::string out =
        "# Configuration\n\n"
        "Written by `countersign config --markdown` from the table in `server/settings_table.cpp`; "
        "do not edit.\n\n"
        "A value comes from, each winning over the one before: its default, the JSON file given "
        "with\n"
        "`--config FILE` (an object with these keys; lists are arrays of strings), the environment "
        "variable,\n"
        "the flag `--KEY VALUE` (lists with commas). An unknown key, variable or flag, or a value "
        "outside its\n"
        "limits, stops the start with a sentence that names it. `countersign config check FILE` "
        "checks a file.\n\n"
        "SIGHUP reads everything anew; keys marked with * keep their value until a restart.\n";
    for (auto const& setting : settings_table()) {
        out += "\n## " + std::string{setting.name} + (setting.reload ? "" : " *") + "\n\n";
        out += std::string{setting.sentence} + "\n\n";
        out += "- Type: " + std::string{setting.type()} + ", " + setting.limits_text() + "\n";
        auto const fallback = setting.fallback.empty() ? std::string{"empty"}
                                                       : "`" + std::string{setting.fallback} + "`";
        out += "- Default: " + fallback + "\n";
        out += "- Environment: `" + setting.environment_name() + "`\n";
    }
    return out;
}

}  // namespace cds::server

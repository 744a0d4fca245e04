#pragma once
#include <optional>
#include <string_view>

namespace cds::server {

/// RFC 9110 tchar: what names of methods and fields are made of.
constexpr bool is_token_char(char c) noexcept {
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) return true;
    return std::string_view{"!#$%&'*+-.^_`|~"}.find(c) != std::string_view::npos;
}

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Equal but for the case of ASCII letters.
constexpr bool same_token(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i)
        if (lower(a[i]) != lower(b[i])) return false;
    return true;
}

/// Without spaces and tabs at either end.
constexpr std::string_view trimmed(std::string_view text) noexcept {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// Takes the part before the next `separator` off `text`, trimmed.
constexpr std::string_view next_part(std::string_view& text, char separator) noexcept {
    auto const at = text.find(separator);
    auto const part = trimmed(text.substr(0, at));
    text = at == std::string_view::npos ? std::string_view{} : text.substr(at + 1);
    return part;
}

/// Whether the parameters of a media type name utf-8 as charset, or none.
constexpr bool is_utf8(std::string_view parameters) noexcept {
    while (!parameters.empty()) {
        auto parameter = next_part(parameters, ';');
        auto const name = next_part(parameter, '=');
        if (!same_token(name, "charset")) continue;
        if (parameter.size() > 1 && parameter.front() == '"' && parameter.back() == '"')
            parameter = parameter.substr(1, parameter.size() - 2);
        if (!same_token(parameter, "utf-8")) return false;
    }
    return true;
}

/// Whether a comma-separated list holds `token`, in any case of letters.
constexpr bool has_token(std::string_view list, std::string_view token) noexcept {
    while (!list.empty())
        if (same_token(next_part(list, ','), token)) return true;
    return false;
}

/// The byte that `%xx` at the start of `text` stands for; none when it is no such escape.
constexpr std::optional<char> percent_decoded(std::string_view text) noexcept {
    if (text.size() < 3 || text.front() != '%') return {};
    unsigned value = 0;
    for (auto const c : text.substr(1, 2)) {
        auto const l = lower(c);
        unsigned digit = 0;
        if (l >= '0' && l <= '9')
            digit = static_cast<unsigned>(l - '0');
        else if (l >= 'a' && l <= 'f')
            digit = static_cast<unsigned>(l - 'a' + 10);
        else
            return {};
        value = value * 16 + digit;
    }
    return static_cast<char>(value);
}

}  // namespace cds::server

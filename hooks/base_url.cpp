#include "hooks/base_url.hpp"

#include <algorithm>
#include <charconv>

namespace cds::hooks {

namespace {

/// Longer ones are no links that an EHR makes.
constexpr std::size_t longest_url = 8192;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool is_visible(char c) { return c > ' ' && c <= '~'; }

bool is_host(std::string_view host) {
    if (host.starts_with('[')) {
        return host.size() > 3 && host.back() == ']' &&
               host.substr(1, host.size() - 2).find_first_not_of("0123456789abcdef:.") == host.npos;
    }
    return !host.empty() && host.front() != '.' &&
           host.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == host.npos;
}

/// "host:port" into `url`, whose scheme is there.
bool read_authority(std::string_view authority, BaseUrl& url) {
    auto const bracket = authority.rfind(']');
    auto const colon = authority.find(':', bracket == authority.npos ? 0 : bracket);
    auto const host = authority.substr(0, colon);
    url.host.resize(host.size());
    std::transform(host.begin(), host.end(), url.host.begin(), lower);
    url.port = url.scheme == "https" ? 443 : 80;
    if (colon != authority.npos) {
        auto const digits = authority.substr(colon + 1);
        auto const* const end = digits.data() + digits.size();
        auto const [stop, error] = std::from_chars(digits.data(), end, url.port);
        if (error != std::errc{} || stop != end || digits.empty() || !is_digit(digits.front()) ||
            url.port == 0)
            return false;
    }
    return is_host(url.host);
}

/// Takes "https://host:port" off the front.
bool take_origin(std::string_view& text, BaseUrl& url) {
    auto const mark = text.find("://");
    if (mark == text.npos || mark > 5) return false;
    url.scheme.resize(mark);
    std::transform(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(mark),
                   url.scheme.begin(), lower);
    if (url.scheme != "https" && url.scheme != "http") return false;
    text.remove_prefix(mark + 3);
    auto const authority = text.substr(0, text.find_first_of("/?#\\"));
    text.remove_prefix(authority.size());
    return read_authority(authority, url);
}

/// Whether a path is what it says: no dot segments, no empty ones, and no escaped dot, slash or
/// backslash that somebody may read as one.
bool is_plain_path(std::string_view path) {
    if (path.find_first_of("\\?#") != path.npos || path.find("//") != path.npos) return false;
    for (std::string_view const escaped : {"%2e", "%2E", "%2f", "%2F", "%5c", "%5C"}) {
        if (path.find(escaped) != path.npos) return false;
    }
    while (!path.empty()) {
        auto const slash = path.find('/');
        auto const segment = path.substr(0, slash);
        if (segment == "." || segment == "..") return false;
        path.remove_prefix(slash == path.npos ? path.size() : slash + 1);
    }
    return true;
}

bool same_origin(BaseUrl const& a, BaseUrl const& b) {
    return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

}  // namespace

std::optional<BaseUrl> BaseUrl::parse(std::string_view text) {
    BaseUrl url;
    if (text.size() > longest_url || !std::all_of(text.begin(), text.end(), is_visible)) return {};
    if (!take_origin(text, url)) return {};
    while (text.ends_with('/')) text.remove_suffix(1);
    if (!is_plain_path(text) || text.find('%') != text.npos) return {};
    url.path = text;
    return url;
}

std::string BaseUrl::text() const {
    return scheme + "://" + host + ":" + std::to_string(port) + path;
}

std::optional<std::string> BaseUrl::below(std::string_view url) const {
    if (url.empty() || url.size() > longest_url ||
        !std::all_of(url.begin(), url.end(), is_visible) || url.find('#') != url.npos)
        return {};
    auto const path_end = std::min(url.find('?'), url.size());
    BaseUrl other;
    auto rest = url;
    if (url.substr(0, path_end).find(':') != url.npos) {
        if (!take_origin(rest, other) || !same_origin(*this, other)) return {};
    } else if (url.front() != '/') {  // relative to the base
        if (!is_plain_path(url.substr(0, path_end))) return {};
        return (url.front() == '?' ? "" : "/") + std::string{url};
    }
    auto const query = rest.find('?');
    if (!is_plain_path(rest.substr(0, query))) return {};
    if (!rest.starts_with(path)) return {};
    rest.remove_prefix(path.size());
    if (!rest.empty() && rest.front() != '/' && rest.front() != '?') return {};
    return std::string{rest};
}

}  // namespace cds::hooks

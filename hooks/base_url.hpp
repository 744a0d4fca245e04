#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace cds::hooks {

/// The base URL of a FHIR server, in parts that can be compared. What lies below it is reached by
/// these parts, never by the bytes that a stranger sent.
struct BaseUrl {
    std::string scheme;      ///< "https" or "http"
    std::string host;        ///< in lower case; IPv6 with its brackets
    std::uint16_t port = 0;  ///< the scheme's own when the text names none
    std::string path;        ///< "/fhir/r4", without a slash at its end; may be empty

    /// None when the text is no absolute http or https URL, or has a user, a query, a fragment, an
    /// escaped or odd character or a dot segment: what two readers could take for two servers.
    static std::optional<BaseUrl> parse(std::string_view text);

    bool operator==(BaseUrl const&) const = default;
    /// "https://ehr.example:443/fhir/r4"
    std::string text() const;
    /// What follows this base in a URL that lies below it, "/Condition?patient=1" or "?page=2"; the
    /// URL may be relative. None when it lies elsewhere, or cannot be told to lie below.
    std::optional<std::string> below(std::string_view url) const;
};

}  // namespace cds::hooks

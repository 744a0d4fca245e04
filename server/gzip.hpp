#pragma once
#include <string>
#include <string_view>

namespace cds::server {

/// The text as a gzip file (RFC 1952), without name or time: the same text gives the same bytes.
std::string gzipped(std::string_view text);

/// Whether an Accept-Encoding field takes gzip; a weight of nothing refuses it.
bool takes_gzip(std::string_view accept_encoding);

}  // namespace cds::server

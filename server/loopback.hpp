#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace cds::server {

/// Whether the text is a URL and no file name.
bool is_url(std::string_view text);

/// The body of what a server on this machine answers: to GET, or to POST of `body` when that is not
/// empty. `url` is plain http to localhost or a loopback address. Fails with `invalid` for another
/// URL, and with `unavailable` when there is no answer within ten seconds, or none with status 200.
base::Result<std::string> ask_loopback(std::string_view url, std::string_view body);

}  // namespace cds::server

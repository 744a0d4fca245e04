#pragma once
#include <cstdint>
#include <string_view>

#include "server/gate.hpp"
#include "server/log.hpp"
#include "server/reply.hpp"

namespace cds::server {

/// What the connection measured of one request.
struct RequestRecord {
    std::string_view request_id;
    Method method = Method::other;
    std::size_t bytes_in = 0, bytes_out = 0;
    std::int64_t answer_us = 0;  ///< deciding and writing the answer's body
    std::int64_t total_us = 0;   ///< from the complete header to the last byte sent
    bool complete = true;        ///< whether the client took the whole answer
};

/// The log line of one request: fixed words, sizes, times and counts only.
LogLine request_line(RequestRecord const& record, Reply const& reply);

}  // namespace cds::server

#include "server/gzip.hpp"

#include <boost/beast/zlib/deflate_stream.hpp>
#include <boost/crc.hpp>
#include <cstdint>

#include "server/header_text.hpp"

namespace cds::server {
namespace {

namespace zlib = boost::beast::zlib;

void append_little_endian(std::uint32_t number, std::string& out) {
    for (int shift = 0; shift < 32; shift += 8)
        out += static_cast<char>(static_cast<unsigned char>(number >> shift));
}

}  // namespace

std::string gzipped(std::string_view text) {
    static constexpr std::string_view head{"\x1f\x8b\x08\0\0\0\0\0\x02\xff", 10};
    constexpr int best = 9, window_bits = 15, memory_level = 8;
    zlib::deflate_stream stream;
    stream.reset(best, window_bits, memory_level, zlib::Strategy::normal);
    std::string out{head};
    out.resize(head.size() + stream.upper_bound(text.size()));
    zlib::z_params place;
    place.next_in = text.data();
    place.avail_in = text.size();
    place.next_out = out.data() + head.size();
    place.avail_out = out.size() - head.size();
    boost::beast::error_code ended;
    stream.write(place, zlib::Flush::finish, ended);
    out.resize(head.size() + place.total_out);
    boost::crc_32_type sum;
    sum.process_bytes(text.data(), text.size());
    append_little_endian(sum.checksum(), out);
    append_little_endian(static_cast<std::uint32_t>(text.size()), out);
    return out;
}

bool takes_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        auto weight = next_part(accept_encoding, ',');
        auto const coding = next_part(weight, ';');
        if (!same_token(coding, "gzip")) continue;
        auto const name = next_part(weight, '=');
        bool const nothing =
            same_token(name, "q") && weight.find_first_not_of("0.") == std::string_view::npos;
        return !nothing;
    }
    return false;
}

}  // namespace cds::server

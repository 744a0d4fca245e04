#include "base/base64url.hpp"

#include <cstdint>

namespace cds::base {
namespace {

constexpr std::string_view alphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

}  // namespace

std::optional<std::string> from_base64url(std::string_view text) {
    if (text.size() % 4 == 1) return std::nullopt;
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (auto const c : text) {
        auto const digit = alphabet.find(c);
        if (digit == alphabet.npos) return std::nullopt;
        bits = bits << 6U | static_cast<std::uint32_t>(digit);
        count += 6;
        if (count < 8) continue;
        count -= 8;
        bytes += static_cast<char>(bits >> count & 0xFFU);
        bits &= (1U << count) - 1;
    }
    if (bits != 0) return std::nullopt;
    return bytes;
}

std::string to_base64url(std::string_view bytes) {
    std::string text;
    text.reserve(bytes.size() * 4 / 3 + 3);
    std::uint32_t bits = 0;
    unsigned count = 0;
    for (auto const c : bytes) {
        bits = (bits << 8U | static_cast<unsigned char>(c)) & 0xFFFFFU;
        count += 8;
        while (count >= 6) {
            count -= 6;
            text += alphabet[bits >> count & 0x3FU];
        }
    }
    if (count > 0) text += alphabet[bits << (6 - count) & 0x3FU];
    return text;
}

}  // namespace cds::base

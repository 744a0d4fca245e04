#include "base/digest.hpp"

#include <openssl/evp.h>

#include <memory>
#include <stdexcept>

namespace cds::base {
namespace {

constexpr std::size_t sha256_size = 32;
using Sha256 = std::array<unsigned char, sha256_size>;
constexpr std::string_view hexadecimal = "0123456789abcdef";

struct FreeContext {
    void operator()(EVP_MD_CTX* context) const noexcept { EVP_MD_CTX_free(context); }
};

/// SHA-256 over bytes given in pieces. OpenSSL fails only without memory or without the algorithm:
/// not our caller's to mend, so it throws.
/// The context is kept for each thread: making one costs more than hashing a card's name.
class Hasher {
public:
    Hasher() : context_{kept()} {
        static EVP_MD const* const algorithm =
            EVP_MD_fetch(nullptr, "SHA256", nullptr);  // for the process's life
        check(context_ != nullptr && algorithm != nullptr &&
              EVP_DigestInit_ex2(context_, algorithm, nullptr) == 1);
    }
    void add(std::string_view bytes) {
        check(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1);
    }
    Sha256 finish() {
        Sha256 digest{};
        check(EVP_DigestFinal_ex(context_, digest.data(), nullptr) == 1);
        return digest;
    }

private:
    static void check(bool went_well) {
        if (!went_well) throw std::runtime_error{"SHA-256 is not available from OpenSSL"};
    }
    static EVP_MD_CTX* kept() {
        thread_local std::unique_ptr<EVP_MD_CTX, FreeContext> const context{EVP_MD_CTX_new()};
        return context.get();
    }
    EVP_MD_CTX* context_;
};

void append_hex(unsigned char byte, std::string& out) {
    out += hexadecimal[byte >> 4U];
    out += hexadecimal[byte & 0xFU];
}

}  // namespace

std::string sha256_hex(std::string_view bytes) {
    Hasher hasher;
    hasher.add(bytes);
    std::string out;
    for (auto const byte : hasher.finish()) append_hex(byte, out);
    return out;
}

std::string name_uuid(std::initializer_list<std::string_view> parts) {
    constexpr std::size_t uuid_size = 16;
    std::string name;
    for (auto const part : parts) {
        name += std::to_string(part.size());
        name += ':';
        name += part;
    }
    Hasher hasher;
    hasher.add(name);
    auto digest = hasher.finish();
    // https://www.rfc-editor.org/rfc/rfc9562#section-5.8
    digest[6] = static_cast<unsigned char>((digest[6] & 0x0FU) | 0x80U);
    digest[8] = static_cast<unsigned char>((digest[8] & 0x3FU) | 0x80U);
    std::string out;
    out.reserve(36);
    for (std::size_t i = 0; i < uuid_size; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
        append_hex(digest[i], out);
    }
    return out;
}

}  // namespace cds::base

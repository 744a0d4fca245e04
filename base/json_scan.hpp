#pragma once
#include <bit>
#include <cstddef>

#if defined(__SSE2__)  // every x86-64
#include <emmintrin.h>
#endif

// Looks at JSON text sixteen bytes at a time.

namespace cds::base::json {

inline constexpr std::size_t block = 16;

#if defined(__SSE2__)
inline __m128i load_block(char const* bytes) noexcept {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes));
}

/// One bit for each byte of a block: set where the byte is a quote or a backslash.
inline __m128i quotes_in(__m128i text) noexcept {
    return _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('"')),
                        _mm_cmpeq_epi8(text, _mm_set1_epi8('\\')));
}

inline unsigned bits(__m128i bytes) noexcept {
    return static_cast<unsigned>(_mm_movemask_epi8(bytes));
}
#endif

/// Whether a byte ends a run of plain text inside a string: quote, backslash, below 0x20, or above
/// 0x7F (as a signed char it is below 0x20 as well).
inline bool is_telling(char c) noexcept {
    return c == '"' || c == '\\' || static_cast<signed char>(c) < 0x20;
}

/// The first byte from `at` on that is a quote, a backslash, below 0x20 or above 0x7F; nullptr when
/// none was found before a block beyond `last_block`, which is where the last whole block begins.
[[gnu::always_inline]] inline char const* plain_until(
    [[maybe_unused]] char const* at, [[maybe_unused]] char const* last_block) noexcept {
#if defined(__SSE2__)
    for (; at <= last_block; at += block) {
        auto const text = load_block(at);
        auto const low = _mm_cmpgt_epi8(_mm_set1_epi8(0x20), text);
        if (auto const found = bits(_mm_or_si128(quotes_in(text), low)); found != 0)
            return at + std::countr_zero(found);
    }
#endif
    return nullptr;
}
/// The same to the end of the text, which is the result when there is no such byte.
inline char const* plain_until(char const* at, char const* last_block, char const* end) noexcept {
    if (auto const* const found = plain_until(at, last_block); found != nullptr) return found;
    while (at != end && !is_telling(*at)) ++at;
    return at;
}

inline bool is_blank(char c) noexcept { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; }

/// The first byte from `at` on that is no blank; else `end`.
inline char const* blank_until(char const* at, char const* end) noexcept {
#if defined(__SSE2__)
    while (static_cast<std::size_t>(end - at) >= block) {
        auto const text = load_block(at);
        auto const spaces = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(' ')),
                                         _mm_cmpeq_epi8(text, _mm_set1_epi8('\n')));
        auto const others = _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8('\r')),
                                         _mm_cmpeq_epi8(text, _mm_set1_epi8('\t')));
        constexpr unsigned all = 0xFFFF;
        auto const blanks = bits(_mm_or_si128(spaces, others));
        if (blanks != all) return at + std::countr_one(blanks);
        at += block;
    }
#endif
    while (at != end && is_blank(*at)) ++at;
    return at;
}

}  // namespace cds::base::json

#pragma once
#include <string.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace cds::server {

/// Text that is zeroed when it is no longer needed. Moves, never copies: a string would leave short
/// texts behind in what it was moved from.
class Secret {
public:
    Secret() = default;
    explicit Secret(std::string_view text)
        : bytes_{std::make_unique<char[]>(text.size())}, size_{text.size()} {
        std::copy(text.begin(), text.end(), bytes_.get());
    }
    Secret(Secret&& other) noexcept
        : bytes_{std::move(other.bytes_)}, size_{std::exchange(other.size_, 0)} {}
    Secret& operator=(Secret&& other) noexcept {
        std::swap(bytes_, other.bytes_);
        std::swap(size_, other.size_);
        return *this;
    }
    ~Secret() {
        if (bytes_) ::explicit_bzero(bytes_.get(), size_);
    }

    std::string_view view() const { return {bytes_.get(), size_}; }
    bool empty() const { return size_ == 0; }

private:
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
};

/// Zeroes a text and empties it.
inline void wipe(std::string& text) {
    ::explicit_bzero(text.data(), text.size());
    text.clear();
}

/// Zeroes bytes of a buffer that is ours to write, though it is only looked at here.
inline void wipe(std::string_view bytes) {
    ::explicit_bzero(const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace cds::server

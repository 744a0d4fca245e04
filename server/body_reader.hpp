#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "server/gate.hpp"

namespace cds::server {

/// Beast's parser for one request whose header already passed the gate: a second opinion on the
/// header, and the decoder of the body. Beast's headers are included by the .cpp alone.
class BodyReader {
public:
    enum class State : std::uint8_t { more, done, malformed, too_large, no_memory };

    BodyReader();
    ~BodyReader();
    BodyReader(BodyReader const&) = delete;
    BodyReader& operator=(BodyReader const&) = delete;

    /// Starts a request with its whole header block. `kept` is the string that the body goes into.
    State start(std::string_view header, Head const& head, std::uint64_t max_body_bytes,
                std::string kept);
    /// Takes received bytes; sets `used` to how many belonged to this request.
    State feed(std::string_view bytes, std::size_t& used);
    /// Between `start` and `finish`.
    bool active() const noexcept;
    /// What has arrived of the body.
    std::string_view body() const noexcept;
    /// Ends the request and gives the string back for the next one.
    std::string finish();

private:
    struct Parser;
    std::unique_ptr<Parser> parser_;
};

}  // namespace cds::server

#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace cds::server::test {

/// One answer as received.
struct Answer {
    unsigned status = 0;
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::string body;

    std::string field(std::string const& name) const {
        auto const found = fields.find(name);
        return found == fields.end() ? std::string{} : found->second;
    }
};

/// A blocking client on a raw socket: bytes go out exactly as given. Reads give up after 20 s,
/// which fails the test; nothing is ever waited for otherwise.
class Client {
public:
    explicit Client(std::uint16_t port, int receive_buffer_bytes = 0);
    ~Client();
    Client(Client const&) = delete;
    Client& operator=(Client const&) = delete;

    /// False when the peer has closed.
    bool send(std::string_view bytes);
    void end_sending();
    /// The next whole answer; none when the connection ended before or within it.
    std::optional<Answer> receive(bool head_only = false);
    /// All answers until the server closes.
    std::vector<Answer> receive_all();
    /// Whether the server closes without sending anything more.
    bool closed();

private:
    bool fill();
    int socket_ = -1;
    std::string buffer_;
};

/// One request on a connection of its own.
std::optional<Answer> ask(std::uint16_t port, std::string_view request, bool head_only = false);

/// "GET /x HTTP/1.1" with Host localhost and further lines, each with CRLF.
std::string get(std::string_view target, std::string_view lines = {});
/// A POST of JSON to the safety service.
std::string post(std::string_view body, std::string_view lines = {});

/// A valid order-sign call without drafts.
std::string_view empty_call();

}  // namespace cds::server::test

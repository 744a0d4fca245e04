#pragma once
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cds::server::test {

/// A request as the FHIR server saw it.
struct FhirRequest {
    std::string target;
    std::map<std::string, std::string> fields;  ///< names in lower case
    std::uint64_t connection = 0;               ///< which connection it came on
};

/// What the FHIR server does with a request.
struct FhirReply {
    enum class End : std::uint8_t {
        whole,    ///< the whole answer
        cut_off,  ///< announces more than it sends, and closes
        reset,    ///< resets the connection without an answer
        endless,  ///< chunks for as long as the caller takes them
        drip,     ///< a byte every 20 ms
        never     ///< nothing, until the server ends
    };
    unsigned status = 200;
    std::string body;
    std::string content_type = "application/fhir+json;charset=utf-8";
    std::vector<std::pair<std::string, std::string>> fields;
    End end = End::whole;
    std::chrono::milliseconds after{0};  ///< how long it thinks
};

/// A FHIR server on loopback, in this process, that does what a script says and counts what it is
/// asked. A thread for each connection.
class FhirServer {
public:
    using Script = std::function<FhirReply(FhirRequest const&)>;

    explicit FhirServer(Script script);
    ~FhirServer();
    FhirServer(FhirServer const&) = delete;
    FhirServer& operator=(FhirServer const&) = delete;

    std::uint16_t port() const { return port_; }
    /// "http://127.0.0.1:PORT"
    std::string origin() const { return "http://127.0.0.1:" + std::to_string(port_); }
    std::string base() const { return origin() + "/fhir"; }
    std::vector<FhirRequest> requests() const;
    std::size_t connections() const;

private:
    void accept_all();
    void serve(int socket, std::uint64_t number);
    bool answer(int socket, FhirReply const& reply);
    /// False: the server ends.
    bool wait(std::chrono::milliseconds time);

    Script script_;
    int listener_ = -1;
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    std::condition_variable ending_;
    bool ended_ = false;
    std::vector<FhirRequest> requests_;
    std::vector<int> sockets_;
    std::vector<std::thread> threads_;
    std::thread acceptor_;
};

/// A port that listens and must stay untouched.
class Sensor {
public:
    Sensor() : server_{[](FhirRequest const&) { return FhirReply{}; }} {}
    std::string origin() const { return server_.origin(); }
    std::size_t touched() const { return server_.connections(); }

private:
    FhirServer server_;
};

}  // namespace cds::server::test

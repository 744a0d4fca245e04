#include "server/process.hpp"

#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>

namespace cds::server {

void protect_process() {
    rlimit const none{0, 0};
    setrlimit(RLIMIT_CORE, &none);
    prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
    std::signal(SIGPIPE, SIG_IGN);
}

std::size_t room_for_connections(std::size_t wanted) {
    // Listening socket, log, epoll and event descriptors of up to 256 threads share what is left
    // over.
    constexpr std::size_t other_files = 24;
    rlimit files{};
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return wanted;
    auto const needed = static_cast<rlim_t>(wanted + 1024);
    if (files.rlim_cur < needed) {
        files.rlim_cur = std::min(files.rlim_max, needed);
        setrlimit(RLIMIT_NOFILE, &files);
        getrlimit(RLIMIT_NOFILE, &files);
    }
    auto const allowed = static_cast<std::size_t>(files.rlim_cur);
    return std::clamp<std::size_t>(allowed > other_files ? allowed - other_files : 1, 1, wanted);
}

base::Result<std::string> random_prefix() {
    std::uint32_t bits = 0;
    if (getrandom(&bits, sizeof bits, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof bits))
        return base::Error{base::ErrorCode::internal, "start",
                           "The system has no random numbers yet; start the service later."};
    std::array<char, 16> text{};
    std::snprintf(text.data(), text.size(), "%08x", bits);
    return std::string{text.data()};
}

}  // namespace cds::server

#pragma once
#include "server/gate.hpp"

/// What a connection refuses beside a bad header. After each of these it ends.
namespace cds::server::refusals {

inline constexpr std::string_view body = "the request body";

inline constexpr Violation no_place{503, "connections",
                                    "There are too many connections; try again in a moment.", ""};
inline constexpr Violation late_header{
    408, "header-timeout", "The request header did not arrive in time; send it at once."};
inline constexpr Violation late_body{
    408, "body-timeout", "The request body did not arrive in time; send it at once.", body};
inline constexpr Violation body_too_large{
    413, "body-too-large", "The body is larger than this service accepts; send less data.", body};
inline constexpr Violation bad_body{400, "body-framing",
                                    "The body is not framed as its header says.", body};
inline constexpr Violation too_many_large_bodies{
    503, "large-bodies", "Too many large requests are being read; try again in a moment.", body};
inline constexpr Violation no_memory{503, "memory",
                                     "The service is short of memory; try again in a moment.", ""};
/// For every token that is not accepted, whatever the reason.
inline constexpr Violation no_good_token{
    401, "token",
    "The call needs a token that this service accepts: a fresh JWT of a registered client for "
    "exactly this address, as Authorization: Bearer.",
    "Authorization"};
inline constexpr Violation not_granted{403, "not-granted",
                                       "This client was not granted the service.", ""};
inline constexpr Violation too_many_calls{429, "rate", "Too many calls; try again in a moment.",
                                          ""};
inline constexpr Violation no_keys{
    503, "keys-unavailable", "The client's keys cannot be had now; try again in a moment.", ""};
inline constexpr Violation no_replay_store{
    503, "replay-store", "Tokens cannot be recorded now; try again in a moment.", ""};

}  // namespace cds::server::refusals

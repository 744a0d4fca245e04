#pragma once
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hooks/engine.hpp"

// What is known of the clients that speak CDS Hooks, each under a name: data that fills the
// switches of a client (docs/dialects.md).

namespace cds::hooks {

struct Profile {
    std::string_view name;
    std::string_view sentence;  ///< whom it is for, and what it changes
    void (*apply)(Client&);
};

/// One thing that a client can be given beside its profile.
struct Switch {
    std::string_view name;
    std::string_view sentence;
    void (*apply)(Client&);
};

std::span<Profile const> profiles();
std::span<Switch const> switches();

/// A client without id and language, as the profile has it. Fails with `not_found`; the text names
/// the profiles.
base::Result<Client> profile(std::string_view name);

/// Turns on one switch of a client. Fails with `not_found`; the text names the switches.
base::Result<void> turn_on(std::string_view name, Client& client);

}  // namespace cds::hooks

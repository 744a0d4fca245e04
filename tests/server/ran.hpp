#pragma once
#include <gtest/gtest.h>

#include <cstdio>
#include <string>
#include <vector>

#include "server/commands.hpp"

namespace cds::server::test {

/// What a command left behind.
struct Ran {
    int status = 0;
    std::string out, error;
};

/// Runs a command as a person starts it.
inline Ran run(int (*command)(Arguments), std::vector<std::string> const& words) {
    std::vector<char const*> arguments{"command"};
    for (auto const& word : words) arguments.push_back(word.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    Ran ran;
    ran.status = command(arguments);
    std::fflush(stdout);
    ran.out = testing::internal::GetCapturedStdout();
    ran.error = testing::internal::GetCapturedStderr();
    return ran;
}

}  // namespace cds::server::test

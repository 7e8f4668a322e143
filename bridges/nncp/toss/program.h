// SPDX-License-Identifier: Apache-2.0
// Runs a program to its end, without a shell.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::nncp {

struct Program {
    std::vector<std::string> words;        // program and arguments; without a slash it is searched
    std::vector<std::string> environment;  // "NAME=value", nothing else
    int input = -1;                        // what it reads; -1: nothing
    std::chrono::seconds patience{3600};   // then it is killed with its children
};

struct Ended {
    int status = -1;     // of its exit; -1: by a signal, or killed
    std::string output;  // what it said on both, the first 64 KiB
    bool too_slow = false;
};

// An Error: it could not be started. Working directory and umask are those of this process. What
// it leaves running in the background is not waited for.
Result<Ended> run_program(const Program& program);

}  // namespace waypost::nncp

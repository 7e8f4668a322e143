// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/interrupt.h"

#include <csignal>

namespace waypost::cli {
namespace {

volatile std::sig_atomic_t times = 0;

extern "C" void interrupt(int) { times = times + 1; }

}  // namespace

void catch_interrupts() {
    struct sigaction action {};
    action.sa_handler = interrupt;
    ::sigaction(SIGINT, &action, nullptr);
    ::sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = SIG_IGN;
    ::sigaction(SIGPIPE, &action, nullptr);
}

int interrupted() { return times; }

}  // namespace waypost::cli

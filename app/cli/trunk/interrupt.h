// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM end a tool's loop instead of the program, so that it can say what it counted.
#pragma once

namespace waypost::cli {

void catch_interrupts();  // and writes to who no longer reads are errors instead of the end
int interrupted();        // how often so far

}  // namespace waypost::cli

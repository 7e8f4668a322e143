// SPDX-License-Identifier: Apache-2.0
// Bytes of a host through a pipe's end (radio/trunk/tools/pipe_end.h) and an open radio.
#pragma once

#include "app/cli/cli.h"
#include "app/cli/trunk/radio_options.h"

namespace waypost::cli {

struct PipeOptions {
    RadioOptions radio;
    bool serial = false;
    std::string link;
    double wait_s = 0;  // for the other end's first word; 0: for ever
    double give_up_s = 600;
    double linger_s = 5;
    bool wait_for_eof = false;
};

// Until all of both directions arrived, or it is known that not all will: then the status is 1.
void pipe_loop(const PipeOptions& options, Context& context);

}  // namespace waypost::cli

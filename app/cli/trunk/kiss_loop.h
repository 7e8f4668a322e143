// SPDX-License-Identifier: Apache-2.0
// Programs that speak KISS use the modem as their TNC.
#pragma once

#include "app/cli/cli.h"
#include "app/cli/trunk/radio_options.h"

namespace waypost::cli {

struct KissOptions {
    RadioOptions radio;
    std::string listen;  // empty: a terminal
    std::string link;
};

void kiss_loop(const KissOptions& options, Context& context);

}  // namespace waypost::cli

// SPDX-License-Identifier: Apache-2.0
// `waypost nncp ...` and `waypost usb ...`, run by waypost. Exit status: 0, 1 failed, 2 usage.
#include <malloc.h>

#include "app/cli/nncp_cli.h"

int main(int argc, char** argv) {
    ::mallopt(M_ARENA_MAX, 2);  // threads here wait more than they work
    waypost::cli::Context context;
    CLI::App app{"Waypost, the post office of a village", "waypost"};
    app.add_option("--config", context.config_file, "configuration file of the box");
    app.add_flag("--json", context.json, "answers for programs");
    app.require_subcommand(1);
    app.fallthrough();
    waypost::cli::add_nncp(app, context);
    waypost::cli::add_usb(app, context);
    return waypost::cli::run(app, context, argc, argv);
}

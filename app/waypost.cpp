// SPDX-License-Identifier: Apache-2.0
// The command line. Exit status: 0, 1 failed, 2 usage.
#include <iostream>

#include "app/cli/cli.h"
#include "app/cli/nncp_cli.h"

int main(int argc, char** argv) {
    waypost::cli::Context context;
    CLI::App app{"Waypost, the post office of a village"};
    app.add_option("--config", context.config_file, "configuration file");
    app.add_flag("--json", context.json, "answers for programs");
    app.require_subcommand(1);
    app.fallthrough();
    waypost::cli::add_config(app, context);
    waypost::cli::add_status(app, context);
    waypost::cli::add_messages(app, context);
    waypost::cli::add_attachments(app, context);
    waypost::cli::add_people(app, context);
    waypost::cli::add_neighbours(app, context);
    waypost::cli::add_groups(app, context);
    waypost::cli::add_turns(app, context);
    waypost::cli::add_mail_server(app, context);
    waypost::cli::add_alarms(app, context);
    waypost::cli::add_store(app, context);
    waypost::cli::add_tools(app, context);
    waypost::cli::add_nncp(app, context);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& e) {
        return app.exit(e) == 0 ? 0 : 2;
    } catch (const std::exception& e) {
        std::cerr << "waypost: " << e.what() << '\n';
        return 1;
    }
    return context.status;
}

// SPDX-License-Identifier: Apache-2.0
// The command line.
#include <unistd.h>

#include <filesystem>
#include <iostream>
#include <string_view>

#include "app/cli/cli.h"
#include "app/command_line.h"

namespace {

// `waypost nncp` and `usb` are a program beside this one, because on a small box it should take no
// more memory than nncp itself. Returns only if something else is wanted, or it cannot be run.
void become_nncp(char** argv) {
    int at = 1;
    for (; argv[at] != nullptr && argv[at][0] == '-'; ++at)
        if (std::string_view(argv[at]) == "--config" && argv[at + 1] != nullptr) ++at;
    const std::string_view command = argv[at] != nullptr ? argv[at] : "";
    if (command != "nncp" && command != "usb") return;
    std::error_code none;
    const auto self = std::filesystem::read_symlink("/proc/self/exe", none);
    ::execv((self.parent_path() / "waypost-nncp").c_str(), argv);
    std::cerr << "waypost: waypost-nncp is not beside " << self.string() << '\n';
    ::_exit(1);
}

}  // namespace

namespace waypost {

bool called_as_command_line(const char* name) {
    return name != nullptr && std::filesystem::path(name).filename() == "waypost";
}

int command_line(int argc, char** argv) {
    become_nncp(argv);
    waypost::cli::Context context;
    CLI::App app{"Waypost, the post office of a village"};
    app.add_option("--config", context.config_file, "configuration file");
    app.add_flag("--json", context.json, "answers for programs");
    app.require_subcommand(1);
    app.fallthrough();
    waypost::cli::add_config(app, context);
    waypost::cli::add_status(app, context);
    waypost::cli::add_console(app, context);
    waypost::cli::add_messages(app, context);
    waypost::cli::add_attachments(app, context);
    waypost::cli::add_people(app, context);
    waypost::cli::add_neighbours(app, context);
    waypost::cli::add_care(app, context);
    waypost::cli::add_groups(app, context);
    waypost::cli::add_turns(app, context);
    waypost::cli::add_mail_server(app, context);
    waypost::cli::add_chat_server(app, context);
    waypost::cli::add_fediverse_account(app, context);
    waypost::cli::add_alarms(app, context);
    waypost::cli::add_store(app, context);
    waypost::cli::add_store_copy(app, context);
    waypost::cli::add_tools(app, context);
    waypost::cli::add_trunk(app, context);
    waypost::cli::add_decode(app, context);
    app.add_subcommand("nncp",
                       "packets for other nodes, on sticks and by calls, as the tools of nncp");
    app.add_subcommand("usb", "exchange packets with a stick or a directory");
    return waypost::cli::run(app, context, argc, argv);
}

}  // namespace waypost

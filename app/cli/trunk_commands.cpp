// SPDX-License-Identifier: Apache-2.0
// What two operators need to pair their boxes, and tools for a radio. No daemon.
#include <memory>

#include "app/cli/cli.h"
#include "app/cli/trunk/tools.h"
#include "radio/trunk/pairing.h"

namespace waypost::cli {

void add_trunk(CLI::App& app, Context& context) {
    auto* group = app.add_subcommand("trunk", "links to neighbours over frame radios");
    group->require_subcommand(1);
    add_trunk_listen(*group, context);
    add_trunk_ping(*group, context);
    add_trunk_survey(*group, context);
    add_trunk_pipe(*group, context);
    auto number = std::make_shared<int>(1);
    auto* code = group->add_subcommand(
        "code", "a new pairing code: for the code_file of both boxes, by paper or eye, not by air");
    code->add_option("--link", *number, "another number for each link of a box")
        ->check(CLI::Range(1, 255));
    code->callback([&context, number] {
        const auto random = system_random();
        const std::string text =
            trunk::pairing_code(trunk::new_pairing(*random, static_cast<std::uint8_t>(*number)));
        if (!context.json) return print(text);
        Json object;
        object.set("code", text);
        print_json(object);
    });
}

}  // namespace waypost::cli

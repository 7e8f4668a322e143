// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

void print_neighbour(const Json& n) {
    std::string line = n.getValue<std::string>("name");
    for (const auto& domain : *n.getArray("domains")) line += ' ' + domain.toString();
    const auto heard = n.getValue<Poco::Int64>("heard_ms");
    line += ": " + n.getValue<std::string>("messages_today") + " of " +
            n.getValue<std::string>("messages_per_day") + " messages today, " +
            (heard == 0 ? "never heard" : "heard " + ago(heard));
    print(line);
    const auto alarm_ms = n.getValue<Poco::Int64>("alarm_ms");
    if (alarm_ms != 0) {
        print("  " + ago(alarm_ms) + ", message " + n.getValue<std::string>("alarm") + ": " +
              n.getValue<std::string>("alarm_text"));
    }
    if (const auto stolen_ms = n.getValue<Poco::Int64>("stolen_ms"); stolen_ms != 0)
        print("  STOLEN, said " + n.getValue<std::string>("stolen_by") + ' ' + ago(stolen_ms) +
              ": its keys are revoked, what is for it is held");
    if (const auto problem = n.getValue<std::string>("problem"); !problem.empty())
        print("  problem " + ago(n.getValue<Poco::Int64>("problem_ms")) + ": " + problem);
}

void list(Context& context) {
    const auto reply = ask(context, "GET", "/neighbours");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto all = (*reply)->getArray("neighbours");
    if (all->size() == 0) print("None. A neighbour is a section [neighbour.NAME] of the settings.");
    for (unsigned i = 0; i < all->size(); ++i) print_neighbour(*all->getObject(i));
}

void stolen(Context& context, const std::string& name) {
    const auto reply = ask(context, "POST", "/neighbours/" + encode(name) + "/stolen");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    print("The keys of " + name + " are revoked, " + (*reply)->getValue<std::string>("held") +
          " held for it. Undone only by a new pairing: `waypost neighbours paired " + name + "`.");
    if (!(*reply)->getValue<bool>("restarts")) print("Restart the gateway: its links end then.");
}

void paired(Context& context, const std::string& name) {
    const auto reply = ask(context, "POST", "/neighbours/" + encode(name) + "/paired");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    print(name + " is a neighbour again, " + (*reply)->getValue<std::string>("released") +
          " go on.");
}

}  // namespace

void add_neighbours(CLI::App& app, Context& context) {
    auto* neighbours = app.add_subcommand(
        "neighbours", "villages this one is linked with: today's mail, alarms, problems");
    neighbours->add_subcommand("list", "the same");
    const auto name = std::make_shared<std::string>();
    auto* stolen_command = neighbours->add_subcommand(
        "stolen", "its box was stolen: its keys are revoked, what waits for it is held");
    stolen_command->add_option("NAME", *name, "of [neighbour.NAME]")->required();
    stolen_command->callback([&context, name] { stolen(context, *name); });
    auto* paired_command = neighbours->add_subcommand(
        "paired", "after that: it has new keys, in the settings here too, and is trusted again");
    paired_command->add_option("NAME", *name, "as above")->required();
    paired_command->callback([&context, name] { paired(context, *name); });
    neighbours->require_subcommand(0, 1);
    neighbours->callback([&context, neighbours] {
        if (neighbours->get_subcommands().empty() || neighbours->got_subcommand("list"))
            list(context);
    });
}

}  // namespace waypost::cli

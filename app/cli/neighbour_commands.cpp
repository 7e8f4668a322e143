// SPDX-License-Identifier: Apache-2.0
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

}  // namespace

void add_neighbours(CLI::App& app, Context& context) {
    auto* neighbours = app.add_subcommand(
        "neighbours", "villages this one is linked with: today's mail, alarms, problems");
    neighbours->add_subcommand("list", "the same");
    neighbours->require_subcommand(0, 1);
    neighbours->callback([&context] { list(context); });
}

}  // namespace waypost::cli

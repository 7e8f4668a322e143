// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

void list_turns(Context& context) {
    print_list(context, "/turns", "accounts", "Nobody used airtime lately.", [](const Json& o) {
        const auto tenths = o.getValue<Poco::Int64>("left_ms") / 100;
        return o.getValue<std::string>("network") + ' ' + o.getValue<std::string>("who") + ' ' +
               std::to_string(static_cast<double>(tenths) / 10).substr(0, tenths < 0 ? 5 : 4) +
               " s left";
    });
}

}  // namespace

void add_quiet(CLI::App& people, Context& context) {
    struct Fields {
        std::string handle, hours;
    };
    auto f = std::make_shared<Fields>();
    auto* quiet = people.add_subcommand("quiet", "hours in which only alarms go to his radio");
    quiet->add_option("HANDLE", f->handle)->required();
    quiet->add_option("HOURS", f->hours, "22:00-06:00, or off; without: as the village has them");
    quiet->callback([&context, f] {
        Json::Ptr body = new Json;
        body->set("hours", f->hours);
        finish(context, ask(context, "PUT", "/people/" + encode(f->handle) + "/quiet", body),
               f->hours.empty() ? f->handle + " has the quiet hours of the village."
                                : "Quiet hours of " + f->handle + ": " + f->hours);
    });
}

void add_turns(CLI::App& app, Context& context) {
    app.add_subcommand("turns", "what is left in the accounts of airtime that were used lately")
        ->callback([&context] { list_turns(context); });
}

}  // namespace waypost::cli

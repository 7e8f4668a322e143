// SPDX-License-Identifier: Apache-2.0
#include "app/cli/cli.h"
#include "gateway/message/text.h"

namespace waypost::cli {
namespace {

std::string transport_line(const Json& t) {
    std::string line =
        "  " + t.getValue<std::string>("id") + ": " + (t.getValue<bool>("up") ? "works" : "DOWN");
    const auto why = t.getValue<std::string>("why");
    if (!why.empty()) line += " (" + why + ')';
    if (t.getValue<bool>("airtime_limited")) {
        line += ", airtime " +
                short_time(std::chrono::milliseconds(t.getValue<Poco::Int64>("airtime_used_ms"))) +
                " used, " +
                short_time(std::chrono::milliseconds(t.getValue<Poco::Int64>("airtime_left_ms"))) +
                " left this hour";
    }
    return line;
}

void status(Context& context) {
    const auto reply = ask(context, "GET", "/status");
    if (!reply.ok()) return fail(context, reply.error());
    const Json& o = **reply;
    if (context.json) return print_json(o);
    print("Post office of " + o.getValue<std::string>("village") + " (" +
          o.getValue<std::string>("domain") + ")");
    const auto transports = o.getArray("transports");
    if (transports->size() == 0)
        print("  no radio and no mail set up yet: see `waypost config reference`");
    for (unsigned i = 0; i < transports->size(); ++i) {
        const auto t = transports->getObject(i);
        print(transport_line(*t));
        const auto details = t->getObject("details");
        for (const auto& key : details->getNames())
            print("      " + key + ": " + details->getValue<std::string>(key));
    }
    const auto counts = o.getArray("deliveries");
    if (counts->size() == 0) print("  nothing waits");
    for (unsigned i = 0; i < counts->size(); ++i) {
        const auto c = counts->getObject(i);
        print("  " + c->getValue<std::string>("count") + ' ' + c->getValue<std::string>("state") +
              " on " + c->getValue<std::string>("network"));
    }
    print("  disk free: " + short_size(o.getValue<Poco::UInt64>("disk_free")));
    if (const auto doubt = o.getValue<std::string>("time_doubt"); !doubt.empty()) {
        print("  TIME IN DOUBT: " + doubt + ". Nothing expires until `waypost time confirm`.");
    }
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
    app.add_subcommand("status", "what works, what waits, airtime left")->callback([&] {
        status(context);
    });
    auto* time = app.add_subcommand("time", "the box's clock");
    time->require_subcommand(1);
    time->add_subcommand("confirm", "the clock is right: expiry goes on")->callback([&] {
        finish(context, ask(context, "POST", "/time/confirm"), "The clock is taken as right.");
    });
}

}  // namespace waypost::cli

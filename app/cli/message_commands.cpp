// SPDX-License-Identifier: Apache-2.0
#include <iostream>
#include <iterator>
#include <memory>

#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

struct SendOptions {
    std::string from, subject;
    std::vector<std::string> to;
    int priority = 2;
};

void send(Context& context, const SendOptions& options) {
    Json::Ptr body = new Json;
    Poco::JSON::Array to;
    for (const std::string& each : options.to) to.add(each);
    body->set("from", options.from);
    body->set("to", to);
    body->set("subject", options.subject);
    body->set("priority", options.priority);
    body->set("text", std::string(std::istreambuf_iterator<char>(std::cin), {}));
    const auto reply = ask(context, "POST", "/messages", body);
    if (!reply.ok()) return fail(context, reply.error());
    bool all_kept = true;
    const auto verdicts = (*reply)->getArray("verdicts");
    for (unsigned i = 0; i < verdicts->size(); ++i) {
        const auto v = verdicts->getObject(i);
        const auto verdict = v->getValue<std::string>("verdict");
        if (verdict == "accepted" || verdict == "duplicate") continue;
        all_kept = false;
        if (!context.json) {
            std::cerr << "waypost: " << v->getValue<std::string>("to") << ": "
                      << v->getValue<std::string>("text") << '\n';
        }
    }
    context.status = all_kept ? 0 : 1;
    if (context.json) return print_json(**reply);
    if ((*reply)->has("id")) print((*reply)->getValue<std::string>("id"));
}

void trace(Context& context, const std::string& id) {
    const auto reply = ask(context, "GET", "/messages/" + encode(id) + "/trace");
    if (!reply.ok()) return fail(context, reply.error());
    const Json& o = **reply;
    if (context.json) return print_json(o);
    const auto owner = o.getValue<std::string>("owner");
    print("Message " + id + " from " + (owner.empty() ? o.getValue<std::string>("from") : owner) +
          ", " + o.getValue<std::string>("bytes") + " bytes, " +
          o.getValue<std::string>("privacy"));
    const auto deliveries = o.getArray("deliveries");
    for (unsigned i = 0; i < deliveries->size(); ++i) {
        const auto d = deliveries->getObject(i);
        const auto privacy = d->getValue<std::string>("privacy");
        print("  to " + d->getValue<std::string>("to") + " over " +
              d->getValue<std::string>("network") + ": " + d->getValue<std::string>("state") +
              (privacy.empty() ? "" : ", " + privacy) + ", delivery " +
              d->getValue<std::string>("id"));
    }
    const auto events = o.getArray("events");
    for (unsigned i = 0; i < events->size(); ++i) {
        const auto e = events->getObject(i);
        std::string line = "    " + ago(e->getValue<Poco::Int64>("at_ms"));
        line.resize(std::max<std::size_t>(line.size() + 1, 16), ' ');
        line += e->getValue<std::string>("event") + " [" + e->getValue<std::string>("proof") + ']';
        for (const char* key : {"transport", "code", "detail"}) {
            if (const auto text = e->getValue<std::string>(key); !text.empty()) line += ' ' + text;
        }
        if (const auto privacy = e->getValue<std::string>("privacy"); !privacy.empty())
            line += ", " + privacy;
        print(line);
    }
}

constexpr unsigned kListed = 200;

void queue(Context& context, const std::string& state, const std::string& after) {
    const auto reply = ask(context, "GET",
                           "/queue?limit=" + std::to_string(kListed) + "&after=" + encode(after) +
                               (state.empty() ? "" : "&state=" + encode(state)));
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto rows = (*reply)->getArray("deliveries");
    if (rows->size() == 0) return print("Nothing there.");
    for (unsigned i = 0; i < rows->size(); ++i) {
        const auto d = rows->getObject(i);
        std::string line =
            d->getValue<std::string>("id") + "  " + d->getValue<std::string>("state") + "  to " +
            d->getValue<std::string>("to") + "  " + ago(d->getValue<Poco::Int64>("created_ms"));
        if (const auto why = d->getValue<std::string>("detail"); !why.empty())
            line += "  (" + why + ')';
        print(line);
    }
    if (rows->size() == kListed) {
        const auto last = rows->getObject(kListed - 1)->getValue<std::string>("id");
        print("More: waypost queue list " + (state.empty() ? "" : state + ' ') + "--after " + last);
    }
}

}  // namespace

void add_messages(CLI::App& app, Context& context) {
    auto* sender = app.add_subcommand("send", "send what stands on standard input");
    auto options = std::make_shared<SendOptions>();
    sender->add_option("--from", options->from, "a handle, or an address")->required();
    sender->add_option("--to", options->to, "handles or addresses")->required();
    sender->add_option("--subject", options->subject);
    sender->add_option("--priority", options->priority, "0 alarm, 1 urgent, 2 normal, 3 bulk")
        ->check(CLI::Range(0, 3));
    sender->callback([&context, options] { send(context, *options); });

    auto id = std::make_shared<std::string>();
    auto* tracer = app.add_subcommand("trace", "every step of a message");
    tracer->add_option("ID", *id)->required();
    tracer->callback([&context, id] { trace(context, *id); });

    auto* queued = app.add_subcommand("queue", "the deliveries that have not ended");
    auto state = std::make_shared<std::string>();
    auto after = std::make_shared<std::string>("0");
    queued->require_subcommand(0, 1);
    auto* list = queued->add_subcommand("list", "those in a state, or all there ever were");
    list->add_option("STATE", *state, "held, ready, sent, ... or all");
    list->add_option("--after", *after, "begin behind this number")->check(CLI::NonNegativeNumber);
    list->callback([&context, state, after] { queue(context, *state, *after); });
    auto row = std::make_shared<std::string>();
    for (const char* what : {"hold", "release", "bump", "cancel", "retry"}) {
        auto* one = queued->add_subcommand(what, std::string(what) + " one delivery");
        one->add_option("ID", *row)->required();
        one->callback([&context, row, what = std::string(what)] {
            finish(context, ask(context, "POST", "/queue/" + encode(*row) + '/' + what),
                   "Done: " + what + ' ' + *row);
        });
    }
    queued->callback([&context, queued] {
        if (queued->get_subcommands().empty()) queue(context, {}, "0");
    });
}

}  // namespace waypost::cli

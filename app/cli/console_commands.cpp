// SPDX-License-Identifier: Apache-2.0
#include "app/cli/cli.h"

namespace waypost::cli {
namespace {

void claim_code(Context& context) {
    const auto reply = ask(context, "POST", "/claim-code");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    print("Claim code: " + (*reply)->getValue<std::string>("code"));
    print("Open the console in a browser and type it in: who does so looks after this box.");
}

void sessions(Context& context) {
    print_list(context, "/sessions", "sessions", "Nobody is signed in.", [](const Json& o) {
        return o.getValue<std::string>("id") + "  " + o.getValue<std::string>("handle") +
               ", used " + ago(o.getValue<Poco::Int64>("used_ms")) + ", " +
               o.getValue<std::string>("agent");
    });
}

void audit(Context& context) {
    print_list(context, "/audit", "entries", "Nothing was done by the console yet.",
               [](const Json& o) {
                   const auto who = o.getValue<std::string>("who");
                   return ago(o.getValue<Poco::Int64>("at_ms")) + "  " +
                          (who.empty() ? "on the box" : who) + "  " +
                          o.getValue<std::string>("what") + "  " + o.getValue<std::string>("about");
               });
}

}  // namespace

void add_console(CLI::App& app, Context& context) {
    auto* console = app.add_subcommand("console", "the page for a browser: who may open it");
    console->require_subcommand(1);
    console->add_subcommand("claim-code", "a code that makes whoever types it in administrator")
        ->callback([&context] { claim_code(context); });
    console->add_subcommand("sessions", "browsers that are signed in")->callback([&context] {
        sessions(context);
    });
    auto id = std::make_shared<std::string>();
    auto* end = console->add_subcommand("sign-out", "ends one of them");
    end->add_option("SESSION", *id)->required();
    end->callback([&context, id] {
        finish(context, ask(context, "DELETE", "/sessions/" + encode(*id)), "It is ended.");
    });
    console->add_subcommand("audit", "what was done there, newest first")->callback([&context] {
        audit(context);
    });
}

}  // namespace waypost::cli

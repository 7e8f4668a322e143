// SPDX-License-Identifier: Apache-2.0
#include "app/cli/cli.h"
#include "gateway/base/local_time.h"

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

std::string days_of(const Json& o) {
    if (!o.has("days_left")) return "the clock of this box is not known";
    const int days = o.getValue<int>("days_left");
    return days < 0 ? "it has ended" : std::to_string(days) + " days left";
}

void certificate(Context& context) {
    const auto reply = ask(context, "GET", "/certificate");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const Json& o = **reply;
    if (!o.getValue<bool>("tls"))
        return print("The console has no TLS: `tls_listen` of [console].");
    std::string names;
    const auto all = o.getArray("names");
    for (unsigned i = 0; i < all->size(); ++i)
        names += (i > 0 ? ", " : "") + all->getElement<std::string>(i);
    print("For:       " + names);
    print("By:        " + o.getValue<std::string>("issuer") +
          (o.getValue<bool>("accepted") ? "" : " (browsers warn of it)"));
    print("Until:     " + local_date_time(o.getValue<Poco::Int64>("not_after_ms")) + ", " +
          days_of(o));
    print("SHA-256:   " + o.getValue<std::string>("fingerprint"));
    const auto problem = o.getValue<std::string>("problem");
    if (!problem.empty()) print("Problem:   " + problem);
    if (o.has("next_try_min"))
        print("Next try:  in " + std::to_string(o.getValue<int>("next_try_min")) + " min");
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
    console->add_subcommand("certificate", "what the console shows with TLS")->callback([&context] {
        certificate(context);
    });
    console->add_subcommand("renew-certificate", "asks the authority now")->callback([&context] {
        finish(context, ask(context, "POST", "/certificate/renew"),
               "It is being asked: see `waypost console certificate`.");
    });
    console->add_subcommand("audit", "what was done there, newest first")->callback([&context] {
        audit(context);
    });
}

}  // namespace waypost::cli

// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "app/cli/cli.h"
#include "gateway/message/text.h"

namespace waypost::cli {
namespace {

struct Fields {
    std::string id, text, handle;
    bool all = false;
};

std::string words_of(const Json& o, const char* key) {
    std::string all;
    for (const auto& each : *o.getArray(key)) all += (all.empty() ? "" : " ") + each.toString();
    return all.empty() ? "nobody" : all;
}

void print_alarm(const Json& a) {
    const int callers = a.getValue<int>("callers");
    std::string line = "ALARM " + a.getValue<std::string>("id") + ' ' +
                       a.getValue<std::string>("state") + ", " + a.getValue<std::string>("who");
    if (callers > 1) line += " and " + std::to_string(callers - 1) + " others";
    line +=
        ", " + ago(a.getValue<Poco::Int64>("opened_ms")) + ": " + a.getValue<std::string>("text");
    if (const auto place = a.getValue<std::string>("place"); !place.empty()) line += ' ' + place;
    print(line);
    print("  told: " + words_of(a, "told") + "; on the radio of: " + words_of(a, "heard") +
          "; repeats: " + a.getValue<std::string>("repeats"));
    if (const auto by = a.getValue<std::string>("acknowledged_by"); !by.empty())
        print("  acknowledged by " + by + ' ' + ago(a.getValue<Poco::Int64>("acknowledged_ms")) +
              ": " + a.getValue<std::string>("answer"));
    if (a.getValue<Poco::Int64>("all_clear_ms") != 0)
        print("  all clear, says " + a.getValue<std::string>("who"));
    if (const auto by = a.getValue<std::string>("closed_by"); !by.empty())
        print("  closed by " + by + ' ' + ago(a.getValue<Poco::Int64>("closed_ms")));
}

void list(Context& context, bool all) {
    const auto reply = ask(context, "GET", all ? "/alarms?all=1" : "/alarms");
    if (!reply.ok()) return fail(context, reply.error());
    if (context.json) return print_json(**reply);
    const auto alarms = (*reply)->getArray("alarms");
    if (alarms->size() == 0) print(all ? "No alarm on record." : "No open alarm.");
    for (unsigned i = 0; i < alarms->size(); ++i) print_alarm(*alarms->getObject(i));
    const auto rest = (*reply)->getArray("not_closed");
    if (rest.isNull() || rest->size() == 0) return;
    print("Acknowledged more than a day ago, and not closed (waypost alarms close N):");
    for (unsigned i = 0; i < rest->size(); ++i) print_alarm(*rest->getObject(i));
}

void acknowledge(Context& context, const Fields& fields) {
    Json::Ptr body = new Json;
    body->set("text", fields.text);
    finish(context, ask(context, "POST", "/alarms/" + encode(fields.id) + "/acknowledge", body),
           "Acknowledged: it is not repeated, and who called is told.");
}

void list_checks(Context& context) {
    print_list(context, "/check-ins", "check_ins", "None.", [](const Json& c) {
        std::string line = c.getValue<std::string>("person") + ": ";
        line += c.getValue<int>("told") > 0
                    ? "SILENT, told"
                    : short_time(std::chrono::milliseconds(c.getValue<Poco::Int64>("left_ms"))) +
                          " left, then told:";
        const auto contacts = words_of(c, "contacts");
        return line + ' ' + (contacts == "nobody" ? "the responders" : contacts);
    });
}

}  // namespace

void add_alarms(CLI::App& app, Context& context) {
    auto fields = std::make_shared<Fields>();
    auto* alarms = app.add_subcommand("alarms", "open alarms, or list, acknowledge or close one");
    alarms->require_subcommand(0, 1);
    alarms->add_flag("--all", fields->all, "those that ended too");
    alarms->add_subcommand("list", "open alarms")->callback([&context, fields] {
        list(context, fields->all);
    });
    auto* have = alarms->add_subcommand("ack", "you have it: no more repeats, its caller is told");
    have->add_option("id", fields->id, "its number in the list")->required();
    have->add_option("text", fields->text, "what its caller reads");
    have->callback([&context, fields] { acknowledge(context, *fields); });
    auto* close = alarms->add_subcommand("close", "it is over");
    close->add_option("id", fields->id, "its number in the list")->required();
    close->callback([&context, fields] {
        finish(context, ask(context, "POST", "/alarms/" + encode(fields->id) + "/close"),
               "Closed: callers and responders are told.");
    });
    alarms->callback([&context, fields, alarms] {
        if (alarms->get_subcommands().empty()) list(context, fields->all);
    });
    auto* checks = app.add_subcommand("check-ins", "who is told if a person is silent");
    checks->require_subcommand(0, 1);
    auto* end = checks->add_subcommand("end", "ends a person's check-in");
    end->add_option("handle", fields->handle, "whose")->required();
    end->callback([&context, fields] {
        finish(context, ask(context, "DELETE", "/check-ins/" + encode(fields->handle)),
               "Ended: his silence is told to nobody.");
    });
    checks->callback([&context, checks] {
        if (checks->get_subcommands().empty()) list_checks(context);
    });
}

}  // namespace waypost::cli

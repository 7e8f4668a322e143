// SPDX-License-Identifier: Apache-2.0
#include <ctime>

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

void responder_warnings(const Json& o) {
    const auto missing = o.getArray("responders_unreachable");
    for (unsigned i = 0; i < missing->size(); ++i) {
        const auto handle = missing->getElement<std::string>(i);
        print("  NO ALARM REACHES " + handle + ", who is to be told of them: waypost people add " +
              handle + " --radio meshtastic:!NUMBER");
    }
    if (o.getArray("responders")->size() == 0)
        print(
            "  ALARMS REACH NOBODY: name `responders` or `operators` under [box] who have a "
            "radio.");
}

// What the operator has to do something about.
void warnings(const Json& o) {
    if (o.getValue<bool>("disk_full")) {
        print(
            "  DISK FULL: nothing new is taken; what is kept goes on. Make room, or lower "
            "keep_free.");
    }
    if (const auto problem = o.getValue<std::string>("store_problem"); !problem.empty()) {
        print("  THE STORE CANNOT WRITE: " + problem + ". Senders are told to try again.");
    }
    if (const auto doubt = o.getValue<std::string>("time_doubt"); !doubt.empty()) {
        print("  TIME UNKNOWN: " + doubt +
              ". Nothing expires until the network, a radio with GPS or `waypost time set` tells "
              "it; if the clock is right: `waypost time confirm`.");
    }
    responder_warnings(o);
    const auto alarms = o.getArray("neighbours_alarms");
    for (unsigned i = 0; i < alarms->size(); ++i) {
        const auto alarm = alarms->getObject(i);
        print("  " + alarm->getValue<std::string>("text") + " (" +
              ago(alarm->getValue<Poco::Int64>("time_ms")) + ", message " +
              alarm->getValue<std::string>("message") + ')');
    }
    if (const int open = o.getValue<int>("open_alarms"); open > 0)
        print("  OPEN ALARMS: " + std::to_string(open) + ". See: waypost alarms");
    const auto keys = o.getArray("changed_keys");
    for (unsigned i = 0; i < keys->size(); ++i) {
        const auto key = keys->getObject(i);
        const auto person = key->getValue<std::string>("person");
        const auto address = key->getValue<std::string>("address");
        print("  KEY CHANGED: " + address + (person.empty() ? "" : " of " + person) +
              ". What goes to it waits, what it says counts as a stranger's. Ask its owner; if he "
              "reset it: waypost people confirm " +
              address + "; if not, it was somebody else: waypost people reject " + address);
    }
}

void backup_line(const Json& o) {
    const auto last = o.getValue<std::string>("last");
    std::string line = "  copies of the box to " + o.getValue<std::string>("to") + ": ";
    line += last.empty() ? "none yet" : last + ", " + ago(o.getValue<Poco::Int64>("last_ms"));
    if (!o.getValue<bool>("here")) line += "; nothing to write to is there";
    print(line);
    const auto problem = o.getValue<std::string>("problem");
    if (!problem.empty()) print("  NO COPY OF THE BOX: " + problem);
}

void worker_lines(const Poco::JSON::Array& workers) {
    for (unsigned i = 0; i < workers.size(); ++i) {
        const auto each = workers.getObject(i);
        print("  worker " + each->getValue<std::string>("name") + " (" +
              each->getValue<std::string>("release") + "), began " +
              ago(each->getValue<Poco::Int64>("began_ms")) +
              (each->getValue<bool>("has_work") ? ": has the work" : ": waits to take over"));
    }
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
    if (const auto power = o.getObject("power"))
        print("  " + power->getValue<std::string>("words"));
    if (const auto backups = o.getObject("own_backups")) backup_line(*backups);
    if (const auto workers = o.getArray("workers")) worker_lines(*workers);
    print("  disk free: " + short_size(o.getValue<Poco::UInt64>("disk_free")));
    warnings(o);
}

void matter_line(const Json& matter) {
    const auto detail = matter.getValue<std::string>("detail");
    print("  " + matter.getValue<std::string>("text") +
          (detail.empty() ? "" : " (" + detail + ')') + ", began " +
          ago(matter.getValue<Poco::Int64>("since_ms")));
}

// Exit status 1: the box is down, or, with `strict`, anything needs somebody.
void health(Context& context, bool strict) {
    const auto reply = ask(context, "GET", "/health/matters");
    if (!reply.ok()) return fail(context, reply.error());
    const Json& o = **reply;
    const auto health = o.getValue<std::string>("health");
    if (health == "down" || (strict && health != "ok")) context.status = 1;
    if (context.json) return print_json(o);
    print(health);
    const auto matters = o.getArray("matters");
    for (unsigned i = 0; i < matters->size(); ++i) matter_line(*matters->getObject(i));
    const auto told = o.getArray("told");
    bool anybody = false;
    for (unsigned i = 0; i < told->size(); ++i)
        anybody = anybody || told->getObject(i)->getValue<bool>("radio") ||
                  told->getObject(i)->getValue<bool>("mail") ||
                  told->getObject(i)->getValue<bool>("other");
    if (!anybody)
        print(
            "  NOBODY IS TOLD: name `to` under [alerts], or `operators` under [box] who have a "
            "radio or a mail address.");
}

void set_time(Context& context, const std::string& text) {
    std::tm utc{};
    const char* end = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%SZ", &utc);
    if (end == nullptr || *end != '\0')
        return fail(context, {Code::BadInput, "a time looks like 2026-11-28T14:05:00Z", false}, 2);
    Json::Ptr body = new Json;
    body->set("time_ms", Poco::Int64(::timegm(&utc)) * 1000);
    finish(context, ask(context, "PUT", "/time", body), "The time is set.");
}

}  // namespace

void add_status(CLI::App& app, Context& context) {
    app.add_subcommand("status", "what works, what waits, airtime left")->callback([&] {
        status(context);
    });
    auto strict = std::make_shared<bool>(false);
    auto* of_health = app.add_subcommand("health", "ok, degraded or down, and what needs somebody");
    of_health->add_flag("--strict", *strict, "exit status 1 also when it is degraded");
    of_health->callback([&context, strict] { health(context, *strict); });
    auto* time = app.add_subcommand("time", "the box's clock");
    time->require_subcommand(1);
    auto now = std::make_shared<std::string>();
    auto* set = time->add_subcommand("set", "says what time it is, in UTC: 2026-11-28T14:05:00Z");
    set->add_option("time", *now, "UTC, as `date -u +%Y-%m-%dT%H:%M:%SZ` prints it")->required();
    set->callback([&context, now] { set_time(context, *now); });
    time->add_subcommand("confirm", "the clock is right: expiry goes on")->callback([&] {
        finish(context, ask(context, "POST", "/time/confirm"), "The clock is taken as right.");
    });
}

}  // namespace waypost::cli

// SPDX-License-Identifier: Apache-2.0
// The process and the machine: start anew, backups, shut down; and how far the first start came.
#include <algorithm>

#include "gateway/config/settings_desk.h"
#include "gateway/delivery/desk_setup.h"
#include "gateway/delivery/sealed_copies.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Reply not_here() {
    return fail(404, "not-found", "this gateway is not run by waypostd, which can do that");
}

// {}, or why not, from who can do it.
template <class Do>
Reply ask(Desk& desk, Do what) {
    return desk.control() == nullptr ? not_here() : done(what(*desk.control()));
}

Reply facts(Desk& desk, const Request&) {
    if (desk.control() == nullptr) return not_here();
    const BoxFacts facts = desk.control()->facts();
    Reply reply;
    reply.body->set("version", facts.version);
    reply.body->set("started_ms", Poco::Int64(facts.started_ms));
    reply.body->set("can_shut_down", facts.can_shut_down);
    reply.body->set("backups", facts.backups);
    reply.body->set("settings_problem", facts.settings_problem);
    return reply;
}

Reply restart(Desk& desk, const Request&) {
    return ask(desk, [](BoxControl& control) { return control.restart(); });
}

Reply shut_down(Desk& desk, const Request&) {
    return ask(desk, [](BoxControl& control) { return control.shut_down(); });
}

Json::Ptr backup_json(const BackupReport& report) {
    Json::Ptr o = new Json;
    o->set("name", report.name);
    o->set("at_ms", Poco::Int64(report.at_ms));
    o->set("bytes", Poco::UInt64(report.bytes));
    return o;
}

Reply backups(Desk& desk, const Request&) {
    if (desk.control() == nullptr) return not_here();
    Reply reply = listed("backups", desk.control()->backups(), backup_json);
    if (reply.status == 200) reply.body->set("folder", desk.control()->facts().backups);
    return reply;
}

Reply make_backup(Desk& desk, const Request&) {
    if (desk.control() == nullptr) return not_here();
    const std::string folder = desk.control()->next_backup();
    const auto made = desk.backup(folder);
    if (!made.ok()) return fail(made.error());
    Reply reply;
    reply.body->set("name", folder.substr(folder.rfind('/') + 1));
    return reply;
}

// A folder that goes, and a store that gives way, cannot be part of a transaction: who did it is on
// record before.
Result<void> put_on_record(Desk& desk) {
    return desk.office().change([](Ledger&) {});
}

Reply remove_backup(Desk& desk, const Request& request) {
    return ask(desk, [&](BoxControl& control) -> Result<void> {
        if (auto noted = put_on_record(desk); !noted.ok()) return noted;
        return control.remove_backup(request.path.at(0));
    });
}

Reply restore(Desk& desk, const Request& request) {
    return ask(desk, [&](BoxControl& control) -> Result<void> {
        if (auto noted = put_on_record(desk); !noted.ok()) return noted;
        return control.restore(request.path.at(0));
    });
}

Reply no_sealed() { return fail(404, "not-found", "encrypted copies cannot be opened here"); }

SealedCopies* sealed_of(Desk& desk) {
    return desk.control() == nullptr ? nullptr : desk.control()->sealed_copies();
}

Reply sealed_copies(Desk& desk, const Request&) {
    const SealedCopies* sealed = sealed_of(desk);
    if (sealed == nullptr) return no_sealed();
    return listed("copies", sealed->all(), [](const SealedCopy& copy) {
        Json::Ptr o = new Json;
        o->set("folder", copy.folder);
        o->set("name", copy.name);
        o->set("at_ms", Poco::Int64(copy.at_ms));
        o->set("bytes", Poco::UInt64(copy.bytes));
        return o;
    });
}

// Who did it, and with which copy, is on record; the key is not.
Reply restore_sealed(Desk& desk, const Request& request) {
    SealedCopies* sealed = sealed_of(desk);
    if (sealed == nullptr) return no_sealed();
    const Secret key(request.body->getValue<std::string>("key"));
    if (auto noted = put_on_record(desk); !noted.ok()) return fail(noted.error());
    return done(
        sealed->restore(request.body->getValue<std::string>("folder"), request.path.at(0), key));
}

bool has_wifi(Desk& desk) {
    return desk.control() != nullptr && desk.control()->facts().tells_wifi;
}

Reply setup(Desk& desk, const Request&) {
    auto steps = setup_steps(desk.office());
    if (steps.ok() && !has_wifi(desk))
        steps->erase(std::remove_if(steps->begin(), steps->end(),
                                    [](const SetupStep& step) { return step.name == "wifi"; }),
                     steps->end());
    return listed("steps", steps, [](const SetupStep& step) {
        Json::Ptr o = new Json;
        o->set("name", step.name);
        o->set("state", step.state);
        return o;
    });
}

Reply set_step(Desk& desk, const Request& request) {
    return done(set_setup_step(desk.office(), request.path.at(0),
                               request.body->getValue<std::string>("state")));
}

}  // namespace

std::vector<Route> box_routes() {
    return {{"GET", "/box", facts},
            {"POST", "/restart", restart, Role::Admin},
            {"POST", "/shutdown", shut_down, Role::Admin},
            {"GET", "/backups", backups},
            {"POST", "/backups", make_backup, Role::Admin},
            {"DELETE", "/backups/{name}", remove_backup, Role::Admin},
            {"POST", "/backups/{name}/restore", restore, Role::Admin},
            {"GET", "/sealed-copies", sealed_copies},
            {"POST", "/sealed-copies/{name}/restore", restore_sealed, Role::Admin},
            {"GET", "/setup", setup, Role::Admin},
            {"PUT", "/setup/{step}", set_step, Role::Admin}};
}

}  // namespace waypost::api

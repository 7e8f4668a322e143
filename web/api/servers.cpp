// SPDX-License-Identifier: Apache-2.0
// The box's own mail and chat server, for villagers' programs: switched on and off, and how they
// do. What the switch means in settings is in gateway/servers/switch_settings.h.
#include "gateway/config/settings_desk.h"
#include "gateway/servers/own_servers.h"
#include "gateway/servers/switch_settings.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

OwnServers* servers_of(Desk& desk) {
    if (desk.control() == nullptr || desk.settings() == nullptr) return nullptr;
    return desk.control()->servers();
}

// What a program asks for, and the setting that has it.
using Ports = std::vector<std::pair<const char*, const char*>>;
const Ports kMailPorts{{"imap", "imaps_port"}, {"smtp", "submissions_port"}};
const Ports kChatPorts{{"xmpp", "port"}};

Json::Ptr ports_json(const SettingsView& settings, const std::string& kind, const Ports& ports) {
    Json::Ptr o = new Json;
    for (const SettingReport& each : settings.settings) {
        if (each.section.rfind(kind + '.', 0) != 0) continue;
        for (const auto& [name, key] : ports)
            if (each.key == key) o->set(name, each.value);
    }
    return o;
}

Json::Ptr server_json(bool wanted, const ServerFacts& facts, const Json::Ptr& ports) {
    Json::Ptr o = new Json;
    o->set("wanted", wanted);
    o->set("ports", ports);
    o->set("state", facts.state);
    o->set("why", facts.why);
    o->set("fingerprint", facts.fingerprint);
    return o;
}

Reply facts(Desk& desk, const Request&) {
    OwnServers* servers = servers_of(desk);
    Reply reply;
    reply.body->set("image", servers != nullptr);
    if (servers == nullptr) return reply;
    const auto settings = desk.settings()->view();
    if (!settings.ok()) return fail(settings.error());
    const ServersWanted wanted = servers_wanted(*settings);
    const ServersFacts facts = servers->facts().value_or(ServersFacts{});
    reply.body->set("domain", desk.office().domain());
    reply.body->set("mail", server_json(wanted.mail, facts.mail,
                                        ports_json(*settings, "mailserver", kMailPorts)));
    reply.body->set("chat", server_json(wanted.chat, facts.chat,
                                        ports_json(*settings, "chatserver", kChatPorts)));
    return reply;
}

// "it restarts already" does no harm: the settings are saved.
Reply restarted(BoxControl& control) {
    const auto asked = control.restart();
    return asked.ok() || asked.error().code == Code::Busy ? Reply{} : fail(asked.error());
}

Reply change(Desk& desk, const Request& request) {
    if (servers_of(desk) == nullptr)
        return fail(404, "not-found", "this box is no image: its servers are started by hand");
    const auto settings = desk.settings()->view();
    if (!settings.ok()) return fail(settings.error());
    const ServersWanted now = servers_wanted(*settings);
    const ServersWanted wanted{request.body->optValue("mail", now.mail),
                               request.body->optValue("chat", now.chat)};
    const auto random = system_random();
    const auto changes = switch_servers(*settings, wanted, *random);
    if (!changes.ok()) return fail(changes.error());
    if (changes->empty()) return fail(409, "conflict", "it is so already");
    const auto answer = desk.settings()->change(settings->version, *changes);
    if (!answer.ok()) return fail(answer.error());
    if (!answer->problems.empty()) {
        const ConfigProblem& first = answer->problems.front();
        return fail(400, "bad-input", first.place + ": " + first.text);
    }
    return restarted(*desk.control());
}

}  // namespace

std::vector<Route> server_routes() {
    return {{"GET", "/servers", facts}, {"PUT", "/servers", change, Role::Admin}};
}

}  // namespace waypost::api

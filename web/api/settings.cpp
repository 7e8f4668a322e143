// SPDX-License-Identifier: Apache-2.0
// What the box is set to. Secrets are files: their names are shown, never what is in them.
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr setting_json(const SettingReport& each) {
    Json::Ptr o = new Json;
    o->set("key", each.key);
    o->set("kind", each.kind);
    o->set("value", each.value);
    o->set("fallback", each.fallback);
    o->set("range", each.range);
    o->set("unit", each.unit);
    o->set("help", each.help);
    o->set("required", each.required);
    o->set("restart", each.restart);
    o->set("by_default", each.by_default);
    return o;
}

// They come section by section.
Reply settings(Desk& desk, const Request&) {
    JsonList::Ptr sections = new JsonList;
    JsonList::Ptr keys;
    std::string last;
    for (const SettingReport& each : desk.settings()) {
        if (keys.isNull() || each.section != last) {
            last = each.section;
            keys = new JsonList;
            Json::Ptr section = new Json;
            section->set("name", each.section);
            section->set("help", each.section_help);
            section->set("settings", keys);
            sections->add(section);
        }
        keys->add(setting_json(each));
    }
    Reply reply;
    reply.body->set("sections", sections);
    return reply;
}

}  // namespace

std::vector<Route> setting_routes() { return {{"GET", "/settings", settings}}; }

}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// What the box is set to, and changing it. Secrets are files: their names are shown, never what is
// in them.
#include "gateway/config/settings_desk.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr setting_json(const SettingReport& each, bool with_value) {
    Json::Ptr o = new Json;
    o->set("key", each.key);
    o->set("kind", each.kind);
    o->set("fallback", each.fallback);
    o->set("range", each.range);
    o->set("unit", each.unit);
    o->set("help", each.help);
    o->set("required", each.required);
    o->set("restart", each.effect == Effect::Restart);
    o->set("effect", to_string(each.effect));
    if (!with_value) return o;
    o->set("value", each.value);
    if (each.kind == "list") o->set("values", list_of(each.items));
    o->set("by_default", each.by_default);
    o->set("own", each.own);
    return o;
}

// They come section by section.
JsonList::Ptr sections_json(const std::vector<SettingReport>& all) {
    JsonList::Ptr sections = new JsonList;
    JsonList::Ptr keys;
    std::string last;
    for (const SettingReport& each : all) {
        if (keys.isNull() || each.section != last) {
            last = each.section;
            keys = new JsonList;
            Json::Ptr section = new Json;
            section->set("name", each.section);
            section->set("help", each.section_help);
            section->set("many", each.section_many);
            section->set("own", each.section_own);
            section->set("settings", keys);
            sections->add(section);
        }
        keys->add(setting_json(each, true));
    }
    return sections;
}

Json::Ptr kind_json(const SectionKind& kind) {
    Json::Ptr o = new Json;
    o->set("name", kind.name);
    o->set("help", kind.help);
    o->set("settings", list_of(kind.settings, [](const SettingReport& each) {
               return setting_json(each, false);
           }));
    return o;
}

JsonList::Ptr problems_json(const std::vector<ConfigProblem>& problems) {
    return list_of(problems, [](const ConfigProblem& each) {
        Json::Ptr o = new Json;
        o->set("at", each.place);
        o->set("section", each.section);
        o->set("key", each.key);
        o->set("text", each.text);
        return o;
    });
}

Reply nobody() { return fail(404, "not-found", "this gateway has no settings of its own"); }

Reply settings(Desk& desk, const Request&) {
    if (desk.settings() == nullptr) return nobody();
    const auto view = desk.settings()->view();
    if (!view.ok()) return fail(view.error());
    Reply reply;
    reply.body->set("version", view->version);
    reply.body->set("waits", view->waits);
    reply.body->set("changeable", true);
    reply.body->set("problems", problems_json(view->problems));
    reply.body->set("sections", sections_json(view->settings));
    reply.body->set("kinds", list_of(view->kinds, kind_json));
    return reply;
}

SettingChange change_of(const Json& o) {
    using What = SettingChange::What;
    SettingChange change;
    change.section = o.getValue<std::string>("section");
    if (o.has("remove")) {
        change.what = What::RemoveSection;
        return change;
    }
    change.key = o.getValue<std::string>("key");
    if (o.has("unset")) {
        change.what = What::Unset;
    } else if (o.has("secret")) {
        change.what = What::Secret;
        change.values.push_back(o.getValue<std::string>("secret"));
    } else if (const auto values = o.getArray("values")) {
        for (const auto& each : *values) change.values.push_back(each.extract<std::string>());
    } else {
        change.values.push_back(o.getValue<std::string>("value"));
    }
    return change;
}

Reply change(Desk& desk, const Request& request) {
    if (desk.settings() == nullptr) return nobody();
    const auto list = request.body->getArray("changes");
    if (!list) return fail(400, "bad-input", "changes is missing");
    std::vector<SettingChange> changes;
    for (unsigned i = 0; i < list->size(); ++i) {
        const auto each = list->getObject(i);
        if (!each) return fail(400, "bad-input", "a change is an object");
        changes.push_back(change_of(*each));
    }
    const auto answer =
        desk.settings()->change(request.body->getValue<std::string>("version"), changes);
    if (!answer.ok()) return fail(answer.error());
    if (!answer->problems.empty()) {
        const ConfigProblem& first = answer->problems.front();
        Reply reply = fail(400, "bad-input", first.place + ": " + first.text);
        reply.body->set("problems", problems_json(answer->problems));
        return reply;
    }
    Reply reply;
    reply.body->set("version", answer->version);
    reply.body->set("waits", answer->waits);
    reply.body->set("renewed", list_of(answer->renewed));
    return reply;
}

}  // namespace

std::vector<Route> setting_routes() {
    return {{"GET", "/settings", settings}, {"PATCH", "/settings", change, Role::Admin}};
}

}  // namespace waypost::api

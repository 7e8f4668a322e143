// SPDX-License-Identifier: Apache-2.0
#include "gateway/custody/profile.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

Json::Ptr person_json(const Person& person) {
    Json::Ptr o = new Json;
    o->set("handle", person.row.handle);
    o->set("name", person.row.name);
    o->set("language", person.row.language);
    o->set("role", person.row.role);
    o->set("paused", person.row.paused);
    o->set("approved", person.row.approved);
    o->set("minor", person.row.minor);
    o->set("profile", to_string(person.profile));
    o->set("quiet", person.row.quiet);
    o->set("endpoints", list_of(person.endpoints));
    o->set("suspended", list_of(person.suspended));
    return o;
}

Reply list(Desk& desk, const Request&) { return listed("people", desk.people(), person_json); }

Reply put(Desk& desk, const Request& request) {
    const Json& b = *request.body;
    std::optional<bool> minor;
    if (b.has("minor")) {
        if (!b.get("minor").isBoolean()) return fail(bad_input("minor is true or false"));
        minor = b.getValue<bool>("minor");
    }
    const auto typed = b.optValue<std::string>("profile", "");
    const auto profile = parse_profile(typed);
    if (!typed.empty() && !profile)
        return fail(bad_input("profile is none, unlisted or listed, not " + typed));
    const auto role = b.optValue<std::string>("role", "");
    if (!role.empty() && request.visitor.role < Role::Admin)
        return fail(403, "refused", "who has which role is the administrator's to say");
    return done(desk.put_person(request.path.at(0), b.optValue<std::string>("name", ""),
                                b.optValue<std::string>("language", ""), role, minor, profile));
}

Reply remove(Desk& desk, const Request& request) {
    return done(desk.remove_person(request.path.at(0)));
}

Reply bind(Desk& desk, const Request& request) {
    return done(desk.bind(request.path.at(0), request.body->optValue<std::string>("address", "")));
}

Reply set_password(Desk& desk, const Request& request) {
    const Secret password(request.body->optValue<std::string>("password", ""));
    return done(desk.set_password(request.path.at(0), password));
}

Reply close_mailbox(Desk& desk, const Request& request) {
    return done(desk.close_mailbox(request.path.at(0)));
}

Reply invite(Desk& desk, const Request& request) {
    const auto link = desk.invite(request.path.at(0));
    if (!link.ok()) return fail(link.error());
    Reply reply;
    reply.body->set("link", *link);
    return reply;
}

Reply confirm_key(Desk& desk, const Request& request) {
    return done(desk.confirm_key(request.body->optValue<std::string>("address", "")));
}

Reply reject_key(Desk& desk, const Request& request) {
    return done(desk.reject_key(request.body->optValue<std::string>("address", "")));
}

const char* state_name(store::ContactState state) {
    switch (state) {
        case store::ContactState::Known:
            return "known";
        case store::ContactState::Pending:
            return "pending";
        case store::ContactState::Blocked:
            return "blocked";
    }
    return "pending";
}

Json::Ptr contact_json(const store::ContactRow& row) {
    Json::Ptr o = new Json;
    o->set("address", row.address.uri());
    o->set("nick", row.nick);
    o->set("state", state_name(row.state));
    return o;
}

Reply contacts(Desk& desk, const Request& request) {
    return listed("contacts", desk.contacts(request.path.at(0)), contact_json);
}

Reply put_contact(Desk& desk, const Request& request) {
    const Json& b = *request.body;
    const auto state = b.optValue<std::string>("state", "known") == "blocked"
                           ? store::ContactState::Blocked
                           : store::ContactState::Known;
    return done(desk.put_contact(request.path.at(0), b.optValue<std::string>("address", ""),
                                 b.optValue<std::string>("nick", ""), state));
}

Reply remove_contact(Desk& desk, const Request& request) {
    return done(desk.remove_contact(request.path.at(0),
                                    request.body->optValue<std::string>("address", "")));
}

}  // namespace

std::vector<Route> people_routes() {
    return {{"GET", "/people", list},
            {"PUT", "/people/{handle}", put},
            {"DELETE", "/people/{handle}", remove},
            {"POST", "/people/{handle}/endpoints", bind},
            {"PUT", "/people/{handle}/password", set_password},
            {"DELETE", "/people/{handle}/password", close_mailbox},
            {"POST", "/people/{handle}/invitations", invite},
            {"POST", "/keys/confirm", confirm_key},
            {"POST", "/keys/reject", reject_key},
            {"GET", "/people/{handle}/contacts", contacts},
            {"POST", "/people/{handle}/contacts", put_contact},
            {"DELETE", "/people/{handle}/contacts", remove_contact}};
}

}  // namespace waypost::api

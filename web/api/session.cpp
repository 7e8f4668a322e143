// SPDX-License-Identifier: Apache-2.0
// Claim, sign-in and sessions.
#include "gateway/delivery/desk_persons.h"
#include "gateway/delivery/health_watch.h"
#include "web/api/api.h"

namespace waypost::api {
namespace {

std::string text_in(const Request& request, const char* name) {
    return request.body->optValue<std::string>(name, "");
}

std::string cookie(const Request& request, const Secret& token, std::chrono::seconds lasts) {
    return session_cookie(request.caller.encrypted) + '=' + std::string(token.reveal()) +
           "; Path=/; HttpOnly; SameSite=Strict; Max-Age=" + std::to_string(lasts.count()) +
           (request.caller.encrypted ? "; Secure" : "");
}

// What of the box goes off before long, as its battery runs down.
std::string goes_off(Desk& desk) {
    if (desk.health() == nullptr) return {};
    return waypost::goes_off(desk.health()->power().soon);
}

// What a page has to know before it shows anything.
Reply session_of(Desk& desk, const Request& request, const Visitor& visitor) {
    const auto claimed = desk.console().claimed();
    if (!claimed.ok()) return fail(claimed.error());
    const BoxSettings& settings = *desk.office().box().settings;
    Reply reply;
    Json& o = *reply.body;
    o.set("claimed", *claimed);
    o.set("village", settings.village);
    o.set("domain", settings.domain);
    o.set("language", settings.language);
    o.set("clear_http", !request.caller.encrypted);
    o.set("time_doubt", desk.office().time_doubt());
    o.set("signed_in", visitor.role != Role::Anyone);
    if (visitor.role == Role::Anyone) return reply;
    if (LiveFeed* feed = desk.live()) o.set("news", Poco::UInt64(feed->last()));
    o.set("goes_off", goes_off(desk));
    o.set("handle", visitor.handle);
    o.set("role", to_string(visitor.role));
    o.set("csrf", visitor.csrf);
    const auto people = desk.office().box().directory.get();
    if (const Person* person = people->find(visitor.handle)) {
        o.set("name", person->row.name);
        if (!person->row.language.empty()) o.set("language", person->row.language);
    }
    return reply;
}

Reply session(Desk& desk, const Request& request) {
    return session_of(desk, request, request.visitor);
}

Reply came_in(Desk& desk, const Request& request, const Result<SignedIn>& in) {
    if (!in.ok() && in.error().code == Code::Busy) {
        Reply reply = fail(429, "busy", in.error().text);
        reply.headers["Retry-After"] =
            std::to_string(std::chrono::seconds(ConsoleDoor::kRetryAfter).count());
        return reply;
    }
    if (!in.ok()) return fail(in.error());
    Reply reply = session_of(desk, request, in->visitor);
    reply.headers["Set-Cookie"] = cookie(request, in->token, ConsoleDoor::kUnused);
    return reply;
}

Reply claim(Desk& desk, const Request& request) {
    const Claim claim{text_in(request, "code"), text_in(request, "handle"),
                      text_in(request, "name"), text_in(request, "language"),
                      Secret(text_in(request, "password"))};
    return came_in(desk, request, desk.console().claim(claim, request.caller));
}

// Made where nobody but who stands beside the box sees it.
Reply claim_code(Desk& desk, const Request& request) {
    if (!request.visitor.session.empty())
        return fail(403, "refused",
                    "the claim code is made on the box itself: waypost console claim-code");
    const auto code = desk.console().claim_code();
    if (!code.ok()) return fail(code.error());
    Reply reply;
    reply.body->set("code", *code);
    return reply;
}

Reply sign_in(Desk& desk, const Request& request) {
    const std::string handle = text_in(request, "handle");
    if (request.body->has("code"))
        return came_in(desk, request,
                       desk.console().by_code(handle, text_in(request, "code"), request.caller));
    const Secret password(text_in(request, "password"));
    return came_in(desk, request, desk.console().by_password(handle, password, request.caller));
}

Reply sign_out(Desk& desk, const Request& request) {
    if (request.visitor.session.empty()) return {};
    Reply reply = done(desk.console().end_session(request.visitor, request.visitor.session));
    reply.headers["Set-Cookie"] = cookie(request, Secret(), std::chrono::seconds(0));
    return reply;
}

Reply sessions(Desk& desk, const Request& request) {
    return listed("sessions", desk.console().sessions(request.visitor), [&](const auto& row) {
        Json::Ptr o = new Json;
        o->set("id", row.id);
        o->set("handle", row.handle);
        o->set("created_ms", Poco::Int64(row.created_ms));
        o->set("used_ms", Poco::Int64(row.used_ms));
        o->set("agent", row.agent);
        o->set("this", row.id == request.visitor.session);
        return o;
    });
}

Reply end_session(Desk& desk, const Request& request) {
    return done(desk.console().end_session(request.visitor, request.path.at(0)));
}

Reply password(Desk& desk, const Request& request) {
    if (request.visitor.handle.empty())
        return fail(400, "bad-input", "on the box itself nobody is signed in");
    return done(desk.console().set_password(request.visitor, Secret(text_in(request, "old")),
                                            Secret(text_in(request, "password"))));
}

// The same as for another radio: whoever has it may use it for one of the two.
Reply sign_in_code(Desk& desk, const Request& request) {
    const auto code = code_for(desk.office(), request.path.at(0));
    if (!code.ok()) return fail(code.error());
    Reply reply;
    reply.body->set("code", *code);
    return reply;
}

Reply audit(Desk& desk, const Request& request) {
    const auto most =
        static_cast<int>(std::clamp<std::int64_t>(query_number(request, "limit", 50), 1, 500));
    return listed("entries", desk.console().audit(query_number(request, "before", 0), most),
                  [](const auto& row) {
                      Json::Ptr o = new Json;
                      o->set("id", Poco::Int64(row.id));
                      o->set("at_ms", Poco::Int64(row.at_ms));
                      o->set("who", row.who);
                      o->set("what", row.what);
                      o->set("about", row.about);
                      return o;
                  });
}

}  // namespace

// Browsers take the first only from an encrypted page and send it only there, whatever a page in
// clear of the same host says (RFC 6265bis 4.1.3.2).
std::string session_cookie(bool encrypted) { return encrypted ? "__Host-waypost" : "waypost"; }

std::vector<Route> session_routes() {
    return {{"GET", "/session", session, Role::Anyone},
            {"POST", "/session", sign_in, Role::Anyone},
            {"DELETE", "/session", sign_out, Role::Villager},
            {"PUT", "/session/password", password, Role::Villager},
            {"POST", "/claim", claim, Role::Anyone},
            {"POST", "/claim-code", claim_code, Role::Admin},
            {"GET", "/sessions", sessions, Role::Villager},
            {"DELETE", "/sessions/{id}", end_session, Role::Villager},
            {"POST", "/people/{handle}/sign-in-code", sign_in_code},
            {"GET", "/audit", audit, Role::Admin}};
}

}  // namespace waypost::api

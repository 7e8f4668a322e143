// SPDX-License-Identifier: Apache-2.0
#include "web/api/api.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <Poco/NumberParser.h>
#include <Poco/URI.h>

#include <optional>

#include "gateway/delivery/on_record.h"

namespace waypost::api {
namespace {

std::vector<std::string> parts(const std::string& path) {
    std::vector<std::string> result;
    for (std::size_t from = 0; from <= path.size();) {
        const std::size_t end = std::min(path.find('/', from), path.size());
        if (end > from) result.push_back(path.substr(from, end - from));
        from = end + 1;
    }
    return result;
}

// Each part is decoded by itself: a slash in one ("dir:/media/blue") is no end of it.
std::vector<std::string> path_of(const std::string& asked, const Poco::URI& uri) {
    if (asked.empty() || asked.front() != '/') return parts(uri.getPath());
    auto path = parts(asked.substr(0, asked.find_first_of("?#")));
    for (std::string& part : path) {
        std::string decoded;
        Poco::URI::decode(part, decoded);
        part = std::move(decoded);
    }
    return path;
}

bool matches(const std::string& pattern, const std::vector<std::string>& path,
             std::vector<std::string>& values) {
    const auto expected = parts(pattern);
    values.clear();
    if (expected.size() != path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (expected[i].front() == '{') {
            values.push_back(path[i]);
        } else if (expected[i] != path[i]) {
            return false;
        }
    }
    return true;
}

int http_status(Code code) {
    switch (code) {
        case Code::BadInput:
            return 400;
        case Code::NotFound:
            return 404;
        case Code::TooLarge:
            return 413;
        case Code::Refused:
            return 403;
        case Code::Busy:
            return 503;
        case Code::Full:
            return 507;
        case Code::Conflict:
            return 409;
        default:
            return 500;
    }
}

std::optional<Reply> why_not(const Route& route, const Asked& asked) {
    if (asked.visitor.role < route.least) {
        return asked.visitor.role == Role::Anyone
                   ? fail(401, "signed-out", "sign in first")
                   : fail(403, "refused", std::string("this is for the ") + to_string(route.least));
    }
    // Another page of the same browser has the cookie too, but not this.
    const bool changes = asked.method != "GET" && !asked.visitor.session.empty();
    if (changes && asked.csrf != asked.visitor.csrf)
        return fail(403, "csrf", "this page is of an older sign-in: load it again");
    return std::nullopt;
}

// Whoever looks after people must not get, or take away, what an administrator has by it.
std::optional<Reply> hands_off(Desk& desk, const Route& route, const Request& request) {
    const bool of_a_person = route.pattern.rfind("/people/{handle}", 0) == 0;
    if (!of_a_person || route.method == "GET" || request.visitor.role == Role::Admin)
        return std::nullopt;
    const auto admin = desk.console().is_admin(request.path.at(0));
    if (!admin.ok()) return fail(admin.error());
    if (!*admin) return std::nullopt;
    return fail(403, "refused", request.path.at(0) + " is an administrator");
}

// What has to be on record of it, by whom; a villager's own affairs are his.
std::optional<store::AuditRow> on_record(const Route& route, const Request& request) {
    if (route.method == "GET" || route.least < Role::Operator || route.piece) return std::nullopt;
    if (request.visitor.session.empty()) return std::nullopt;
    std::string about;
    for (const std::string& part : request.path) about += (about.empty() ? "" : " ") + part;
    return store::AuditRow{0, 0, request.visitor.handle, route.method + ' ' + route.pattern, about};
}

// What changes the store is on record in the same transaction; what does not, behind it.
Reply handle(Desk& desk, const Route& route, const Request& request) {
    const auto what = on_record(route, request);
    if (!what) return route.handle(desk, request);
    const OnRecord act(*what);
    Reply reply = route.handle(desk, request);
    if (!act.written() && reply.status < 400)
        desk.console().note(request.visitor, what->what, what->about);
    return reply;
}

}  // namespace

Asked on_the_box(const std::string& method, const std::string& uri, const std::string& body) {
    return {method, uri, body, waypost::on_the_box(), {{}, {}, true}, {}};
}

Reply fail(int status, const std::string& code, const std::string& text) {
    Reply reply;
    reply.status = status;
    Json::Ptr error = new Json;
    error->set("code", code);
    error->set("text", text);
    reply.body->set("error", error);
    return reply;
}

Reply fail(const Error& error) {
    return fail(http_status(error.code), to_string(error.code), error.text);
}

Reply done(const Result<void>& result) { return result.ok() ? Reply{} : fail(result.error()); }

std::string query_text(const Request& request, const std::string& name) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? std::string() : found->second;
}

std::int64_t query_number(const Request& request, const std::string& name, std::int64_t otherwise) {
    const auto found = request.query.find(name);
    return found == request.query.end() ? otherwise : Poco::NumberParser::parse64(found->second);
}

std::int64_t number_in(const Request& request, std::size_t i) {
    return Poco::NumberParser::parse64(request.path.at(i));
}

JsonList::Ptr list_of(const std::vector<std::string>& texts) {
    return list_of(texts, [](const std::string& text) { return text; });
}

JsonList::Ptr list_of(const std::vector<Address>& addresses) {
    return list_of(addresses, [](const Address& address) { return address.uri(); });
}

const std::vector<Route>& routes() {
    static const std::vector<Route> kAll = [] {
        std::vector<Route> all;
        for (const auto& some :
             {status_routes(),     message_routes(),    attachment_routes(),  queue_routes(),
              people_routes(),     person_routes(),     neighbour_routes(),   care_routes(),
              history_routes(),    map_routes(),        signal_routes(),      group_routes(),
              alarm_routes(),      preference_routes(), event_routes(),       live_routes(),
              courier_routes(),    session_routes(),    start_routes(),       letter_routes(),
              own_routes(),        setting_routes(),    box_routes(),         token_routes(),
              metric_routes(),     health_routes(),     certificate_routes(), update_routes(),
              encryption_routes(), server_routes()}) {
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }();
    return kAll;
}

Reply answer(Desk& desk, const Asked& asked) {
    try {
        const Poco::URI uri(asked.uri);
        Request request;
        for (const auto& [key, value] : uri.getQueryParameters()) request.query[key] = value;
        const auto path = path_of(asked.uri, uri);
        bool other_method = false;
        for (const Route& route : routes()) {
            if (!matches(route.pattern, path, request.path)) continue;
            if (route.method != asked.method) {
                other_method = true;
                continue;
            }
            if (auto no = why_not(route, asked)) return std::move(*no);
            if (route.piece) request.bytes = asked.body;
            request.body = asked.body.empty() || route.piece
                               ? Json::Ptr(new Json)
                               : Poco::JSON::Parser().parse(asked.body).extract<Json::Ptr>();
            request.visitor = asked.visitor;
            request.caller = asked.caller;
            if (auto no = hands_off(desk, route, request)) return std::move(*no);
            return handle(desk, route, request);
        }
        return other_method ? fail(405, "bad-input", asked.method + " is not for " + uri.getPath())
                            : fail(404, "not-found", "nothing is at " + uri.getPath());
    } catch (const Poco::Exception& e) {
        return fail(400, "bad-input", "the request is not understood: " + e.displayText());
    } catch (const std::logic_error& e) {
        return fail(400, "bad-input", std::string("the request is not understood: ") + e.what());
    }
}

}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
// The HTTP API, one file per resource, the same for console and command line. Each route says who
// may ask. openapi.yaml beside this file describes it; a test holds the two together.
#pragma once

#include <Poco/JSON/Array.h>
#include <Poco/JSON/Object.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "gateway/delivery/console_door.h"
#include "gateway/delivery/desk.h"

namespace waypost::api {

using Json = Poco::JSON::Object;
using JsonList = Poco::JSON::Array;

struct Asked {
    std::string method;  // "GET"
    std::string uri;
    std::string body;
    Visitor visitor;
    Caller caller;
    std::string csrf;  // as the request said it; on the box itself none is asked for
};

// By the Unix socket, and in tests.
Asked on_the_box(const std::string& method, const std::string& uri, const std::string& body = {});

struct Request {
    std::vector<std::string> path;  // the {parts} of the route, in order, decoded
    std::map<std::string, std::string> query;
    Json::Ptr body;          // never null
    std::string_view bytes;  // of a piece (Route): the body as it came
    Visitor visitor;
    Caller caller;
};

struct Reply {
    int status = 200;
    Json::Ptr body = new Json;
    // Set: these bytes instead of `body`, exactly `content_bytes` of them; fewer are an error that
    // the other side sees by their number.
    std::function<Result<void>(std::ostream&)> content;
    std::uint64_t content_bytes = 0;
    bool endless = false;  // `content` goes on for as long as somebody reads; no number then
    std::string content_type = "application/octet-stream";
    std::map<std::string, std::string> headers;
};

struct Route {
    std::string method;   // "GET"
    std::string pattern;  // "/messages/{id}/trace"
    std::function<Reply(Desk&, const Request&)> handle;
    Role least = Role::Operator;  // who may ask
    // The body is the next bytes of something large, not JSON; what they belong to is on record.
    bool piece = false;
};

Reply fail(const Error& error);
Reply fail(int status, const std::string& code, const std::string& text);
// {}, or why not.
Reply done(const Result<void>& result);

// Of the query; empty, or `otherwise`: it does not say. A number that is none throws as below.
std::string query_text(const Request& request, const std::string& name);
std::int64_t query_number(const Request& request, const std::string& name, std::int64_t otherwise);
// The {part} `i` as a number; throws what answer() says as bad input.
std::int64_t number_in(const Request& request, std::size_t i);

template <class Rows, class ToJson>
JsonList::Ptr list_of(const Rows& rows, ToJson json_of) {
    JsonList::Ptr all = new JsonList;
    for (const auto& row : rows) all->add(json_of(row));
    return all;
}
JsonList::Ptr list_of(const std::vector<std::string>& texts);
JsonList::Ptr list_of(const std::vector<Address>& addresses);  // their URIs

// {name: [each row as JSON]}, or why not.
template <class Rows, class ToJson>
Reply listed(const char* name, const Rows& rows, ToJson json_of) {
    Reply reply;
    reply.body->set(name, list_of(rows, json_of));
    return reply;
}
template <class Rows, class ToJson>
Reply listed(const char* name, const Result<Rows>& rows, ToJson json_of) {
    return rows.ok() ? listed(name, *rows, json_of) : fail(rows.error());
}

const std::vector<Route>& routes();  // all of them

std::vector<Route> status_routes();
std::vector<Route> health_routes();
std::vector<Route> message_routes();
std::vector<Route> attachment_routes();
std::vector<Route> queue_routes();
std::vector<Route> people_routes();
std::vector<Route> person_routes();
std::vector<Route> neighbour_routes();
std::vector<Route> care_routes();
std::vector<Route> history_routes();
std::vector<Route> map_routes();
std::vector<Route> signal_routes();
std::vector<Route> group_routes();
std::vector<Route> alarm_routes();
std::vector<Route> preference_routes();
std::vector<Route> event_routes();
std::vector<Route> start_routes();
std::vector<Route> live_routes();
std::vector<Route> courier_routes();
std::vector<Route> session_routes();
std::vector<Route> letter_routes();
std::vector<Route> own_routes();
std::vector<Route> setting_routes();
std::vector<Route> box_routes();
std::vector<Route> token_routes();
std::vector<Route> metric_routes();
std::vector<Route> certificate_routes();
std::vector<Route> update_routes();
std::vector<Route> encryption_routes();
std::vector<Route> server_routes();

// The name of the cookie of a session: those in clear and those nobody reads along with are apart.
std::string session_cookie(bool encrypted);

// Finds the route and runs it, if the visitor may; what an operator changes is on record. 401, 403,
// 404, 405 and bad input are replies like any other.
Reply answer(Desk& desk, const Asked& asked);

}  // namespace waypost::api

// SPDX-License-Identifier: Apache-2.0
#include "web/api/api.h"

#include <Poco/Exception.h>
#include <Poco/JSON/Parser.h>
#include <Poco/NumberParser.h>
#include <Poco/URI.h>

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

}  // namespace

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
             {status_routes(), message_routes(), attachment_routes(), queue_routes(),
              people_routes(), person_routes(), neighbour_routes(), group_routes(), alarm_routes(),
              preference_routes(), event_routes()}) {
            all.insert(all.end(), some.begin(), some.end());
        }
        return all;
    }();
    return kAll;
}

Reply answer(Desk& desk, const std::string& method, const std::string& uri_text,
             const std::string& body) {
    try {
        const Poco::URI uri(uri_text);
        Request request;
        for (const auto& [key, value] : uri.getQueryParameters()) request.query[key] = value;
        const auto path = parts(uri.getPath());  // which is decoded
        bool other_method = false;
        for (const Route& route : routes()) {
            if (!matches(route.pattern, path, request.path)) continue;
            if (route.method != method) {
                other_method = true;
                continue;
            }
            request.body = body.empty() ? Json::Ptr(new Json)
                                        : Poco::JSON::Parser().parse(body).extract<Json::Ptr>();
            return route.handle(desk, request);
        }
        return other_method ? fail(405, "bad-input", method + " is not for " + uri.getPath())
                            : fail(404, "not-found", "nothing is at " + uri.getPath());
    } catch (const Poco::Exception& e) {
        return fail(400, "bad-input", "the request is not understood: " + e.displayText());
    } catch (const std::logic_error& e) {
        return fail(400, "bad-input", std::string("the request is not understood: ") + e.what());
    }
}

}  // namespace waypost::api

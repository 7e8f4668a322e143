// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/server/read_request.h"

#include <Poco/Exception.h>
#include <Poco/Net/IPAddress.h>
#include <Poco/URI.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstring>
#include <vector>

#include "gateway/message/text.h"

namespace waypost::activitypub {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;

constexpr std::size_t kMostAsked = 50;  // names in a query

std::vector<std::string> all_of(const HttpRequest& request, const std::string& name) {
    std::vector<std::string> values;
    for (auto each = request.find(name); each != request.end(); ++each)
        if (lower_ascii(each->first) == lower_ascii(name)) values.push_back(each->second);
    return values;
}

// nullopt: no number.
std::optional<std::uint64_t> number_in(const std::string& text) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
    return number;
}

bool is_token(const std::string& name) {
    return std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || std::strchr("!#$%&'*+-.^_`|~", c) != nullptr;
    });
}

Result<std::string> decoded(const std::string& text) {
    std::string out;
    try {
        Poco::URI::decode(text, out);
    } catch (const Poco::Exception&) {
        return bad_input("a percent sign without two hexadecimal digits");
    }
    for (const unsigned char c : out)
        if (c < ' ' || c == 0x7f) return bad_input("a control character in the address");
    return out;
}

Result<void> read_query(const std::string& query, std::map<std::string, std::string>& into) {
    for (std::size_t at = 0; at < query.size();) {
        const std::size_t end = std::min(query.find('&', at), query.size());
        const std::string pair = query.substr(at, end - at);
        at = end + 1;
        if (pair.empty()) continue;
        if (into.size() == kMostAsked) return bad_input("too much in the query");
        const std::size_t equals = std::min(pair.find('='), pair.size());
        const auto name = decoded(pair.substr(0, equals));
        const auto value = decoded(pair.substr(std::min(equals + 1, pair.size())));
        if (!name.ok()) return name.error();
        if (!value.ok()) return value.error();
        into.emplace(*name, *value);
    }
    return {};
}

// As an IPv4 client is called that came to a socket of IPv6.
Poco::Net::IPAddress unmapped(const Poco::Net::IPAddress& address) {
    if (address.family() == Poco::Net::IPAddress::IPv4 || !address.isIPv4Mapped()) return address;
    const std::string text = address.toString();
    return Poco::Net::IPAddress(text.substr(text.rfind(':') + 1));
}

std::string body_of(HttpRequest& request, std::size_t size) {
    std::string body(size, '\0');
    request.stream().read(body.data(), static_cast<std::streamsize>(size));
    body.resize(static_cast<std::size_t>(request.stream().gcount()));
    return body;
}

}  // namespace

Answer plain_answer(int status, const std::string& sentence) {
    return {status, "text/plain; charset=utf-8", sentence + '\n', {}};
}

std::optional<Answer> refused_by_head(const HttpRequest& request, std::size_t most_body) {
    for (const auto& [name, value] : request)
        if (!is_token(name)) return plain_answer(400, "a header has no good name");
    if (request.getVersion() != Poco::Net::HTTPMessage::HTTP_1_0 && !request.has("Host"))
        return plain_answer(400, "a request has to say its Host");
    if (request.has("Transfer-Encoding"))
        return plain_answer(411, "a request has to say its Content-Length");
    const auto lengths = all_of(request, "Content-Length");
    if (lengths.size() > 1 || (!lengths.empty() && !number_in(lengths[0])))
        return plain_answer(400, "Content-Length has to be one number");
    const std::string& method = request.getMethod();
    if (method != "GET" && method != "HEAD" && method != "POST") {
        Answer answer = plain_answer(405, "GET, HEAD and POST are answered here");
        answer.headers["Allow"] = "GET, HEAD, POST";
        return answer;
    }
    if (method == "POST" && lengths.empty())
        return plain_answer(411, "a request has to say its Content-Length");
    if (!lengths.empty() && *number_in(lengths[0]) > most_body)
        return plain_answer(413, "a request has " + std::to_string(most_body) + " bytes at most");
    return std::nullopt;
}

std::variant<Request, Answer> read_request(HttpRequest& request, const std::string& proxy) {
    Request read;
    read.method = request.getMethod();
    if (request.hasContentLength()) {
        const auto size = static_cast<std::size_t>(request.getContentLength64());
        read.body = body_of(request, size);
        if (read.body.size() != size) return plain_answer(400, "the body ends too early");
    }
    const auto target = read_target(request.getURI(), read);
    if (!target.ok()) return plain_answer(400, target.error().text);
    for (const auto& [name, value] : request) read.headers.emplace(lower_ascii(name), value);
    const auto peer = unmapped(request.clientAddress().host());
    read.from = peer.toString();
    const auto forwarded = all_of(request, "X-Forwarded-For");
    if (!proxy.empty() && !forwarded.empty() && peer == Poco::Net::IPAddress(proxy)) {
        const std::string client = last_forwarded(forwarded.back());
        if (!client.empty()) read.from = client;
    }
    return read;
}

Result<void> read_target(const std::string& target, Request& into) {
    into.target = target;
    std::string rest = target;
    for (const std::string scheme : {"http://", "https://"}) {
        if (!lower_ascii(rest.substr(0, scheme.size())).starts_with(scheme)) continue;
        rest.erase(0, std::min(rest.find_first_of("/?", scheme.size()), rest.size()));
        if (rest.empty() || rest.front() == '?') rest.insert(0, 1, '/');
        break;
    }
    if (rest.empty() || rest.front() != '/') return bad_input("the address has no path");
    const std::size_t mark = std::min(rest.find('?'), rest.size());
    const auto path = decoded(rest.substr(0, mark));
    if (!path.ok()) return path.error();
    into.path = *path;
    return read_query(rest.substr(std::min(mark + 1, rest.size())), into.query);
}

std::string last_forwarded(const std::string& header) {
    std::string last = header.substr(header.rfind(',') + 1);
    last.erase(0, last.find_first_not_of(" \t"));
    last.erase(last.find_last_not_of(" \t") + 1);
    Poco::Net::IPAddress address;
    return Poco::Net::IPAddress::tryParse(last, address) ? address.toString() : "";
}

}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
#include "web/api/http.h"

#include <array>
#include <sstream>

#include "gateway/base/log.h"

namespace waypost::api {
namespace {

constexpr std::size_t kMostBody = 256 * 1024;
// Who sends too much reads no answer before he has sent it: so much is read and dropped.
constexpr std::streamsize kMostDropped = 16 * 1024 * 1024;

void send_content(const Reply& reply, Poco::Net::HTTPServerResponse& response) {
    response.setContentType(reply.content_type);
    if (reply.endless)
        response.setChunkedTransferEncoding(true);
    else
        response.setContentLength64(static_cast<Poco::Int64>(reply.content_bytes));
    const auto sent = reply.content(response.send());
    if (!sent.ok()) log(Level::Info, "api", "not-sent-whole", {{"why", sent.error().text}});
}

}  // namespace

std::optional<std::string> read_body(Poco::Net::HTTPServerRequest& request) {
    std::string body;
    std::array<char, 4096> piece;
    while (body.size() <= kMostBody && request.stream()) {
        request.stream().read(piece.data(), piece.size());
        body.append(piece.data(), static_cast<std::size_t>(request.stream().gcount()));
    }
    if (body.size() > kMostBody) {
        request.stream().ignore(kMostDropped);
        return std::nullopt;
    }
    return body;
}

Reply too_large() { return fail(413, "too-large", "a request has 256 KiB at most"); }

void send(const Reply& reply, Poco::Net::HTTPServerResponse& response) {
    response.setStatus(static_cast<Poco::Net::HTTPResponse::HTTPStatus>(reply.status));
    for (const auto& [name, value] : reply.headers) response.set(name, value);
    if (reply.content) return send_content(reply, response);
    response.setContentType("application/json");
    std::ostringstream out;
    reply.body->stringify(out);
    response.setContentLength(static_cast<std::streamsize>(out.str().size()));
    response.send() << out.str();
}

}  // namespace waypost::api

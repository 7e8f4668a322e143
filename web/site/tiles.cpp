// SPDX-License-Identifier: Apache-2.0
#include "web/site/tiles.h"

#include <sys/stat.h>

#include <algorithm>
#include <fstream>
#include <vector>

#include "web/site/ranges.h"

namespace waypost::site {
namespace {

using HttpRequest = Poco::Net::HTTPServerRequest;
using HttpResponse = Poco::Net::HTTPServerResponse;

constexpr std::size_t kBlock = 64 * 1024;

void end(HttpResponse& response, HttpResponse::HTTPStatus status) {
    response.setStatusAndReason(status);
    response.setContentLength(0);
    response.send();
}

// Who puts another file in its place changes at least one of these.
std::string etag_of(const struct stat& file) {
    return '"' + std::to_string(file.st_ino) + '-' + std::to_string(file.st_size) + '-' +
           std::to_string(file.st_mtim.tv_sec) + '.' + std::to_string(file.st_mtim.tv_nsec) + '"';
}

// A part of another file than the one the browser has parts of would be rubbish to it.
ByteRange wanted(const HttpRequest& request, const std::string& etag, std::uint64_t size) {
    const bool any = request.getMethod() == "GET" && request.get("If-Range", etag) == etag;
    return range_of(any ? request.get("Range", "") : std::string(), size);
}

void copy(std::istream& in, std::ostream& out, std::uint64_t bytes) {
    std::vector<char> block(kBlock);
    while (bytes > 0 && in && out) {
        in.read(block.data(), static_cast<std::streamsize>(std::min<std::uint64_t>(bytes, kBlock)));
        out.write(block.data(), in.gcount());
        bytes -= static_cast<std::uint64_t>(in.gcount());
    }
}

void send_part(std::istream& in, const ByteRange& part, std::uint64_t size, bool with_body,
               HttpResponse& response) {
    if (part.kind == ByteRange::Kind::Part) {
        response.setStatusAndReason(HttpResponse::HTTP_PARTIAL_CONTENT);
        response.set("Content-Range", "bytes " + std::to_string(part.from) + '-' +
                                          std::to_string(part.from + part.bytes - 1) + '/' +
                                          std::to_string(size));
    }
    response.setContentType("application/octet-stream");
    response.setContentLength64(static_cast<Poco::Int64>(part.bytes));
    in.seekg(static_cast<std::streamoff>(part.from));
    std::ostream& out = response.send();
    if (with_body) copy(in, out, part.bytes);
}

}  // namespace

void send_tiles(const std::string& file, const HttpRequest& request, HttpResponse& response) {
    const bool head = request.getMethod() == "HEAD";
    if (!head && request.getMethod() != "GET")
        return end(response, HttpResponse::HTTP_METHOD_NOT_ALLOWED);
    struct stat about {};
    std::ifstream in(file, std::ios::binary);
    if (!in || ::stat(file.c_str(), &about) != 0 || !S_ISREG(about.st_mode))
        return end(response, HttpResponse::HTTP_NOT_FOUND);
    const std::string etag = etag_of(about);
    const auto size = static_cast<std::uint64_t>(about.st_size);
    response.set("ETag", etag);
    response.set("Accept-Ranges", "bytes");
    response.set("Cache-Control", "private, no-cache");
    if (request.get("If-None-Match", "") == etag)
        return end(response, HttpResponse::HTTP_NOT_MODIFIED);
    const ByteRange part = wanted(request, etag, size);
    if (part.kind == ByteRange::Kind::Outside) {
        response.set("Content-Range", "bytes */" + std::to_string(size));
        return end(response, HttpResponse::HTTP_REQUESTED_RANGE_NOT_SATISFIABLE);
    }
    send_part(in, part, size, !head, response);
}

}  // namespace waypost::site

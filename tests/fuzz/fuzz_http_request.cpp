// SPDX-License-Identifier: Apache-2.0
// Requests as bytes of strangers: whatever the pieces, the same requests come out, and none is
// larger than allowed; and their targets.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "bridges/activitypub/server/read_request.h"
#include "gateway/io/http/request_reader.h"

namespace {

using namespace waypost;

void check(bool good) {
    if (!good) __builtin_trap();
}

constexpr std::size_t kMostHead = 2000, kMostBody = 500;

// The requests in it, as a server takes them that keeps connections.
std::vector<std::string> requests_in(const std::string& text, std::size_t piece,
                                     std::size_t most_dropped) {
    RequestReader reader({kMostHead, kMostBody, most_dropped});
    std::vector<std::string> all;
    for (std::size_t at = 0; at < text.size();) {
        for (; !reader.whole() && at < text.size(); at += piece)
            if (!reader.add(std::string_view(text).substr(at, piece)).ok()) return all;
        while (reader.whole()) {
            std::string one(kMostHead + kMostBody + 10, '\0');
            one.resize(reader.take(one.data(), one.size()));
            check(reader.used_up() && one.find("\r\n\r\n") != std::string::npos);
            check(one.size() <= kMostHead + 4 + kMostBody);
            all.push_back(std::move(one));
            if (!reader.may_go_on() || !reader.next().ok()) return all;
        }
    }
    return all;
}

void read_targets(const std::string& text) {
    activitypub::Request request;
    if (!activitypub::read_target(text, request).ok()) return;
    check(request.path.starts_with('/') && request.target == text);
    for (const unsigned char c : request.path) check(c >= ' ');
    check(activitypub::last_forwarded(text).size() < 64);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const auto whole = requests_in(text, 1, 0);
    for (const std::size_t piece : {2, 7, 100}) check(requests_in(text, piece, 0) == whole);
    (void)requests_in(text, 3, 1000);
    read_targets(text);
    return 0;
}

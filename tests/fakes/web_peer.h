// SPDX-License-Identifier: Apache-2.0
// A web server on loopback that answers what the test says, for those who ask, post and come back
// on the same connection. Its certificate is its own authority, for "localhost" and 127.0.0.1.
#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace waypost {

struct PeerRequest {
    std::string method;
    std::string target;                               // path with query
    std::multimap<std::string, std::string> headers;  // names in small letters
    std::string body;

    std::string header(const std::string& name) const {
        const auto found = headers.find(name);
        return found == headers.end() ? std::string() : found->second;
    }
};

struct PeerAnswer {
    int status = 200;
    std::string type;
    std::string body;
    std::map<std::string, std::string> headers;
};

class WebPeer {
  public:
    // Called by several threads, of several connections.
    using Handler = std::function<PeerAnswer(const PeerRequest&)>;
    explicit WebPeer(Handler answer);
    ~WebPeer();
    WebPeer(const WebPeer&) = delete;
    WebPeer& operator=(const WebPeer&) = delete;

    int port() const;
    std::string host() const;                        // "localhost:PORT"
    std::string url(const std::string& path) const;  // "https://localhost:PORT/path"
    std::string ca_file() const;
    std::vector<PeerRequest> asked() const;
    std::size_t connections() const;  // that something was asked on

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace waypost

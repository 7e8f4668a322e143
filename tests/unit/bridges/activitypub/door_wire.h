// SPDX-License-Identifier: Apache-2.0
// The door from outside, byte by byte.
#pragma once

#include <Poco/Net/StreamSocket.h>

#include <algorithm>
#include <string>

#include "bridges/activitypub/server/http_door.h"

namespace waypost::activitypub {

namespace net = Poco::Net;
using std::chrono::milliseconds;

inline HttpDoorOptions in_clear() {
    HttpDoorOptions options;
    options.section = "[activitypub.home]";
    options.listen = "127.0.0.1:0";
    return options;
}

// One connection of a client.
class Wire {
  public:
    explicit Wire(int port)
        : socket_(net::SocketAddress("127.0.0.1", static_cast<Poco::UInt16>(port))) {
        socket_.setReceiveTimeout(Poco::Timespan(20, 0));
    }
    explicit Wire(const net::StreamSocket& socket) : socket_(socket) {}
    void say(const std::string& text) {
        for (std::size_t at = 0; at < text.size();)
            at += static_cast<std::size_t>(socket_.sendBytes(
                text.data() + at,
                static_cast<int>(std::min<std::size_t>(text.size() - at, 65536))));
    }
    // The next whole answer; of HEAD it has no body.
    std::string hear(bool head = false) {
        std::size_t end = std::string::npos;
        while ((end = heard_.find("\r\n\r\n")) == std::string::npos)
            if (!more()) return std::exchange(heard_, {});
        std::size_t size = end + 4;
        const std::size_t length = heard_.find("Content-Length: ");
        if (!head && length < end) size += std::stoul(heard_.substr(length + 16));
        while (heard_.size() < size && more()) continue;
        std::string answer = heard_.substr(0, size);
        heard_.erase(0, size);
        return answer;
    }
    std::string ask(const std::string& text) {
        say(text);
        return hear(text.starts_with("HEAD"));
    }
    bool closes() {
        try {
            while (more()) continue;
        } catch (const Poco::TimeoutException&) {
            return false;
        } catch (const Poco::Exception&) {
        }
        return true;
    }

  private:
    bool more() {
        char piece[4096];
        const int n = socket_.receiveBytes(piece, sizeof piece);
        if (n > 0) heard_.append(piece, static_cast<std::size_t>(n));
        return n > 0;
    }
    net::StreamSocket socket_;
    std::string heard_;
};

inline std::string get(const std::string& target, const std::string& headers = {}) {
    return "GET " + target + " HTTP/1.1\r\nHost: hill.example\r\n" + headers + "\r\n";
}

inline std::string post(const std::string& body, const std::string& headers = {}) {
    return "POST /ap/inbox HTTP/1.1\r\nHost: hill.example\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n" + headers + "\r\n" + body;
}

inline int status(const std::string& answer) {
    return answer.size() < 12 ? 0 : std::stoi(answer.substr(9, 3));
}

inline bool has(const std::string& answer, const std::string& text) {
    return answer.find(text) != std::string::npos;
}

inline Answer echo(const Request& request) {
    return {200, "text/plain", request.method + ' ' + request.path + ' ' + request.body, {}};
}

}  // namespace waypost::activitypub

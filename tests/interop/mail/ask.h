// SPDX-License-Identifier: Apache-2.0
// A gateway's API by its socket, also what the command line does not ask.
#pragma once

#include <Poco/Net/HTTPClientSession.h>
#include <Poco/Net/HTTPRequest.h>
#include <Poco/Net/HTTPResponse.h>

#include <chrono>
#include <istream>
#include <string>

namespace waypost::interop {

// The section that puts the socket there.
inline std::string api_at(const std::string& socket) {
    return "[api]\nsocket = \"" + socket + "\"\n";
}

// What it answers, each line with its end; of what goes on (a line every five seconds at least),
// only until this is in it, or a while.
inline std::string ask(const std::string& socket, const std::string& method,
                       const std::string& path, const std::string& until = "\n\n\n",
                       const std::string& body = {}) {
    Poco::Net::StreamSocket wire(
        Poco::Net::SocketAddress(Poco::Net::AddressFamily::UNIX_LOCAL, socket));
    Poco::Net::HTTPClientSession session(wire);
    Poco::Net::HTTPRequest request(method, path, Poco::Net::HTTPMessage::HTTP_1_1);
    request.setHost("box");
    request.setContentLength(static_cast<std::streamsize>(body.size()));
    session.sendRequest(request) << body;
    Poco::Net::HTTPResponse response;
    std::istream& in = session.receiveResponse(response);
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    const auto goes_on = [&](const std::string& all) {
        return all.find(until) == std::string::npos && std::chrono::steady_clock::now() < end;
    };
    std::string all;
    for (std::string line; goes_on(all) && std::getline(in, line);) all += line + '\n';
    return all;
}

}  // namespace waypost::interop

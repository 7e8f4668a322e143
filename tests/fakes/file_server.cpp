// SPDX-License-Identifier: Apache-2.0
#include "tests/fakes/file_server.h"

#include <Poco/Exception.h>
#include <Poco/Net/SecureServerSocket.h>
#include <Poco/Net/SocketAddress.h>
#include <Poco/Net/StreamSocket.h>

#include <filesystem>

#include "tests/fakes/loopback_tls.h"

namespace waypost {
namespace {

namespace net = Poco::Net;

constexpr std::size_t kMostRequestBytes = 16u << 10;
const Poco::Timespan kLook(0, 50'000);  // how soon the end of the test is seen

}  // namespace

FileServer::FileServer(Tls tls)
    : tls_(tls == Tls::Yes), folder_(new_test_folder()), ca_file_(folder_ + "/cert.pem") {
    const net::SocketAddress any("127.0.0.1", 0);
    listener_ = tls_ ? std::make_unique<net::SecureServerSocket>(any, 8, loopback_tls(folder_))
                     : std::make_unique<net::ServerSocket>(any, 8);
    port_ = listener_->address().port();
    thread_ = std::thread([this] { serve(); });
}

FileServer::~FileServer() {
    stopping_ = true;
    thread_.join();
    std::filesystem::remove_all(folder_);
}

void FileServer::answer(const std::string& path, Answer answer) {
    const std::lock_guard lock(mutex_);
    answers_[path] = std::move(answer);
}

void FileServer::file(const std::string& path, const std::string& type, const std::string& bytes) {
    answer(path, [type, bytes](const Write& write) {
        write("HTTP/1.1 200 OK\r\nContent-Type: " + type +
              "\r\nContent-Length: " + std::to_string(bytes.size()) + "\r\n\r\n" + bytes);
    });
}

void FileServer::redirect(const std::string& path, const std::string& location) {
    answer(path, [location](const Write& write) {
        write("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n\r\n");
    });
}

void FileServer::stall(const std::string& path) {
    answer(path, [](const Write& write) {
        write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        while (write({})) {
        }
    });
}

std::string FileServer::url(const std::string& path) const {
    return (tls_ ? "https://localhost:" : "http://localhost:") + std::to_string(port_) + path;
}

std::vector<std::string> FileServer::asked() const {
    const std::lock_guard lock(mutex_);
    return asked_;
}

void FileServer::serve() {
    while (!stopping_) {
        if (!listener_->poll(kLook, net::Socket::SELECT_READ)) continue;
        try {
            net::StreamSocket socket = listener_->acceptConnection();
            socket.setReceiveTimeout(Poco::Timespan(5, 0));
            talk(socket);
            socket.close();
        } catch (const Poco::Exception&) {  // he does not like us, or went
        }
    }
}

void FileServer::talk(net::StreamSocket& socket) {
    std::string request;
    while (request.find("\r\n\r\n") == std::string::npos && request.size() < kMostRequestBytes) {
        char bytes[1024];
        const int count = socket.receiveBytes(bytes, sizeof bytes);
        if (count <= 0) return;
        request.append(bytes, static_cast<std::size_t>(count));
    }
    const std::size_t begin = request.find(' ') + 1;
    const std::string path = request.substr(begin, request.find(' ', begin) - begin);
    Answer answer;
    {
        const std::lock_guard lock(mutex_);
        asked_.push_back(request);
        const auto found = answers_.find(path);
        if (found != answers_.end()) answer = found->second;
    }
    const Write write = [&](std::string_view bytes) {
        // Nothing more is sent by a client: what can be read is that it has gone.
        char byte = 0;
        if (stopping_ || (bytes.empty() && socket.poll(kLook, net::Socket::SELECT_READ) &&
                          socket.receiveBytes(&byte, 1) <= 0))
            return false;
        while (!bytes.empty()) {
            const int sent = socket.sendBytes(bytes.data(), static_cast<int>(bytes.size()));
            if (sent <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
        return true;
    };
    if (!answer) {
        write("HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        return;
    }
    answer(write);
}

}  // namespace waypost

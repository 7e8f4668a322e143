// SPDX-License-Identifier: Apache-2.0
#include "cut_socket.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <list>
#include <stdexcept>
#include <string_view>

namespace waypost::hub {
namespace {

constexpr char kSocket[] = "/.s.PGSQL.5432";

sockaddr_un address_of(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::strncpy(address.sun_path, path.c_str(), sizeof(address.sun_path) - 1);
    return address;
}

const sockaddr* general(const sockaddr_un& address) {
    return reinterpret_cast<const sockaddr*>(&address);
}

bool send_all(int to, const char* bytes, std::size_t size) {
    while (size > 0) {
        const ssize_t n = ::send(to, bytes, size, MSG_NOSIGNAL);
        if (n <= 0) return false;
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

}  // namespace

CutSocket::CutSocket(const std::string& folder)
    : folder_(folder + "/cut"), server_(folder + kSocket) {
    std::filesystem::create_directory(folder_);
    listening_ = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_un here = address_of(folder_ + kSocket);
    if (::bind(listening_, general(here), sizeof(here)) != 0 || ::listen(listening_, 16) != 0)
        throw std::runtime_error("cannot listen between client and server");
    thread_ = std::thread([this] { serve(); });
}

CutSocket::~CutSocket() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
    std::filesystem::remove_all(folder_);
}

void CutSocket::serve() {
    std::list<std::thread> all;
    while (!stopping_) {
        const int client = ::accept(listening_, nullptr, nullptr);
        if (client < 0) break;
        all.emplace_back([this, client] {
            const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_un there = address_of(server_);
            if (::connect(server, general(there), sizeof(there)) == 0) hand_on(client, server);
            ::close(client);
            ::close(server);
        });
    }
    for (std::thread& each : all) each.join();
}

// Poco commits by the plain statement, in one message of the protocol (PostgreSQL's manual, 55.7,
// Query).
void CutSocket::hand_on(int client, int server) {
    std::array<char, 65536> bytes{};
    std::array<pollfd, 2> both{{{client, POLLIN, 0}, {server, POLLIN, 0}}};
    while (!stopping_) {
        if (::poll(both.data(), both.size(), 50) < 0) return;
        for (const bool asks : {true, false}) {
            if ((both[asks ? 0 : 1].revents & (POLLIN | POLLHUP)) == 0) continue;
            const ssize_t n = ::recv(asks ? client : server, bytes.data(), bytes.size(), 0);
            if (n <= 0) return;
            const auto size = static_cast<std::size_t>(n);
            const bool commits =
                asks && std::string_view(bytes.data(), size).find("COMMIT") != std::string::npos;
            const Cut cut = commits ? cut_.exchange(Cut::Never) : Cut::Never;
            if (cut == Cut::BeforeTheServerHears) return;
            if (!send_all(asks ? server : client, bytes.data(), size)) return;
            if (cut != Cut::BeforeTheAnswer) continue;
            // The server has answered, so it is decided; the answer stays here.
            (void)::recv(server, bytes.data(), bytes.size(), 0);
            return;
        }
    }
}

}  // namespace waypost::hub

// SPDX-License-Identifier: Apache-2.0
#include "radio/meshtastic/udp/multicast_socket.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <set>

namespace waypost::meshtastic {
namespace {

constexpr int kTimeToLive = 64;  // as firmware sends
constexpr int kReceiveBuffer = 1 << 20;

sockaddr_in address_of(const MulticastGroup& group) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(group.port));
    ::inet_pton(AF_INET, group.address.c_str(), &address.sin_addr);
    return address;
}

std::string address_of(const ifaddrs& entry) {
    in_addr address{};
    std::memcpy(&address, entry.ifa_addr->sa_data + 2, sizeof address);  // past the port
    char text[INET_ADDRSTRLEN] = "";
    ::inet_ntop(AF_INET, &address, text, sizeof text);
    return text;
}

bool suits(const ifaddrs& entry, const std::string& which) {
    if (entry.ifa_addr == nullptr || entry.ifa_addr->sa_family != AF_INET ||
        (entry.ifa_flags & IFF_UP) == 0)
        return false;
    if (!which.empty()) return which == entry.ifa_name || which == address_of(entry);
    return (entry.ifa_flags & IFF_MULTICAST) != 0 &&
           (entry.ifa_flags & (IFF_LOOPBACK | IFF_POINTOPOINT)) == 0;
}

bool set(const Fd& fd, int level, int option, int value) {
    return ::setsockopt(fd.get(), level, option, &value, sizeof value) == 0;
}

bool join(const Fd& fd, const sockaddr_in& group, int interface) {
    ip_mreqn membership{};
    membership.imr_multiaddr = group.sin_addr;
    membership.imr_ifindex = interface;
    return ::setsockopt(fd.get(), IPPROTO_IP, IP_ADD_MEMBERSHIP, &membership, sizeof membership) ==
           0;
}

Error trouble(const std::string& what) {
    return {Code::Network, what + ": " + std::strerror(errno), true};
}

}  // namespace

bool is_multicast(const std::string& address) {
    in_addr parsed{};
    return ::inet_pton(AF_INET, address.c_str(), &parsed) == 1 &&
           IN_MULTICAST(ntohl(parsed.s_addr));
}

std::vector<int> find_interfaces(const std::string& which) {
    ifaddrs* first = nullptr;
    if (::getifaddrs(&first) != 0) return {};
    const std::unique_ptr<ifaddrs, decltype(&::freeifaddrs)> all(first, ::freeifaddrs);
    std::set<int> found;
    for (const ifaddrs* entry = first; entry != nullptr; entry = entry->ifa_next) {
        if (!suits(*entry, which)) continue;
        if (const unsigned index = ::if_nametoindex(entry->ifa_name); index != 0)
            found.insert(static_cast<int>(index));
    }
    return {found.begin(), found.end()};
}

// Bound to the group, so that nothing else that comes to the port is seen; and without
// IP_MULTICAST_ALL, which is on by default, also nothing that another program joined for.
Result<MulticastSocket> MulticastSocket::open(const MulticastGroup& group,
                                              const std::vector<int>& interfaces) {
    Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.good()) return trouble("socket");
    const sockaddr_in address = address_of(group);
    const bool ready =
        set(fd, SOL_SOCKET, SO_REUSEADDR, 1) && set(fd, IPPROTO_IP, IP_MULTICAST_ALL, 0) &&
        set(fd, IPPROTO_IP, IP_MULTICAST_TTL, kTimeToLive) &&
        set(fd, IPPROTO_IP, IP_MULTICAST_LOOP, 1) &&
        ::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    if (!ready) return trouble(group.address + ':' + std::to_string(group.port));
    (void)set(fd, SOL_SOCKET, SO_RCVBUF, kReceiveBuffer);  // as much of it as the system gives
    std::vector<int> joined;
    for (const int interface : interfaces) {
        if (join(fd, address, interface)) joined.push_back(interface);
    }
    if (joined.empty()) return trouble("no interface joins " + group.address);
    return MulticastSocket(std::move(fd), group, std::move(joined));
}

bool MulticastSocket::send(const std::string& bytes) const {
    sockaddr_in to = address_of(group_);
    iovec payload{const_cast<char*>(bytes.data()), bytes.size()};
    bool taken = false;
    for (const int interface : interfaces_) {
        alignas(cmsghdr) char control[CMSG_SPACE(sizeof(in_pktinfo))] = {};
        msghdr message{};
        message.msg_name = &to;
        message.msg_namelen = sizeof to;
        message.msg_iov = &payload;
        message.msg_iovlen = 1;
        message.msg_control = control;
        message.msg_controllen = sizeof control;
        cmsghdr* const head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = IPPROTO_IP;
        head->cmsg_type = IP_PKTINFO;
        head->cmsg_len = CMSG_LEN(sizeof(in_pktinfo));
        in_pktinfo by{};
        by.ipi_ifindex = interface;
        std::memcpy(CMSG_DATA(head), &by, sizeof by);
        if (::sendmsg(fd_.get(), &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0) taken = true;
    }
    return taken;
}

std::optional<std::string> MulticastSocket::receive(std::size_t most) const {
    std::string bytes(most, '\0');
    const ssize_t count = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (count < 0) return std::nullopt;
    bytes.resize(static_cast<std::size_t>(count));
    return bytes;
}

}  // namespace waypost::meshtastic

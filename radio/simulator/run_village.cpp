// SPDX-License-Identifier: Apache-2.0
// The village in real time: one thread that polls sockets and steps virtual time.
#include <Poco/JSON/Object.h>
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <memory>
#include <sstream>

#include "radio/simulator/village.h"

namespace waypost::simulator {
namespace {

using meshtastic::kText;
using Steady = std::chrono::steady_clock;

constexpr std::size_t kMostLine = 4096;

// A socket that listens, or the one client it has.
struct Station {
    MeshNode* node = nullptr;
    std::unique_ptr<Device> device;
    int listener = -1;
    int client = -1;
};

struct Controller {
    int fd = -1;
    std::string buffer;
};

int listen_tcp(const std::string& port) {
    const std::size_t colon = port.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port.substr(colon + 1))));
    const std::string host = port.substr(4, colon - 4);
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1 ||
        ::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 4) != 0) {
        throw std::runtime_error("cannot listen on " + port + ": " + std::strerror(errno));
    }
    return fd;
}

int listen_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        throw std::runtime_error("the control path is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    ::unlink(path.c_str());
    const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd, 4) != 0) {
        throw std::runtime_error("cannot make " + path + ": " + std::strerror(errno));
    }
    return fd;
}

class Runner {
  public:
    Runner(const Village& village, bool json)
        : village_(village),
          json_(json),
          random_(seeded_random(village.seed)),
          air_(scheduler_, *random_, {*meshtastic_preset(village.preset), village.loss}) {
        build();
    }
    Runner(const Runner&) = delete;
    Runner& operator=(const Runner&) = delete;
    ~Runner() {
        for (const Station& s : stations_) {
            if (s.listener >= 0) ::close(s.listener);
            if (s.client >= 0) ::close(s.client);
        }
        for (const Controller& c : controllers_) ::close(c.fd);
        if (control_ >= 0) {
            ::close(control_);
            ::unlink(village_.control.c_str());
        }
    }

    void run() {
        began_ = Steady::now();
        event("village", "open", std::to_string(village_.nodes.size()) + " radios");
        while (!quit_) {
            step_time();
            flush_devices();
            poll_once();
        }
    }

  private:
    void build() {
        for (const VillageNode& each : village_.nodes) {
            NodeIdentity identity{each.number, each.long_name, each.name.substr(0, 4),
                                  std::string()};
            for (int i = 0; i < 4; ++i) {
                const std::uint64_t part = random_->next();
                identity.public_key.append(reinterpret_cast<const char*>(&part), sizeof part);
            }
            nodes_.push_back(std::make_unique<MeshNode>(scheduler_, air_, *random_, identity));
        }
        // They have met before: everybody holds everybody's key.
        for (const auto& a : nodes_) {
            for (const auto& b : nodes_) {
                if (a != b) a->know(b->identity());
            }
        }
        for (const VillageLink& link : village_.links) {
            air_.link(index_of(link.a), index_of(link.b), link.loss);
        }
        for (std::size_t i = 0; i < nodes_.size(); ++i) {
            if (village_.nodes[i].port.empty()) {
                hold_in_hand(village_.nodes[i].name, *nodes_[i]);
            } else {
                Station station;
                station.node = nodes_[i].get();
                station.device = std::make_unique<Device>(
                    scheduler_, *nodes_[i],
                    DeviceOptions{static_cast<std::uint32_t>(village_.region),
                                  static_cast<std::uint32_t>(village_.preset), "2.8.0.sim"});
                station.listener = listen_tcp(village_.nodes[i].port);
                stations_.push_back(std::move(station));
            }
        }
        if (!village_.control.empty()) control_ = listen_unix(village_.control);
    }

    int index_of(const std::string& name) const {
        for (std::size_t i = 0; i < village_.nodes.size(); ++i) {
            if (village_.nodes[i].name == name) return static_cast<int>(i);
        }
        throw std::runtime_error("no radio is called " + name);
    }

    void hold_in_hand(const std::string& name, MeshNode& node) {
        node.on_packet = [this, name](const pb::MeshPacket& packet) {
            if (packet.decoded().portnum() == kText)
                event(name, "sees", packet.decoded().payload());
        };
        node.on_verdict = [this, name](std::uint32_t, std::uint32_t error, std::uint32_t by) {
            if (error == meshtastic::kNone)
                return event(name, "tick", "heard by the radio " + name_of(by));
            event(name, "no tick", "no radio answered");
        };
    }

    std::string name_of(std::uint32_t number) const {
        for (const auto& node : nodes_) {
            if (node->identity().number == number) return node->identity().long_name;
        }
        return meshtastic::node_id(number);
    }

    void event(const std::string& who, const std::string& what, const std::string& text) {
        std::string line = who + ' ' + what + ": " + text;
        if (json_) {
            Poco::JSON::Object o;
            o.set("who", who);
            o.set("what", what);
            o.set("text", text);
            std::ostringstream out;
            o.stringify(out);
            line = out.str();
        }
        line += '\n';
        std::fwrite(line.data(), 1, line.size(), stdout);
        std::fflush(stdout);
        for (const Controller& c : controllers_) {
            [[maybe_unused]] const ssize_t n =
                ::send(c.fd, line.data(), line.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        }
    }

    void step_time() {
        const auto real = std::chrono::duration<double>(Steady::now() - began_).count();
        scheduler_.run_until(
            box_from_ms(1 + static_cast<std::int64_t>(real * 1000 * village_.speed)));
    }

    void flush_devices() {
        for (Station& s : stations_) {
            const std::string bytes = s.device->to_host();
            if (s.client < 0) continue;
            const bool lost =
                !bytes.empty() && ::send(s.client, bytes.data(), bytes.size(), MSG_NOSIGNAL) !=
                                      static_cast<ssize_t>(bytes.size());
            if (lost || s.device->rebooting()) drop(s);
        }
    }

    static void drop(Station& s) {
        ::close(s.client);
        s.client = -1;
        s.device->disconnected();
    }

    void poll_once() {
        std::vector<pollfd> watched;
        const auto watch = [&](int fd) {
            watched.push_back({fd, POLLIN, 0});
            return watched.size() - 1;
        };
        const std::size_t input = watch(stdin_open_ ? STDIN_FILENO : -1);
        const std::size_t control = watch(control_);
        std::vector<std::size_t> listeners;
        std::vector<std::size_t> clients;
        for (const Station& s : stations_) {
            listeners.push_back(watch(s.listener));
            clients.push_back(watch(s.client));
        }
        const std::size_t first_controller = watched.size();
        for (const Controller& c : controllers_) watch(c.fd);
        const auto until =
            std::chrono::duration<double, std::milli>(scheduler_.next() - scheduler_.now())
                .count() /
            village_.speed;
        ::poll(watched.data(), watched.size(), static_cast<int>(std::clamp(until, 1.0, 50.0)));
        const auto ready = [&](std::size_t i) {
            return (watched[i].revents & (POLLIN | POLLHUP | POLLERR)) != 0;
        };
        step_time();
        for (std::size_t i = 0; i < stations_.size(); ++i) {
            if (ready(clients[i])) read_client(stations_[i]);
            if (ready(listeners[i])) accept_client(stations_[i]);
        }
        for (std::size_t i = controllers_.size(); i-- > 0;) {
            if (ready(first_controller + i))
                read_lines(controllers_[i].fd, controllers_[i].buffer, i);
        }
        if (ready(control)) {
            const int fd = ::accept4(control_, nullptr, nullptr, SOCK_CLOEXEC);
            if (fd >= 0) controllers_.push_back({fd, {}});
        }
        if (ready(input)) read_lines(STDIN_FILENO, typed_, controllers_.size());
    }

    void accept_client(Station& s) {
        const int fd = ::accept4(s.listener, nullptr, nullptr, SOCK_CLOEXEC);
        if (fd < 0) return;
        if (s.client >= 0) drop(s);  // one host at a time: the newer one stays
        const int on = 1;
        ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        s.client = fd;
        s.device->connected();
    }

    void read_client(Station& s) {
        char bytes[4096];
        const ssize_t n = ::recv(s.client, bytes, sizeof bytes, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
        if (n <= 0) return drop(s);
        s.device->from_host({bytes, static_cast<std::size_t>(n)});
    }

    void read_lines(int fd, std::string& buffer, std::size_t controller) {
        char bytes[1024];
        const ssize_t n = ::read(fd, bytes, sizeof bytes);
        if (n <= 0) {
            if (fd == STDIN_FILENO) {
                stdin_open_ = false;
                quit_ = quit_ || control_ < 0;
                return;
            }
            ::close(fd);
            controllers_.erase(controllers_.begin() + static_cast<std::ptrdiff_t>(controller));
            return;
        }
        buffer.append(bytes, static_cast<std::size_t>(n));
        std::vector<std::string> lines;
        for (std::size_t end = buffer.find('\n'); end != std::string::npos;
             end = buffer.find('\n')) {
            lines.push_back(buffer.substr(0, end));
            buffer.erase(0, end + 1);
        }
        if (buffer.size() > kMostLine) buffer.clear();
        for (const std::string& line : lines) command(line);
    }

    MeshNode* find(const std::string& name) {
        for (std::size_t i = 0; i < village_.nodes.size(); ++i) {
            if (village_.nodes[i].name == name) return nodes_[i].get();
        }
        return nullptr;
    }

    void command(const std::string& line) {
        if (line == "quit") {
            quit_ = true;
            return;
        }
        const std::size_t colon = line.find(": ");
        const std::size_t space = line.find(' ');
        if (colon != std::string::npos && colon < 60) {
            std::string who = line.substr(0, colon);
            std::uint32_t to = stations_.empty() ? 0 : stations_.front().node->identity().number;
            if (const std::size_t arrow = who.find('>'); arrow != std::string::npos) {
                MeshNode* other = find(who.substr(arrow + 1));
                if (other == nullptr)
                    return event("village", "error", "no radio " + who.substr(arrow + 1));
                to = other->identity().number;
                who.resize(arrow);
            }
            if (MeshNode* node = find(who)) return say(who, *node, to, line.substr(colon + 2));
        } else if (space != std::string::npos) {
            MeshNode* node = find(line.substr(0, space));
            const std::string what = line.substr(space + 1);
            if (node != nullptr && (what == "on" || what == "off")) {
                node->turn(what == "on");
                if (what == "on") node->announce(meshtastic::kBroadcast, false);
                return event(line.substr(0, space), what, "");
            }
        }
        if (!line.empty())
            event("village", "error",
                  "write NAME: TEXT, NAME>NAME: TEXT, NAME off, NAME on or quit");
    }

    void say(const std::string& who, MeshNode& node, std::uint32_t to, const std::string& text) {
        if (text.size() > 200) return event(who, "error", "200 bytes at most in one packet");
        pb::MeshPacket packet;
        packet.set_to(to);
        packet.set_id(static_cast<std::uint32_t>(random_->below(0xFFFFFFFE)) + 1);
        packet.set_want_ack(true);
        packet.mutable_decoded()->set_portnum(kText);
        packet.mutable_decoded()->set_payload(text);
        node.send(packet);
    }

    const Village& village_;
    bool json_;
    Scheduler scheduler_;
    std::unique_ptr<Random> random_;
    Air air_;
    std::vector<std::unique_ptr<MeshNode>> nodes_;
    std::vector<Station> stations_;
    std::vector<Controller> controllers_;
    int control_ = -1;
    bool stdin_open_ = true;
    bool quit_ = false;
    std::string typed_;
    Steady::time_point began_;
};

}  // namespace

Result<void> run_village(const Village& village, bool json) {
    try {
        Runner(village, json).run();
        return {};
    } catch (const std::runtime_error& e) {
        return Error{Code::Network, e.what(), false};
    }
}

}  // namespace waypost::simulator

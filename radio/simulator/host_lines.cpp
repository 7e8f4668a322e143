// SPDX-License-Identifier: Apache-2.0
#include "radio/simulator/host_lines.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

namespace waypost::simulator {
namespace {

constexpr std::size_t kMostWaiting = 256 * 1024;  // a host that does not read is cut
constexpr int kBacklog = 4;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

class TcpLine final : public HostLine {
  public:
    TcpLine(HostedDevice& device, const std::string& address)
        : HostLine(device, "tcp:" + address), listener_(listen_tcp(address)) {
        sockaddr_in bound{};
        socklen_t size = sizeof bound;
        ::getsockname(listener_.get(), reinterpret_cast<sockaddr*>(&bound), &size);
        name_ = "tcp:" + address.substr(0, address.rfind(':') + 1) +
                std::to_string(ntohs(bound.sin_port));
    }

    int watched() const override { return host_ ? client_.get() : listener_.get(); }
    bool readable() override {
        if (!host_) return greet();
        read_from(client_.get());
        return false;
    }
    // While one host has the line, another may knock: the newer one gets it.
    bool look() override {
        pollfd knock{listener_.get(), POLLIN, 0};
        return host_ && ::poll(&knock, 1, 0) == 1 && greet();
    }

  protected:
    int host_fd() const override { return client_.get(); }
    void close_host() override { client_ = Fd(); }

  private:
    bool greet() {
        Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK));
        if (!fd.good()) return false;
        hang_up();
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        client_ = std::move(fd);
        host_ = true;
        device_.connected(false);
        return true;
    }

    Fd listener_;
    Fd client_;
};

class PtyLine final : public HostLine {
  public:
    PtyLine(HostedDevice& device, const std::string& path)
        : HostLine(device, "pty:" + path),
          path_(path),
          master_(::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC)) {
        const bool ready =
            master_.good() && ::grantpt(master_.get()) == 0 && ::unlockpt(master_.get()) == 0;
        if (!ready) fail("cannot make a pseudo terminal");
        char terminal[128];
        if (::ptsname_r(master_.get(), terminal, sizeof terminal) != 0) fail("no name for it");
        // Opened and closed once, so that the master tells from now on whether a host is there.
        const Fd slave(::open(terminal, O_RDWR | O_NOCTTY | O_CLOEXEC));
        termios settings{};
        ::tcgetattr(slave.get(), &settings);
        ::cfmakeraw(&settings);
        ::tcsetattr(slave.get(), TCSANOW, &settings);
        ::unlink(path.c_str());
        if (::symlink(terminal, path.c_str()) != 0) fail("cannot make " + path);
    }
    ~PtyLine() override { ::unlink(path_.c_str()); }

    int watched() const override { return host_ ? master_.get() : -1; }
    bool readable() override {
        read_from(master_.get());
        return false;
    }
    bool look() override {
        pollfd there{master_.get(), 0, 0};
        const bool away = ::poll(&there, 1, 0) == 1 && (there.revents & POLLHUP) != 0;
        if (host_ || away) return false;
        host_ = true;
        device_.connected(true);
        return true;
    }

  protected:
    int host_fd() const override { return master_.get(); }
    void close_host() override {}

  private:
    std::string path_;
    Fd master_;
};

}  // namespace

Fd listen_tcp(const std::string& text) {
    const std::size_t colon = text.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    const std::string port = colon == std::string::npos ? "" : text.substr(colon + 1);
    const bool digits = !port.empty() && port.size() <= 5 &&
                        port.find_first_not_of("0123456789") == std::string::npos;
    const int number = digits ? std::stoi(port) : 65536;
    if (number > 65535 ||
        ::inet_pton(AF_INET, text.substr(0, colon).c_str(), &address.sin_addr) != 1) {
        throw std::runtime_error("\"tcp:" + text + "\" is no port; write tcp:127.0.0.1:4403");
    }
    address.sin_port = htons(static_cast<std::uint16_t>(number));
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd.get(), kBacklog) != 0) {
        fail("cannot listen on tcp:" + text);
    }
    return fd;
}

Fd listen_unix(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path) {
        throw std::runtime_error("the path of the control socket is too long: " + path);
    }
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    ::unlink(path.c_str());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (::bind(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(fd.get(), kBacklog) != 0) {
        fail("cannot make " + path);
    }
    return fd;
}

void HostLine::hang_up() {
    if (!host_) return;
    host_ = false;
    waiting_.clear();
    close_host();
    device_.disconnected();
}

void HostLine::read_from(int fd) {
    char bytes[4096];
    const ssize_t n = ::read(fd, bytes, sizeof bytes);
    if (n < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (n <= 0) return hang_up();
    device_.from_host({bytes, static_cast<std::size_t>(n)});
}

void HostLine::flush() {
    if (!host_) return;
    waiting_ += device_.to_host();
    if (!waiting_.empty()) {
        const ssize_t n = ::write(host_fd(), waiting_.data(), waiting_.size());
        if (n > 0) waiting_.erase(0, static_cast<std::size_t>(n));
        const bool gone = n < 0 && errno != EAGAIN && errno != EINTR;
        if (gone || waiting_.size() > kMostWaiting) return hang_up();
    }
    if (device_.dropping()) hang_up();
}

std::unique_ptr<HostLine> open_host_line(HostedDevice& device, const std::string& port) {
    const std::string place = port.substr(4);
    if (port.rfind("pty:", 0) == 0) return std::make_unique<PtyLine>(device, place);
    return std::make_unique<TcpLine>(device, place);
}

void attend(HostLine& line, bool readable, const std::vector<std::unique_ptr<HostLine>>& lines) {
    const bool came = (readable && line.readable()) || line.look();
    for (const auto& other : lines) {
        const bool same = &other->device() == &line.device() && other.get() != &line;
        if (!came || !same || !other->has_host()) continue;
        other->hang_up();
        line.device().connected(line.name().rfind("pty:", 0) == 0);
    }
}

}  // namespace waypost::simulator

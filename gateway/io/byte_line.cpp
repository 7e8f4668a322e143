// SPDX-License-Identifier: Apache-2.0
#include "gateway/io/byte_line.h"

#include <fcntl.h>
#include <libserialport.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "gateway/base/fd.h"

namespace waypost {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kWriteWait{5000};
constexpr milliseconds kConnectWait{10000};
constexpr int kBaud = 115200;

Error gone(const std::string& what) {
    return {Code::Network, what + ": " + std::strerror(errno), true};
}

struct PortFree {
    void operator()(sp_port* port) const noexcept {
        sp_close(port);
        sp_free_port(port);
    }
};
using Port = std::unique_ptr<sp_port, PortFree>;

// Reads and writes a descriptor that does not block; owns it, or the serial port that does.
class FdLine final : public ByteLine {
  public:
    explicit FdLine(Fd fd)
        : fd_(std::move(fd)), raw_(fd_.get()), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}
    FdLine(Port port, int raw)
        : port_(std::move(port)), raw_(raw), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

    Result<std::string> read(milliseconds timeout) override {
        pollfd watched[2] = {{raw_, POLLIN, 0}, {wake_.get(), POLLIN, 0}};
        const int ready = ::poll(watched, 2, static_cast<int>(timeout.count()));
        if (ready < 0 && errno != EINTR) return gone("the line failed");
        if ((watched[1].revents & POLLIN) != 0) {
            std::uint64_t count = 0;
            [[maybe_unused]] const ssize_t n = ::read(wake_.get(), &count, sizeof count);
        }
        if ((watched[0].revents & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) == 0)
            return std::string();
        std::string bytes(4096, '\0');
        const ssize_t n = ::read(raw_, bytes.data(), bytes.size());
        if (n < 0 && (errno == EAGAIN || errno == EINTR)) return std::string();
        if (n == 0) return Error{Code::Network, "the other side closed the line", true};
        if (n < 0) return gone("the line failed");
        bytes.resize(static_cast<std::size_t>(n));
        return bytes;
    }

    Result<void> write(std::string_view bytes) override {
        while (!bytes.empty()) {
            const ssize_t n = ::write(raw_, bytes.data(), bytes.size());
            if (n > 0) {
                bytes.remove_prefix(static_cast<std::size_t>(n));
                continue;
            }
            if (n < 0 && errno != EAGAIN && errno != EINTR) return gone("the line failed");
            pollfd watched{raw_, POLLOUT, 0};
            if (::poll(&watched, 1, static_cast<int>(kWriteWait.count())) == 0) {
                return Error{Code::Timeout, "the device does not read", true};
            }
        }
        return {};
    }

    void wake() noexcept override {
        const std::uint64_t one = 1;
        [[maybe_unused]] const ssize_t n = ::write(wake_.get(), &one, sizeof one);
    }

  private:
    Fd fd_;
    Port port_;
    int raw_;
    Fd wake_;
};

// A pseudo terminal needs no baud rate.
Result<std::unique_ptr<ByteLine>> open_terminal(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (fd < 0) return gone("cannot open " + path);
    return {std::make_unique<FdLine>(Fd(fd))};
}

Result<std::unique_ptr<ByteLine>> open_serial(const std::string& path, int baud) {
    sp_port* raw = nullptr;
    if (sp_get_port_by_name(path.c_str(), &raw) != SP_OK) return open_terminal(path);
    Port port(raw);
    if (sp_open(raw, SP_MODE_READ_WRITE) != SP_OK) {
        // It has no modem lines: a pseudo terminal in a port's place.
        return errno == ENOTTY ? open_terminal(path) : gone("cannot open " + path);
    }
    sp_set_baudrate(raw, baud);
    sp_set_bits(raw, 8);
    sp_set_parity(raw, SP_PARITY_NONE);
    sp_set_stopbits(raw, 1);
    sp_set_flowcontrol(raw, SP_FLOWCONTROL_NONE);
    int fd = -1;
    if (sp_get_port_handle(raw, &fd) != SP_OK) return gone("cannot use " + path);
    return {std::make_unique<FdLine>(std::move(port), fd)};
}

Result<std::unique_ptr<ByteLine>> open_tcp(const std::string& host, const std::string& service) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (::getaddrinfo(host.c_str(), service.c_str(), &hints, &list) != 0) {
        return Error{Code::NotFound, "no such host: " + host, true};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> addresses(list, &::freeaddrinfo);
    for (const addrinfo* a = list; a != nullptr; a = a->ai_next) {
        Fd fd(
            ::socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, a->ai_protocol));
        if (fd.get() < 0) continue;
        if (::connect(fd.get(), a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS) continue;
        pollfd watched{fd.get(), POLLOUT, 0};
        int failed = 0;
        socklen_t size = sizeof failed;
        if (::poll(&watched, 1, static_cast<int>(kConnectWait.count())) != 1 ||
            ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failed, &size) != 0 || failed != 0) {
            continue;
        }
        const int on = 1;
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ::setsockopt(fd.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        return {std::make_unique<FdLine>(std::move(fd))};
    }
    return Error{Code::Network, "no answer from " + host + ':' + service, true};
}

}  // namespace

Result<std::unique_ptr<ByteLine>> open_line(const std::string& where) {
    if (where.rfind("tcp:", 0) == 0) {
        const std::size_t colon = where.rfind(':');
        if (colon <= 4) return bad_input(where + ": write tcp:host:port");
        return open_tcp(where.substr(4, colon - 4), where.substr(colon + 1));
    }
    if (where.rfind("serial:", 0) == 0) {
        std::string path = where.substr(7);
        int baud = kBaud;
        if (const std::size_t mark = path.find("?baud="); mark != std::string::npos) {
            const std::string digits = path.substr(mark + 6);
            if (digits.empty() || digits.size() > 7 ||
                digits.find_first_not_of("0123456789") != std::string::npos) {
                return bad_input(where + ": baud is a number");
            }
            baud = std::stoi(digits);
            path.resize(mark);
        }
        return open_serial(path, baud);
    }
    return bad_input(where + ": a port is serial:/dev/NAME or tcp:host:port");
}

std::string device_of(const std::string& where) {
    const std::size_t place = where.find(':') + 1;
    if (where.rfind("serial:", 0) != 0 && where.compare(place, 1, "/") != 0) return where;
    const std::string path = where.substr(place, where.find('?', place) - place);
    std::error_code unknown;
    const auto real = std::filesystem::canonical(path, unknown);
    return unknown ? path : real.string();
}

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/host_end.h"

#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>

#include "radio/simulator/modem_pty.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

bool possible(int fd, short what) {
    pollfd watched{fd, what, 0};
    return ::poll(&watched, 1, 0) == 1;
}

// The descriptors are shared with others, whom O_NONBLOCK would surprise: they are asked first. A
// pipe that is writable takes PIPE_BUF bytes.
class StandardStreams final : public HostEnd {
  public:
    std::string read(std::size_t most) override {
        if (ended_ || most == 0 || !possible(STDIN_FILENO, POLLIN)) return {};
        std::string bytes(most, '\0');
        const ssize_t n = ::read(STDIN_FILENO, bytes.data(), bytes.size());
        ended_ = n == 0 || (n < 0 && errno != EINTR && errno != EAGAIN);
        bytes.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
        return bytes;
    }
    bool ended() const override { return ended_; }
    Result<std::size_t> write(std::string_view bytes) override {
        if (bytes.empty() || !possible(STDOUT_FILENO, POLLOUT)) return std::size_t{0};
        const std::size_t most = std::min<std::size_t>(bytes.size(), PIPE_BUF);
        const ssize_t n = ::write(STDOUT_FILENO, bytes.data(), most);
        if (n >= 0) return static_cast<std::size_t>(n);
        if (errno == EINTR || errno == EAGAIN) return std::size_t{0};
        return Error{Code::Network, std::string("standard output: ") + std::strerror(errno), false};
    }
    void close_out() override { ::close(STDOUT_FILENO); }

  private:
    bool ended_ = false;
};

// Its other side is held open here as well, or it would fail whenever no program has it.
class PseudoTerminal final : public HostEnd {
  public:
    PseudoTerminal() : held_(::open(pty_.path().c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC)) {}
    ~PseudoTerminal() override {
        if (held_ >= 0) ::close(held_);
        std::error_code ignored;
        if (!link_.empty() && fs::read_symlink(link_, ignored) == pty_.path())
            fs::remove(link_, ignored);
    }
    const std::string& path() const { return pty_.path(); }
    Result<void> make_link(const std::string& link) {
        std::error_code error;
        if (fs::is_symlink(link, error)) fs::remove(link, error);
        fs::create_symlink(pty_.path(), link, error);
        if (error) return bad_input("cannot make the link " + link + ": " + error.message());
        link_ = link;
        return {};
    }
    std::string read(std::size_t most) override {
        if (waiting_.empty()) waiting_ = pty_.read();
        std::string bytes = waiting_.substr(0, most);
        waiting_.erase(0, bytes.size());
        return bytes;
    }
    bool ended() const override { return false; }
    Result<std::size_t> write(std::string_view bytes) override { return pty_.write(bytes); }
    void close_out() override {}

  private:
    simulator::ModemPty pty_;
    int held_;
    std::string link_;
    std::string waiting_;  // read, and more than was asked for
};

}  // namespace

std::unique_ptr<HostEnd> standard_streams() { return std::make_unique<StandardStreams>(); }

Result<Terminal> open_terminal(const std::string& link) {
    try {
        auto terminal = std::make_unique<PseudoTerminal>();
        if (!link.empty()) {
            if (const auto linked = terminal->make_link(link); !linked.ok()) return linked.error();
        }
        std::string path = terminal->path();
        return Terminal{std::move(terminal), std::move(path)};
    } catch (const std::runtime_error& e) {
        return Error{Code::Internal, e.what(), false};
    }
}

}  // namespace waypost::cli

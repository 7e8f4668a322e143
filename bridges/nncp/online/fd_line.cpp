// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/fd_line.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace waypost::nncp {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds kLastWait{1000};

Error gone() {
    return {Code::Network, std::string("the line failed: ") + std::strerror(errno), true};
}

// Standard input and output do not block while it lives; other programs may have them too.
class StandardLine final : public FdLine {
  public:
    StandardLine() : FdLine(0, 1), in_(::fcntl(0, F_GETFL)), out_(::fcntl(1, F_GETFL)) {
        ::fcntl(0, F_SETFL, in_ | O_NONBLOCK);
        ::fcntl(1, F_SETFL, out_ | O_NONBLOCK);
    }
    ~StandardLine() override {
        ::fcntl(0, F_SETFL, in_);
        ::fcntl(1, F_SETFL, out_);
    }

  private:
    const int in_, out_;
};

}  // namespace

FdLine::FdLine(int in, int out)
    : in_(in), out_(out), wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

Result<std::size_t> FdLine::receive(std::span<std::uint8_t> into) {
    const ssize_t n = ::read(in_, into.data(), into.size());
    if (n > 0) return static_cast<std::size_t>(n);
    if (n == 0) return Error{Code::Network, "the other side closed the line", true};
    if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
    return gone();
}

// SIGPIPE is ignored by the programs.
Result<std::size_t> FdLine::send(std::span<const std::uint8_t> bytes) {
    const ssize_t n = ::write(out_, bytes.data(), bytes.size());
    if (n >= 0) return static_cast<std::size_t>(n);
    if (errno == EAGAIN || errno == EINTR) return std::size_t{0};
    return gone();
}

void FdLine::wait(bool input, bool output, milliseconds time) {
    pollfd watched[3] = {{wake_.get(), POLLIN, 0}, {in_, POLLIN, 0}, {out_, POLLOUT, 0}};
    if (!input) watched[1].fd = -1;
    if (!output) watched[2].fd = -1;
    (void)::poll(watched, 3, static_cast<int>(time.count()));
    std::uint64_t count = 0;
    if ((watched[0].revents & POLLIN) != 0) (void)!::read(wake_.get(), &count, sizeof count);
}

void FdLine::wake() noexcept {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void FdLine::read_to_end() noexcept {
    const auto until = steady_clock::now() + kLastWait;
    std::uint8_t rest[4096];
    for (auto now = steady_clock::now(); now < until; now = steady_clock::now()) {
        const auto n = receive(rest);
        if (!n.ok()) return;
        if (*n == 0) wait(true, false, std::chrono::ceil<milliseconds>(until - now));
    }
}

std::unique_ptr<Line> line_of_standard_io() { return std::make_unique<StandardLine>(); }

}  // namespace waypost::nncp

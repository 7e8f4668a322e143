// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "gateway/base/spawn.h"

namespace waypost::exec {
namespace {

struct Pipe {
    Fd reads, writes;
    bool open() {
        std::array<int, 2> ends{};
        if (::pipe2(ends.data(), O_CLOEXEC) != 0) return false;
        reads = Fd(ends[0]);
        writes = Fd(ends[1]);
        return true;
    }
};

void do_not_block(const Fd& fd) {
    ::fcntl(fd.get(), F_SETFL, ::fcntl(fd.get(), F_GETFL) | O_NONBLOCK);
}

}  // namespace

Child::Child(pid_t pid, Fd input, Fd output, Fd errors)
    : pid_(pid),
      input_(std::move(input)),
      output_(std::move(output)),
      errors_(std::move(errors)),
      watch_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))) {}

Child::Child(Child&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)),
      watch_(std::move(other.watch_)) {}

Child::~Child() {
    if (pid_ == 0) return;
    signal_group(SIGKILL);
    (void)reap();
}

Result<Child> Child::start(const Command& command) {
    Pipe in, out, err;
    if (!in.open() || !out.open() || !err.open())
        return Error{Code::Internal, std::string("cannot make a pipe: ") + std::strerror(errno),
                     true};
    do_not_block(in.writes);
    do_not_block(out.reads);
    do_not_block(err.reads);
    const auto pid = spawn(command.words, command.environment, command.folder,
                           {in.reads.get(), out.writes.get(), err.writes.get()});
    if (!pid.ok()) return pid.error();
    Child child(*pid, std::move(in.writes), std::move(out.reads), std::move(err.reads));
    if (child.watch() < 0)
        return Error{Code::Internal, std::string("cannot watch it: ") + std::strerror(errno), true};
    return child;
}

void Child::signal_group(int signal) const {
    if (pid_ > 0) ::kill(-pid_, signal);
}

std::string Child::reap() {
    siginfo_t ended{};
    while (::waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT) < 0 &&
           errno == EINTR) {
    }
    // Until it is waited for, nobody else can have the number of its group.
    signal_group(SIGKILL);
    int how = 0;
    while (::waitpid(pid_, &how, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    if (WIFEXITED(how)) return "its program ended with " + std::to_string(WEXITSTATUS(how));
    return std::string("its program was ended by a signal: ") + ::strsignal(WTERMSIG(how));
}

}  // namespace waypost::exec

// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/child.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace waypost::exec {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> made;
    for (const std::string& each : words) made.push_back(const_cast<char*>(each.c_str()));
    made.push_back(nullptr);
    return made;
}

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

// Its three pipes and no other descriptor, signals as they are by default, a group of its own.
class Spawning {
  public:
    Spawning(const std::string& folder, int input, int output, int errors) {
        posix_spawn_file_actions_init(&files_);
        posix_spawn_file_actions_adddup2(&files_, input, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files_, output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files_, errors, STDERR_FILENO);
        posix_spawn_file_actions_addclosefrom_np(&files_, STDERR_FILENO + 1);
        if (!folder.empty()) posix_spawn_file_actions_addchdir_np(&files_, folder.c_str());
        posix_spawnattr_init(&attributes_);
        sigset_t none, all;
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes_, &none);
        posix_spawnattr_setsigdefault(&attributes_, &all);
        posix_spawnattr_setpgroup(&attributes_, 0);
        posix_spawnattr_setflags(
            &attributes_, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
    }
    ~Spawning() {
        posix_spawnattr_destroy(&attributes_);
        posix_spawn_file_actions_destroy(&files_);
    }
    Spawning(const Spawning&) = delete;
    Spawning& operator=(const Spawning&) = delete;

    int start(const Command& command, pid_t& pid) {
        auto words = pointers(command.words), environment = pointers(command.environment);
        return ::posix_spawnp(&pid, words[0], &files_, &attributes_, words.data(),
                              environment.data());
    }

  private:
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

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
    pid_t pid = 0;
    const int failed = Spawning(command.folder, in.reads.get(), out.writes.get(), err.writes.get())
                           .start(command, pid);
    if (failed != 0)
        return Error{Code::Internal,
                     "cannot start " + command.words[0] + " in " + command.folder + ": " +
                         std::strerror(failed),
                     true};
    Child child(pid, std::move(in.writes), std::move(out.reads), std::move(err.reads));
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

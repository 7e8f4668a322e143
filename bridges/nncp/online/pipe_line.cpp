// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/online/pipe_line.h"

#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "bridges/nncp/online/fd_line.h"

extern char** environ;

namespace waypost::nncp {
namespace {

constexpr int kPatience = 40;  // looks, before each step
constexpr int kBetween = 50;   // milliseconds

class PipeLine final : public FdLine {
  public:
    PipeLine(Fd fd, pid_t pid) : FdLine(fd.get(), fd.get()), fd_(std::move(fd)), pid_(pid) {}
    ~PipeLine() override {
        fd_ = Fd();
        for (const int signal : {SIGTERM, SIGKILL}) {
            if (ended()) return;
            ::kill(-pid_, signal);  // its own group
        }
        ended();
    }
    void close() noexcept override {
        ::shutdown(fd_.get(), SHUT_WR);
        read_to_end();
    }

  private:
    bool ended() const {
        for (int i = 0; i < kPatience; ++i) {
            const pid_t done = ::waitpid(pid_, nullptr, WNOHANG);
            if (done == pid_ || (done < 0 && errno == ECHILD)) return true;
            (void)::poll(nullptr, 0, kBetween);
        }
        return false;
    }
    Fd fd_;
    const pid_t pid_;
};

// What a spawned program gets and how; destroyed in the end.
struct Spawning {
    Spawning() {
        posix_spawn_file_actions_init(&files);
        posix_spawnattr_init(&attributes);
    }
    ~Spawning() {
        posix_spawn_file_actions_destroy(&files);
        posix_spawnattr_destroy(&attributes);
    }
    Spawning(const Spawning&) = delete;
    Spawning& operator=(const Spawning&) = delete;
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
};

int spawn(const std::string& command, int fd, pid_t* pid) {
    Spawning how;
    posix_spawn_file_actions_adddup2(&how.files, fd, 0);
    posix_spawn_file_actions_adddup2(&how.files, fd, 1);
    sigset_t defaults;
    sigemptyset(&defaults);
    sigaddset(&defaults, SIGPIPE);
    posix_spawnattr_setsigdefault(&how.attributes, &defaults);
    posix_spawnattr_setpgroup(&how.attributes, 0);
    posix_spawnattr_setflags(&how.attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF);
    std::string shell = "/bin/sh", option = "-c", text = command;
    char* arguments[] = {shell.data(), option.data(), text.data(), nullptr};
    return posix_spawn(pid, shell.c_str(), &how.files, &how.attributes, arguments, environ);
}

}  // namespace

Result<std::unique_ptr<Line>> open_pipe(const std::string& command) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return Error{Code::Internal, "no pipe to be had", true};
    Fd ours(ends[0]), theirs(ends[1]);
    pid_t pid = -1;
    if (spawn(command, theirs.get(), &pid) != 0)
        return Error{Code::NotFound, "cannot run /bin/sh", false};
    // Only our end: the program's blocks as it expects.
    int on = 1;
    (void)::ioctl(ours.get(), FIONBIO, &on);
    return std::unique_ptr<Line>(std::make_unique<PipeLine>(std::move(ours), pid));
}

}  // namespace waypost::nncp

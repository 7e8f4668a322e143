// SPDX-License-Identifier: Apache-2.0
#include "gateway/pictures/helper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <streambuf>

#include "gateway/base/log.h"
#include "gateway/message/text.h"
#include "gateway/pictures/shrink_end.h"

namespace waypost {
namespace {

using Steady = std::chrono::steady_clock;

constexpr std::chrono::seconds kEndsWithin{2};  // after it has closed its side

int left(Steady::time_point until) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(until - Steady::now()).count();
    return ms < 0 ? 0 : static_cast<int>(ms) + 1;  // rounded up: a wait ends after its time
}

bool ready(int fd, short events, Steady::time_point until) {
    pollfd one{fd, events, 0};
    int got = 0;
    do {
        got = ::poll(&one, 1, left(until));
    } while (got < 0 && errno == EINTR);
    return got > 0;
}

// The helper as a child: one socket is its standard input and output, nothing else is open in it.
class Helper {
  public:
    Helper(const std::string& program, const std::vector<std::string>& wanted) {
        int pair[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0) {
            failed_ = errno;
            return;
        }
        fd_ = pair[0];
        failed_ = spawn(program, wanted, pair[1]);
        ::close(pair[1]);
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;
    ~Helper() {
        end(Steady::now());
        if (fd_ >= 0) ::close(fd_);
    }

    int failed() const { return failed_; }  // errno of the start; 0: it runs
    int fd() const { return fd_; }

    // Its exit status; -1: it was killed, by us after `until` or by its limits.
    int end(Steady::time_point until) {
        if (pid_ <= 0) return status_;
        const int watch = static_cast<int>(::syscall(SYS_pidfd_open, pid_, 0));
        const bool ended = watch >= 0 && ready(watch, POLLIN, until);
        if (watch >= 0) ::close(watch);
        if (!ended) ::kill(pid_, SIGKILL);
        int how = 0;
        while (::waitpid(pid_, &how, 0) < 0 && errno == EINTR) {
        }
        pid_ = 0;
        return status_ = WIFEXITED(how) ? WEXITSTATUS(how) : -1;
    }

  private:
    int spawn(const std::string& program, std::vector<std::string> wanted, int theirs) {
        posix_spawn_file_actions_t files;
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, theirs, STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, theirs, STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        sigset_t none, all;  // the daemon blocks and ignores some
        sigemptyset(&none);
        sigfillset(&all);
        posix_spawnattr_setsigmask(&attributes, &none);
        posix_spawnattr_setsigdefault(&attributes, &all);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
        std::string name = "waypost-shrink";
        std::vector<char*> arguments{name.data()};
        for (std::string& each : wanted) arguments.push_back(each.data());
        arguments.push_back(nullptr);
        char* environment[] = {nullptr};
        const int failed = ::posix_spawn(&pid_, program.c_str(), &files, &attributes,
                                         arguments.data(), environment);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&files);
        if (failed != 0) pid_ = 0;
        return failed;
    }

    pid_t pid_ = 0;
    int fd_ = -1;
    int failed_ = 0;
    int status_ = -1;
};

// Writes to the helper; goes bad when it hangs up (it has seen enough) or takes too long.
class ToHelper final : public std::streambuf {
  public:
    ToHelper(int fd, Steady::time_point until) : fd_(fd), until_(until) {}

  protected:
    std::streamsize xsputn(const char* bytes, std::streamsize size) override {
        std::streamsize sent = 0;
        while (sent < size) {
            if (!ready(fd_, POLLOUT, until_)) return sent;
            const ssize_t n = ::send(fd_, bytes + sent, static_cast<std::size_t>(size - sent),
                                     MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
            if (n < 0) return sent;
            sent += n;
        }
        return sent;
    }
    int overflow(int c) override {
        const char byte = static_cast<char>(c);
        return xsputn(&byte, 1) == 1 ? c : traits_type::eof();
    }

  private:
    int fd_;
    Steady::time_point until_;
};

std::string read_all(int fd, std::size_t most, Steady::time_point until) {
    std::string bytes;
    char piece[16 * 1024];
    while (bytes.size() <= most && ready(fd, POLLIN, until)) {
        const ssize_t n = ::recv(fd, piece, sizeof piece, MSG_DONTWAIT);
        if (n < 0 && (errno == EINTR || errno == EAGAIN)) continue;
        if (n <= 0) break;
        bytes.append(piece, static_cast<std::size_t>(n));
    }
    return bytes;
}

Error why(int status, std::size_t most) {
    switch (static_cast<ShrinkEnd>(status)) {
        case ShrinkEnd::NotAPicture:
            return bad_input("this is no picture that can be made smaller");
        case ShrinkEnd::Broken:
            return bad_input("the picture is damaged or not whole");
        case ShrinkEnd::TooManyPixels:
        case ShrinkEnd::TooManyBytes:
        case ShrinkEnd::NoMemory:
            return {Code::TooLarge, "the picture is too large to be made smaller here", false};
        case ShrinkEnd::DoesNotFit:
            return {Code::TooLarge,
                    "the picture does not fit into " + short_size(most) + " in any size", false};
        case ShrinkEnd::NotConfined:
            return {Code::Internal, "this kernel lets no program shut itself in (seccomp)", false};
        default:
            return bad_input("the picture could not be read");
    }
}

}  // namespace

Result<std::string> run_helper(const HelperJob& job) {
    static std::timed_mutex one_at_a_time;
    const std::unique_lock turn(one_at_a_time, job.patience);
    if (!turn.owns_lock())
        return Error{Code::Busy, "other pictures are being made smaller: ask again", true};
    const auto until = Steady::now() + job.patience;
    Helper helper(job.program, job.wanted);
    if (helper.failed() != 0) {
        return Error{Code::Internal,
                     "cannot start " + job.program + ": " + std::strerror(helper.failed()), false};
    }
    ToHelper buffer(helper.fd(), until);
    std::ostream out(&buffer);
    const auto written = job.write(out);
    if (!written.ok() && out.good()) return written.error();  // else it has seen enough
    ::shutdown(helper.fd(), SHUT_WR);
    std::string made = read_all(helper.fd(), job.most, until);
    const auto now = Steady::now();
    const bool talks_on = made.size() > job.most;
    const int status = helper.end(talks_on ? now : std::min(until, now + kEndsWithin));
    if (now >= until)
        return Error{Code::Timeout, "the picture took too long to be made smaller", true};
    if (status != static_cast<int>(ShrinkEnd::Done)) {
        if (status < static_cast<int>(ShrinkEnd::NotAPicture))
            log(Level::Warning, "pictures", "helper-died", {{"status", std::to_string(status)}});
        return why(status, job.budget);
    }
    if (talks_on) return no_picture();
    return made;
}

Error no_picture() { return bad_input("the picture could not be read"); }

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
#include "gateway/pictures/helper.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>
#include <streambuf>

#include "gateway/base/fd.h"
#include "gateway/base/log.h"
#include "gateway/base/spawn.h"
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
            failed_ = "cannot start " + program + ": " + std::strerror(errno);
            return;
        }
        fd_ = Fd(pair[0]);
        const Fd theirs(pair[1]), nowhere(::open("/dev/null", O_WRONLY | O_CLOEXEC));
        std::vector<std::string> words{program};
        words.insert(words.end(), wanted.begin(), wanted.end());
        const auto pid = spawn(words, {}, {}, {theirs.get(), theirs.get(), nowhere.get()});
        if (pid.ok()) {
            pid_ = *pid;
        } else {
            failed_ = pid.error().text;
        }
    }
    Helper(const Helper&) = delete;
    Helper& operator=(const Helper&) = delete;
    ~Helper() { end(Steady::now()); }

    const std::string& failed() const { return failed_; }  // to start; empty: it runs
    int fd() const { return fd_.get(); }

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
    pid_t pid_ = 0;
    Fd fd_;
    std::string failed_;
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
    if (!helper.failed().empty()) return Error{Code::Internal, helper.failed(), false};
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

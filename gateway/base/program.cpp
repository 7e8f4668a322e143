// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "gateway/base/spawn.h"

namespace waypost {

namespace {

using Steady = std::chrono::steady_clock;
constexpr std::size_t kOutputBytes = 64 * 1024;
constexpr long long kLongestPollMs = 60'000;

// False at the end of it.
bool drain(int output, std::string& into) {
    std::array<char, 16 * 1024> piece;
    for (;;) {
        const auto got = ::read(output, piece.data(), piece.size());
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return errno == EAGAIN;
        if (got == 0) return false;
        const auto room = kOutputBytes - into.size();
        into.append(piece.data(), std::min(room, static_cast<std::size_t>(got)));
    }
}

}  // namespace

RunningProgram::RunningProgram(pid_t pid, Fd output, const Program& program)
    : pid_(pid),
      output_(std::move(output)),
      watch_(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0))),
      stop_(program.stop),
      until_(Steady::now() + program.patience) {}

RunningProgram::RunningProgram(RunningProgram&& other) noexcept
    : pid_(std::exchange(other.pid_, 0)),
      output_(std::move(other.output_)),
      watch_(std::move(other.watch_)),
      stop_(other.stop_),
      says_more_(other.says_more_),
      said_(std::move(other.said_)),
      until_(other.until_) {}

RunningProgram::~RunningProgram() {
    if (pid_ != 0) (void)wait();
}

Result<RunningProgram> RunningProgram::start(const Program& program) {
    if (program.words.empty() || program.words[0].empty()) {
        return Error{Code::Refused, "no program is named", true};
    }
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return Error{Code::Internal, std::string("cannot make a pipe: ") + std::strerror(errno),
                     true};
    Fd output(ends[0]);
    const Fd theirs(ends[1]);
    ::fcntl(output.get(), F_SETFL, O_NONBLOCK);
    const int into = program.output >= 0 ? program.output : theirs.get();
    const auto pid = spawn(program.words, program.environment, program.folder,
                           {program.input, into, theirs.get()});
    if (!pid.ok()) return pid.error();
    return RunningProgram(*pid, std::move(output), program);
}

void RunningProgram::read_output() {
    if (says_more_) says_more_ = drain(output_.get(), said_);
}

std::size_t RunningProgram::first_to_end(const std::vector<RunningProgram*>& programs) {
    constexpr std::size_t kEach = 3;
    std::vector<pollfd> events(kEach * programs.size());
    for (;;) {
        auto until = Steady::time_point::max();
        for (std::size_t i = 0; i < programs.size(); ++i) {
            const RunningProgram& each = *programs[i];
            events[kEach * i] = {each.watch_.get(), POLLIN, 0};
            events[kEach * i + 1] = {each.says_more_ ? each.output_.get() : -1, POLLIN, 0};
            events[kEach * i + 2] = {each.stop_, POLLIN, 0};
            until = std::min(until, each.until_);
        }
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        const int wait = static_cast<int>(std::clamp<long long>(left, 0, kLongestPollMs));
        if (::poll(events.data(), events.size(), wait) < 0) continue;
        for (std::size_t i = 0; i < programs.size(); ++i) {
            if (events[kEach * i + 1].revents != 0) programs[i]->read_output();
            if (events[kEach * i].revents != 0 || events[kEach * i + 2].revents != 0 ||
                programs[i]->until_ <= Steady::now())
                return i;
        }
    }
}

Ended RunningProgram::wait() {
    (void)first_to_end({this});
    read_output();
    const pid_t pid = std::exchange(pid_, 0);
    Ended ended;
    int how = 0;
    ended.too_slow = ::waitpid(pid, &how, WNOHANG) == 0;
    if (ended.too_slow) {
        ::kill(-pid, SIGKILL);
        while (::waitpid(pid, &how, 0) < 0 && errno == EINTR) {
        }
    } else if (WIFEXITED(how)) {
        ended.status = WEXITSTATUS(how);
    }
    ended.output = std::move(said_);
    return ended;
}

Result<PipedPrograms> start_piped(Program from, Program into) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0)
        return Error{Code::Internal, std::string("cannot make a pipe: ") + std::strerror(errno),
                     true};
    // Closed before a program is waited for: each ends once the other is gone.
    Fd read(ends[0]), write(ends[1]);
    into.input = read.get();
    from.output = write.get();
    auto second = RunningProgram::start(into);
    if (!second.ok()) return second.error();
    auto first = RunningProgram::start(from);
    read = Fd();
    write = Fd();
    if (!first.ok()) return first.error();
    return PipedPrograms{std::move(*first), std::move(*second)};
}

Result<Ended> run_program(const Program& program) {
    auto running = RunningProgram::start(program);
    if (!running.ok()) return running.error();
    return running->wait();
}

}  // namespace waypost

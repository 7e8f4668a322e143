// SPDX-License-Identifier: Apache-2.0
#include "app/demo/process.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <stdexcept>

namespace waypost::demo {
namespace {

[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         const std::string& log, int in, int out) {
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600), 2);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const std::string& each : arguments) argv.push_back(const_cast<char*>(each.c_str()));
    argv.push_back(nullptr);
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments,
             const std::string& log) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) {
        throw std::runtime_error("no pipes");
    }
    pid_ = ::fork();
    if (pid_ == 0) become(program, arguments, log, in[0], out[1]);
    ::close(in[0]);
    ::close(out[1]);
    in_ = in[1];
    out_ = out[0];
}

Child::~Child() {
    ::kill(pid_, SIGTERM);
    ::waitpid(pid_, nullptr, 0);
    ::close(in_);
    ::close(out_);
}

void Child::say(const std::string& line) {
    const std::string text = line + '\n';
    [[maybe_unused]] const ssize_t n = ::write(in_, text.data(), text.size());
}

std::string Child::line(std::chrono::milliseconds timeout) {
    for (;;) {
        if (const std::size_t end = buffer_.find('\n'); end != std::string::npos) {
            std::string line = buffer_.substr(0, end);
            buffer_.erase(0, end + 1);
            return line;
        }
        pollfd watched{out_, POLLIN, 0};
        if (::poll(&watched, 1, static_cast<int>(timeout.count())) != 1) return {};
        char bytes[1024];
        const ssize_t n = ::read(out_, bytes, sizeof bytes);
        ended_ = n <= 0;
        if (ended_) return {};
        buffer_.append(bytes, static_cast<std::size_t>(n));
    }
}

}  // namespace waypost::demo

// SPDX-License-Identifier: Apache-2.0
#include "tool.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "tests/interop/mail/peers.h"

namespace waypost::interop {

Tool::Tool(const std::vector<std::string>& arguments, const std::string& name,
           const std::string& input)
    : name_(name) {
    const std::string program = WAYPOST_BIN "/waypost";
    std::vector<std::string> words{program, "trunk"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    const std::string out = name + ".out", err = name + ".err";
    posix_spawn_file_actions_t files;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, input.c_str(), O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    const int failed = ::posix_spawn(&pid_, program.c_str(), &files, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&files);
    if (failed != 0) throw std::runtime_error("cannot start " + program);
}

Tool::~Tool() {
    if (status_ != -2) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
}

void Tool::signal(int number) const {
    if (status_ == -2) ::kill(pid_, number);
}

int Tool::wait(std::chrono::seconds within) {
    eventually(
        [this] {
            int status = 0;
            if (status_ != -2 || ::waitpid(pid_, &status, WNOHANG) != pid_) return status_ != -2;
            status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            return true;
        },
        within);
    return status_;
}

std::string Tool::out() const { return contents(name_ + ".out"); }
std::string Tool::err() const { return contents(name_ + ".err"); }

}  // namespace waypost::interop

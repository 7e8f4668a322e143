// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/spawn.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

#include <cstring>

namespace waypost {
namespace {

std::vector<char*> pointers(const std::vector<std::string>& words) {
    std::vector<char*> made;
    for (const std::string& each : words) made.push_back(const_cast<char*>(each.c_str()));
    made.push_back(nullptr);
    return made;
}

// What the child gets.
class Spawning {
  public:
    Spawning(const std::string& folder, const Streams& streams) {
        posix_spawn_file_actions_init(&files_);
        if (streams.input >= 0) {
            posix_spawn_file_actions_adddup2(&files_, streams.input, STDIN_FILENO);
        } else {
            posix_spawn_file_actions_addopen(&files_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
        }
        posix_spawn_file_actions_adddup2(&files_, streams.output, STDOUT_FILENO);
        posix_spawn_file_actions_adddup2(&files_, streams.errors, STDERR_FILENO);
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

    // errno; 0: it runs.
    int start(const std::vector<std::string>& words, const std::vector<std::string>& environment,
              pid_t& pid) {
        const auto arguments = pointers(words), variables = pointers(environment);
        return ::posix_spawnp(&pid, arguments[0], &files_, &attributes_, arguments.data(),
                              variables.data());
    }

  private:
    posix_spawn_file_actions_t files_;
    posix_spawnattr_t attributes_;
};

}  // namespace

Result<pid_t> spawn(const std::vector<std::string>& words,
                    const std::vector<std::string>& environment, const std::string& folder,
                    const Streams& streams) {
    pid_t pid = 0;
    const int failed = Spawning(folder, streams).start(words, environment, pid);
    if (failed == 0) return pid;
    return Error{Code::Internal,
                 "cannot start " + words[0] + (folder.empty() ? "" : " in " + folder) + ": " +
                     std::strerror(failed),
                 true};
}

}  // namespace waypost

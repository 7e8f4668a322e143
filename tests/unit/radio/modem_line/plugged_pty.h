// SPDX-License-Identifier: Apache-2.0
// A pseudo terminal under a name of its own, that can be pulled and plugged in again.
#pragma once

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>
#include <string>

namespace waypost {

class PluggedPty {
  public:
    PluggedPty() {
        char folder[] = "/tmp/waypost-pty-XXXXXX";
        folder_ = ::mkdtemp(folder);
        path_ = folder_ + "/modem";
    }
    PluggedPty(const PluggedPty&) = delete;
    PluggedPty& operator=(const PluggedPty&) = delete;
    ~PluggedPty() {
        pull();
        std::filesystem::remove_all(folder_);
    }

    void plug() {
        pull();
        master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
        char name[128];
        ::grantpt(master_);
        ::unlockpt(master_);
        ::ptsname_r(master_, name, sizeof name);
        const int host = ::open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
        termios settings{};
        ::tcgetattr(host, &settings);
        ::cfmakeraw(&settings);
        ::tcsetattr(host, TCSANOW, &settings);
        ::close(host);
        std::filesystem::remove(path_);
        std::filesystem::create_symlink(name, path_);
    }
    // The host's end finds its line gone, the name stays as it is.
    void pull() {
        if (master_ >= 0) ::close(master_);
        master_ = -1;
    }
    // The name is that of another terminal from now on; this one stays open.
    int leave_behind() {
        const int before = master_;
        master_ = -1;
        return before;
    }
    void say(std::string_view bytes) {
        [[maybe_unused]] const auto n = ::write(master_, bytes.data(), bytes.size());
    }
    std::string hear(std::size_t bytes) {
        std::string all;
        pollfd there{master_, POLLIN, 0};
        while (all.size() < bytes && ::poll(&there, 1, 2'000) == 1) {
            char some[256];
            const auto n = ::read(master_, some, sizeof some);
            if (n <= 0) break;
            all.append(some, static_cast<std::size_t>(n));
        }
        return all;
    }
    const std::string& path() const { return path_; }

  private:
    std::string folder_;
    std::string path_;
    int master_ = -1;
};

}  // namespace waypost

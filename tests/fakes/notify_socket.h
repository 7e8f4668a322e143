// SPDX-License-Identifier: Apache-2.0
// The end at which a service manager listens: a real Unix datagram socket.
#pragma once

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>

#include "gateway/base/fd.h"

namespace waypost {

class NotifySocket {
  public:
    // A path of its own below the folder for temporary files, or a name; '@' first: abstract.
    explicit NotifySocket(std::string name = own_path()) : name_(std::move(name)) {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::memcpy(address.sun_path, name_.data(), name_.size());
        if (name_[0] == '@') address.sun_path[0] = '\0';
        const auto length = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + name_.size());
        if (!fd_.good() || ::bind(fd_.get(), reinterpret_cast<sockaddr*>(&address), length) != 0)
            throw std::runtime_error("cannot listen at " + name_);
    }
    ~NotifySocket() {
        if (name_[0] != '@') ::unlink(name_.c_str());
    }
    NotifySocket(const NotifySocket&) = delete;
    NotifySocket& operator=(const NotifySocket&) = delete;

    const std::string& name() const { return name_; }
    // What came, one datagram; empty: nothing did yet.
    std::string next() const {
        char text[512];
        const ssize_t size = ::recv(fd_.get(), text, sizeof text, MSG_DONTWAIT);
        return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : std::string();
    }

  private:
    static std::string own_path() {
        static int made = 0;
        return std::filesystem::temp_directory_path() /
               ("notify-" + std::to_string(::getpid()) + '-' + std::to_string(++made));
    }

    const std::string name_;
    const Fd fd_{::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0)};
};

}  // namespace waypost

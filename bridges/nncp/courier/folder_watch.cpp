// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/folder_watch.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <cstring>

namespace waypost::nncp {

FolderWatch::FolderWatch() : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {}

void FolderWatch::add(const std::filesystem::path& folder, const std::string& key) {
    constexpr std::uint32_t kWhat =
        IN_CREATE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE | IN_CLOSE_WRITE | IN_ONLYDIR;
    const int watch = ::inotify_add_watch(fd_.get(), folder.c_str(), kWhat);
    if (watch >= 0) keys_[watch] = key;
}

std::set<std::string> FolderWatch::take() {
    std::set<std::string> changed;
    std::array<char, 16384> events;
    ssize_t got = 0;
    while ((got = ::read(fd_.get(), events.data(), events.size())) > 0) {
        for (std::size_t at = 0; at < static_cast<std::size_t>(got);) {
            inotify_event event{};
            std::memcpy(&event, events.data() + at, sizeof event);
            at += sizeof event + event.len;
            const auto key = keys_.find(event.wd);
            // Too many to be told one by one.
            if ((event.mask & IN_Q_OVERFLOW) != 0)
                for (const auto& each : keys_) changed.insert(each.second);
            else if (key != keys_.end())
                changed.insert(key->second);
            if ((event.mask & IN_IGNORED) != 0 && key != keys_.end()) keys_.erase(key);
        }
    }
    return changed;
}

}  // namespace waypost::nncp

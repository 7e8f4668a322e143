// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <array>

namespace waypost::nncp {

SpoolWatch::SpoolWatch(const Spool& spool)
    : spool_(spool),
      notify_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      wake_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {
    look();
}

void SpoolWatch::wake() const noexcept {
    const std::uint64_t one = 1;
    (void)!::write(wake_.get(), &one, sizeof one);
}

void SpoolWatch::watch(const std::string& folder) {
    if (watched_.count(folder) > 0) return;
    const int made =
        ::inotify_add_watch(notify_.get(), folder.c_str(), IN_MOVED_TO | IN_CREATE | IN_ONLYDIR);
    if (made >= 0) watched_.insert(folder);
}

// Folders of nodes appear as the first packet of each comes.
void SpoolWatch::look() {
    if (!notify_.good()) return;
    watch(spool_.directory().string());
    const auto nodes = spool_.nodes();
    if (!nodes.ok()) return;
    for (const NodeId& each : *nodes) {
        const auto rx = spool_.folder(each, Way::Rx);
        watch(rx.parent_path().string());
        watch(rx.string());
    }
}

void SpoolWatch::wait(std::chrono::milliseconds most) {
    look();
    std::array<pollfd, 2> ends{{{wake_.get(), POLLIN, 0}, {notify_.get(), POLLIN, 0}}};
    const nfds_t count = notify_.good() ? 2 : 1;
    (void)::poll(ends.data(), count, static_cast<int>(most.count()));
    std::uint64_t counted = 0;
    (void)!::read(wake_.get(), &counted, sizeof counted);
    std::array<char, 4096> events;
    while (notify_.good() && ::read(notify_.get(), events.data(), events.size()) > 0) {
    }
}

}  // namespace waypost::nncp

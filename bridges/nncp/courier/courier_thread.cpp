// SPDX-License-Identifier: Apache-2.0
// What the courier waits for between its turns.
#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "bridges/nncp/courier/courier.h"
#include "gateway/base/log.h"

namespace waypost::nncp {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

Result<void> Courier::start() {
    if (!book_) return *no_book_;
    if (thread_.joinable()) return {};
    wake_ = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    mountinfo_ = Fd(::open(options_.places.mountinfo.c_str(), O_RDONLY | O_CLOEXEC));
    if (!wake_.good()) return disk_error("make an event");
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
    return {};
}

void Courier::stop() {
    stopping_ = true;
    if (!thread_.joinable()) return;
    (void)::eventfd_write(wake_.get(), 1);
    thread_.join();
    led_.show(Led::Show::Off);
}

void Courier::look() {
    looking_ = true;
    if (wake_.good()) (void)::eventfd_write(wake_.get(), 1);
}

void Courier::run() {
    while (!stopping_) {
        try_turn();
        wait();
    }
}

// What throws outside a visit ends that turn; the next one looks again.
void Courier::try_turn() {
    try {
        turn();
    } catch (const std::exception& thrown) {
        log(Level::Error, "nncp", "courier", {{"why", thrown.what()}});
    }
}

void Courier::wait() {
    // The kernel says POLLPRI when anything was mounted or unmounted.
    std::array<pollfd, 4> what{{{wake_.get(), POLLIN, 0},
                                {parts_.devices->descriptor(), POLLIN, 0},
                                {mountinfo_.get(), POLLPRI, 0},
                                {folders_.descriptor(), POLLIN, 0}}};
    std::chrono::milliseconds until = 60s;
    for (const auto& [id, when] : next_) until = std::min(until, when - clock_.box());
    (void)::poll(what.data(), what.size(), static_cast<int>(std::max(until, 0ms).count()));
    eventfd_t count = 0;
    (void)::eventfd_read(wake_.get(), &count);
    if (what[1].revents != 0) parts_.devices->drain();
}

// Roots, for sticks; the book, for what somebody else accepted; queues and directories.
void Courier::watch_folders(const std::vector<Place>& places) {
    for (const fs::path& root : options_.places.roots) folders_.add(root, "root");
    folders_.add(book_->folder(), "book");
    if (options_.places.directories.empty()) return;
    for (const auto& [name, node] : config_.nodes)
        folders_.add(spool_.folder(node.id, Way::Tx), kEverywhere);
    for (const Place& place : places) {
        if (!place.directory) continue;
        const fs::path ours = place.path / options_.places.folder;
        const auto self = config_.nodes.find("self");
        if (self == config_.nodes.end()) continue;
        const fs::path for_us = ours / to_base32(self->second.id);
        for (const fs::path& each : {place.path, ours, for_us}) folders_.add(each, place.id);
        for (const fs::path& each : folders_in({for_us})) folders_.add(each, place.id);
    }
}

}  // namespace waypost::nncp

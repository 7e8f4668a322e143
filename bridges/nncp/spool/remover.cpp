// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/remover.h"

namespace waypost::nncp {

Remover::~Remover() {
    {
        const std::lock_guard lock(mutex_);
        ending_ = true;
    }
    more_.notify_one();
    if (thread_.joinable()) thread_.join();
}

void Remover::add(const SpoolPacket& packet) {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(packet);
    if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    more_.notify_one();
}

void Remover::run() {
    for (;;) {
        std::vector<SpoolPacket> packets;
        {
            std::unique_lock lock(mutex_);
            more_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
            if (waiting_.empty()) return;
            packets.swap(waiting_);
        }
        (void)spool_.remove(packets);
    }
}

}  // namespace waypost::nncp

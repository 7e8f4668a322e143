// SPDX-License-Identifier: Apache-2.0
// Lets the disk begin with a large file while it is still being written, so that waiting for it at
// the end is short.
#pragma once

#include <fcntl.h>

#include <cstdint>

namespace waypost::nncp {

// The file had `before` bytes and has `now`. Begins, and does not wait; nothing is promised by it.
inline void push_to_disk(int fd, std::uint64_t before, std::uint64_t now) {
    constexpr std::uint64_t kStep = 8u << 20;
    const std::uint64_t from = before / kStep * kStep, to = now / kStep * kStep;
    if (to <= from) return;
    (void)::sync_file_range(fd, static_cast<off64_t>(from), static_cast<off64_t>(to - from),
                            SYNC_FILE_RANGE_WRITE);
}

}  // namespace waypost::nncp

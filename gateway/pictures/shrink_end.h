// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace waypost {

// How waypost-shrink ends: its exit status.
enum class ShrinkEnd : int {
    Done = 0,  // the smaller picture is on standard output, whole
    Usage = 2,
    NotConfined = 3,     // the kernel has no seccomp: nothing was read
    NotAPicture = 10,    // of a form that it does not read
    Broken = 11,         // it begins like a picture, and is damaged or not whole
    TooManyPixels = 12,  // said by its header; nothing was decoded
    TooManyBytes = 13,   // more than kMostShrinkInput
    DoesNotFit = 14,     // not even as a thumbnail
    NoMemory = 15,       // the process is not given more
};

inline constexpr unsigned long kMostShrinkInput = 32ul << 20;
inline constexpr unsigned long kLeastBudget = 512;
inline constexpr unsigned long kMostBudget = 10ul << 20;

}  // namespace waypost

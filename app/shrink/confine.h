// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace waypost::shrink {

// From here on this process has 256 MiB of memory and 30 s of processor, writes no file, starts no
// process, opens nothing, and may ask the kernel for little but memory, and its two open ends
// (seccomp). False: the kernel does not grant that, and nothing of a stranger's should be read.
bool confine();

}  // namespace waypost::shrink

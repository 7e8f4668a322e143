// SPDX-License-Identifier: Apache-2.0
// Loaded into the box and into its peer alike (LD_PRELOAD): a sync of a file takes 10 ms more.
#include <dlfcn.h>
#include <unistd.h>

namespace {

constexpr unsigned kMicroseconds = 10'000;

int slowly(const char* name, int fd) {
    using Sync = int (*)(int);
    const auto real = reinterpret_cast<Sync>(::dlsym(RTLD_NEXT, name));
    ::usleep(kMicroseconds);
    return real(fd);
}

}  // namespace

extern "C" {
int fsync(int fd) { return slowly("fsync", fd); }
int fdatasync(int fd) { return slowly("fdatasync", fd); }
}

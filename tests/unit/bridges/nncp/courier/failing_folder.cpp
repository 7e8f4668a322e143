// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/nncp/courier/failing_folder.h"

#include <dirent.h>
#include <dlfcn.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>

namespace {

std::atomic<ino_t> failing{0};  // 0: none
std::atomic<int> good_for{0}, read_of_it{0};

bool fails(DIR* folder) {
    struct stat info {};
    if (failing == 0 || ::fstat(::dirfd(folder), &info) != 0 || info.st_ino != failing)
        return false;
    if (::telldir(folder) == 0) read_of_it = 0;
    return read_of_it++ >= good_for;
}

}  // namespace

// Before that of the C library, for the library of C++ too. By its label: <dirent.h> may mean
// readdir64 by the name.
extern "C" struct dirent* watched_readdir(DIR* folder) __asm__("readdir");
extern "C" struct dirent* watched_readdir(DIR* folder) {
    using Readdir = struct dirent* (*)(DIR*);
    static const auto real = reinterpret_cast<Readdir>(::dlsym(RTLD_NEXT, "readdir"));
    if (!fails(folder)) return real(folder);
    errno = EIO;
    return nullptr;
}

namespace waypost::nncp {

FailingFolder::FailingFolder(const std::filesystem::path& folder, int entries) {
    struct stat info {};
    (void)::stat(folder.c_str(), &info);
    good_for = entries;
    failing = info.st_ino;
}

FailingFolder::~FailingFolder() { failing = 0; }

}  // namespace waypost::nncp

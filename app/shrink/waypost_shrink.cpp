// SPDX-License-Identifier: Apache-2.0
// waypost-shrink BUDGET: a picture on standard input, a WebP of at most BUDGET bytes on standard
// output, or nothing and a status of shrink_end.h. The daemon starts one for each picture; it says
// nothing else, so that nothing a picture makes it say is read by anybody.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <vector>

#include "app/shrink/confine.h"
#include "app/shrink/picture.h"

namespace {

using waypost::ShrinkEnd;

// False: more than is taken, or it cannot be read.
ShrinkEnd read_all(std::vector<std::uint8_t>& bytes) {
    constexpr std::size_t kPiece = 64 * 1024;
    std::size_t size = 0;
    for (;;) {
        if (size > waypost::kMostShrinkInput) return ShrinkEnd::TooManyBytes;
        if (bytes.size() < size + kPiece) bytes.resize(bytes.size() * 2 + kPiece);
        const ssize_t n = ::read(STDIN_FILENO, bytes.data() + size, kPiece);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return ShrinkEnd::Broken;
        if (n == 0) break;
        size += static_cast<std::size_t>(n);
    }
    bytes.resize(size);
    return ShrinkEnd::Done;
}

bool write_all(const std::string& bytes) {
    for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t n = ::write(STDOUT_FILENO, bytes.data() + at, bytes.size() - at);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        at += static_cast<std::size_t>(n);
    }
    return true;
}

ShrinkEnd run(std::size_t budget) {
    std::vector<std::uint8_t> file;
    if (const ShrinkEnd read = read_all(file); read != ShrinkEnd::Done) return read;
    const waypost::shrink::Fitted fitted = waypost::shrink::shrink(file, budget);
    if (fitted.end != ShrinkEnd::Done) return fitted.end;
    return write_all(fitted.webp) ? ShrinkEnd::Done : ShrinkEnd::Usage;
}

}  // namespace

int main(int argc, char** argv) {
    char* end = nullptr;
    const unsigned long budget = argc == 2 ? std::strtoul(argv[1], &end, 10) : 0;
    const bool usable = end != nullptr && *end == '\0' && budget >= waypost::kLeastBudget &&
                        budget <= waypost::kMostBudget;
    if (!usable) return static_cast<int>(ShrinkEnd::Usage);
    if (!waypost::shrink::confine()) return static_cast<int>(ShrinkEnd::NotConfined);
    try {
        return static_cast<int>(run(budget));
    } catch (const std::bad_alloc&) {
        return static_cast<int>(ShrinkEnd::NoMemory);
    }
}

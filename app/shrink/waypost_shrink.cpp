// SPDX-License-Identifier: Apache-2.0
// waypost-shrink BUDGET: a picture on standard input, a WebP of at most BUDGET bytes on standard
// output, or nothing and a status of shrink_end.h. waypost-shrink BUDGET SIDE QUALITY: a JPEG
// (picture.h, WebLimits), and before it a line with its width and height. The daemon starts one for
// each picture; it says nothing else, so that nothing a picture makes it say is read by anybody.
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <new>
#include <vector>

#include "app/shrink/confine.h"
#include "app/shrink/picture.h"
#include "gateway/pictures/web_limits.h"

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

// `wanted`: BUDGET, or BUDGET SIDE QUALITY.
ShrinkEnd run(const std::vector<unsigned long>& wanted) {
    std::vector<std::uint8_t> file;
    if (const ShrinkEnd read = read_all(file); read != ShrinkEnd::Done) return read;
    std::string out;
    ShrinkEnd end = ShrinkEnd::Done;
    if (wanted.size() == 1) {
        waypost::shrink::Fitted fitted = waypost::shrink::shrink(file, wanted[0]);
        end = fitted.end;
        out = std::move(fitted.webp);
    } else {
        const auto made = waypost::shrink::web_jpeg(
            file, {static_cast<int>(wanted[1]), static_cast<int>(wanted[2]), wanted[0]});
        end = made.end;
        out = std::to_string(made.width) + ' ' + std::to_string(made.height) + '\n' + made.bytes;
    }
    if (end != ShrinkEnd::Done) return end;
    return write_all(out) ? ShrinkEnd::Done : ShrinkEnd::Usage;
}

bool is_usable(const std::vector<unsigned long>& wanted) {
    if (wanted.size() != 1 && wanted.size() != 3) return false;
    if (wanted[0] < waypost::kLeastBudget || wanted[0] > waypost::kMostBudget) return false;
    return wanted.size() == 1 ||
           (wanted[1] >= waypost::kLeastWebSide && wanted[1] <= waypost::kMostWebSide &&
            wanted[2] >= 1 && wanted[2] <= 100);
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<unsigned long> wanted;
    for (int i = 1; i < argc; ++i) {
        char* end = nullptr;
        wanted.push_back(std::strtoul(argv[i], &end, 10));
        if (end == argv[i] || *end != '\0') return static_cast<int>(ShrinkEnd::Usage);
    }
    if (!is_usable(wanted)) return static_cast<int>(ShrinkEnd::Usage);
    if (!waypost::shrink::confine()) return static_cast<int>(ShrinkEnd::NotConfined);
    try {
        return static_cast<int>(run(wanted));
    } catch (const std::bad_alloc&) {
        return static_cast<int>(ShrinkEnd::NoMemory);
    }
}

// SPDX-License-Identifier: Apache-2.0
#include "app/sealed_copy.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

#include "gateway/base/fd.h"
#include "gateway/base/spawn.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kMark[] = "age-encryption.org/v1\n";  // how each begins (age-encryption.org/v1)
constexpr std::size_t kRecipientLength = 62;         // Bech32 of 32 bytes behind "age1"

Error failed(const std::string& doing) {
    const int why = errno;
    return {why == ENOSPC ? Code::Full : Code::Internal, doing + ": " + std::strerror(why), true};
}

// What a program said last, for whoever has to mend it.
std::string said_in(int fd) {
    std::array<char, 300> text{};
    const ssize_t got = ::pread(fd, text.data(), text.size(), 0);
    std::string said(text.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return said.substr(0, said.find('\n'));
}

// Of its exit; -1: by a signal, or it was killed because of `stop`.
int status_of(pid_t pid, int stop) {
    const Fd ended(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
    pollfd watched[2] = {{ended.get(), POLLIN, 0}, {stop, POLLIN, 0}};
    while (ended.good() && watched[0].revents == 0) {
        if (::poll(watched, 2, -1) < 0 && errno != EINTR) break;
        if (watched[1].revents == 0) continue;
        (void)::kill(-pid, SIGKILL);  // it leads a group (spawn.h)
        watched[1].fd = -1;
        watched[1].revents = 0;
    }
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// tar | age > out
Result<void> run_both(const std::string& folder, int out,
                      const std::vector<std::string>& recipients, int stop) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0) return failed("pipe");
    Fd from(ends[0]), into(ends[1]);
    const Fd said(::memfd_create("said", MFD_CLOEXEC));
    std::vector<std::string> seal{"age"};
    for (const std::string& each : recipients) seal.insert(seal.end(), {"-r", each});
    const std::vector<std::string> environment{"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"};
    const auto sealing = spawn(seal, environment, {}, {from.get(), out, said.get()});
    if (!sealing.ok()) return sealing.error();
    const auto packing = spawn({"tar", "--create", "--sparse", "--file=-", "."}, environment,
                               folder, {-1, into.get(), said.get()});
    from = Fd();
    into = Fd();
    const int packed = packing.ok() ? status_of(*packing, stop) : -1;
    const int sealed = status_of(*sealing, stop);
    if (!packing.ok()) return packing.error();
    if (packed == 0 && sealed == 0) return {};
    return Error{Code::Internal,
                 std::string(sealed != 0 ? "age" : "tar") + " failed: " + said_in(said.get()),
                 true};
}

// age says yes after its last write(2), which a medium may not have taken.
Result<void> look_at(int fd) {
    if (::fsync(fd) != 0) return failed("it could not be written");
    std::array<char, sizeof kMark - 1> begin{};
    const ssize_t got = ::pread(fd, begin.data(), begin.size(), 0);
    if (got != static_cast<ssize_t>(begin.size()) ||
        !std::equal(begin.begin(), begin.end(), std::begin(kMark)))
        return Error{Code::Internal, "what age wrote does not begin as it should", true};
    return {};
}

Result<void> sync_folder(const fs::path& folder) {
    const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (fd.get() < 0 || ::fsync(fd.get()) != 0) return failed("sync " + folder.string());
    return {};
}

}  // namespace

Result<void> check_recipients(const std::vector<std::string>& recipients) {
    if (recipients.empty())
        return Error{Code::BadInput,
                     "[backup] recipients: name a public key of age, as age-keygen prints it",
                     false};
    for (const std::string& each : recipients) {
        const bool good = each.size() == kRecipientLength && each.rfind("age1", 0) == 0 &&
                          std::all_of(each.begin(), each.end(), [](char c) {
                              return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
                          });
        if (!good)
            return Error{Code::BadInput,
                         "[backup] recipients: " + each.substr(0, 80) +
                             " is no public key of age, which is age1 and 58 letters and digits",
                         false};
    }
    return {};
}

Result<void> write_sealed_copy(const std::string& folder, const std::string& file,
                               const std::vector<std::string>& recipients, int stop) {
    if (auto good = check_recipients(recipients); !good.ok()) return good;
    const fs::path whole(file);
    const fs::path partial = whole.parent_path() / ('.' + whole.filename().string() + ".partial");
    const Fd out(
        ::open(partial.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (out.get() < 0) return failed("open " + partial.string());
    auto done = run_both(folder, out.get(), recipients, stop);
    if (done.ok()) done = look_at(out.get());
    if (done.ok() && ::rename(partial.c_str(), whole.c_str()) != 0)
        done = failed("rename to " + file);
    if (done.ok()) done = sync_folder(whole.parent_path());
    if (!done.ok()) (void)::unlink(partial.c_str());
    return done;
}

}  // namespace waypost

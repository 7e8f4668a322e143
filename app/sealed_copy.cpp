// SPDX-License-Identifier: Apache-2.0
#include "app/sealed_copy.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>

#include "gateway/base/durable_file.h"
#include "gateway/base/fd.h"
#include "gateway/base/program.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kMark[] = "age-encryption.org/v1\n";  // how each begins (age-encryption.org/v1)
constexpr std::chrono::hours kPatience{24 * 30};     // a slow stick is none that hangs
constexpr std::size_t kRecipientLength = 62;         // Bech32 of 32 bytes behind "age1"

Error failed(const std::string& doing) {
    const int why = errno;
    return {why == ENOSPC ? Code::Full : Code::Internal, doing + ": " + std::strerror(why), true};
}

// What a program said first, for whoever has to mend it.
Error failed(const char* program, const std::string& said) {
    constexpr std::size_t kMost = 300;
    return {Code::Internal,
            std::string(program) + " failed: " + said.substr(0, std::min(said.find('\n'), kMost)),
            true};
}

// tar | age > out
Result<void> run_both(const std::string& folder, int out,
                      const std::vector<std::string>& recipients, int stop) {
    Program seal, pack;
    seal.words = {"age"};
    for (const std::string& each : recipients) seal.words.insert(seal.words.end(), {"-r", each});
    pack.words = {"tar", "--create", "--sparse", "--file=-", "."};
    seal.environment = pack.environment = {"PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C"};
    seal.patience = pack.patience = kPatience;
    seal.stop = pack.stop = stop;
    seal.output = out;
    pack.folder = folder;
    auto running = start_piped(pack, seal);
    if (!running.ok()) return running.error();
    const Ended packed = running->from.wait(), sealed = running->into.wait();
    if (sealed.status != 0) return failed("age", sealed.output);
    if (packed.status != 0) return failed("tar", packed.output);
    return {};
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

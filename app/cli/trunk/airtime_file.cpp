// SPDX-License-Identifier: Apache-2.0
#include "app/cli/trunk/airtime_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "radio/trunk/pack/files.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

constexpr char kHead[] = "waypost airtime 1";
constexpr char kRow[] = "airtime";  // of the law's
constexpr std::size_t kMostBytes = 64 * 1024;

// The time since boot, with what the machine slept.
milliseconds up_time() {
    timespec now{};
    ::clock_gettime(CLOCK_BOOTTIME, &now);
    return std::chrono::duration_cast<milliseconds>(std::chrono::seconds(now.tv_sec) +
                                                    std::chrono::nanoseconds(now.tv_nsec));
}

std::string boot_id() {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string id;
    in >> id;
    return id;
}

Error cannot(const std::string& what, const std::string& path) {
    return {Code::Internal,
            "cannot " + what + ' ' + path + ": " + std::strerror(errno) +
                ". What is sent has to be written down: name a file with --ledger",
            false};
}

}  // namespace

AirtimeFile::~AirtimeFile() { ::close(lock_); }

Result<std::unique_ptr<AirtimeFile>> AirtimeFile::open(const std::string& path) {
    std::error_code error;
    const fs::path file = fs::absolute(path, error);
    fs::create_directories(file.parent_path(), error);
    const std::string lock = file.string() + ".lock";
    const int fd = ::open(lock.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) return cannot("make", lock);
    std::unique_ptr<AirtimeFile> made(new AirtimeFile(file.string(), fd));
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0)
        return Error{Code::Conflict,
                     "another program counts its airtime in " + file.string() +
                         ": end it, or give each radio a file of its own with --ledger",
                     true};
    if (const auto loaded = made->load(); !loaded.ok()) return loaded.error();
    return made;
}

// "head", "boot id, time since boot, box time", and the record.
Result<void> AirtimeFile::load() {
    boot_ = boot_id();
    if (!fs::exists(path_)) {
        since_boot_ = milliseconds(0);
        return {};
    }
    std::ifstream in(path_, std::ios::binary);
    std::string head, boot, line;
    std::int64_t up = 0, box = 0;
    std::getline(in, head);
    std::getline(in, line);
    std::istringstream clock(line);
    if (!in || head != kHead || !(clock >> boot >> up >> box) || up < 0 || box < 0)
        return Error{Code::BadInput,
                     path_ + " is no record of airtime: name another file with --ledger", false};
    std::string rest(kMostBytes, '\0');
    in.read(rest.data(), static_cast<std::streamsize>(rest.size()));
    rest.resize(static_cast<std::size_t>(in.gcount()));
    value_ = rest;
    const milliseconds now = up_time();
    // After a restart of the machine box time goes on where it was.
    const bool same = boot == boot_ && milliseconds(up) <= now;
    since_boot_ = same ? milliseconds(box - up) : milliseconds(box) - now;
    return {};
}

BoxTime AirtimeFile::box_time() const { return BoxTime{} + up_time() + since_boot_; }

std::optional<std::string> AirtimeFile::get(const std::string& key) const {
    return key == kRow && !value_.empty() ? std::optional(value_) : std::nullopt;
}

std::map<std::string, std::string> AirtimeFile::with_prefix(const std::string& prefix) const {
    std::map<std::string, std::string> found;
    if (!value_.empty() && std::string(kRow).rfind(prefix, 0) == 0) found[kRow] = value_;
    return found;
}

void AirtimeFile::put(const std::string& key, std::string value) {
    if (key != kRow) return;
    value_ = std::move(value);
    const milliseconds up = up_time();
    const std::string text = std::string(kHead) + '\n' + boot_ + ' ' + std::to_string(up.count()) +
                             ' ' + std::to_string((up + since_boot_).count()) + '\n' + value_;
    const auto written = pack::replace_file(path_, text);
    failed_ = written.ok() ? std::string() : written.error().text;
}

std::string usual_airtime_file() {
    const auto variable = [](const char* name) {
        const char* value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    if (const std::string state = variable("XDG_STATE_HOME"); !state.empty())
        return state + "/waypost/trunk-tools.airtime";
    const std::string home = variable("HOME");
    if (home.empty() || home == "/" || ::geteuid() == 0)
        return "/var/lib/waypost/trunk-tools.airtime";
    return home + "/.local/state/waypost/trunk-tools.airtime";
}

}  // namespace waypost::cli

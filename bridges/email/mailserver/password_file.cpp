// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/mailserver/password_file.h"

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>

#include <algorithm>
#include <ctime>
#include <filesystem>

#include "gateway/base/own_file.h"

namespace waypost::email {
namespace {

constexpr unsigned kMode = 0640;
constexpr std::size_t kMostGroupBytes = 16 * 1024;  // getgrnam_r(3): of one group's entry

Result<gid_t> group_of(const std::string& name) {
    std::vector<char> buffer(kMostGroupBytes);
    struct group entry {};
    struct group* found = nullptr;
    ::getgrnam_r(name.c_str(), &entry, buffer.data(), buffer.size(), &found);
    if (found == nullptr)
        return Error{Code::NotFound, "no group " + name + " here: is Dovecot installed?", true};
    return found->gr_gid;
}

}  // namespace

PasswordFile::PasswordFile(std::string path, std::string group, std::string mail)
    : path_(std::move(path)), group_(std::move(group)), mail_(std::move(mail)) {}

// user:password:uid:gid:gecos:home
std::string PasswordFile::text(const std::vector<PasswordLine>& lines, const std::string& mail) {
    std::string all = std::string("# ") + kOursMark + ": who may sign in.\n";
    for (const PasswordLine& line : lines) {
        all += line.name + ":{ARGON2ID}" + line.hash + "::::" + mail + '/' + line.folder + '\n';
    }
    return all;
}

Result<void> PasswordFile::update(const std::function<Result<std::vector<PasswordLine>>()>& lines) {
    const std::lock_guard lock(mutex_);
    const auto now = lines();
    if (!now.ok()) return now.error();
    std::string fresh = text(*now, mail_);
    if (fresh == written_) return {};
    const auto group = group_of(group_);
    if (!group.ok()) return group.error();
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), ignored);
    const auto wrote = write_own_file({path_, fresh, kMode, *group});
    if (!wrote.ok()) return wrote;
    written_ = std::move(fresh);
    // Dovecot knows a new file by its size and the second of its change: no two have the same.
    stamp_ = std::max(::time(nullptr), stamp_ + 1);
    const timespec times[2] = {{stamp_, 0}, {stamp_, 0}};
    ::utimensat(AT_FDCWD, path_.c_str(), times, 0);
    return {};
}

}  // namespace waypost::email

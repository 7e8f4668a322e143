// SPDX-License-Identifier: Apache-2.0
#include "app/backup_places.h"

#include <sys/stat.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "app/sealed_copy.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

constexpr char kEnd[] = ".tar.age";
constexpr std::size_t kMostLooked = 256;  // entries of one folder

bool is_folder(const fs::path& path) {
    std::error_code none;
    return fs::is_directory(fs::symlink_status(path, none));
}

std::vector<fs::path> folders_in(const fs::path& folder) {
    std::vector<fs::path> all;
    std::error_code failed;
    std::size_t seen = 0;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end && seen < kMostLooked;
         it.increment(failed), ++seen)
        if (is_folder(it->path())) all.push_back(it->path());
    std::sort(all.begin(), all.end());
    return all;
}

// /media/LABEL, and /run/media/USER/LABEL as desktops do.
std::vector<std::string> folders_on_sticks(
    const BackupPlan& plan, const std::function<bool(const std::string&)>& is_mounted) {
    std::vector<std::string> all;
    const auto look_at = [&](const fs::path& stick) {
        if (is_folder(stick / kBackupFolder)) all.push_back(stick / kBackupFolder);
    };
    for (const std::string& root : plan.sticks) {
        for (const fs::path& each : folders_in(root)) {
            if (is_mounted(each.string())) {
                look_at(each);
                continue;
            }
            for (const fs::path& deeper : folders_in(each))
                if (is_mounted(deeper.string())) look_at(deeper);
        }
    }
    return all;
}

// Numbers of the copies of this box, and their files.
std::map<unsigned long, fs::path> copies_in(const std::string& folder, const std::string& box) {
    std::map<unsigned long, fs::path> all;
    const std::string begin = "waypost-" + box + '-';
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        const std::string name = it->path().filename();
        if (name.rfind(begin, 0) != 0 || !name.ends_with(kEnd)) continue;
        const char* first = name.data() + begin.size();
        const char* last = name.data() + name.size() - (sizeof kEnd - 1);
        unsigned long number = 0;
        const auto [stop, wrong] = std::from_chars(first, last, number);
        if (first < last && stop == last && wrong == std::errc()) all[number] = it->path();
    }
    return all;
}

}  // namespace

BackupPlan backup_plan(const Config& config) {
    const SectionValues& backup = config.section("backup");
    BackupPlan plan;
    plan.to = backup.text("to");
    plan.recipients = backup.list("recipients");
    plan.every = backup.duration("every");
    plan.keep = static_cast<std::size_t>(backup.integer("keep"));
    plan.sticks = backup.list("sticks");
    if (plan.sticks.empty()) plan.sticks = {"/media", "/run/media"};
    plan.box = lower_ascii(config.section("box").text("domain"));
    if (plan.to.empty()) return plan;
    if (plan.to != "stick" && plan.to[0] != '/')
        throw std::runtime_error("[backup] to: \"stick\", or the full path of a folder");
    if (const auto good = check_recipients(plan.recipients); !good.ok())
        throw std::runtime_error(good.error().text);
    return plan;
}

bool is_mount_point(const std::string& path) {
    struct stat here {
    }, above{};
    return ::lstat(path.c_str(), &here) == 0 && ::stat((path + "/..").c_str(), &above) == 0 &&
           here.st_dev != above.st_dev;
}

std::optional<std::string> backup_place(const BackupPlan& plan,
                                        const std::function<bool(const std::string&)>& is_mounted) {
    if (plan.to != "stick") {
        if (plan.to.empty() || !is_folder(plan.to)) return std::nullopt;
        return plan.to;
    }
    const auto all = folders_on_sticks(plan, is_mounted);
    if (all.empty()) return std::nullopt;
    return all.front();
}

std::vector<std::string> copy_folders(const BackupPlan& plan,
                                      const std::function<bool(const std::string&)>& is_mounted) {
    auto all = folders_on_sticks(plan, is_mounted);
    if (plan.to != "stick" && !plan.to.empty() && is_folder(plan.to))
        all.insert(all.begin(), plan.to);
    return all;
}

std::vector<std::string> sealed_files(const std::string& folder) {
    std::vector<std::string> all;
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end;
         !failed && it != end && all.size() < kMostLooked; it.increment(failed)) {
        const std::string name = it->path().filename();
        std::error_code none;
        if (name.rfind("waypost-", 0) == 0 && name.ends_with(kEnd) &&
            fs::is_regular_file(it->symlink_status(none)))
            all.push_back(name);
    }
    std::sort(all.rbegin(), all.rend());
    return all;
}

std::string next_copy(const std::string& folder, const std::string& box) {
    const auto all = copies_in(folder, box);
    char number[24];
    std::snprintf(number, sizeof number, "%06lu", all.empty() ? 1 : all.rbegin()->first + 1);
    return folder + "/waypost-" + box + '-' + number + kEnd;
}

void remove_old_copies(const std::string& folder, const std::string& box, std::size_t keep) {
    std::error_code none;
    auto all = copies_in(folder, box);
    for (; all.size() > keep; all.erase(all.begin())) fs::remove(all.begin()->second, none);
    const std::string begin = ".waypost-" + box + '-';
    std::error_code failed;
    for (fs::directory_iterator it(folder, failed), end; !failed && it != end;
         it.increment(failed)) {
        const std::string name = it->path().filename();
        if (name.rfind(begin, 0) == 0 && name.ends_with(".partial")) fs::remove(it->path(), none);
    }
}

std::uintmax_t size_of(const std::string& path) {
    std::error_code none;
    if (fs::is_regular_file(path, none)) return fs::file_size(path, none);
    std::uintmax_t all = 0;
    for (fs::recursive_directory_iterator it(path, none), end; !none && it != end;
         it.increment(none)) {
        std::error_code gone;
        const std::uintmax_t bytes = it->is_regular_file(gone) ? it->file_size(gone) : 0;
        if (!gone) all += bytes;
    }
    return all;
}

std::int64_t written_ms(const std::string& path) {
    std::error_code failed;
    const auto when = fs::last_write_time(path, failed);
    if (failed) return 0;
    const auto wall = std::chrono::file_clock::to_sys(when).time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
}

}  // namespace waypost

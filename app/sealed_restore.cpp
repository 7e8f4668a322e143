// SPDX-License-Identifier: Apache-2.0
#include "app/sealed_restore.h"

#include <algorithm>
#include <filesystem>

#include "app/open_copy.h"

namespace waypost {
namespace {

namespace fs = std::filesystem;

SealedCopy report(const std::string& folder, const std::string& name) {
    const std::string file = folder + '/' + name;
    return {folder, name, written_ms(file), size_of(file)};
}

void remove_opened(const std::string& store_file) {
    std::error_code none;
    fs::remove_all(opened_folder(store_file), none);
}

}  // namespace

SealedRestore::SealedRestore(std::function<Result<void>(std::string)> put_back)
    : put_back_(std::move(put_back)) {}

void SealedRestore::opens(Where where) {
    const std::lock_guard lock(mutex_);
    if (!where_.store_file.empty()) remove_opened(where_.store_file);
    where_ = std::move(where);
    remove_opened(where_.store_file);
    stop_.clear();
}

void SealedRestore::settings_changed(std::string backups, BackupPlan plan,
                                     std::uint64_t keep_free) {
    const std::lock_guard lock(mutex_);
    where_.backups = std::move(backups);
    where_.plan = std::move(plan);
    where_.keep_free = keep_free;
}

void SealedRestore::closes() { stop_.ring(); }

SealedRestore::Where SealedRestore::where() const {
    const std::lock_guard lock(mutex_);
    return where_;
}

std::vector<SealedCopy> SealedRestore::all() const {
    const Where now = where();
    auto folders = copy_folders(now.plan);
    if (std::find(folders.begin(), folders.end(), now.backups) == folders.end())
        folders.insert(folders.begin(), now.backups);
    std::vector<SealedCopy> all;
    for (const std::string& folder : folders)
        for (const std::string& name : sealed_files(folder)) all.push_back(report(folder, name));
    return all;
}

Result<void> SealedRestore::restore(const std::string& folder, const std::string& name,
                                    const Secret& typed) {
    const auto key = find_key(typed.reveal());
    if (!key.ok()) return key.error();
    const std::unique_lock one(one_, std::try_to_lock);
    if (!one) return Error{Code::Busy, "a copy is opened already", true};
    const auto known = all();
    const bool is_one = std::any_of(known.begin(), known.end(), [&](const SealedCopy& each) {
        return each.folder == folder && each.name == name;
    });
    if (!is_one) return Error{Code::NotFound, "there is no encrypted copy " + name, false};
    const Where now = where();
    const std::string opened = opened_folder(now.store_file);
    if (fs::exists(opened)) return Error{Code::Busy, "it restarts already", true};
    auto done = open_sealed_copy(folder + '/' + name, *key, opened, now.keep_free, stop_.fd());
    if (!done.ok()) return done;
    done = put_back_(opened);
    if (!done.ok()) remove_opened(now.store_file);
    return done;
}

}  // namespace waypost

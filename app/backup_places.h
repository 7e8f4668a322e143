// SPDX-License-Identifier: Apache-2.0
// Where copies of the box go that it makes by itself, and which of those there stay.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "gateway/config/config.h"

namespace waypost {

// The folder that says of a stick: copies go here. Who looks after the box makes it once.
inline constexpr char kBackupFolder[] = "waypost-backups";

struct BackupPlan {
    std::string to;  // "stick", the path of a folder, or empty: none are made
    std::vector<std::string> recipients;
    std::chrono::milliseconds every{0};
    std::size_t keep = 1;
    std::vector<std::string> sticks;  // where the system mounts them
    std::string box;                  // its domain, in the files' names
};
// [backup] and the box's domain. Throws std::runtime_error with a sentence for the operator.
BackupPlan backup_plan(const Config& config);

// Whether something is mounted there: it lies on another file system than what it is in.
bool is_mount_point(const std::string& path);

// The folder to write into; nullopt: no stick with one is here, or the folder is not there. Of
// several sticks the first by its name. Links lead nowhere.
std::optional<std::string> backup_place(
    const BackupPlan& plan,
    const std::function<bool(const std::string&)>& is_mounted = is_mount_point);

// The folder of the plan, and those on all sticks, whatever the plan says: where copies may lie.
std::vector<std::string> copy_folders(
    const BackupPlan& plan,
    const std::function<bool(const std::string&)>& is_mounted = is_mount_point);

// Files there named as copies of a box, of whichever, the newest of each first; 256 at most.
std::vector<std::string> sealed_files(const std::string& folder);

// Bytes of a file, or of the files in a folder.
std::uintmax_t size_of(const std::string& path);
// When a file was last written, by the clock as it was; 0: it cannot be told.
std::int64_t written_ms(const std::string& path);

// Copies are numbered, as the clock may be wrong: "waypost-hill.example-000017.tar.age".
std::string next_copy(const std::string& folder, const std::string& box);
// The oldest of this box go until so many are left, and what was never finished.
void remove_old_copies(const std::string& folder, const std::string& box, std::size_t keep);

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Which file systems are mounted where, as the kernel says it (proc(5), /proc/PID/mountinfo).
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace waypost::nncp {

struct Mount {
    std::string device;  // "/dev/sdb1"; "tmpfs" and the like have none
    std::filesystem::path path;
    std::string type;  // "vfat"
    bool operator==(const Mount&) const = default;
};

// In the order of mounting. Lines that cannot be read are passed over. Pure.
std::vector<Mount> parse_mounts(std::string_view mountinfo);
std::vector<Mount> read_mounts(const std::string& file);  // none where it cannot be read
// What `path` (absolute, without links) lies on; null: nothing.
const Mount* mount_of(const std::vector<Mount>& mounts, const std::filesystem::path& path);
// `path` is `folder` or lies below it. By their names.
bool lies_in(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace waypost::nncp

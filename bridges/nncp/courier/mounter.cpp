// SPDX-License-Identifier: Apache-2.0
// mount(2), umount2(2).
#include "bridges/nncp/courier/mounter.h"

#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr std::array kTypes{"vfat", "exfat", "ext2", "ext3", "ext4"};
constexpr unsigned long kNoSymlinks = 256;  // MS_NOSYMFOLLOW of Linux 5.10
constexpr unsigned long kFlags = MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME;

class SystemMounter final : public Mounter {
  public:
    explicit SystemMounter(fs::path folder) : folder_(std::move(folder)) {}

    Result<fs::path> mount(const StickDevice& device) override {
        if (std::find(kTypes.begin(), kTypes.end(), device.type) == kTypes.end())
            return Error{Code::Refused, "its file system is " + device.type + ", use FAT", false};
        if (!good_id(device.id)) return Error{Code::Refused, "its file system has no UUID", false};
        const fs::path at = folder_ / device.id;
        if (const auto made = make_folder(at, false); !made.ok()) return made.error();
        // FAT has no owners: it is ours.
        const std::string owner =
            device.type.ends_with("fat")
                ? "uid=" + std::to_string(::geteuid()) + ",gid=" + std::to_string(::getegid())
                : "";
        for (const unsigned long flags : {kFlags | kNoSymlinks, kFlags})
            if (::mount(device.node.c_str(), at.c_str(), device.type.c_str(), flags,
                        owner.c_str()) == 0)
                return at;
        const int why = errno;
        (void)::rmdir(at.c_str());
        errno = why;
        return disk_error("mount " + device.node);
    }

    Result<void> unmount(const fs::path& path) override {
        if (::umount2(path.c_str(), UMOUNT_NOFOLLOW) != 0)
            return disk_error("unmount " + path.string());
        (void)::rmdir(path.c_str());
        return {};
    }

  private:
    const fs::path folder_;
};

}  // namespace

std::unique_ptr<Mounter> system_mounter(fs::path folder) {
    return std::make_unique<SystemMounter>(std::move(folder));
}

}  // namespace waypost::nncp

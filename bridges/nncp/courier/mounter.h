// SPDX-License-Identifier: Apache-2.0
// Mounts sticks where nobody else does it, if this box is allowed to (CAP_SYS_ADMIN).
#pragma once

#include <filesystem>
#include <memory>

#include "bridges/nncp/courier/devices.h"

namespace waypost::nncp {

class Mounter {
  public:
    virtual ~Mounter() = default;
    // Where it is now. Refused: a type that is not taken, or not allowed to mount.
    virtual Result<std::filesystem::path> mount(const StickDevice& device) = 0;
    // What is not on the medium yet is written first.
    virtual Result<void> unmount(const std::filesystem::path& path) = 0;
};

// Each at FOLDER/ID, without programs, devices, set-user-ids and links. vfat, exfat, ext2 to ext4.
std::unique_ptr<Mounter> system_mounter(std::filesystem::path folder);

}  // namespace waypost::nncp

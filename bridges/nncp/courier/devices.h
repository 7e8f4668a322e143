// SPDX-License-Identifier: Apache-2.0
// File systems on things that were plugged in, mounted or not. The real ones come from udev; tests
// have their own.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.h"

namespace waypost::nncp {

struct StickDevice {
    std::string node;  // "/dev/sdb1"
    std::string id;    // UUID of the file system, as the file system has it; empty: none
    std::string type;  // "vfat"
    std::string name;  // its label; may be empty. A stranger wrote it
    bool operator==(const StickDevice&) const = default;
};

// By one thread at a time.
class StickDevices {
  public:
    virtual ~StickDevices() = default;
    // Readable when something was plugged in or pulled; -1: nobody says so.
    virtual int descriptor() const = 0;
    virtual void drain() = 0;  // what the descriptor has to say
    virtual std::vector<StickDevice> present() = 0;
    // Of a device that is known by its node; without an id where it cannot be had.
    virtual StickDevice identify(const std::string& node) = 0;
};

// Of libudev; where no udev runs, libblkid looks at devices it is asked for.
std::unique_ptr<StickDevices> udev_devices();

// An UUID is letters, digits and dashes, at most 64. Others are none: they would be file names.
bool good_id(const std::string& id);

}  // namespace waypost::nncp

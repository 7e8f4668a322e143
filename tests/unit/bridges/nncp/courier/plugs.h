// SPDX-License-Identifier: Apache-2.0
// Devices and mounts as a test wants them.
#pragma once

#include <filesystem>

#include "bridges/nncp/courier/devices.h"
#include "bridges/nncp/courier/mounter.h"

namespace waypost::nncp {

struct Plugs {  // what is plugged in; shared with the courier's own devices
    std::vector<StickDevice> present;
};

class FakeDevices final : public StickDevices {
  public:
    explicit FakeDevices(const Plugs& plugs) : plugs_(plugs) {}
    int descriptor() const override { return -1; }
    void drain() override {}
    std::vector<StickDevice> present() override { return plugs_.present; }
    StickDevice identify(const std::string& node) override {
        for (const StickDevice& each : plugs_.present)
            if (each.node == node) return each;
        return {node, {}, {}, {}};
    }

  private:
    const Plugs& plugs_;
};

struct FakeMounter final : Mounter {
    explicit FakeMounter(std::filesystem::path where) : at(std::move(where)) {}
    Result<std::filesystem::path> mount(const StickDevice& device) override {
        if (device.type != "vfat") return Error{Code::Refused, "not FAT", false};
        ++mounted;
        return at;
    }
    Result<void> unmount(const std::filesystem::path&) override {
        --mounted;
        return {};
    }
    const std::filesystem::path at;
    int mounted = 0;
};

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
// libudev(3), libblkid: block devices on USB that hold a file system.
#include <blkid/blkid.h>
#include <libudev.h>
#include <sys/stat.h>

#include <algorithm>
#include <cctype>

#include "bridges/nncp/courier/devices.h"

namespace waypost::nncp {
namespace {

struct Free {
    void operator()(udev* each) const { udev_unref(each); }
    void operator()(udev_monitor* each) const { udev_monitor_unref(each); }
    void operator()(udev_enumerate* each) const { udev_enumerate_unref(each); }
    void operator()(udev_device* each) const { udev_device_unref(each); }
    void operator()(blkid_struct_probe* each) const { blkid_free_probe(each); }
};
template <class T>
using Held = std::unique_ptr<T, Free>;

std::string property(udev_device* device, const char* name) {
    const char* value = udev_device_get_property_value(device, name);
    return value != nullptr ? value : "";
}

StickDevice described(udev_device* device) {
    const char* node = udev_device_get_devnode(device);
    StickDevice found{node != nullptr ? node : "", property(device, "ID_FS_UUID"),
                      property(device, "ID_FS_TYPE"), property(device, "ID_FS_LABEL")};
    if (!good_id(found.id)) found.id.clear();
    return found;
}

StickDevice probed(const std::string& node) {
    StickDevice found{node, {}, {}, {}};
    const Held<blkid_struct_probe> probe(blkid_new_probe_from_filename(node.c_str()));
    if (!probe) return found;
    blkid_probe_enable_superblocks(probe.get(), 1);
    blkid_probe_set_superblocks_flags(probe.get(),
                                      BLKID_SUBLKS_UUID | BLKID_SUBLKS_TYPE | BLKID_SUBLKS_LABEL);
    if (blkid_do_safeprobe(probe.get()) != 0) return found;
    const auto value = [&](const char* name) -> std::string {
        const char* text = nullptr;
        const bool there = blkid_probe_lookup_value(probe.get(), name, &text, nullptr) == 0;
        return there && text != nullptr ? text : "";
    };
    found.id = value("UUID");
    found.type = value("TYPE");
    found.name = value("LABEL");
    if (!good_id(found.id)) found.id.clear();
    return found;
}

class UdevDevices final : public StickDevices {
  public:
    UdevDevices() : udev_(udev_new()) {
        if (!udev_) return;
        monitor_.reset(udev_monitor_new_from_netlink(udev_.get(), "udev"));
        if (!monitor_) return;
        udev_monitor_filter_add_match_subsystem_devtype(monitor_.get(), "block", nullptr);
        if (udev_monitor_enable_receiving(monitor_.get()) < 0) monitor_.reset();
    }

    int descriptor() const override { return monitor_ ? udev_monitor_get_fd(monitor_.get()) : -1; }

    void drain() override {
        while (monitor_ && Held<udev_device>(udev_monitor_receive_device(monitor_.get()))) {
        }
    }

    std::vector<StickDevice> present() override {
        std::vector<StickDevice> found;
        const Held<udev_enumerate> all(udev_ ? udev_enumerate_new(udev_.get()) : nullptr);
        if (!all) return found;
        udev_enumerate_add_match_subsystem(all.get(), "block");
        udev_enumerate_add_match_property(all.get(), "ID_BUS", "usb");
        udev_enumerate_scan_devices(all.get());
        udev_list_entry* entry = nullptr;
        udev_list_entry_foreach(entry, udev_enumerate_get_list_entry(all.get())) {
            const Held<udev_device> device(
                udev_device_new_from_syspath(udev_.get(), udev_list_entry_get_name(entry)));
            if (!device || property(device.get(), "ID_FS_USAGE") != "filesystem") continue;
            const StickDevice each = described(device.get());
            if (!each.node.empty() && !each.id.empty()) found.push_back(each);
        }
        return found;
    }

    StickDevice identify(const std::string& node) override {
        struct stat info {};
        if (!udev_ || ::stat(node.c_str(), &info) != 0 || !S_ISBLK(info.st_mode))
            return {node, {}, {}, {}};
        const Held<udev_device> device(udev_device_new_from_devnum(udev_.get(), 'b', info.st_rdev));
        StickDevice found = device ? described(device.get()) : StickDevice();
        if (found.id.empty()) found = probed(node);
        found.node = node;
        return found;
    }

  private:
    Held<udev> udev_;
    Held<udev_monitor> monitor_;
};

}  // namespace

std::unique_ptr<StickDevices> udev_devices() { return std::make_unique<UdevDevices>(); }

bool good_id(const std::string& id) {
    return !id.empty() && id.size() <= 64 && std::all_of(id.begin(), id.end(), [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-';
    });
}

}  // namespace waypost::nncp

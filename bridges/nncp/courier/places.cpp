// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/places.h"

#include <algorithm>
#include <set>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

fs::path real(const fs::path& path) {
    std::error_code failed;
    fs::path found = fs::canonical(path, failed);
    return failed ? path : found;
}

std::string name_of(const StickDevice& device, const fs::path& path) {
    return !device.name.empty() ? device.name : path.filename().string();
}

Place folder_place(const fs::path& path) {
    return {"dir:" + path.string(), path.filename().string(), path, {}, false, false};
}

// A file system of its own has an UUID; a share or a folder is known by where it is.
Place mounted_place(const Mount& mount, const std::vector<StickDevice>& present,
                    StickDevices& devices, const PlaceOptions& options) {
    const auto known = std::find_if(present.begin(), present.end(), [&](const StickDevice& each) {
        return each.node == mount.device;
    });
    const StickDevice device = known != present.end()  ? *known
                               : !mount.device.empty() ? devices.identify(mount.device)
                                                       : StickDevice();
    Place place = folder_place(mount.path);
    place.device = device;
    place.name = name_of(device, mount.path);
    if (!device.id.empty()) place.id = device.id;
    place.mounted_by_us =
        !options.mount_folder.empty() && lies_in(mount.path, real(options.mount_folder));
    return place;
}

class Search {
  public:
    Search(const PlaceOptions& options, StickDevices& devices)
        : options_(options),
          devices_(devices),
          mounts_(read_mounts(options.mountinfo)),
          present_(devices.present()) {
        for (const fs::path& root : options.roots) roots_.push_back(real(root));
        if (!options.mount_folder.empty()) roots_.push_back(real(options.mount_folder));
    }

    std::vector<Place> run(const std::vector<fs::path>& old) {
        for (const fs::path& each : options_.directories) {
            std::error_code none;
            if (!fs::is_directory(each, none)) continue;
            Place place = folder_place(real(each));
            place.directory = true;
            add(place);
        }
        for (const Mount& mount : mounts_)
            if (below_root(mount.path)) add(mounted_place(mount, present_, devices_, options_));
        for (const fs::path& each : folders_in(options_.roots)) consider(each, old);
        if (!options_.mount_folder.empty())
            for (const StickDevice& device : present_) consider(device);
        return std::move(found_);
    }

  private:
    bool below_root(const fs::path& path) const {
        return std::any_of(roots_.begin(), roots_.end(), [&](const fs::path& root) {
            return path != root && lies_in(path, root);
        });
    }
    void consider(const fs::path& folder, const std::vector<fs::path>& old) {
        const bool to_a_mount = std::any_of(mounts_.begin(), mounts_.end(), [&](const Mount& each) {
            return lies_in(each.path, folder);
        });
        const bool is_old = std::find(old.begin(), old.end(), folder) != old.end();
        std::error_code none;
        if (to_a_mount ||
            lies_in(folder, real(options_.mount_folder.empty() ? fs::path("/nowhere")
                                                               : options_.mount_folder)))
            return;
        if (!is_old || fs::is_directory(folder / options_.folder, none)) add(folder_place(folder));
    }
    void consider(const StickDevice& device) {
        const bool mounted = std::any_of(mounts_.begin(), mounts_.end(), [&](const Mount& each) {
            return each.device == device.node;
        });
        if (!mounted) add({device.id, name_of(device, device.node), {}, device, false, false});
    }
    void add(const Place& place) {
        if (ids_.insert(place.id).second) found_.push_back(place);
    }

    const PlaceOptions& options_;
    StickDevices& devices_;
    const std::vector<Mount> mounts_;
    const std::vector<StickDevice> present_;
    std::vector<fs::path> roots_;
    std::vector<Place> found_;
    std::set<std::string> ids_;
};

}  // namespace

std::vector<fs::path> folders_in(const std::vector<fs::path>& roots) {
    std::vector<fs::path> folders;
    std::error_code none;
    for (const fs::path& root : roots)
        for (const auto& each : entries_of(real(root)))
            if (each.is_directory(none) && !each.is_symlink(none)) folders.push_back(each.path());
    return folders;
}

std::vector<Place> find_places(const PlaceOptions& options, StickDevices& devices,
                               const std::vector<fs::path>& old) {
    return Search(options, devices).run(old);
}

Result<Place> place_at(const fs::path& named, const PlaceOptions& options, StickDevices& devices) {
    std::error_code none;
    const fs::path path = real(named);
    const auto mounts = read_mounts(options.mountinfo);
    if (fs::is_block_file(path, none)) {
        for (const Mount& each : mounts)
            if (each.device == path) return mounted_place(each, {}, devices, options);
        const StickDevice device = devices.identify(path);
        if (device.id.empty())
            return Error{Code::Refused, path.string() + " holds no file system with an UUID",
                         false};
        return Place{device.id, name_of(device, path), {}, device, false, false};
    }
    if (!fs::is_directory(path, none))
        return Error{Code::NotFound, named.string() + " is neither a device nor a directory", true};
    const fs::path outside = path.filename() == options.folder ? path.parent_path() : path;
    const Mount* mount = mount_of(mounts, outside);
    if (mount != nullptr && mount->path == outside)
        return mounted_place(*mount, {}, devices, options);
    return folder_place(outside);
}

}  // namespace waypost::nncp

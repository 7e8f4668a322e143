// SPDX-License-Identifier: Apache-2.0
// Where packets can be exchanged now: what is mounted below the watched folders, folders that lie
// there, devices that nobody mounted, directories of the configuration.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "bridges/nncp/courier/devices.h"
#include "bridges/nncp/courier/mounts.h"

namespace waypost::nncp {

struct Place {
    std::string id;              // UUID of the file system, or "dir:PATH"
    std::string name;            // for people: the label, or the last part of the path
    std::filesystem::path path;  // empty: `device` is to be mounted first
    StickDevice device;          // empty where it is none
    bool directory = false;      // one of the configuration: visited again and again, not asked
    bool mounted_by_us = false;
};

struct PlaceOptions {
    std::vector<std::filesystem::path> roots;        // "/media", "/run/media"
    std::vector<std::filesystem::path> directories;  // shares, synchronised folders
    std::filesystem::path mount_folder;              // empty: nothing is mounted
    std::string folder = "nncp";                     // ours, on each
    std::string mountinfo = "/proc/self/mountinfo";
};

// Each id once. A folder below a root is a place if it holds our folder or was not `old`; folders
// on the way to something mounted are none.
std::vector<Place> find_places(const PlaceOptions& options, StickDevices& devices,
                               const std::vector<std::filesystem::path>& old);
std::vector<std::filesystem::path> folders_in(const std::vector<std::filesystem::path>& roots);

// A device node or a directory that somebody named. NotFound: it is neither.
Result<Place> place_at(const std::filesystem::path& named, const PlaceOptions& options,
                       StickDevices& devices);

}  // namespace waypost::nncp

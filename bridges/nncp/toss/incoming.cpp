// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/incoming.h"

#include <unistd.h>

namespace waypost::nncp {

namespace {

constexpr int kNames = 100'000;

std::filesystem::path path_of(const Fd& folder) {
    return "/proc/self/fd/" + std::to_string(folder.get());
}

Result<TempFile> copied(const Content& content, const SafePlace& place) {
    auto file = TempFile::make(path_of(place.folder));
    if (!file.ok()) return file;
    FileSink out(file->fd());
    const auto source = content.source();
    if (const auto done = copy_all(*source, out); !done.ok()) return done.error();
    return file;
}

}  // namespace

Result<std::string> name_file(TempFile& file, const SafePlace& place, bool sync) {
    if (sync && ::fdatasync(file.fd()) != 0) return disk_error("write " + place.name);
    for (int number = -1; number < kNames; ++number) {
        const std::string name =
            number < 0 ? place.name : place.name + "." + std::to_string(number);
        const auto named = file.name_as(place.folder.get(), name);
        if (!named.ok() && named.error().code == Code::Conflict) continue;
        if (!named.ok()) return named.error();
        if (sync && ::fsync(place.folder.get()) != 0) return disk_error("write " + name);
        return name;
    }
    return Error{Code::Conflict, "too many files of the name " + place.name, true};
}

Result<std::string> place_file(const std::filesystem::path& incoming, const std::string& path,
                               Content& content, bool sync) {
    const auto place = open_place(incoming, path, true);
    if (!place.ok()) return place.error();
    const auto below = std::filesystem::path(path).parent_path();
    // Where it was large it lies on the right file system as a rule.
    if (auto file = content.take_file(); file) {
        const auto name = name_file(*file, *place, sync);
        if (name.ok()) return (below / *name).string();
        content.give_back(std::move(*file));
        if (name.error().code != Code::Refused) return name.error();
    }
    auto file = copied(content, *place);
    if (!file.ok()) return file.error();
    const auto name = name_file(*file, *place, sync);
    if (!name.ok()) return name.error();
    return (below / *name).string();
}

}  // namespace waypost::nncp

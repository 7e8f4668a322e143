// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/safe_path.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace waypost::nncp {

namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

Result<Fd> step(const Fd& above, const std::string& name, bool make) {
    if (make && ::mkdirat(above.get(), name.c_str(), 0777) != 0 && errno != EEXIST) {
        return disk_error("make the folder " + name);
    }
    Fd fd(::openat(above.get(), name.c_str(), kFolder));
    if (fd.good()) return fd;
    if (errno == ELOOP || errno == ENOTDIR) {
        return Error{Code::Refused, name + " is no folder, or a link", true};
    }
    return disk_error("open the folder " + name);
}

}  // namespace

Result<std::vector<std::string>> path_components(std::string_view path) {
    if (path.find('\0') != std::string_view::npos) return bad_input("a file name with a NUL in it");
    if (!path.empty() && path.front() == '/') return bad_input("an absolute file name");
    std::vector<std::string> components;
    for (std::size_t at = 0; at <= path.size();) {
        const std::size_t end = std::min(path.find('/', at), path.size());
        const std::string_view each = path.substr(at, end - at);
        if (each == "..") return bad_input("a file name that leads out of its folder");
        if (!each.empty() && each != ".") components.emplace_back(each);
        at = end + 1;
    }
    if (components.empty()) return bad_input("an empty file name");
    return components;
}

Result<SafePlace> open_place(const std::filesystem::path& root, std::string_view path, bool make) {
    auto components = path_components(path);
    if (!components.ok()) return components.error();
    auto folder = open_folder(root);
    if (!folder.ok()) return folder.error();
    for (std::size_t i = 0; i + 1 < components->size(); ++i) {
        auto below = step(*folder, (*components)[i], make);
        if (!below.ok()) return below.error();
        folder = std::move(*below);
    }
    return SafePlace{std::move(*folder), components->back()};
}

}  // namespace waypost::nncp

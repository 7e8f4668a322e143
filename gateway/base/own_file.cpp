// SPDX-License-Identifier: Apache-2.0
#include "gateway/base/own_file.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>

namespace waypost {
namespace {

Error failed(const std::string& what) {
    return {Code::Internal, "cannot " + what + ": " + std::strerror(errno), true};
}

}  // namespace

Result<std::string> read_file(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    if (!file) return Error{Code::NotFound, "cannot read " + path, false};
    return std::string(std::istreambuf_iterator<char>(file), {});
}

Result<void> may_write(const std::string& path) {
    struct stat info {};
    if (::lstat(path.c_str(), &info) != 0) {
        return errno == ENOENT ? Result<void>() : Result<void>(failed("look at " + path));
    }
    if (!S_ISREG(info.st_mode)) return Error{Code::Conflict, path + " is no ordinary file", false};
    std::ifstream file(path);
    std::string first;
    std::getline(file, first);
    if (first.find(kOursMark) == std::string::npos) {
        return Error{Code::Conflict, path + " was written by somebody else: move it away", false};
    }
    return {};
}

Result<void> write_own_file(const DurableFile& file) {
    if (auto may = may_write(file.path); !may.ok()) return may;
    return write_durably(file);
}

}  // namespace waypost

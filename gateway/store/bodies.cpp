// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/bodies.h"

#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <sstream>
#include <stdexcept>

#include "gateway/store/body_stream.h"

namespace waypost::store {

bool is_body_name(const std::string& name) {
    return !name.empty() && name.find_first_not_of("0123456789abcdef") == std::string::npos;
}

Result<std::unique_ptr<std::istream>> Bodies::open(const Body& body) const {
    if (body.file.empty()) return {std::make_unique<std::istringstream>(body.bytes)};
    if (!is_body_name(body.file)) return bad_input("not the name of a body");
    return open_named(body.file);
}

Error file_error(const std::string& what) {
    const int reason = errno;
    const bool full = reason == ENOSPC || reason == EDQUOT;
    return {full ? Code::Full : Code::Internal, what + ": " + std::strerror(reason), true};
}

void make_own_folder(const std::string& folder) {
    if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST)
        throw std::runtime_error("cannot make the folder " + folder + ": " + std::strerror(errno));
}

Result<void> fill(BodyWriter& writer, std::istream& content) {
    Result<void> written;
    const bool whole = each_piece(content, [&](std::string_view piece) {
        written = writer.write(piece);
        return written.ok();
    });
    if (!written.ok()) return written;
    if (!whole) return Error{Code::Internal, "cannot read a body to its end", true};
    const auto finished = writer.finish();
    if (!finished.ok()) return finished.error();
    return {};
}

}  // namespace waypost::store

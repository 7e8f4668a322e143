// SPDX-License-Identifier: Apache-2.0
#include "gateway/store/bodies.h"

#include <sstream>
#include <vector>

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

Result<void> fill(BodyWriter& writer, std::istream& content) {
    std::vector<char> piece(std::size_t{64} * 1024);
    while (content.read(piece.data(), static_cast<std::streamsize>(piece.size())) ||
           content.gcount() > 0) {
        const auto written =
            writer.write({piece.data(), static_cast<std::size_t>(content.gcount())});
        if (!written.ok()) return written;
    }
    if (content.bad()) return Error{Code::Internal, "cannot read a body to its end", true};
    const auto finished = writer.finish();
    if (!finished.ok()) return finished.error();
    return {};
}

}  // namespace waypost::store

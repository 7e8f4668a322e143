// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/header_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "bridges/nncp/packet/stream.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

Result<PacketHeader> read_header(int folder, const std::string& file) {
    const Fd fd(::openat(folder, file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.good()) return disk_error("open " + file);
    FileSource source(fd.get());
    const auto bytes = read_start(source, kPacketHeaderBytes);
    if (!bytes.ok()) return bytes.error();
    return decode_packet_header(*bytes);
}

}  // namespace

Result<PacketHeader> header_in(int folder, const std::string& name) {
    const std::string copy = "hdr/" + name;
    auto header = read_header(folder, copy);
    if (header.ok()) return header;
    if (header.error().code != Code::NotFound) (void)::unlinkat(folder, copy.c_str(), 0);
    return read_header(folder, name);
}

Result<void> write_header(int folder, const std::string& name, std::string_view header) {
    const std::string file = "hdr/" + name;
    constexpr int kFlags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC;
    Fd fd(::openat(folder, file.c_str(), kFlags, 0666));
    if (!fd.good() && errno == ENOENT) {
        if (::mkdirat(folder, "hdr", 0777) != 0 && errno != EEXIST) return disk_error("make hdr/");
        fd = Fd(::openat(folder, file.c_str(), kFlags, 0666));
    }
    if (!fd.good()) return disk_error("write " + file);
    return write_all(fd.get(),
                     {reinterpret_cast<const std::uint8_t*>(header.data()), header.size()});
}

}  // namespace waypost::nncp

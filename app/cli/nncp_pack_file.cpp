// SPDX-License-Identifier: Apache-2.0
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "app/cli/nncp_pack.h"
#include "bridges/nncp/toss/reply.h"
#include "bridges/nncp/toss/safe_path.h"
#include "bridges/nncp/toss/tar.h"

namespace waypost::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kArea = "area:";

Result<std::vector<Queued>> pack_open_file(const NncpNode& node, const PackOptions& options, int fd,
                                           const std::string& to, const std::string& name) {
    struct stat info {};
    const nncp::Nice nice = options.nice.value_or(nncp::kNiceFile);
    if (::fstat(fd, &info) != 0) return nncp::disk_error("look at the file");
    const auto bytes = static_cast<std::uint64_t>(std::max<off_t>(info.st_size, 0));
    const std::uint64_t chunk = options.chunk * 1024;
    if (chunk > 0 && bytes > chunk) {
        const auto found = node.node(to);
        if (!found.ok()) return found.error();
        nncp::Outbox outbox(node.config, node.spool);
        const auto sent =
            nncp::send_file(fd, bytes, {*found, name, nice, chunk, options.minsize * 1024}, outbox);
        if (!sent.ok()) return sent.error();
        return std::vector<Queued>();
    }
    nncp::FileSource source(fd);
    ShownSource shown(source, bytes);
    Parcel parcel;
    parcel.plain = {nncp::PacketType::File, nice, name};
    parcel.nice = nice;
    parcel.minsize = options.minsize * 1024;
    parcel.source = &shown;
    std::vector<Parcel> parcels;
    parcels.push_back(std::move(parcel));
    return send_parcels(node, to, std::move(parcels));
}

}  // namespace

Result<std::vector<Queued>> send_parcels(const NncpNode& node, const std::string& to,
                                         std::vector<Parcel> parcels) {
    const nncp::Outbox outbox(node.config, node.spool);
    if (!to.starts_with(kArea)) {
        const auto found = node.node(to);
        if (!found.ok()) return found.error();
        for (Parcel& each : parcels) each.to = *found;
        return outbox.send(parcels);
    }
    const nncp::Area* area = node.config.find_area(to.substr(kArea.size()));
    if (area == nullptr)
        return Error{Code::NotFound, "no area is called '" + to.substr(kArea.size()) + "'", false};
    std::vector<Queued> all;
    for (const Parcel& each : parcels) {
        const auto posted = outbox.post(*area, each);
        if (!posted.ok()) return posted;
        all.insert(all.end(), posted->begin(), posted->end());
    }
    return all;
}

std::pair<std::string, std::string> split_target(const std::string& target) {
    const std::size_t from = target.starts_with(kArea) ? kArea.size() : 0;
    const auto colon = target.find(':', from);
    if (colon == target.npos) return {target, ""};
    return {target.substr(0, colon), target.substr(colon + 1)};
}

Result<std::string> clean_name(const std::string& wished) {
    const std::string name = fs::path(wished).lexically_normal().string();
    const auto parts = nncp::path_components(name);
    if (!parts.ok()) return parts.error();
    return name;
}

Result<std::vector<Queued>> pack_file(const NncpNode& node, const PackOptions& options) {
    auto [to, wished] = split_target(options.node);
    const bool standard = options.what == "-";
    if (wished.empty()) wished = fs::path(options.what).filename().string();
    if (standard && wished == "-") return bad_input("what comes from standard input needs a name");
    const auto name = clean_name(wished);
    if (!name.ok()) return name.error();
    if (standard) return pack_open_file(node, options, STDIN_FILENO, to, *name);
    const nncp::Fd fd(::open(options.what.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.good()) return nncp::disk_error("open " + options.what);
    if (!fs::is_directory(options.what)) return pack_open_file(node, options, fd.get(), to, *name);
    auto tar = nncp::TempFile::make(node.spool.directory() / "tmp");
    if (!tar.ok()) return tar.error();
    const auto folder = fs::canonical(options.what).filename().string();
    if (const auto packed = nncp::write_tar(fd.get(), folder, *tar); !packed.ok())
        return packed.error();
    if (::lseek(tar->fd(), 0, SEEK_SET) < 0) return nncp::disk_error("read the tar");
    return pack_open_file(node, options, tar->fd(), to, *name + ".tar");
}

}  // namespace waypost::cli

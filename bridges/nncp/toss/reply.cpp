// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/reply.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <memory>

#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/toss/chunks.h"
#include "bridges/nncp/toss/content.h"
#include "bridges/nncp/toss/safe_path.h"
#include "bridges/nncp/toss/tar.h"

namespace waypost::nncp {

namespace {

Parcel parcel(const Sending& sending, const std::string& name) {
    Parcel made;
    made.to = sending.to;
    made.plain = {PacketType::File, sending.nice, name};
    made.nice = sending.nice;
    made.minsize = sending.minsize;
    return made;
}

Result<void> queue(const std::vector<Parcel>& parcels, Outbox& outbox) {
    const auto queued = outbox.send(parcels);
    return queued.ok() ? Result<void>() : Result<void>(queued.error());
}

Result<void> send_chunks(int fd, std::uint64_t bytes, const Sending& sending, Outbox& outbox) {
    ChunkMeta meta{bytes, sending.chunk, {}};
    if (bytes / sending.chunk >= kMostChunks) {
        return Error{Code::TooLarge, "too many chunks: make them larger", true};
    }
    std::vector<std::unique_ptr<FilePart>> parts;
    std::vector<Parcel> parcels;
    for (std::uint64_t at = 0; at < bytes; at += sending.chunk) {
        const std::uint64_t size = std::min(sending.chunk, bytes - at);
        FilePart hashed(fd, at, size);
        const auto hash = mth_of(hashed);
        if (!hash.ok()) return hash.error();
        meta.chunks.push_back(*hash);
        parts.push_back(std::make_unique<FilePart>(fd, at, size));
        parcels.push_back(parcel(sending, chunk_name(sending.name, parts.size() - 1)));
        parcels.back().source = parts.back().get();
    }
    parcels.push_back(parcel(sending, meta_name(sending.name)));
    parcels.back().payload = encode(meta);
    return queue(parcels, outbox);
}

struct Requested {
    Fd fd;
    std::string name;  // without the folders above it
    struct stat about {};
};

Result<Requested> open_requested(const FileRequest& request) {
    const auto place = open_place(request.from->freq_path, request.source, false);
    if (!place.ok()) return place.error();
    // Not blocking: it might be a pipe.
    constexpr int kFlags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    Requested made{Fd(::openat(place->folder.get(), place->name.c_str(), kFlags)), place->name, {}};
    if (!made.fd.good() || ::fstat(made.fd.get(), &made.about) != 0) {
        return disk_error("open " + request.source);
    }
    if (!S_ISREG(made.about.st_mode) && !S_ISDIR(made.about.st_mode)) {
        return Error{Code::Refused, request.source + " is neither file nor folder", true};
    }
    return made;
}

Result<void> check_size(const Node& node, std::uint64_t bytes) {
    if (node.freq_maxsize == 0 || bytes <= node.freq_maxsize) return {};
    return Error{Code::Refused,
                 std::to_string(bytes) + " bytes are more than " + node.name + " may ask for",
                 true};
}

}  // namespace

Result<void> send_file(int fd, std::uint64_t bytes, const Sending& sending, Outbox& outbox) {
    if (sending.chunk > 0 && bytes > sending.chunk) return send_chunks(fd, bytes, sending, outbox);
    FilePart part(fd, 0, bytes);
    Parcel one = parcel(sending, sending.name);
    one.source = &part;
    return queue({one}, outbox);
}

Result<std::string> send_requested(const FileRequest& request, const Spool& spool, Outbox& outbox) {
    const Node& node = *request.from;
    if (const auto good = path_components(request.destination); !good.ok()) return good.error();
    auto requested = open_requested(request);
    if (!requested.ok()) return requested.error();
    Fd fd = std::move(requested->fd);
    auto bytes = static_cast<std::uint64_t>(requested->about.st_size);
    std::optional<TempFile> packed;
    if (S_ISDIR(requested->about.st_mode)) {
        auto made = TempFile::make(spool.directory() / "tmp");
        if (!made.ok()) return made.error();
        packed = std::move(*made);
        const auto put = write_tar(fd.get(), requested->name, *packed);
        if (!put.ok()) return put.error();
        struct stat about {};
        if (::fstat(packed->fd(), &about) != 0)
            return disk_error("look at a folder that was packed");
        bytes = static_cast<std::uint64_t>(about.st_size);
    }
    if (const auto good = check_size(node, bytes); !good.ok()) return good.error();
    const Sending sending{&node, request.destination, request.nice, node.freq_chunk,
                          node.freq_minsize};
    const auto sent = send_file(packed ? packed->fd() : fd.get(), bytes, sending, outbox);
    if (!sent.ok()) return sent.error();
    return request.source + " (" + std::to_string(bytes) + " bytes)";
}

}  // namespace waypost::nncp

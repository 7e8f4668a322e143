// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/chunks.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/xdr.h"
#include "bridges/nncp/toss/content.h"
#include "bridges/nncp/toss/incoming.h"

namespace waypost::nncp {

namespace {

constexpr std::string_view kMagic{"NNCPM\0\0\2", 8};
constexpr std::size_t kHeadBytes = 8 + 8 + 8 + 4;
constexpr std::string_view kMetaEnd = ".nncp.meta";
constexpr std::string_view kChunkMiddle = ".nncp.chunk";

bool is_there(const SafePlace& place, const std::string& name, std::uint64_t bytes) {
    const auto size = file_size(place.folder.get(), name);
    return size.ok() && *size == bytes;
}

Result<Fd> open_in(const SafePlace& place, const std::string& name) {
    Fd fd(::openat(place.folder.get(), name.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.good()) return disk_error("open " + name);
    return fd;
}

Result<ChunkMeta> read_meta(const SafePlace& place) {
    const std::string name = meta_name(place.name);
    const auto size = file_size(place.folder.get(), name);
    if (!size.ok()) return size.error();
    if (*size > kHeadBytes + kMostChunks * sizeof(Mth)) return bad_input("too many chunks");
    const auto fd = open_in(place, name);
    if (!fd.ok()) return fd.error();
    FileSource source(fd->get());
    const auto bytes = read_start(source, *size);
    if (!bytes.ok()) return bytes.error();
    return decode_chunk_meta(*bytes);
}

Result<void> append(const SafePlace& place, const ChunkMeta& meta, std::size_t chunk, Sink& out) {
    const std::string name = chunk_name(place.name, chunk);
    const auto fd = open_in(place, name);
    if (!fd.ok()) return fd.error();
    FileSource source(fd->get());
    MthSink hashed(out);
    if (const auto copied = copy_all(source, hashed); !copied.ok()) return copied;
    if (hashed.bytes() != meta.bytes_of(chunk) || hashed.finish() != meta.chunks[chunk]) {
        return bad_input(name + " is not what the meta file says");
    }
    return {};
}

}  // namespace

std::uint64_t ChunkMeta::bytes_of(std::size_t chunk) const {
    return std::min(chunk_bytes, file_bytes - chunk * chunk_bytes);
}

std::string encode(const ChunkMeta& meta) {
    std::string out(kMagic);
    put_u64(out, meta.file_bytes);
    put_u64(out, meta.chunk_bytes);
    put_u32(out, static_cast<std::uint32_t>(meta.chunks.size()));
    for (const Mth& each : meta.chunks) out += bytes_of(each);
    return out;
}

Result<ChunkMeta> decode_chunk_meta(std::string_view bytes) {
    if (bytes.size() < kHeadBytes || bytes.substr(0, kMagic.size()) != kMagic) {
        return bad_input("not a meta file of chunks (NNCPM 2)");
    }
    ChunkMeta meta;
    meta.file_bytes = get_u64(bytes, 8);
    meta.chunk_bytes = get_u64(bytes, 16);
    const std::size_t count = get_u32(bytes, 24);
    if (meta.chunk_bytes == 0 || count > kMostChunks ||
        count != meta.file_bytes / meta.chunk_bytes + (meta.file_bytes % meta.chunk_bytes != 0) ||
        bytes.size() != kHeadBytes + count * sizeof(Mth)) {
        return bad_input("a meta file whose numbers do not fit each other");
    }
    meta.chunks.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        meta.chunks[i] = hash_of_bytes(bytes.substr(kHeadBytes + i * sizeof(Mth), sizeof(Mth)));
    }
    return meta;
}

std::string chunk_name(const std::string& name, std::size_t chunk) {
    return name + std::string(kChunkMiddle) + std::to_string(chunk);
}

std::string meta_name(const std::string& name) { return name + std::string(kMetaEnd); }

std::optional<std::string> name_of_chunked(std::string_view file) {
    const auto meta_at = file.size() - std::min(file.size(), kMetaEnd.size());
    if (meta_at > 0 && file.substr(meta_at) == kMetaEnd)
        return std::string(file.substr(0, meta_at));
    const auto at = file.rfind(kChunkMiddle);
    if (at == std::string_view::npos || at == 0) return std::nullopt;
    const std::string_view number = file.substr(at + kChunkMiddle.size());
    const bool leading_zero = number.size() > 1 && number.front() == '0';
    if (number.empty() || number.size() > 9 || leading_zero ||
        number.find_first_not_of("0123456789") != std::string_view::npos) {
        return std::nullopt;
    }
    return std::string(file.substr(0, at));
}

Result<std::optional<std::string>> reassemble(const SafePlace& place, bool sync) {
    using Made = std::optional<std::string>;
    const auto meta = read_meta(place);
    if (!meta.ok() && meta.error().code == Code::NotFound) return Made();
    if (!meta.ok()) return meta.error();
    for (std::size_t i = 0; i < meta->chunks.size(); ++i) {
        if (!is_there(place, chunk_name(place.name, i), meta->bytes_of(i))) return Made();
    }
    const std::string folder = "/proc/self/fd/" + std::to_string(place.folder.get());
    const auto room = free_space(folder);
    if (room.ok() && *room < meta->file_bytes)
        return Error{Code::Full, "no room to join the chunks of " + place.name, true};
    auto file = TempFile::make(folder);
    if (!file.ok()) return file.error();
    FileSink out(file->fd());
    for (std::size_t i = 0; i < meta->chunks.size(); ++i) {
        if (const auto put = append(place, *meta, i, out); !put.ok()) return put.error();
    }
    const auto name = name_file(*file, place, sync);
    if (!name.ok()) return name.error();
    for (std::size_t i = 0; i < meta->chunks.size(); ++i) {
        (void)::unlinkat(place.folder.get(), chunk_name(place.name, i).c_str(), 0);
    }
    (void)::unlinkat(place.folder.get(), meta_name(place.name).c_str(), 0);
    return Made(*name);
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
// Packets that come in pieces, and those that came without a check.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "bridges/nncp/spool/files.h"
#include "bridges/nncp/spool/header_file.h"
#include "bridges/nncp/spool/spool.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kReadBytes = 64 * 1024;

// Files in it that nobody checked.
std::vector<std::string> unchecked_in(const std::filesystem::path& folder) {
    std::vector<std::string> found;
    for (const auto& each : entries_of(folder)) {
        const std::string file = each.path().filename();
        if (file.size() == kNameLetters + 5 && file.ends_with(".nock")) found.push_back(file);
    }
    return found;
}

// Gives the file `from` in this folder its name, durably.
Result<void> give_name(const Fd& folder, const std::string& from, const std::string& name,
                       std::string_view header, const SpoolOptions& options) {
    if (options.headers && header.size() == kPacketHeaderBytes) {
        const auto written = write_header(folder.get(), name, header);
        if (!written.ok()) return written;
    }
    if (::renameat(folder.get(), from.c_str(), folder.get(), name.c_str()) != 0)
        return disk_error("name the packet " + name);
    if (options.sync && ::fsync(folder.get()) != 0) return disk_error("sync a folder of the spool");
    return {};
}

// What a file holds, for its hash and its header.
struct Digest {
    MthHasher hasher;
    std::string header;
    std::uint64_t bytes = 0;

    void add(std::span<const std::uint8_t> piece) {
        hasher.update(piece);
        bytes += piece.size();
        const std::size_t room = kPacketHeaderBytes - header.size();
        header.append(reinterpret_cast<const char*>(piece.data()), std::min(room, piece.size()));
    }

    Result<void> read(int fd) {
        FileSource source(fd);
        std::vector<std::uint8_t> buffer(kReadBytes);
        while (true) {
            const auto got = source.read(buffer);
            if (!got.ok()) return got.error();
            add(std::span(buffer).first(*got));
            if (*got < buffer.size()) return {};
        }
    }
};

}  // namespace

struct Partial::State {
    Fd folder, file;
    std::string part, name;
    Mth expected{};
    SpoolOptions options;
    Digest digest;
};

Partial::Partial(std::unique_ptr<State> state) : state_(std::move(state)) {}
Partial::~Partial() = default;
Partial::Partial(Partial&&) noexcept = default;

std::uint64_t Partial::bytes() const { return state_->digest.bytes; }

Result<void> Partial::write(std::span<const std::uint8_t> bytes) {
    const auto written = write_all(state_->file.get(), bytes);
    if (written.ok()) {
        state_->digest.add(bytes);
        return {};
    }
    // What was written of it is not counted: the next piece begins where this one did.
    const auto end = static_cast<off_t>(state_->digest.bytes);
    if (::ftruncate(state_->file.get(), end) != 0 || ::lseek(state_->file.get(), end, SEEK_SET) < 0)
        return disk_error("take back half a piece");
    return written;
}

Result<void> Partial::finish() {
    State& s = *state_;
    if (s.digest.hasher.finish() != s.expected) {
        drop();
        return Error{Code::BadInput, "what came as " + s.name + " has another hash", true};
    }
    if (s.options.sync && ::fsync(s.file.get()) != 0) return disk_error("sync " + s.part);
    return give_name(s.folder, s.part, s.name, s.digest.header, s.options);
}

void Partial::drop() { (void)::unlinkat(state_->folder.get(), state_->part.c_str(), 0); }

Result<Partial> Spool::partial(const NodeId& node, const Mth& name) const {
    const auto where = folder(node, Way::Rx);
    if (const auto made = make_folder(where, options_.sync); !made.ok()) return made.error();
    auto state = std::make_unique<Partial::State>();
    auto opened = open_folder(where);
    if (!opened.ok()) return opened.error();
    state->folder = std::move(opened).value();
    state->name = to_base32(name);
    state->part = state->name + ".part";
    state->expected = name;
    state->options = options_;
    state->file = Fd(::openat(state->folder.get(), state->part.c_str(),
                              O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0666));
    if (!state->file.good()) return disk_error("open " + state->part);
    if (const auto read = state->digest.read(state->file.get()); !read.ok()) return read.error();
    return Partial(std::move(state));
}

std::uint64_t Spool::partial_bytes(const NodeId& node, const Mth& name) const {
    const auto file = folder(node, Way::Rx) / (to_base32(name) + ".part");
    const auto size = file_size(AT_FDCWD, file);
    return size.ok() ? *size : 0;
}

bool Spool::has_unchecked(const NodeId& node) const {
    return !unchecked_in(folder(node, Way::Rx)).empty();
}

Result<std::size_t> Spool::check_unchecked(const NodeId& node) const {
    const auto where = folder(node, Way::Rx);
    const auto files = unchecked_in(where);
    if (files.empty()) return std::size_t{0};
    const auto open = open_folder(where);
    if (!open.ok()) return open.error();
    std::size_t good = 0;
    for (const std::string& file : files) {
        const std::string name = file.substr(0, kNameLetters);
        const auto expected = hash_from_base32(name);
        const Fd fd(::openat(open->get(), file.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
        if (!expected.ok() || !fd.good()) continue;
        Digest digest;
        if (const auto read = digest.read(fd.get()); !read.ok()) return read.error();
        if (digest.hasher.finish() != *expected || seen(node, *expected)) {
            (void)::unlinkat(open->get(), file.c_str(), 0);
            continue;
        }
        const auto named = give_name(*open, file, name, digest.header, options_);
        if (!named.ok()) return named.error();
        ++good;
    }
    return good;
}

}  // namespace waypost::nncp

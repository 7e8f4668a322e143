// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/spool/new_packet.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "bridges/nncp/spool/push.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kBufferBytes = 8 * 1024;

std::span<const std::uint8_t> bytes_of(const std::string& text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

}  // namespace

NewPacket::State::~State() {
    if (!file.empty()) (void)::unlink((tmp / file).c_str());
}

Result<void> NewPacket::State::flush() {
    if (!fd.good()) {
        const std::string made = working_name();
        fd = Fd(::open((tmp / made).c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
        if (!fd.good()) return disk_error("make a file in " + tmp.string());
        file = made;
    }
    const auto written = write_all(fd.get(), bytes_of(buffer));
    buffer.clear();
    return written;
}

NewPacket::NewPacket(std::unique_ptr<State> state) : state_(std::move(state)) {}

NewPacket::~NewPacket() = default;

Result<void> NewPacket::write(std::span<const std::uint8_t> bytes) {
    State& s = *state_;
    if (s.name) return Error{Code::Conflict, "the packet is complete", false};
    s.hasher.update(bytes);
    s.bytes += bytes.size();
    const auto* text = reinterpret_cast<const char*>(bytes.data());
    if (s.header.size() < kPacketHeaderBytes)
        s.header.append(text, std::min(bytes.size(), kPacketHeaderBytes - s.header.size()));
    if (s.buffer.size() + bytes.size() <= kBufferBytes) {
        s.buffer.append(text, bytes.size());
        return {};
    }
    if (const auto flushed = s.flush(); !flushed.ok()) return flushed;
    if (bytes.size() > kBufferBytes) {
        const auto put = write_all(s.fd.get(), bytes);
        push_to_disk(s.fd.get(), s.bytes - bytes.size(), s.bytes);
        return put;
    }
    s.buffer.assign(text, bytes.size());
    return {};
}

std::uint64_t NewPacket::bytes() const { return state_->bytes; }

Result<Mth> NewPacket::complete() {
    State& s = *state_;
    if (s.name) return *s.name;
    if (const auto flushed = s.flush(); !flushed.ok()) return flushed.error();
    s.fd = Fd();
    s.buffer.shrink_to_fit();
    s.name = s.hasher.finish();
    return *s.name;
}

Result<Fd> NewPacket::reopen() const {
    Fd fd(::open((state_->tmp / state_->file).c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd.good()) return disk_error("open " + state_->file);
    return fd;
}

bool NewPacket::link(const std::filesystem::path& name) const {
    return ::link((state_->tmp / state_->file).c_str(), name.c_str()) == 0;
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "bridges/nncp/carrier/bundle.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/tar_block.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kPieceBytes = 128 * 1024;

Result<void> write_text(Sink& out, std::string_view text) {
    return out.write({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

}  // namespace

Result<void> BundleWriter::add(const NodeId& recipient, const NodeId& sender, const Mth& name,
                               std::uint64_t bytes, Source& packet) {
    const auto folder = encode(TarEntry{"NNCP", 0, '5'});
    const auto file = encode(
        TarEntry{"NNCP/" + to_base32(recipient) + '/' + to_base32(sender) + '/' + to_base32(name),
                 bytes, '0'});
    if (!folder.ok() || !file.ok()) return folder.ok() ? file.error() : folder.error();
    if (const auto written = write_text(out_, *folder + *file); !written.ok()) return written;
    MthHasher hasher;
    std::vector<std::uint8_t> buffer(kPieceBytes);
    bool whole = true;
    for (std::uint64_t left = bytes; left > 0;) {
        const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(left, buffer.size()));
        const auto got = packet.read(std::span(buffer).first(wanted));
        whole = whole && got.ok() && *got == wanted;
        // The size was promised: zeros stand for what is missing.
        if (!whole)
            std::fill(buffer.begin() + (got.ok() ? static_cast<std::ptrdiff_t>(*got) : 0),
                      buffer.end(), std::uint8_t{0});
        const auto piece = std::span(buffer).first(wanted);
        hasher.update(piece);
        if (const auto written = out_.write(piece); !written.ok()) return written;
        left -= wanted;
    }
    const auto filled = write_text(out_, std::string(tar_filler(bytes), '\0'));
    if (!filled.ok()) return filled;
    if (!whole || hasher.finish() != name)
        return bad_input("its content in the spool is not what its name says");
    return {};
}

Result<void> BundleWriter::finish() { return write_text(out_, std::string(2 * kTarBlock, '\0')); }

}  // namespace waypost::nncp

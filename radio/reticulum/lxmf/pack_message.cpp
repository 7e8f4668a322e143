// SPDX-License-Identifier: Apache-2.0
#include <msgpack.hpp>
#include <stdexcept>

#include "gateway/message/text.h"
#include "radio/reticulum/lxmf/fields.h"
#include "radio/reticulum/lxmf/message.h"
#include "radio/reticulum/wire/crypto.h"
#include "radio/reticulum/wire/pack_float.h"

namespace waypost::reticulum {
namespace {

using Packer = msgpack::packer<msgpack::sbuffer>;

std::uint32_t length_of(std::string_view bytes) { return static_cast<std::uint32_t>(bytes.size()); }

void pack_bytes(Packer& out, std::string_view bytes) {
    out.pack_bin(length_of(bytes));
    out.pack_bin_body(bytes.data(), length_of(bytes));
}

// Names go as text: programs put them into paths without asking what they are.
void pack_named(Packer& out, std::string_view name, std::string_view data) {
    out.pack_array(2);
    out.pack_str(length_of(name));
    out.pack_str_body(name.data(), length_of(name));
    pack_bytes(out, data);
}

void pack_files(Packer& out, const std::vector<LxmfFile>& files) {
    out.pack_uint8(kFieldFiles);
    out.pack_array(static_cast<std::uint32_t>(files.size()));
    for (const LxmfFile& file : files) pack_named(out, file.name, file.data);
}

void pack_fields(Packer& out, msgpack::sbuffer& buffer, const LxmfMessage& message) {
    const std::size_t count = message.other_fields.size() + !message.files.empty() +
                              message.image.has_value() + !message.reply_to.empty();
    out.pack_map(static_cast<std::uint32_t>(count));
    if (!message.files.empty()) pack_files(out, message.files);
    if (message.image) {
        out.pack_uint8(kFieldImage);
        pack_named(out, message.image->format, message.image->data);
    }
    if (!message.reply_to.empty()) {
        out.pack_uint8(kFieldReplyTo);
        pack_bytes(out, message.reply_to);
    }
    for (const auto& [key, value] : message.other_fields) {
        out.pack_uint8(key);
        buffer.write(value.data(), value.size());
    }
}

std::string payload_of(const LxmfMessage& message) {
    msgpack::sbuffer buffer;
    Packer out(buffer);
    out.pack_array(4);
    const std::string time = pack_float(message.time);
    buffer.write(time.data(), time.size());
    pack_bytes(out, message.title);
    pack_bytes(out, message.content);
    pack_fields(out, buffer, message);
    return {buffer.data(), buffer.size()};
}

}  // namespace

PackedLxmf pack_lxmf(const LxmfMessage& message, const Identity& sender) {
    const bool good = message.to.size() == kHash && message.from.size() == kHash &&
                      is_utf8(message.title) && is_utf8(message.content);
    if (!good) throw std::logic_error("an LXMF message with wrong addresses, or not in UTF-8");
    const std::string payload = payload_of(message);
    const std::string addresses = message.to + message.from;
    PackedLxmf out;
    out.id = sha256(addresses + payload);
    out.full = addresses + sender.sign(addresses + payload + out.id) + payload;
    return out;
}

PackedLxmf stamped(const PackedLxmf& packed, std::string_view stamp) {
    constexpr std::size_t kPayload = 2 * kHash + kSignature;
    if (packed.full.size() <= kPayload || packed.full[kPayload] != '\x94')
        throw std::logic_error("a stamp for what is no LXMF message, or has one");
    PackedLxmf out = packed;
    out.full[kPayload] = '\x95';
    msgpack::sbuffer buffer;
    Packer packer(buffer);
    pack_bytes(packer, stamp);
    out.full.append(buffer.data(), buffer.size());
    return out;
}

}  // namespace waypost::reticulum

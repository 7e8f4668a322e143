// SPDX-License-Identifier: Apache-2.0
// Packets of nncp. The first byte says how far inside the others are put: as a whole packet, as the
// content of a block that opens, as a payload to be sealed and opened again, or as one of the
// parts.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "bridges/nncp/packet/block_cipher.h"
#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/packet/zstd.h"
#include "tests/unit/bridges/nncp/vectors.h"

using namespace waypost;
using namespace waypost::nncp;

namespace {

constexpr std::size_t kRoom = 4'000'000;

void must(bool holds) {
    if (!holds) std::abort();
}

Sealing sealing() { return test_sealing("village", "relay", 96); }

// Strangers are let in, so that a signature is not in the way.
Result<Unsealed> open(std::string_view bytes, MemorySink& out) {
    Unsealing unsealing = test_unsealing("relay");
    unsealing.allow_unknown_sender = true;
    MemorySource source(bytes);
    return unseal(unsealing, source, out);
}

void whole_packet(std::string_view bytes) {
    MemorySink out(kRoom);
    const auto opened = open(bytes, out);
    if (opened.ok()) must(opened->payload_bytes == out.bytes().size());
}

// `bytes`: the SIZE record and what follows it in its block; a third of it lies behind the block.
void one_block(std::string_view bytes) {
    static const std::string kHeader = [] {
        MemorySource none("");
        MemorySink out(kRoom);
        must(seal(sealing(), {PacketType::File, 1, "a"}, none, out).ok());
        return out.take().substr(0, kPacketHeaderBytes);
    }();
    const auto decoded = decode_packet_header(kHeader);
    const auto keys = packet_keys(test_keys().at("relay").exchange.reveal(), decoded->ephemeral);
    const std::string_view inside = bytes.substr(0, bytes.size() - bytes.size() / 3);
    std::string block(inside.size() + kTagBytes, '\0');
    BlockCipher(std::string_view(kHeader).substr(0, kSignedBytes))
        .seal(keys->size, 0, {reinterpret_cast<const std::uint8_t*>(inside.data()), inside.size()},
              reinterpret_cast<std::uint8_t*>(block.data()));
    whole_packet(kHeader + block);
    whole_packet(kHeader + block + std::string(bytes.substr(inside.size())));
}

void there_and_back(std::string_view bytes) {
    Sealing with = sealing();
    std::string payload(bytes);
    // Near the end of a block, where the branches are.
    if (bytes.size() > 2 && bytes[0] % 2 == 0) payload.resize(130700 + bytes.size() % 200);
    if (bytes.size() > 2) with.pad = static_cast<unsigned char>(bytes[1]) * 997u;
    MemorySource source(payload);
    MemorySink packet(kRoom), out(kRoom);
    must(seal(with, {PacketType::File, 1, "a"}, source, packet).ok());
    const auto opened = open(packet.bytes(), out);
    must(opened.ok() && out.bytes() == payload && opened->pad == with.pad);
}

void parts(std::string_view bytes) {
    if (const auto header = decode_packet_header(bytes); header.ok()) {
        must(encode(*header) == bytes.substr(0, kPacketHeaderBytes));
    }
    if (const auto header = decode_plain_header(bytes); header.ok()) {
        must(*encode(*header) == bytes.substr(0, kPlainHeaderBytes));
        (void)words_of(*header);
    }
    if (const auto decoded = from_base32(bytes); decoded.ok()) must(to_base32(*decoded) == bytes);
    MemorySink out(kRoom);
    UnzstdSink unpack(out, 1'000'000);
    (void)unpack.write({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
    (void)unpack.finish();
    must(out.bytes().size() <= 1'000'000);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
    switch (data[0] % 4) {
        case 0:
            whole_packet(bytes);
            break;
        case 1:
            one_block(bytes);
            break;
        case 2:
            there_and_back(bytes);
            break;
        default:
            parts(bytes);
    }
    return 0;
}

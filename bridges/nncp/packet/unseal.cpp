// SPDX-License-Identifier: Apache-2.0
#include <sodium.h>

#include <algorithm>

#include "bridges/nncp/packet/blake3_hash.h"
#include "bridges/nncp/packet/block_cipher.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/seal.h"
#include "bridges/nncp/packet/xdr.h"

namespace waypost::nncp {

namespace {

constexpr std::size_t kSealedBytes = kBlockBytes + kTagBytes;
using OnPlain = std::function<Result<void>(const Unsealed&)>;

Error cut() { return bad_input("the packet ends before the size that it states"); }
Error damaged() {
    return bad_input("a block does not open: the packet was damaged, cut or forged");
}

class Unsealer {
  public:
    Unsealer(const std::string& header, const PacketKeys& keys, Unsealed& result, Source& packet,
             Sink& payload, const OnPlain& on_plain)
        : cipher_(std::string_view(header).substr(0, kSignedBytes)),
          keys_(keys),
          result_(result),
          packet_(packet),
          payload_(payload),
          on_plain_(on_plain),
          sealed_(std::make_unique_for_overwrite<std::uint8_t[]>(kSealedBytes)),
          plain_(std::make_unique_for_overwrite<std::uint8_t[]>(kSealedBytes)) {}

    Result<void> run();

  private:
    using Bytes = std::span<const std::uint8_t>;
    Result<Bytes> read_block();
    Bytes opened(Bytes sealed) const { return {plain_.get(), sealed.size() - kTagBytes}; }
    Result<void> after_size(Bytes content);
    Result<void> check_pad(Bytes inner);
    Result<void> check_outer_pad(std::uint64_t bytes);
    Result<void> emit(Bytes bytes);

    BlockCipher cipher_;
    const PacketKeys& keys_;
    Unsealed& result_;
    Source& packet_;
    Sink& payload_;
    const OnPlain& on_plain_;
    std::unique_ptr<std::uint8_t[]> sealed_, plain_;
    std::uint64_t number_ = 0;   // of the next block
    std::uint64_t emitted_ = 0;  // bytes of the plain packet
};

Result<Unsealer::Bytes> Unsealer::read_block() {
    const auto got = packet_.read({sealed_.get(), kSealedBytes});
    if (!got.ok()) return got.error();
    if (*got == 0) return cut();
    return Bytes{sealed_.get(), *got};
}

// Full blocks come with one key, the block with the SIZE record with another: by that it is known.
Result<void> Unsealer::run() {
    for (;;) {
        const auto sealed = read_block();
        if (!sealed.ok()) return sealed.error();
        if (sealed->size() == kSealedBytes &&
            cipher_.open(keys_.full, number_, *sealed, plain_.get())) {
            ++number_;
            if (const auto put = emit(opened(*sealed)); !put.ok()) return put;
            continue;
        }
        if (!cipher_.open(keys_.size, number_, *sealed, plain_.get())) return damaged();
        ++number_;
        return after_size(opened(*sealed));
    }
}

Result<void> Unsealer::after_size(Bytes content) {
    if (content.size() < kSizeBytes) return bad_input("no size is stated");
    const std::string_view size{reinterpret_cast<const char*>(content.data()), kSizeBytes};
    const std::uint64_t total = get_u64(size, 0);
    result_.pad = get_u64(size, 8);
    if (total < emitted_ || total < kPlainHeaderBytes)
        return bad_input("it states a size that is too small");
    std::uint64_t left = total - emitted_;
    content = content.subspan(kSizeBytes);
    while (left > content.size()) {
        left -= content.size();
        if (const auto put = emit(content); !put.ok()) return put;
        const auto sealed = read_block();
        if (!sealed.ok()) return sealed.error();
        if (!cipher_.open(keys_.full, number_++, *sealed, plain_.get())) return damaged();
        content = opened(*sealed);
        if (content.empty()) return cut();
    }
    const auto last = static_cast<std::size_t>(left);
    if (const auto put = emit(content.first(last)); !put.ok()) return put;
    if (const auto good = check_pad(content.subspan(last)); !good.ok()) return good;
    result_.payload_bytes = total - kPlainHeaderBytes;
    return {};
}

Result<void> Unsealer::check_pad(Bytes inner) {
    const bool zero = std::all_of(inner.begin(), inner.end(), [](auto each) { return each == 0; });
    if (inner.size() > result_.pad || !zero) {
        return bad_input("the padding inside is not what it must be");
    }
    return check_outer_pad(result_.pad - inner.size());
}

// Nothing else may follow.
Result<void> Unsealer::check_outer_pad(std::uint64_t bytes) {
    const Blake3 stream = Blake3::keyed(keys_.pad);
    for (std::uint64_t at = 0;;) {
        const auto got = packet_.read({sealed_.get(), kBlockBytes});
        if (!got.ok()) return got.error();
        if (*got > bytes - at) return bad_input("something follows behind its end");
        stream.finish(at, {plain_.get(), *got});
        if (!std::equal(plain_.get(), plain_.get() + *got, sealed_.get())) {
            return bad_input("the padding behind it is not what it must be");
        }
        at += *got;
        if (*got == kBlockBytes) continue;
        if (at < bytes) return bad_input("a part of the padding is missing");
        return {};
    }
}

// The first bytes are the plain header; they lie in one block always.
Result<void> Unsealer::emit(Bytes bytes) {
    const bool first = emitted_ == 0;
    emitted_ += bytes.size();
    if (first) {
        const std::string_view text{reinterpret_cast<const char*>(bytes.data()), bytes.size()};
        auto header = decode_plain_header(text);
        if (!header.ok()) return header.error();
        result_.plain = std::move(*header);
        if (on_plain_) {
            if (const auto taken = on_plain_(result_); !taken.ok()) return taken;
        }
        bytes = bytes.subspan(kPlainHeaderBytes);
    }
    return bytes.empty() ? Result<void>() : payload_.write(bytes);
}

bool signature_holds(const std::string& header, const PacketHeader& decoded, const Hash32& key) {
    return crypto_sign_verify_detached(decoded.signature.data(),
                                       reinterpret_cast<const std::uint8_t*>(header.data()),
                                       kSignedBytes, key.data()) == 0;
}

Result<PacketKeys> admit(const Unsealing& unsealing, const std::string& header,
                         const PacketHeader& decoded) {
    const Secret* secret = unsealing.exchange_secret(decoded.recipient);
    if (secret == nullptr) return Error{Code::NotFound, "addressed to somebody else", false};
    const auto sender = unsealing.sign_public(decoded.sender);
    if (!sender && !unsealing.allow_unknown_sender) {
        return Error{Code::NotFound, "its sender is not known: " + to_base32(decoded.sender), true};
    }
    if (sender && !signature_holds(header, decoded, *sender)) {
        return bad_input("its signature is not that of its sender");
    }
    const auto keys = packet_keys(secret->reveal(), decoded.ephemeral);
    if (!keys) return bad_input("its ephemeral key is worthless");
    return *keys;
}

}  // namespace

Result<Unsealed> unseal(const Unsealing& unsealing, Source& packet, Sink& payload,
                        const OnPlain& on_plain) {
    const auto header = read_start(packet, kPacketHeaderBytes);
    if (!header.ok()) return header.error();
    const auto decoded = decode_packet_header(*header);
    if (!decoded.ok()) return decoded.error();
    const auto keys = admit(unsealing, *header, *decoded);
    if (!keys.ok()) return keys.error();
    Unsealed result;
    result.header = *decoded;
    const auto done = Unsealer(*header, *keys, result, packet, payload, on_plain).run();
    if (!done.ok()) return done.error();
    return result;
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/seal.h"

#include <sodium.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include "bridges/nncp/packet/blake3_hash.h"
#include "bridges/nncp/packet/block_cipher.h"
#include "bridges/nncp/packet/mth.h"
#include "bridges/nncp/packet/xdr.h"

namespace waypost::nncp {

namespace {

// One block lies in one buffer and is sealed where it lies: before it is room for the SIZE record,
// behind it for the tag.
class Sealer {
  public:
    Sealer(const std::string& header, const PacketKeys& keys, std::uint64_t pad, Sink& out)
        : cipher_(std::string_view(header).substr(0, kSignedBytes)),
          keys_(keys),
          pad_(pad),
          out_(out),
          buffer_(std::make_unique_for_overwrite<std::uint8_t[]>(kSizeBytes + kBlockBytes +
                                                                 kTagBytes)) {}

    Result<void> run(const std::string& plain_header, Source& payload);

  private:
    std::uint8_t* content() { return buffer_.get() + kSizeBytes; }
    Result<void> put_block(const Hash32& key, std::uint8_t* plain, std::size_t size);
    Result<void> put_end(std::size_t rest);
    Result<void> put_padded(const Hash32& key, std::size_t size);
    Result<void> put_outer_pad(std::uint64_t bytes);

    BlockCipher cipher_;
    const PacketKeys& keys_;
    const std::uint64_t pad_;
    Sink& out_;
    std::unique_ptr<std::uint8_t[]> buffer_;
    std::uint64_t number_ = 0;  // of the next block
    std::uint64_t total_ = 0;   // bytes of the plain packet so far
};

Result<void> Sealer::run(const std::string& plain_header, Source& payload) {
    std::memcpy(content(), plain_header.data(), plain_header.size());
    std::size_t held = plain_header.size();
    for (;;) {
        const auto got = payload.read({content() + held, kBlockBytes - held});
        if (!got.ok()) return got.error();
        held += *got;
        total_ += held;
        if (held < kBlockBytes) return put_end(held);
        if (const auto put = put_block(keys_.full, content(), held); !put.ok()) return put;
        held = 0;
    }
}

Result<void> Sealer::put_block(const Hash32& key, std::uint8_t* plain, std::size_t size) {
    cipher_.seal(key, number_++, {plain, size}, plain);
    return out_.write({plain, size + kTagBytes});
}

// `rest` bytes of the plain packet are left. With the SIZE record before them they fill one block
// or up to 15 bytes of another.
Result<void> Sealer::put_end(std::size_t rest) {
    std::string size;
    put_u64(size, total_);
    put_u64(size, pad_);
    std::memcpy(buffer_.get(), size.data(), size.size());
    const std::size_t filled = kSizeBytes + rest;
    if (filled <= kBlockBytes) return put_padded(keys_.size, filled);
    std::array<std::uint8_t, kSizeBytes> over;  // before the tag is written there
    std::copy_n(buffer_.get() + kBlockBytes, filled - kBlockBytes, over.begin());
    if (const auto put = put_block(keys_.size, buffer_.get(), kBlockBytes); !put.ok()) return put;
    std::copy_n(over.begin(), filled - kBlockBytes, buffer_.get());
    return put_padded(keys_.full, filled - kBlockBytes);
}

Result<void> Sealer::put_padded(const Hash32& key, std::size_t size) {
    const std::size_t inner =
        static_cast<std::size_t>(std::min<std::uint64_t>(pad_, kBlockBytes - size));
    std::memset(buffer_.get() + size, 0, inner);
    if (const auto put = put_block(key, buffer_.get(), size + inner); !put.ok()) return put;
    return put_outer_pad(pad_ - inner);
}

Result<void> Sealer::put_outer_pad(std::uint64_t bytes) {
    const Blake3 stream = Blake3::keyed(keys_.pad);
    for (std::uint64_t at = 0; at < bytes;) {
        const auto size =
            static_cast<std::size_t>(std::min<std::uint64_t>(bytes - at, kBlockBytes));
        stream.finish(at, {buffer_.get(), size});
        if (const auto put = out_.write({buffer_.get(), size}); !put.ok()) return put;
        at += size;
    }
    return {};
}

void sign(std::string& header, std::string_view secret) {
    crypto_sign_detached(reinterpret_cast<std::uint8_t*>(header.data()) + kSignedBytes, nullptr,
                         reinterpret_cast<const std::uint8_t*>(header.data()), kSignedBytes,
                         reinterpret_cast<const std::uint8_t*>(secret.data()));
}

struct Prepared {
    std::string header;
    PacketKeys keys;
};

Result<Prepared> prepare(const Sealing& sealing) {
    if (sodium_init() < 0) throw std::runtime_error("libsodium found no source of randomness");
    if (sealing.sign_secret == nullptr ||
        sealing.sign_secret->reveal().size() != crypto_sign_SECRETKEYBYTES || sealing.nice == 0) {
        return Error{Code::Internal, "no key to sign with, or niceness 0", false};
    }
    PacketHeader header{.nice = sealing.nice,
                        .sender = sealing.sender,
                        .recipient = sealing.recipient,
                        .ephemeral = {},
                        .signature = {}};
    std::string once(crypto_scalarmult_SCALARBYTES, '\0');
    randombytes_buf(once.data(), once.size());
    crypto_scalarmult_base(header.ephemeral.data(),
                           reinterpret_cast<const std::uint8_t*>(once.data()));
    const auto keys = packet_keys(once, sealing.exchange_public);
    sodium_memzero(once.data(), once.size());
    if (!keys) return bad_input("the exchange key of the recipient is worthless");
    Prepared made{encode(header), *keys};
    sign(made.header, sealing.sign_secret->reveal());
    return made;
}

}  // namespace

Result<void> seal(const Sealing& sealing, const PlainHeader& plain, Source& payload, Sink& out) {
    const auto plain_header = encode(plain);
    if (!plain_header.ok()) return plain_header.error();
    const auto made = prepare(sealing);
    if (!made.ok()) return made.error();
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(made->header.data());
    if (const auto put = out.write({bytes, made->header.size()}); !put.ok()) return put;
    return Sealer(made->header, made->keys, sealing.pad, out).run(*plain_header, payload);
}

std::uint64_t pad_for(std::uint64_t payload_bytes, std::uint64_t minsize, int relays) {
    std::uint64_t size = payload_bytes;
    for (int layer = 0; layer <= relays; ++layer) {
        const std::uint64_t plain = kPlainHeaderBytes + size + kSizeBytes;
        const std::uint64_t blocks = (plain + kBlockBytes - 1) / kBlockBytes;
        size = kPacketHeaderBytes + plain + kTagBytes * blocks;
    }
    return minsize > size ? minsize - size : 0;
}

}  // namespace waypost::nncp

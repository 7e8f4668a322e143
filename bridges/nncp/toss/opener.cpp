// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/toss/opener.h"

#include <fcntl.h>

#include <future>
#include <limits>

#include "bridges/nncp/packet/zstd.h"

namespace waypost::nncp {

namespace {

constexpr std::uint64_t kNoLimit = std::numeric_limits<std::uint64_t>::max();
// Of those the hash is made beside the opening, by another processor.
constexpr std::uint64_t kLarge = 4u << 20;
constexpr std::uint64_t kNameBytes = 4096;  // of the name in a request for a file

// Hashes what is read through it.
class HashedSource : public Source {
  public:
    explicit HashedSource(Source& from) : from_(from) {}
    Result<std::size_t> read(std::span<std::uint8_t> into) override {
        const auto got = from_.read(into);
        if (got.ok()) hasher_.update(into.first(*got));
        return got;
    }
    // Reads what is left.
    Result<Mth> finish() {
        const auto piece = std::make_unique_for_overwrite<std::uint8_t[]>(kBlockBytes);
        for (;;) {
            const auto got = read({piece.get(), kBlockBytes});
            if (!got.ok()) return got.error();
            if (*got < kBlockBytes) return hasher_.finish();
        }
    }

  private:
    Source& from_;
    MthHasher hasher_;
};

// What was opened, if its hash is its name.
Result<std::optional<OpenedPacket>> named_right(const SpoolPacket& packet,
                                                Result<std::optional<OpenedPacket>> opened,
                                                const Result<Mth>& hash) {
    if (!opened.ok() && opened.error().retry) return opened;
    if (opened.ok() && !*opened) return opened;
    if (!hash.ok()) return hash.error();
    if (*hash == packet.name) return opened;
    return bad_input("it was damaged on the way: its hash is not its name" +
                     (opened.ok() ? std::string() : " (" + opened.error().text + ")"));
}

}  // namespace

// Where the payload goes is known only when its header is.
class Opener::Opening : public Sink {
  public:
    Opening(Opener& opener, const SpoolPacket& packet) : opener_(opener) {
        opened_.arrival.packet = packet;
    }
    Result<std::optional<OpenedPacket>> run(const Unsealing& unsealing, Source& source);
    void in_area(const Area& area, bool disputed) {
        opened_.arrival.area = &area;
        opened_.arrival.disputed = disputed;
    }
    Result<void> write(std::span<const std::uint8_t> bytes) override { return to_->write(bytes); }

  private:
    Result<void> begin(const Unsealed& unsealed);
    Result<void> choose(const PlainHeader& plain);
    Result<void> choose_relay(const PlainHeader& plain);
    Result<void> hold(std::uint64_t most, const std::filesystem::path& folder = {});
    Error unreadable(const Error& why) const;

    Opener& opener_;
    OpenedPacket opened_;
    std::optional<UnzstdSink> unpack_;
    Sink* to_ = nullptr;
    bool left_ = false, admitted_ = false;
};

Result<void> Opener::Opening::hold(std::uint64_t most, const std::filesystem::path& folder) {
    const auto where = folder.empty() ? opener_.spool_.directory() / "tmp" : folder;
    opened_.content = std::make_unique<Content>(where, most);
    to_ = opened_.content.get();
    return {};
}

Result<void> Opener::Opening::begin(const Unsealed& unsealed) {
    Arrival& arrival = opened_.arrival;
    arrival.sender_id = unsealed.header.sender;
    arrival.sender = opener_.config_.by_id(arrival.sender_id);
    arrival.nice = unsealed.header.nice;
    arrival.plain = unsealed.plain;
    left_ = opener_.limits_.leave.contains(arrival.plain.type);
    if (left_) return Error{Code::Refused, "left", true};
    const auto chosen = choose(arrival.plain);
    admitted_ = chosen.ok();
    return chosen;
}

Result<void> Opener::Opening::choose(const PlainHeader& plain) {
    const Arrival& arrival = opened_.arrival;
    if (arrival.area && plain.type != PacketType::File && plain.type != PacketType::Exec &&
        plain.type != PacketType::ExecFat) {
        return bad_input(std::string("a packet of type ") + to_string(plain.type) + " in an area");
    }
    if (plain.type == PacketType::Trns) return choose_relay(plain);
    if (plain.type == PacketType::Area) {
        if (opener_.config_.area(id_in(plain))) return hold(kNoLimit);
        return Error{Code::NotFound, "an area that is not known: " + to_base32(id_in(plain)), true};
    }
    const auto wanted = opener_.handlers_.admit(arrival);
    if (!wanted.ok()) return wanted;
    switch (plain.type) {
        case PacketType::Freq:
            return hold(kNameBytes);
        case PacketType::Ack:
            return hold(0);
        case PacketType::Exec:
            (void)hold(kNoLimit);
            unpack_.emplace(*opened_.content, opener_.limits_.most_unpacked);
            to_ = &*unpack_;
            return {};
        default:
            return hold(kNoLimit, opener_.handlers_.folder_for(arrival));
    }
}

Result<void> Opener::Opening::choose_relay(const PlainHeader& plain) {
    const Node* next = opener_.config_.by_id(id_in(plain));
    if (next == nullptr) {
        return Error{Code::NotFound,
                     "to be passed on to a node that is not known: " + to_base32(id_in(plain)),
                     true};
    }
    if (!next->via.empty()) return hold(kNoLimit);
    auto onward = opener_.spool_.begin();
    if (!onward.ok()) return onward.error();
    opened_.onward = std::move(*onward);
    to_ = opened_.onward.get();
    return {};
}

Result<std::optional<OpenedPacket>> Opener::Opening::run(const Unsealing& unsealing,
                                                         Source& source) {
    const auto done = unseal(unsealing, source, *this,
                             [this](const Unsealed& unsealed) { return begin(unsealed); });
    if (!done.ok() && left_) return std::optional<OpenedPacket>();
    if (!done.ok()) return unreadable(done.error());
    if (unpack_) {
        if (const auto whole = unpack_->finish(); !whole.ok()) return unreadable(whole.error());
    }
    return std::optional<OpenedPacket>(std::move(opened_));
}

// Its header was signed by who sent it: he is told of no packet that somebody else made.
Error Opener::Opening::unreadable(const Error& why) const {
    const bool asked = admitted_ && !why.retry;
    return asked ? opener_.handlers_.unreadable(opened_.arrival, why) : why;
}

std::optional<Hash32> Opener::sign_public(const NodeId& sender) const {
    const Node* node = config_.by_id(sender);
    if (node) return node->signing_public;
    if (config_.self && config_.self->id == sender) return config_.self->signing_public;
    return std::nullopt;
}

Unsealing Opener::for_us() const {
    return {.exchange_secret = [this](const Hash32& recipient) -> const Secret* {
                if (!config_.self || config_.self->id != recipient) return nullptr;
                return &config_.self->exchange;
            },
            .sign_public = [this](const NodeId& sender) { return sign_public(sender); }};
}

Unsealing Opener::for_area(const Area& area) const {
    return {.exchange_secret = [&area](const Hash32& recipient) -> const Secret* {
                return recipient == area.id && area.exchange ? &*area.exchange : nullptr;
            },
            .sign_public = [this](const NodeId& sender) { return sign_public(sender); },
            .allow_unknown_sender = area.allow_unknown};
}

NodeId Opener::claimed_sender(const SpoolPacket& packet) const {
    const Fd fd(::open(spool_.path(packet).c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.good()) return {};
    FileSource file(fd.get());
    const auto bytes = read_start(file, kPacketHeaderBytes);
    if (!bytes.ok()) return {};
    const auto header = decode_packet_header(*bytes);
    return header.ok() ? header->sender : NodeId{};
}

Result<std::optional<OpenedPacket>> Opener::open(const SpoolPacket& packet) {
    const auto path = spool_.path(packet);
    const Fd fd(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (!fd.good()) return disk_error("open a packet");
    FileSource file(fd.get());
    if (packet.bytes > kLarge) {
        auto hashing = std::async(std::launch::async, [&] {
            FilePart all(fd.get(), 0, packet.bytes + 1);  // not more than was listed, or it shows
            return mth_of(all);
        });
        auto opened = Opening(*this, packet).run(for_us(), file);
        return named_right(packet, std::move(opened), hashing.get());
    }
    HashedSource source(file);
    auto opened = Opening(*this, packet).run(for_us(), source);
    // What may be tried again is not read to its end only to know its hash.
    if (!opened.ok() && opened.error().retry) return opened;
    return named_right(packet, std::move(opened), source.finish());
}

Result<std::optional<OpenedPacket>> Opener::open_post(const Arrival& post, const Area& area,
                                                      const Content& content) {
    Opening opening(*this, post.packet);
    opening.in_area(area, post.disputed);
    const auto source = content.source();
    return opening.run(for_area(area), *source);
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/short_packet.h"

#include <algorithm>
#include <array>

#include "bridges/nncp/packet/header.h"
#include "bridges/nncp/packet/mth.h"

namespace waypost::nncp {
namespace {

constexpr std::size_t kCheckBytes = 4;
constexpr std::size_t kFirstBytes = 4;
constexpr unsigned kForm = 0;
constexpr std::array<Nice, 3> kUsual{kNiceExec, kNiceFreq, kNiceFile};
constexpr unsigned kSaidNice = 3;
enum Who : unsigned { Writer, Reader, First, Whole };

Mth name_of(std::string_view packet) {
    MthHasher hasher;
    hasher.update({reinterpret_cast<const std::uint8_t*>(packet.data()), packet.size()});
    return hasher.finish();
}

std::string_view check_of(const Mth& name) { return bytes_of(name).substr(0, kCheckBytes); }

unsigned nice_code(Nice nice) {
    for (unsigned i = 0; i < kUsual.size(); ++i)
        if (kUsual[i] == nice) return i;
    return kSaidNice;
}

unsigned put_id(std::string& out, const Hash32& id, const LinkEnds& ends, IdForm form) {
    if (id == ends.writer) return Writer;
    if (id == ends.reader) return Reader;
    const bool whole = form == IdForm::Whole;
    out += bytes_of(id).substr(0, whole ? std::string_view::npos : kFirstBytes);
    return whole ? Whole : First;
}

// Takes from the front of what is left.
class Reading {
  public:
    explicit Reading(std::string_view bytes) : left_(bytes) {}
    std::optional<std::string_view> take(std::size_t bytes) {
        if (left_.size() < bytes) return std::nullopt;
        const std::string_view taken = left_.substr(0, bytes);
        left_.remove_prefix(bytes);
        return taken;
    }
    std::string_view rest() const { return left_; }

  private:
    std::string_view left_;
};

Error too_short() { return bad_input("a shortened packet that ends early"); }

Result<Hash32> take_id(Reading& in, unsigned who, const LinkEnds& ends, const IdOf& id_of) {
    if (who == Writer) return ends.writer;
    if (who == Reader) return ends.reader;
    const auto bytes = in.take(who == Whole ? sizeof(Hash32) : kFirstBytes);
    if (!bytes) return too_short();
    if (who == Whole) return hash_of_bytes(*bytes);
    const auto id = id_of(*bytes);
    if (!id) return Error{Code::NotFound, "a shortened packet of a node that is not known", false};
    return *id;
}

Result<Nice> take_nice(Reading& in, unsigned code) {
    if (code != kSaidNice) return kUsual[code];
    const auto said = in.take(1);
    if (!said) return too_short();
    return static_cast<Nice>(said->front());
}

}  // namespace

Result<std::string> shorten(std::string_view packet, const LinkEnds& ends, IdForm ids) {
    if (packet.size() < kPacketHeaderBytes) return bad_input("not a packet of nncp (too short)");
    const std::string_view start = packet.substr(0, kPacketHeaderBytes);
    const auto header = decode_packet_header(start);
    if (!header.ok()) return header.error();
    if (encode(*header) != start) return bad_input("a header that cannot be written shorter");
    const unsigned nice = nice_code(header->nice);
    std::string said;
    if (nice == kSaidNice) said += static_cast<char>(header->nice);
    const unsigned sender = put_id(said, header->sender, ends, ids);
    const unsigned recipient = put_id(said, header->recipient, ends, ids);
    std::string form{static_cast<char>(kForm << 6 | nice << 4 | sender << 2 | recipient)};
    form += check_of(name_of(packet));
    form += said;
    form += bytes_of(header->ephemeral);
    form.append(reinterpret_cast<const char*>(header->signature.data()), header->signature.size());
    form += packet.substr(kPacketHeaderBytes);
    return form;
}

Result<Lengthened> lengthen(std::string_view form, const LinkEnds& ends, const IdOf& id_of) {
    Reading in(form);
    const auto head = in.take(1), check = in.take(kCheckBytes);
    if (!head || !check) return too_short();
    const auto bits = static_cast<unsigned char>(head->front());
    if (bits >> 6 != kForm) return bad_input("a packet shortened in a form that is not known");
    PacketHeader header;
    const auto nice = take_nice(in, bits >> 4 & 3);
    if (!nice.ok()) return nice.error();
    header.nice = *nice;
    const auto sender = take_id(in, bits >> 2 & 3, ends, id_of);
    if (!sender.ok()) return sender.error();
    header.sender = *sender;
    const auto recipient = take_id(in, bits & 3, ends, id_of);
    if (!recipient.ok()) return recipient.error();
    header.recipient = *recipient;
    const auto ephemeral = in.take(sizeof(Hash32)), signature = in.take(header.signature.size());
    if (!ephemeral || !signature || in.rest().empty()) return too_short();
    header.ephemeral = hash_of_bytes(*ephemeral);
    std::copy(signature->begin(), signature->end(), header.signature.begin());
    Lengthened whole{encode(header) + std::string(in.rest()), {}};
    if (const auto good = decode_packet_header(whole.packet); !good.ok()) return good.error();
    whole.name = name_of(whole.packet);
    if (check_of(whole.name) != *check)
        return Error{Code::Conflict, "a shortened packet that came out as another one", false};
    return whole;
}

}  // namespace waypost::nncp

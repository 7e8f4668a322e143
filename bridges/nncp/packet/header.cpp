// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/packet/header.h"

#include <algorithm>

#include "bridges/nncp/packet/xdr.h"

namespace waypost::nncp {

namespace {

constexpr std::string_view kPlainMagic{"NNCPP\0\0\3", 8};
constexpr std::string_view kPacketMagic{"NNCPE\0\0\6", 8};
constexpr std::size_t kMagicBytes = 8;
constexpr std::size_t kPathAt = 20;

// What wrote formats that are no longer read (manual of nncp, "Packet format").
Error wrong_magic(std::string_view bytes) {
    if (bytes.substr(0, 5) == "NNCPE") {
        const int version = static_cast<unsigned char>(bytes[7]);
        return bad_input("NNCPE " + std::to_string(version) + ": a packet of " +
                         (version < 6 ? "an nncp older than 8; its sender must update"
                                      : "a newer nncp than this one reads"));
    }
    return bad_input("not a packet of nncp (magic bytes)");
}

bool path_is_an_id(PacketType type) {
    return type == PacketType::Trns || type == PacketType::Area || type == PacketType::Ack;
}

// Of relayed packets the plain niceness says nothing.
bool nice_matters(PacketType type) { return type != PacketType::Trns && type != PacketType::Area; }

template <std::size_t N>
void copy_out(std::string_view bytes, std::size_t at, std::array<std::uint8_t, N>& into) {
    std::copy_n(reinterpret_cast<const std::uint8_t*>(bytes.data()) + at, N, into.begin());
}

template <std::size_t N>
void put(std::string& out, const std::array<std::uint8_t, N>& bytes) {
    out.append(reinterpret_cast<const char*>(bytes.data()), N);
}

Result<void> check(const PlainHeader& header) {
    if (path_is_an_id(header.type) && header.path.size() != std::tuple_size_v<Hash32>) {
        return bad_input(std::string("the path of this ") + to_string(header.type) +
                         " packet is not an id");
    }
    if (nice_matters(header.type) && header.nice == 0) return bad_input("niceness 0");
    return {};
}

}  // namespace

const char* to_string(PacketType type) {
    switch (type) {
        case PacketType::File:
            return "file";
        case PacketType::Freq:
            return "freq";
        case PacketType::Exec:
            return "exec";
        case PacketType::Trns:
            return "trns";
        case PacketType::ExecFat:
            return "exec-fat";
        case PacketType::Area:
            return "area";
        case PacketType::Ack:
            return "ack";
    }
    return "unknown";
}

Result<std::string> encode(const PlainHeader& header) {
    if (header.path.size() > kPathBytes) {
        return Error{Code::TooLarge, "a path has at most 255 bytes", false};
    }
    if (const auto good = check(header); !good.ok()) return good.error();
    std::string out(kPlainMagic);
    out.reserve(kPlainHeaderBytes);
    put_u32(out, static_cast<std::uint32_t>(header.type));
    put_u32(out, header.nice);
    put_u32(out, static_cast<std::uint32_t>(header.path.size()));
    out += header.path;
    out.resize(kPlainHeaderBytes, '\0');
    return out;
}

Result<PlainHeader> decode_plain_header(std::string_view bytes) {
    if (bytes.size() < kPlainHeaderBytes) return bad_input("shorter than the header inside");
    bytes = bytes.substr(0, kPlainHeaderBytes);
    if (bytes.substr(0, kMagicBytes) != kPlainMagic) {
        return bad_input("what is inside is not of the version that is read here (NNCPP 3)");
    }
    const std::uint32_t type = get_u32(bytes, 8);
    const std::uint32_t nice = get_u32(bytes, 12);
    const std::uint32_t length = get_u32(bytes, 16);
    if (type < 1 || type > 7)
        return bad_input("an unknown type of packet: " + std::to_string(type));
    if (nice > 255) return bad_input("a niceness above 255");
    if (length > kPathBytes) return bad_input("a path longer than 255 bytes");
    PlainHeader header;
    header.type = static_cast<PacketType>(type);
    header.nice = static_cast<Nice>(nice);
    header.path = bytes.substr(kPathAt, length);
    if (bytes.find_first_not_of('\0', kPathAt + length) != std::string_view::npos) {
        return bad_input("the filler after the path is not zero");
    }
    if (const auto good = check(header); !good.ok()) return good.error();
    return header;
}

Result<std::vector<std::string>> words_of(const PlainHeader& exec) {
    std::vector<std::string> words;
    for (std::size_t at = 0; at <= exec.path.size();) {
        const std::size_t end = std::min(exec.path.find('\0', at), exec.path.size());
        words.push_back(exec.path.substr(at, end - at));
        at = end + 1;
    }
    if (words.front().empty()) return bad_input("no handle is named");
    return words;
}

std::string encode(const PacketHeader& header) {
    std::string out(kPacketMagic);
    out.reserve(kPacketHeaderBytes);
    put_u32(out, header.nice);
    put(out, header.sender);
    put(out, header.recipient);
    put(out, header.ephemeral);
    put(out, header.signature);
    return out;
}

Result<PacketHeader> decode_packet_header(std::string_view bytes) {
    if (bytes.size() < kPacketHeaderBytes) return bad_input("shorter than the header of a packet");
    if (bytes.substr(0, kMagicBytes) != kPacketMagic) return wrong_magic(bytes);
    const std::uint32_t nice = get_u32(bytes, 8);
    if (nice < 1 || nice > 255) return bad_input("a niceness that is not 1 to 255");
    PacketHeader header;
    header.nice = static_cast<Nice>(nice);
    copy_out(bytes, 12, header.sender);
    copy_out(bytes, 44, header.recipient);
    copy_out(bytes, 76, header.ephemeral);
    copy_out(bytes, 108, header.signature);
    return header;
}

}  // namespace waypost::nncp

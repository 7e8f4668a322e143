// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/resource_wire.h"

#include <algorithm>
#include <msgpack.hpp>

#include "radio/reticulum/msgpack_in.h"
#include "radio/reticulum/wire/crypto.h"

namespace waypost::reticulum {
namespace {

constexpr char kMapKnown = '\x00';
constexpr char kMapExhausted = '\xff';

bool whole_hashes(std::string_view map) { return map.size() % kMapHash == 0; }

// Values by their one-letter keys, as they are in the advertisement.
class AdvertisedValues {
  public:
    explicit AdvertisedValues(const msgpack::object& object) {
        if (object.type == msgpack::type::MAP) map_ = &object.via.map;
    }
    std::string bytes(char key) { return std::string(bytes_in(at(key)).value_or("")); }
    std::uint64_t number(char key) {
        const auto value = number_in(at(key));
        complete_ = complete_ && value.has_value();
        return value.value_or(0);
    }
    std::uint32_t number32(char key) {
        const std::uint64_t value = number(key);
        complete_ = complete_ && value <= UINT32_MAX;
        return static_cast<std::uint32_t>(std::min<std::uint64_t>(value, UINT32_MAX));
    }
    bool complete() const { return complete_; }

  private:
    msgpack::object at(char key) const {
        for (std::uint32_t i = 0; map_ && i < map_->size; ++i)
            if (bytes_in(map_->ptr[i].key) == std::string_view(&key, 1)) return map_->ptr[i].val;
        return {};
    }
    const msgpack::object_map* map_ = nullptr;
    bool complete_ = true;
};

bool map_fits(const ResourceAdvertisement& advertisement) {
    const std::size_t expected = std::min<std::size_t>(advertisement.parts, kHashesInPacket);
    return advertisement.parts > 0 && advertisement.hashmap.size() == expected * kMapHash;
}

std::uint8_t flags_of(const ResourceAdvertisement& advertisement) {
    const bool flags[] = {advertisement.encrypted,   advertisement.compressed,
                          advertisement.split,       advertisement.is_request,
                          advertisement.is_response, advertisement.has_metadata};
    unsigned bits = 0;
    for (std::size_t i = 0; i < std::size(flags); ++i) bits |= unsigned{flags[i]} << i;
    return static_cast<std::uint8_t>(bits);
}

void read_flags(std::uint64_t bits, ResourceAdvertisement& out) {
    out.encrypted = bits & 1;
    out.compressed = bits & 2;
    out.split = bits & 4;
    out.is_request = bits & 8;
    out.is_response = bits & 16;
    out.has_metadata = bits & 32;
}

using Packer = msgpack::packer<msgpack::sbuffer>;
void pack_key(Packer& out, char key) {
    out.pack_str(1);
    out.pack_str_body(&key, 1);
}
void pack_bytes(Packer& out, std::string_view bytes) {
    const auto length = static_cast<std::uint32_t>(bytes.size());
    out.pack_bin(length);
    out.pack_bin_body(bytes.data(), length);
}
void pack_number(Packer& out, char key, std::uint64_t value) {
    pack_key(out, key);
    out.pack_uint64(value);
}
void pack_bytes(Packer& out, char key, std::string_view bytes) {
    pack_key(out, key);
    pack_bytes(out, bytes);
}

}  // namespace

Result<ResourceAdvertisement> parse_advertisement(std::string_view body) {
    if (body.size() > kMtu) return bad_input("a resource's advertisement is one packet");
    MsgpackReader in(body);
    const auto value = in.value();
    AdvertisedValues values(*value);
    ResourceAdvertisement out;
    out.transfer_bytes = values.number('t');
    out.data_bytes = values.number('d');
    out.parts = values.number32('n');
    out.hash = values.bytes('h');
    out.salt = values.bytes('r');
    out.first_hash = values.bytes('o');
    out.segment = values.number32('i');
    out.segments = values.number32('l');
    out.request_id = values.bytes('q');
    read_flags(values.number('f'), out);
    out.hashmap = values.bytes('m');
    const bool whole = in.at_end() && values.complete() && out.hash.size() == kFullHash &&
                       out.salt.size() == kResourceSalt && out.first_hash.size() == kFullHash;
    if (!whole) return bad_input("a resource's advertisement is malformed");
    if (!map_fits(out)) return bad_input("a resource's advertisement has no map of its parts");
    return out;
}

std::string advertisement_bytes(const ResourceAdvertisement& advertisement) {
    msgpack::sbuffer buffer;
    Packer out(buffer);
    out.pack_map(11);
    pack_number(out, 't', advertisement.transfer_bytes);
    pack_number(out, 'd', advertisement.data_bytes);
    pack_number(out, 'n', advertisement.parts);
    pack_bytes(out, 'h', advertisement.hash);
    pack_bytes(out, 'r', advertisement.salt);
    pack_bytes(out, 'o', advertisement.first_hash);
    pack_number(out, 'i', advertisement.segment);
    pack_number(out, 'l', advertisement.segments);
    if (advertisement.request_id.empty()) {
        pack_key(out, 'q');
        out.pack_nil();
    } else {
        pack_bytes(out, 'q', advertisement.request_id);
    }
    pack_number(out, 'f', flags_of(advertisement));
    pack_bytes(out, 'm', advertisement.hashmap);
    return {buffer.data(), buffer.size()};
}

Result<PartRequest> parse_part_request(std::string_view body) {
    const bool exhausted = !body.empty() && body[0] == kMapExhausted;
    const std::size_t before = 1 + (exhausted ? kMapHash : 0);
    const bool whole = body.size() >= before + kFullHash && (exhausted || body[0] == kMapKnown) &&
                       whole_hashes(body.substr(before + kFullHash)) && body.size() <= kMtu;
    if (!whole) return bad_input("a request for parts of a resource is malformed");
    PartRequest out;
    if (exhausted) out.last_known = body.substr(1, kMapHash);
    out.resource = body.substr(before, kFullHash);
    out.wanted = body.substr(before + kFullHash);
    return out;
}

std::string part_request_bytes(const PartRequest& request) {
    return (request.last_known.empty() ? kMapKnown : kMapExhausted) + request.last_known +
           request.resource + request.wanted;
}

Result<HashmapUpdate> parse_hashmap_update(std::string_view body) {
    const Error malformed = bad_input("an update of a resource's map is malformed");
    if (body.size() <= kFullHash || body.size() > kMtu) return malformed;
    HashmapUpdate out;
    out.resource = body.substr(0, kFullHash);
    MsgpackReader in(body.substr(kFullHash));
    const auto value = in.value();
    if (!in.at_end() || value->type != msgpack::type::ARRAY || value->via.array.size != 2)
        return malformed;
    const auto segment = number_in(value->via.array.ptr[0]);
    const auto map = bytes_in(value->via.array.ptr[1]);
    if (!segment || *segment > UINT32_MAX || !map || !whole_hashes(*map)) return malformed;
    out.segment = static_cast<std::uint32_t>(*segment);
    out.hashmap = *map;
    return out;
}

std::string hashmap_update_bytes(const HashmapUpdate& update) {
    msgpack::sbuffer buffer;
    Packer out(buffer);
    out.pack_array(2);
    out.pack_uint32(update.segment);
    pack_bytes(out, update.hashmap);
    return update.resource + std::string(buffer.data(), buffer.size());
}

Result<ResourceProof> parse_resource_proof(std::string_view body) {
    if (body.size() != 2 * kFullHash) return bad_input("a resource's proof is 64 bytes");
    return ResourceProof{std::string(body.substr(0, kFullHash)),
                         std::string(body.substr(kFullHash))};
}

std::string resource_proof_bytes(const ResourceProof& proof) {
    return proof.resource + proof.proof;
}

std::string resource_named(const ResourceFrame& frame) {
    switch (frame.context) {
        case Context::ResourceAdvertisement: {
            const auto parsed = parse_advertisement(frame.body);
            return parsed.ok() ? parsed->hash : "";
        }
        case Context::ResourceRequest: {
            const auto parsed = parse_part_request(frame.body);
            return parsed.ok() ? parsed->resource : "";
        }
        case Context::ResourceHashmap: {
            const auto parsed = parse_hashmap_update(frame.body);
            return parsed.ok() ? parsed->resource : "";
        }
        case Context::ResourceProof: {
            const auto parsed = parse_resource_proof(frame.body);
            return parsed.ok() ? parsed->resource : "";
        }
        case Context::ResourceCancel:
        case Context::ResourceReject:
            return frame.body.size() == kFullHash ? frame.body : "";
        default:
            return {};
    }
}

std::string map_hash(std::string_view part, std::string_view salt) {
    return sha256(std::string(part).append(salt)).substr(0, kMapHash);
}

}  // namespace waypost::reticulum

// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/bridges/nncp/vectors.h"

#include <Poco/JSON/Parser.h>

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "bridges/nncp/packet/block_cipher.h"
#include "bridges/nncp/packet/xdr.h"

namespace waypost::nncp {

namespace {

using Object = Poco::JSON::Object;

Object::Ptr json(const std::string& name) {
    return Poco::JSON::Parser().parse(vector_file(name)).extract<Object::Ptr>();
}

std::string text(const Object& from, const std::string& key) {
    return from.has(key) && !from.isNull(key) ? from.getValue<std::string>(key) : std::string();
}

Secret secret(const Object& from, const std::string& key) {
    return Secret(*from_base32(text(from, key)));
}

TestKeys node_keys(const Object& from) {
    return {*hash_from_base32(text(from, "id")), *hash_from_base32(text(from, "exchpub")),
            *hash_from_base32(text(from, "signpub")), secret(from, "exchprv"),
            secret(from, "signprv")};
}

std::map<std::string, TestKeys> load_keys() {
    std::map<std::string, TestKeys> made;
    const auto all = json("keys.json");
    const auto nodes = all->getObject("nodes");
    for (const auto& name : nodes->getNames()) made[name] = node_keys(*nodes->getObject(name));
    const auto area = all->getObject("area");
    TestKeys& news = made["area:news"];
    news.id = *hash_from_base32(text(*area, "id"));
    news.exchange_public = *hash_from_base32(text(*area, "pub"));
    news.exchange = secret(*area, "prv");
    return made;
}

std::string from_hex(const std::string& hex) {
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
        out += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
    }
    return out;
}

VectorLayer layer_of(const Object& from) {
    VectorLayer made;
    made.recipient = text(from, "recipient");
    made.sender = text(from, "sender");
    made.type = text(from, "type");
    made.path = from_hex(text(from, "path_hex"));
    made.nice = static_cast<Nice>(from.getValue<int>("nice"));
    made.plain_nice = static_cast<Nice>(from.getValue<int>("plain_nice"));
    made.pad = from.getValue<std::uint64_t>("pad");
    made.plain_bytes = from.getValue<std::uint64_t>("payload_size_field");
    made.payload_b3 = text(from, "payload_b3");
    return made;
}

std::string content_of(const Object& from) {
    if (const auto file = text(from, "content"); !file.empty()) return vector_file(file);
    if (text(from, "content_rule") == "131080 bytes of 0x00") return std::string(131080, '\0');
    return {};
}

void take_file(const Object& from, Vector& into) {
    if (from.has("derive")) {
        const auto rule = from.getObject("derive");
        into.bytes = vector_file(text(*rule, "from"));
        into.bytes.resize(rule->getValue<std::size_t>("keep_first_bytes"));
        into.name = "cut at " + std::to_string(into.bytes.size());
        return;
    }
    const auto file = text(from, "file");
    into.bytes = vector_file(file);
    const auto slash = file.find('/') + 1;
    into.name = file.substr(slash, file.rfind('.') - slash);
}

std::vector<Vector> load(const std::string& kind) {
    std::vector<Vector> made;
    const auto all = json("index.json")->getArray(kind);
    for (unsigned i = 0; i < all->size(); ++i) {
        const auto each = all->getObject(i);
        Vector& vector = made.emplace_back();
        take_file(*each, vector);
        vector.spool = text(*each, "spool_name");
        vector.owner = each->has("spool_of") ? text(*each, "spool_of") : "village";
        vector.at = each->has("next_hop") ? text(*each, "next_hop") : "relay";
        vector.what = text(*each, "mutation");
        vector.content = content_of(*each);
        if (!each->has("layers")) continue;
        const auto layers = each->getArray("layers");
        for (unsigned k = 0; k < layers->size(); ++k) {
            vector.layers.push_back(layer_of(*layers->getObject(k)));
        }
    }
    return made;
}

}  // namespace

std::string vector_file(const std::string& name) {
    std::ifstream in(std::string(WAYPOST_NNCP_VECTORS) + "/" + name, std::ios::binary);
    if (!in) throw std::runtime_error("no vector " + name);
    return {std::istreambuf_iterator<char>(in), {}};
}

const std::map<std::string, TestKeys>& test_keys() {
    static const auto kKeys = load_keys();
    return kKeys;
}

const std::vector<Vector>& good_vectors() {
    static const auto kVectors = load("positive");
    return kVectors;
}

const std::vector<Vector>& bad_vectors() {
    static const auto kVectors = load("negative");
    return kVectors;
}

const Vector& vector_of(const std::string& name) {
    for (const auto* all : {&good_vectors(), &bad_vectors()}) {
        for (const Vector& each : *all) {
            if (each.name == name) return each;
        }
    }
    throw std::runtime_error("no vector " + name);
}

const std::vector<MthRow>& mth_rows() {
    static const auto kRows = [] {
        std::vector<MthRow> made;
        const auto rows = json("mth.json")->getArray("rows");
        for (unsigned i = 0; i < rows->size(); ++i) {
            const auto row = rows->getObject(i);
            made.push_back({row->getValue<std::size_t>("size"), text(*row, "mth_hex")});
        }
        return made;
    }();
    return kRows;
}

std::string mth_pattern(std::size_t size) {
    std::string made(size, '\0');
    for (std::size_t i = 0; i < size; ++i) made[i] = static_cast<char>(7 * (i % 256) + 3);
    return made;
}

std::string hex_of(const Hash32& hash) {
    std::string made;
    for (const auto each : hash) {
        made += "0123456789abcdef"[each >> 4];
        made += "0123456789abcdef"[each & 15];
    }
    return made;
}

const std::map<std::string, std::string>& bad_reasons() {
    static const std::map<std::string, std::string> kReasons = {
        {"bad-tampered-body", "a block does not open"},
        {"bad-truncated", "a block does not open"},
        {"bad-bad-signature", "its signature is not that of its sender"},
        {"bad-changed-nice", "its signature is not that of its sender"},
        {"bad-wrong-magic", "NNCPE 5"},
        {"bad-short-header", "shorter than the header of a packet"},
        {"bad-padding", "a block does not open"},
        {"bad-trailing", "a block does not open"},
        {"bad-other-recipient", "addressed to somebody else"},
        {"bad-unknown-sender", "its sender is not known"},
        {"bad-type", "an unknown type of packet: 0"},
        {"bad-pathlen", "a path longer than 255 bytes"},
        {"bad-plain-v2", "not of the version that is read here"},
        {"cut at 131260", "ends before the size that it states"},
        {"cut at 131244", "a block does not open"},
        {"bad-size-too-big", "ends before the size that it states"},
        {"bad-ipad-nonzero", "the padding inside is not what it must be"},
        {"bad-dotdot", "leads out of its folder"},
        {"bad-sibling-prefix", "leads out of its folder"},
        {"bad-abs-path", "an absolute file name"},
        {"bad-zstd", "what was packed is cut off"},
    };
    return kReasons;
}

std::string forged_post(const std::string& genuine, const Secret& area_key,
                        const PlainHeader& plain, const std::string& payload) {
    const std::string header = genuine.substr(0, kPacketHeaderBytes);
    const auto keys = packet_keys(area_key.reveal(), decode_packet_header(header)->ephemeral);
    std::string inside;
    put_u64(inside, kPlainHeaderBytes + payload.size());
    put_u64(inside, 0);
    inside += *encode(plain) + payload;
    std::string block(inside.size() + kTagBytes, '\0');
    BlockCipher(std::string_view(header).substr(0, kSignedBytes))
        .seal(keys->size, 0, {reinterpret_cast<const std::uint8_t*>(inside.data()), inside.size()},
              reinterpret_cast<std::uint8_t*>(block.data()));
    return header + block;
}

Sealing test_sealing(const std::string& from, const std::string& to, Nice nice) {
    const TestKeys& sender = test_keys().at(from);
    const TestKeys& recipient = test_keys().at(to);
    return {.sender = sender.id,
            .sign_secret = &sender.signing,
            .recipient = recipient.id,
            .exchange_public = recipient.exchange_public,
            .nice = nice};
}

Unsealing test_unsealing(const std::string& node) {
    return {.exchange_secret = [node](const Hash32& recipient) -> const Secret* {
                for (const auto& name : {node, std::string("area:news")}) {
                    const TestKeys& keys = test_keys().at(name);
                    if (keys.id == recipient) return &keys.exchange;
                }
                return nullptr;
            },
            .sign_public = [](const NodeId& sender) -> std::optional<Hash32> {
                for (const auto& [name, keys] : test_keys()) {
                    if (keys.id == sender && name != "area:news") return keys.signing_public;
                }
                return std::nullopt;
            }};
}

}  // namespace waypost::nncp

// SPDX-License-Identifier: Apache-2.0
#include "radio/xbee/packet.h"

#include <gtest/gtest.h>

#include "vectors.h"

namespace waypost::xbee {
namespace {

std::string body_of(const Json::Ptr& row) {
    return Deframer(ApiMode::Plain).feed(bytes_of(row, "ap1")).at(0);
}

// A packet from the fields of the vectors and nothing else. Numbers are JSON numbers or hex text.
class FromFields {
  public:
    explicit FromFields(Json::Ptr fields) : fields_(std::move(fields)) {}

    Packet packet() const {
        switch (number("type")) {
            case 0x08:
            case 0x09:
                return AtCommand{u8("id"), text("command"), hex("commandParameter"),
                                 number("type") == 9};
            case 0x10:
            case 0x11:
                return Transmit{u8("id"),    number("destination64"), u16("destination16"),
                                endpoints(), u8("broadcastRadius"),   u8("options"),
                                hex("data")};
            case 0x17:
                return RemoteAt{u8("id"),
                                number("destination64"),
                                u16("destination16"),
                                u8("remoteCommandOptions"),
                                text("command"),
                                hex("commandParameter")};
            case 0x88:
                return AtAnswer{
                    u8("id"), text("command"), u8("commandStatus"),
                    fields_->has("nodeIdentification") ? node_value() : hex("commandData")};
            case 0x8A:
                return ModemStatus{u8("modemStatus"), {}};
            case 0x8B:
                return TransmitStatus{u8("id"),
                                      u16("remote16"),
                                      u8("transmitRetryCount"),
                                      static_cast<Delivery>(u8("deliveryStatus")),
                                      u8("discoveryStatus"),
                                      {}};
            case 0x90:
            case 0x91:
                return Receive{number("remote64"), u16("remote16"), endpoints(),
                               u8("receiveOptions"), hex("data")};
            case 0x95:
                return NodeIdentification{number("sender64"), u16("sender16"), u8("receiveOptions"),
                                          node()};
            case 0x97:
                return RemoteAtAnswer{u8("id"),        number("remote64"),  u16("remote16"),
                                      text("command"), u8("commandStatus"), hex("commandData")};
        }
        throw std::runtime_error("a type that the vectors did not have");
    }

  private:
    std::string text(const std::string& key) const { return fields_->getValue<std::string>(key); }
    std::string hex(const std::string& key) const { return unhex(text(key)); }
    std::uint64_t number(const std::string& key) const {
        const auto value = fields_->get(key);
        if (value.isEmpty()) throw std::runtime_error("no " + key);
        return value.isString() ? std::stoull(value.toString(), nullptr, 16)
                                : value.convert<std::uint64_t>();
    }
    std::uint8_t u8(const std::string& key) const { return static_cast<std::uint8_t>(number(key)); }
    std::uint16_t u16(const std::string& key) const {
        return static_cast<std::uint16_t>(number(key));
    }
    std::optional<Endpoints> endpoints() const {
        if (!fields_->has("clusterId")) return std::nullopt;
        return Endpoints{u8("sourceEndpoint"), u8("destinationEndpoint"), u16("clusterId"),
                         u16("profileId")};
    }
    NodeDescription node() const {
        return {u16("remote16"),       number("remote64"),        text("nodeIdentifier"),
                u16("remoteParent16"), u8("deviceType"),          u8("sourceEvent"),
                u16("digiProfileID"),  u16("digiManufacturerID"), {}};
    }
    std::string node_value() const {
        const NodeDescription n = FromFields(fields_->getObject("nodeIdentification")).node();
        // A 95 has 11 bytes before the same layout.
        return encode(NodeIdentification{0, 0, 0, n}).substr(1 + 11);
    }

    Json::Ptr fields_;
};

TEST(XbeePacket, EveryGoldenFrameIsBuiltFromItsFields) {
    for (const auto& row : vectors("frames.jsonl")) {
        const auto name = row->getValue<std::string>("name");
        std::string body = body_of(row);
        // The peer that made the vectors does not read what may stand at the end of a 95.
        if (name == "rx95_dd_rssi") body.resize(body.size() - 5);
        EXPECT_EQ(encode(FromFields(row->getObject("fields")).packet()), body) << name;
    }
}

TEST(XbeePacket, EveryGoldenFrameIsReadAndWrittenAgain) {
    for (const auto& row : vectors("frames.jsonl")) {
        const auto packet = parse(body_of(row));
        ASSERT_TRUE(packet.ok()) << row->getValue<std::string>("name");
        EXPECT_EQ(encode(*packet), body_of(row));
        EXPECT_FALSE(std::holds_alternative<Unknown>(*packet));
    }
}

TEST(XbeePacket, WhatIsTooShortForItsTypeIsAnError) {
    // Type and how many bytes its fixed fields take.
    const std::pair<int, std::size_t> types[] = {{0x08, 4},  {0x09, 4},  {0x10, 14}, {0x11, 20},
                                                 {0x17, 15}, {0x88, 5},  {0x8A, 2},  {0x8B, 7},
                                                 {0x90, 12}, {0x91, 18}, {0x95, 31}, {0x97, 15}};
    for (const auto& [type, size] : types) {
        std::string body(size, '\0');
        body[0] = static_cast<char>(type);
        EXPECT_TRUE(parse(body).ok()) << std::hex << type;
        for (std::size_t less = 1; less < size; ++less) {
            EXPECT_FALSE(parse(body.substr(0, less)).ok()) << std::hex << type << ' ' << less;
        }
    }
    EXPECT_FALSE(parse("").ok());
    EXPECT_FALSE(parse(std::string(12, '\x95')).ok());
    EXPECT_FALSE(parse_node(std::string(40, 'x')).ok()) << "a name without an end";
}

TEST(XbeePacket, AnUnknownTypeIsHandedUp) {
    const auto packet = parse("\xEE\x01");
    ASSERT_TRUE(packet.ok());
    EXPECT_EQ(std::get<Unknown>(*packet).type, 0xEE);
    EXPECT_EQ(encode(*packet), "\xEE\x01");
}

TEST(XbeePacket, DataOfNoLengthAndTheSignalOfANode) {
    for (const auto& row : vectors("frames.jsonl")) {
        const auto packet = parse(body_of(row));
        const auto name = row->getValue<std::string>("name");
        if (name == "rx90_len0") {
            EXPECT_EQ(std::get<Receive>(*packet).data, "");
        }
        if (name == "rx95_dd_rssi") {
            EXPECT_EQ(std::get<NodeIdentification>(*packet).node.rest, unhex("000c00002e"));
        }
    }
}

}  // namespace
}  // namespace waypost::xbee

// SPDX-License-Identifier: Apache-2.0
#include "radio/reticulum/resource/resource_wire.h"

#include <gtest/gtest.h>

#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

std::string advertised(const char* label) {
    return vector_bytes(vector_labelled("resources.json", label), "advertisement_hex");
}

TEST(ReticulumResourceWire, AdvertisementsAreReadAndWritten) {
    for (const char* label : {"one_part", "many_parts"}) {
        const auto read = parse_advertisement(advertised(label));
        ASSERT_TRUE(read.ok()) << read.error().text;
        EXPECT_EQ(advertisement_bytes(*read), advertised(label));
        EXPECT_TRUE(read->encrypted);
        EXPECT_FALSE(read->compressed);
    }
    const auto many = parse_advertisement(advertised("many_parts"));
    EXPECT_EQ(many->transfer_bytes, 256'064u);
    EXPECT_EQ(many->data_bytes, 256'000u);
    EXPECT_EQ(many->parts, 552u);
    EXPECT_EQ(many->hashmap.size(), kHashesInPacket * kMapHash);
    EXPECT_LE(advertised("many_parts").size(), kMostOnLink);
}

TEST(ReticulumResourceWire, FlagsKeepTheirBits) {
    ResourceAdvertisement made = *parse_advertisement(advertised("one_part"));
    made.compressed = made.is_response = made.has_metadata = true;
    made.request_id = "0123456789abcdef";
    const auto read = parse_advertisement(advertisement_bytes(made));
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->encrypted && read->compressed && read->is_response && read->has_metadata);
    EXPECT_FALSE(read->split || read->is_request);
    EXPECT_EQ(read->request_id, made.request_id);
}

TEST(ReticulumResourceWire, AdvertisementsThatMakeNoSenseAreNone) {
    const std::string good = advertised("one_part");
    for (std::size_t size = 0; size < good.size(); ++size)
        EXPECT_FALSE(parse_advertisement(good.substr(0, size)).ok()) << size;
    EXPECT_FALSE(parse_advertisement(good + "x").ok());
    EXPECT_FALSE(parse_advertisement(std::string(501, 'x')).ok());
    const auto changed = [&](auto change) {
        ResourceAdvertisement made = *parse_advertisement(good);
        change(made);
        return parse_advertisement(advertisement_bytes(made)).ok();
    };
    EXPECT_TRUE(changed([](auto&) {}));
    EXPECT_FALSE(changed([](auto& made) { made.hash.pop_back(); }));
    EXPECT_FALSE(changed([](auto& made) { made.salt += 'x'; }));
    EXPECT_FALSE(changed([](auto& made) { made.first_hash.clear(); }));
    EXPECT_FALSE(changed([](auto& made) { made.hashmap.clear(); }));
    EXPECT_FALSE(changed([](auto& made) { made.parts = 0; }));
    EXPECT_FALSE(changed([](auto& made) { made.parts = 4'000'000'000; }));
    EXPECT_FALSE(changed([](auto& made) { made.hashmap += "xxxx"; }));
}

TEST(ReticulumResourceWire, RequestsAreReadAndWritten) {
    const std::string bytes =
        vector_bytes(vector_labelled("resources.json", "one_part"), "first_request_hex");
    const auto read = parse_part_request(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->wanted, bytes_of_hex("1dc48c9a"));
    EXPECT_TRUE(read->last_known.empty());
    EXPECT_EQ(part_request_bytes(*read), bytes);
    const PartRequest more{"last", read->resource, "onesmore"};
    const auto again = parse_part_request(part_request_bytes(more));
    ASSERT_TRUE(again.ok());
    EXPECT_EQ(again->last_known, "last");
    EXPECT_EQ(again->wanted, "onesmore");
    EXPECT_FALSE(parse_part_request(bytes + "x").ok());
    EXPECT_FALSE(parse_part_request("\x01" + bytes.substr(1)).ok());
    EXPECT_FALSE(parse_part_request(bytes.substr(0, 32)).ok());
    EXPECT_FALSE(parse_part_request("").ok());
}

TEST(ReticulumResourceWire, MapsGoOn) {
    const HashmapUpdate made{std::string(kFullHash, 'h'), 7, "abcdefgh"};
    const std::string bytes = hashmap_update_bytes(made);
    EXPECT_EQ(bytes, made.resource +
                         "\x92\x07\xc4\x08"
                         "abcdefgh");
    const auto read = parse_hashmap_update(bytes);
    ASSERT_TRUE(read.ok());
    EXPECT_EQ(read->segment, 7u);
    EXPECT_EQ(read->hashmap, made.hashmap);
    for (std::size_t size = 0; size < bytes.size(); ++size)
        EXPECT_FALSE(parse_hashmap_update(bytes.substr(0, size)).ok()) << size;
    EXPECT_FALSE(parse_hashmap_update(bytes + "x").ok());
    EXPECT_FALSE(parse_hashmap_update(made.resource + "\x92\x07\xc4\x03"
                                                      "abc")
                     .ok());
    EXPECT_FALSE(parse_hashmap_update(made.resource + "\x92\xff\xc4\x04"
                                                      "abcd")
                     .ok());
    EXPECT_FALSE(parse_hashmap_update(made.resource + "\x92\xdf\xff\xff\xff\xff").ok());
}

TEST(ReticulumResourceWire, AFrameNamesItsResource) {
    const std::string hash(kFullHash, 'h');
    EXPECT_EQ(resource_named({Context::ResourceCancel, hash}), hash);
    EXPECT_EQ(resource_named({Context::ResourceReject, hash}), hash);
    EXPECT_EQ(resource_named({Context::ResourceReject, hash + "x"}), "");
    EXPECT_EQ(resource_named({Context::ResourceProof, hash + std::string(kFullHash, 'p')}), hash);
    EXPECT_EQ(resource_named({Context::ResourceProof, hash}), "");
    EXPECT_EQ(resource_named({Context::Resource, hash}), "");
    EXPECT_EQ(resource_named({Context::ResourceAdvertisement, advertised("one_part")}),
              parse_advertisement(advertised("one_part"))->hash);
}

TEST(ReticulumResourceWire, PartsAndProofsGoWithoutTheLinksEncryption) {
    EXPECT_FALSE(link_encrypts(Context::Resource));
    EXPECT_FALSE(link_encrypts(Context::ResourceProof));
    EXPECT_TRUE(link_encrypts(Context::ResourceAdvertisement));
    EXPECT_TRUE(link_encrypts(Context::ResourceReject));
}

}  // namespace
}  // namespace waypost::reticulum

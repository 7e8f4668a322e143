// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "radio/reticulum/lxmf/message.h"
#include "tests/unit/radio/reticulum/vectors.h"

namespace waypost::reticulum {
namespace {

const std::string kHead(2 * kHash + kSignature, 'h');

// A message that has these bytes as its fields.
Result<ReceivedLxmf> with_fields(const std::string& fields, const LxmfLimits& limits = {}) {
    const std::string time("\xcb\x41\xd9\x54\xfc\x40\0\0\0", 9);
    return read_lxmf(kHead + "\x94" + time +
                         "\xc4\x01t\xc4\x01"
                         "c" +
                         fields,
                     limits);
}

LxmfMessage blank() {
    LxmfMessage made;
    made.to = std::string(kHash, 't');
    made.from = std::string(kHash, 'f');
    return made;
}

TEST(LxmfFields, WhatWePackIsReadAgain) {
    LxmfMessage message = blank();
    message.files = {{"map.png", std::string("\0\1\2", 3)}, {"", std::string(70000, 'x')}};
    message.image = LxmfImage{"webp", "picture"};
    message.reply_to = std::string(kFullHash, 'r');
    message.other_fields = {{0x0f, "\x02"}, {0xfc, "\x93\x01\xc0\xa1x"}};
    const auto read = read_lxmf(pack_lxmf(message, vector_identity("alice")).full);
    ASSERT_TRUE(read.ok()) << read.error().text;
    ASSERT_EQ(read->message.files.size(), 2u);
    EXPECT_EQ(read->message.files[0].name, "map.png");
    EXPECT_EQ(read->message.files[0].data, message.files[0].data);
    EXPECT_EQ(read->message.files[1].data, message.files[1].data);
    ASSERT_TRUE(read->message.image);
    EXPECT_EQ(read->message.image->format, "webp");
    EXPECT_EQ(read->message.image->data, "picture");
    EXPECT_EQ(read->message.reply_to, message.reply_to);
    EXPECT_EQ(read->message.other_fields, message.other_fields);
}

TEST(LxmfFields, NamesMayBeBytesOrText) {
    // {5: [[bin "a", bin "1"], [str "b", bin "2"]], 6: [str "png", bin "3"]}
    const auto read = with_fields(
        "\x82\x05\x92\x92\xc4\x01"
        "a\xc4\x01"
        "1\x92\xa1"
        "b\xc4\x01"
        "2\x06\x92\xa3png\xc4\x01"
        "3");
    ASSERT_TRUE(read.ok()) << read.error().text;
    ASSERT_EQ(read->message.files.size(), 2u);
    EXPECT_EQ(read->message.files[0].name, "a");
    EXPECT_EQ(read->message.files[1].name, "b");
    EXPECT_EQ(read->message.files[1].data, "2");
    EXPECT_EQ(read->message.image->format, "png");
}

TEST(LxmfFields, WhatIsNoFileIsLeftOut) {
    // {5: [1, ["only a name"], [nil, bin]], 6: 7, 48: bin "short", "key": 1, 300: 2, -1: 3}
    const auto read = with_fields(
        "\x86\x05\x93\x01\x91\xa1n\x92\xc0\xc4\x01x\x06\x07\x30\xc4\x05short\xa3key\x01\xcd\x01\x2c"
        "\x02\xff\x03");
    ASSERT_TRUE(read.ok()) << read.error().text;
    EXPECT_TRUE(read->message.files.empty());
    EXPECT_FALSE(read->message.image);
    EXPECT_TRUE(read->message.reply_to.empty());
    EXPECT_TRUE(read->message.other_fields.empty());
    EXPECT_TRUE(with_fields("\xc0").ok());
    EXPECT_TRUE(with_fields("\x07").ok());
}

TEST(LxmfFields, MoreThanTheLimitIsTooLarge) {
    LxmfMessage message = blank();
    message.files.resize(3);
    for (std::uint8_t key = 0x80; key < 0x84; ++key) message.other_fields[key] = "\xc0";
    const std::string bytes = pack_lxmf(message, vector_identity("alice")).full;
    LxmfLimits limits;
    limits.files = 3;
    limits.fields = 5;
    EXPECT_TRUE(read_lxmf(bytes, limits).ok());
    limits.files = 2;
    EXPECT_EQ(read_lxmf(bytes, limits).error().code, Code::TooLarge);
    limits.files = 3;
    limits.fields = 4;
    EXPECT_EQ(read_lxmf(bytes, limits).error().code, Code::TooLarge);
}

TEST(LxmfFields, CountsAreNotBelieved) {
    for (const char* fields : {"\xdf\xff\xff\xff\xff", "\x81\x05\xdd\xff\xff\xff\xff",
                               "\x81\x01\xc6\xff\xff\xff\xff", "\xde\xff\xff\x01\x01"})
        EXPECT_FALSE(with_fields(fields).ok());
    // Arrays in arrays, deeper than anybody means.
    EXPECT_TRUE(with_fields("\x81\x02" + std::string(10, '\x91') + "\x01").ok());
    EXPECT_FALSE(with_fields("\x81\x02" + std::string(1000, '\x91') + "\x01").ok());
    EXPECT_FALSE(with_fields("\x81\x02" + std::string(900'000, '\x91') + "\x01").ok());
}

TEST(LxmfFields, ManySmallThingsAreNoBomb) {
    // A list of 200,000 for files: more than is looked at.
    const std::string many =
        std::string("\x81\x05\xdd\0\3\x0d\x40", 7) + std::string(200'000, '\x90');
    const auto read = with_fields(many);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read->message.files.empty());
}

}  // namespace
}  // namespace waypost::reticulum

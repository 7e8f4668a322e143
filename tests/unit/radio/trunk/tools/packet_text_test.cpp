// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/tools/packet_text.h"

#include <gtest/gtest.h>

#include "radio/trunk/handshake.h"

namespace waypost::trunk {
namespace {

const std::string kPairs(kKey, 'k');

std::string head(Frame frame) { return encode_head(frame) + std::string(tag_bytes(frame), 't'); }

TEST(PacketText, SaysTheTypeAndWhatItIsCountedBy) {
    Frame frame;
    frame.number = 17;
    EXPECT_EQ(packet_text(head(frame)), "single 17");
    frame.type = FrameType::Fragment;
    frame.index = 3;
    EXPECT_EQ(packet_text(head(frame)), "fragment 17.3");
    frame.type = FrameType::Poll;
    EXPECT_EQ(packet_text(head(frame)), "poll");
    frame.type = FrameType::Extension;
    frame.extension = ExtensionKind::Repair;
    EXPECT_EQ(packet_text(head(frame)), "repair 17.3");
    EXPECT_EQ(packet_text(ProbeKey().encode({false, 1, 4, {}})), "ping 4");
    EXPECT_EQ(packet_text("\xE0\x55"
                          "xxxxxx"),
              "an extension that is not known here");
    EXPECT_EQ(packet_text(""), "no packet of the trunk");
    EXPECT_EQ(packet_text("\x01"), "no packet of the trunk");
}

struct Reading : testing::Test {
    Reading() {
        question = asker.question(Hello{});
        Handshake answerer(kPairs, 1, true, Form::Sealed, *random);
        const auto frame = parse_frame(question);
        answer = answerer.answer(*frame, Hello{}, Hello{}, false).packet;
    }
    std::string salt(const std::string& packet) const { return packet.substr(2, kSalt); }
    std::unique_ptr<Random> random = seeded_random(4);
    Handshake asker{kPairs, 1, false, Form::Sealed, *random};
    std::string question, answer;
};

TEST_F(Reading, TheKeyOpensAQuestionAndTheSaltsTheRest) {
    const PacketReader key(kPairs, 1, {}, {});
    const auto asked = key.open(*parse_frame(question));
    ASSERT_TRUE(asked);
    EXPECT_TRUE(parse_hello(asked->text).ok());
    EXPECT_FALSE(key.open(*parse_frame(answer)));

    const PacketReader session(kPairs, 1, salt(question), salt(answer));
    const auto answered = session.open(*parse_frame(answer));
    ASSERT_TRUE(answered);
    EXPECT_TRUE(answered->answer);
    const SessionKeys keys = session_keys(kPairs, 1, salt(question), salt(answer), true);
    Frame frame;
    frame.second = true;
    frame.number = 9;
    const std::string packet =
        keys.ours.seal({Use::Single, 65'536 + 9, 0, 0}, encode_head(frame), "text", kSingleTag);
    const auto opened = session.open(*parse_frame(packet));
    ASSERT_TRUE(opened);
    EXPECT_EQ(opened->text, "text");
    EXPECT_EQ(opened->number, 65'536U + 9);
    frame.type = FrameType::Hold;
    const std::string hold =
        keys.ours.seal({Use::Hold, 300, 0, 0}, encode_head(frame), {}, kReportTag);
    EXPECT_EQ(session.open(*parse_frame(hold))->number, 300U);
}

TEST_F(Reading, AnotherKeyOrABitMoreOpensNothing) {
    const PacketReader other(std::string(kKey, 'x'), 1, salt(question), salt(answer));
    EXPECT_FALSE(other.open(*parse_frame(question)));
    EXPECT_FALSE(other.open(*parse_frame(answer)));
    const PacketReader session(kPairs, 1, salt(question), salt(answer));
    std::string bad = question;
    bad.back() = static_cast<char>(bad.back() ^ 1);
    EXPECT_FALSE(session.open(*parse_frame(bad)));
}

}  // namespace
}  // namespace waypost::trunk

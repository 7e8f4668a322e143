// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/seal.h"

#include <gtest/gtest.h>

#include "radio/trunk/handshake.h"
#include "radio/trunk/pairing.h"
#include "radio/trunk/trunk_frame.h"

namespace waypost::trunk {
namespace {

const std::string kPsk(kKey, 'p');

SessionKeys keys(bool second, char salt = 'a') {
    return session_keys(kPsk, 3, std::string(kSalt, salt), std::string(kSalt, 'b'), second);
}

TEST(Seal, TheOtherSideOpensIt) {
    const std::string packet =
        keys(false).ours.seal({Use::Single, 7}, "hed", "a message", kSingleTag);
    EXPECT_EQ(packet.size(), 3 + 9 + kSingleTag);
    const auto text = keys(true).theirs.open({Use::Single, 7}, packet.substr(0, 3),
                                             packet.substr(3, 9), packet.substr(12));
    ASSERT_TRUE(text);
    EXPECT_EQ(*text, "a message");
    EXPECT_EQ(packet.find("message"), std::string::npos);
}

TEST(Seal, EveryBitAndEveryCircumstanceCounts) {
    const FrameKey key = keys(false).ours;
    const Nonce nonce{Use::Fragment, 7, 2, 0};
    const std::string packet = key.seal(nonce, "head", "a message", kFragmentTag, "context");
    const auto opens = [&](const FrameKey& with, const Nonce& n, const std::string& p,
                           const char* c) {
        return with.open(n, p.substr(0, 4), p.substr(4, 9), p.substr(13), c).has_value();
    };
    ASSERT_TRUE(opens(key, nonce, packet, "context"));
    for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
        std::string other = packet;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(opens(key, nonce, other, "context")) << bit;
    }
    EXPECT_FALSE(opens(key, nonce, packet, "other"));
    EXPECT_FALSE(opens(key, {Use::Repair, 7, 2, 0}, packet, "context"));
    EXPECT_FALSE(opens(key, {Use::Fragment, 7 + 65'536, 2, 0}, packet, "context"));
    EXPECT_FALSE(opens(key, {Use::Fragment, 7, 3, 0}, packet, "context"));
    EXPECT_FALSE(opens(keys(false).theirs, nonce, packet, "context"));
    EXPECT_FALSE(opens(keys(false, 'x').ours, nonce, packet, "context"));
    EXPECT_FALSE(opens(FrameKey(), nonce, packet, "context"));
}

TEST(Seal, ATagThatIsTooShortIsNone) {
    const FrameKey key = keys(false).ours;
    const std::string packet = key.seal({Use::Poll, 1}, "h", "", kReportTag);
    EXPECT_FALSE(key.open({Use::Poll, 1}, "h", "", packet.substr(1, 3)));
    EXPECT_FALSE(key.open({Use::Poll, 1}, "h", "", ""));
}

TEST(Seal, InClearTheTextIsThereUnderATagThatIsNoSealedFrames) {
    const auto clear = [](bool second) {
        return session_keys(kPsk, 3, std::string(kSalt, 'a'), std::string(kSalt, 'b'), second,
                            Form::Clear);
    };
    const Nonce nonce{Use::Single, 7};
    const std::string packet = clear(false).ours.seal(nonce, "hed", "a message", kSingleTag);
    EXPECT_EQ(packet.substr(3, 9), "a message");
    const auto opened = [&](const SessionKeys& at, const std::string& bytes) {
        return at.theirs.open(nonce, bytes.substr(0, 3), bytes.substr(3, 9), bytes.substr(12));
    };
    EXPECT_EQ(opened(clear(true), packet), "a message");
    EXPECT_FALSE(opened(keys(true), packet));
    EXPECT_FALSE(opened(clear(true), keys(false).ours.seal(nonce, "hed", "a message", kSingleTag)));
    for (std::size_t bit = 0; bit < packet.size() * 8; ++bit) {
        std::string other = packet;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(opened(clear(true), other)) << bit;
    }
}

TEST(Window, EachCounterIsTakenOnce) {
    ReplayWindow window;
    EXPECT_TRUE(window.fresh(0));
    window.take(10);
    EXPECT_FALSE(window.fresh(10));
    EXPECT_TRUE(window.fresh(3));
    window.take(3);
    EXPECT_FALSE(window.fresh(3));
    window.take(100);
    EXPECT_FALSE(window.fresh(36));  // too old to know
    EXPECT_TRUE(window.fresh(37));
    window.take(70'000);
    EXPECT_FALSE(window.fresh(70'000));
    EXPECT_FALSE(window.fresh(100));
    EXPECT_EQ(window.whole(70'005 & 0xFFFF), 70'005U);
}

struct Greeting : testing::Test {
    std::unique_ptr<Random> random = seeded_random(1);
    Handshake first{kPsk, 3, false, Form::Sealed, *random};
    Handshake second{kPsk, 3, true, Form::Sealed, *random};
    Hello hello;
};

TEST_F(Greeting, BothGetTheSameKeys) {
    hello.next = 5;
    const std::string question = first.question(hello);
    EXPECT_EQ(first.question(Hello{}), question);  // the same as long as it is open
    const Frame frame = *parse_frame(question);
    const auto theirs = second.asked(frame);
    ASSERT_TRUE(theirs);
    EXPECT_EQ(theirs->next, 5U);
    auto answer = second.answer(frame, Hello{}, *theirs, true);
    const auto session = first.answered(*parse_frame(answer.packet));
    ASSERT_TRUE(session);
    EXPECT_TRUE(session->epoch);
    const std::string sealed = session->keys.ours.seal({Use::Poll, 0}, "h", "", kReportTag);
    EXPECT_TRUE(answer.session.keys.theirs.open({Use::Poll, 0}, "h", "", sealed.substr(1)));
}

TEST_F(Greeting, AnAnswerCountsForItsOwnQuestionOnly) {
    const std::string question = first.question(hello);
    const Frame frame = *parse_frame(question);
    const auto answer = second.answer(frame, Hello{}, *second.asked(frame), false);
    first.drop_question();
    first.question(hello);
    EXPECT_FALSE(first.answered(*parse_frame(answer.packet)));
    EXPECT_FALSE(first.asked(frame));  // our own question
}

TEST_F(Greeting, StrangersAndFlippedBitsAreRefused) {
    const std::string question = first.question(hello);
    Handshake stranger{std::string(kKey, 'q'), 3, true, Form::Sealed, *random};
    Handshake other_link{kPsk, 4, true, Form::Sealed, *random};
    EXPECT_FALSE(stranger.asked(*parse_frame(question)));
    EXPECT_FALSE(other_link.asked(*parse_frame(question)));
    for (std::size_t bit = 8; bit < question.size() * 8; ++bit) {
        std::string other = question;
        other[bit / 8] = static_cast<char>(other[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(second.asked(*parse_frame(other))) << bit;
    }
}

TEST_F(Greeting, WhoSpeaksInTheOtherFormIsKnownAndNotAnswered) {
    Handshake clear{kPsk, 3, true, Form::Clear, *random};
    const std::string sealed_question = first.question(hello);
    const Frame sealed = *parse_frame(sealed_question);
    EXPECT_FALSE(clear.asked(sealed));
    EXPECT_TRUE(clear.asked_in_other_form(sealed));
    EXPECT_FALSE(second.asked_in_other_form(sealed));
    const std::string clear_question = clear.question(hello);
    const Frame in_clear = *parse_frame(clear_question);
    EXPECT_FALSE(first.asked(in_clear));
    EXPECT_TRUE(first.asked_in_other_form(in_clear));
    Handshake stranger{std::string(kKey, 'q'), 3, false, Form::Sealed, *random};
    EXPECT_FALSE(stranger.asked_in_other_form(in_clear));
}

TEST(Pairing, ACodeComesBackHoweverItIsTyped) {
    const auto random = seeded_random(5);
    const Pairing pairing = new_pairing(*random, 200);
    const std::string code = pairing_code(pairing);
    EXPECT_EQ(code.size(), 74U);
    std::string typed;
    for (const char c : code) {
        if (c == '-') continue;
        typed += c == '1' ? 'l' : c == '0' ? 'o' : static_cast<char>(tolower(c));
        typed += ' ';
    }
    for (const std::string& text : {code, typed}) {
        const auto parsed = parse_pairing_code(text);
        ASSERT_TRUE(parsed.ok());
        EXPECT_EQ(parsed->link, 200);
        EXPECT_EQ(parsed->psk.reveal(), pairing.psk.reveal());
    }
}

TEST(Pairing, EveryWrongLetterAndEverySwapIsFound) {
    const auto random = seeded_random(6);
    const std::string code = pairing_code(new_pairing(*random, 1));
    for (std::size_t i = 0; i < code.size(); ++i) {
        if (code[i] == '-') continue;
        std::string wrong = code;
        wrong[i] = code[i] == '7' ? '8' : '7';
        EXPECT_FALSE(parse_pairing_code(wrong).ok()) << i;
        wrong = code;
        if (i + 1 < code.size() && code[i + 1] != '-' && code[i + 1] != code[i]) {
            std::swap(wrong[i], wrong[i + 1]);
            EXPECT_FALSE(parse_pairing_code(wrong).ok()) << i;
        }
    }
    EXPECT_FALSE(parse_pairing_code("").ok());
    EXPECT_FALSE(parse_pairing_code(code.substr(1)).ok());
    EXPECT_FALSE(parse_pairing_code(code + "7").ok());
    EXPECT_FALSE(parse_pairing_code("U" + code.substr(1)).ok());
}

}  // namespace
}  // namespace waypost::trunk

// SPDX-License-Identifier: Apache-2.0
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <sstream>

#include "app/cli/decode_kinds.h"
#include "gateway/base/encoding.h"
#include "gateway/base/random.h"
#include "radio/kiss/ax25.h"
#include "radio/kiss/kiss_codec.h"
#include "radio/trunk/handshake.h"

namespace waypost::cli {
namespace {

using Frames = Poco::JSON::Object::Ptr;
const std::string kPairs(trunk::kKey, 'k');

// As a script reads it; the only frame there is.
Frames only(const Decoded& decoded, std::uint64_t errors = 0) {
    EXPECT_EQ(decoded.errors, errors);
    std::ostringstream text;
    decoded.frames.stringify(text);
    return Poco::JSON::Parser().parse(text.str()).extract<Poco::JSON::Array::Ptr>()->getObject(0);
}

std::string sealed_report(const trunk::SessionKeys& keys) {
    trunk::Frame frame;
    frame.type = trunk::FrameType::Report;
    frame.remaining = 3;
    frame.number = 5;
    trunk::Report report;
    report.low = 9;
    report.held = {2};
    report.gaps = {{0, 4, "\x05"}};
    report.snr_quarter = -30;
    return keys.ours.seal({trunk::Use::Report, 5, 0, 0}, trunk::encode_head(frame),
                          trunk::encode_report(report), trunk::kReportTag);
}

struct DecodeTrunk : testing::Test {
    DecodeTrunk() {
        trunk::Handshake asker(kPairs, 7, false, trunk::Form::Sealed, *random);
        trunk::Handshake answerer(kPairs, 7, true, trunk::Form::Sealed, *random);
        trunk::Hello hello;
        hello.payload = 255;
        question = asker.question(hello);
        answer = answerer.answer(*trunk::parse_frame(question), hello, hello, false).packet;
    }
    trunk::PacketReader session() const {
        return {kPairs, 7, question.substr(2, trunk::kSalt), answer.substr(2, trunk::kSalt)};
    }
    std::unique_ptr<Random> random = seeded_random(3);
    std::string question, answer;
};

TEST_F(DecodeTrunk, WithoutAKeyTheClearFieldsAreGiven) {
    const auto frame = only(decode_trunk(nullptr, question));
    EXPECT_EQ(frame->getValue<std::string>("raw"), to_hex(question));
    EXPECT_EQ(frame->getValue<std::string>("type"), "hello");
    EXPECT_EQ(frame->getValue<int>("link"), 7);
    EXPECT_FALSE(frame->has("opened"));
    EXPECT_FALSE(frame->has("payload"));
}

TEST_F(DecodeTrunk, TheKeyOpensHellosAndTheSaltsReports) {
    const trunk::PacketReader reader(kPairs, 7, {}, {});
    const auto hello = only(decode_trunk(&reader, question));
    EXPECT_TRUE(hello->getValue<bool>("opened"));
    EXPECT_EQ(hello->getValue<int>("payload"), 255);
    EXPECT_FALSE(only(decode_trunk(&reader, answer))->getValue<bool>("opened"));

    const auto keys = trunk::session_keys(kPairs, 7, question.substr(2, trunk::kSalt),
                                          answer.substr(2, trunk::kSalt), false);
    const auto with = session();
    const auto report = only(decode_trunk(&with, sealed_report(keys)));
    EXPECT_EQ(report->getValue<std::string>("type"), "report");
    EXPECT_EQ(report->getValue<int>("number"), 5);
    EXPECT_EQ(report->getValue<int>("remaining"), 3);
    EXPECT_EQ(report->getValue<int>("low"), 9);
    EXPECT_EQ(report->getValue<double>("snr"), -7.5);
    EXPECT_EQ(report->getArray("held")->getElement<int>(0), 2);
    EXPECT_EQ(report->getArray("open")->getObject(0)->getValue<int>("firstMissing"), 4);
}

TEST_F(DecodeTrunk, PingsSayWhetherTheyAreProven) {
    const std::string ping = trunk::ProbeKey(kPairs).encode({true, 1, 4, {-91, 2.5F}});
    EXPECT_FALSE(only(decode_trunk(nullptr, ping))->getValue<bool>("proven"));
    const auto with = session();
    const auto frame = only(decode_trunk(&with, ping));
    EXPECT_TRUE(frame->getValue<bool>("proven"));
    EXPECT_EQ(frame->getValue<std::string>("type"), "ping answer");
    EXPECT_EQ(frame->getValue<int>("rssi"), -91);
    EXPECT_EQ(frame->getValue<double>("snr"), 2.5);
}

TEST_F(DecodeTrunk, HostilePacketsAreErrorsAndNothingElse) {
    const auto with = session();
    for (const std::string& bad : {std::string(), std::string("\xE0"), std::string("\xE0\x10"),
                                   std::string("\xE0\x77zzzz"), question.substr(0, 20)})
        EXPECT_TRUE(only(decode_trunk(&with, bad), 1)->has("error"));
    const auto noise = seeded_random(8);
    for (int i = 0; i < 2000; ++i) {
        const std::string bytes = trunk::random_bytes(*noise, noise->below(260));
        EXPECT_EQ(decode_trunk(&with, bytes).frames.size(), 1U);
        EXPECT_LE(decode_kiss_line(bytes + '\xC0' + bytes + '\xC0').frames.size(), 260U);
    }
}

TEST(DecodeKiss, FramesWithTheirAx25) {
    ax25::UiFrame ui;
    ui.from = {"W1AW", 3, false, 3};
    ui.to = {"QST", 0, true, 3};
    ui.via = {{"RELAY", 0, true, 3}};
    ui.info = "hi";
    const std::string bytes = kiss::encode({0x10, ax25::encode(ui)});
    const auto frame = only(decode_kiss_line(bytes));
    EXPECT_EQ(frame->getValue<std::string>("raw"), to_hex(bytes));
    EXPECT_EQ(frame->getValue<std::string>("command"), "data");
    EXPECT_EQ(frame->getValue<int>("port"), 1);
    EXPECT_EQ(frame->getValue<std::string>("from"), "W1AW-3");
    EXPECT_EQ(frame->getArray("via")->getElement<std::string>(0), "RELAY*");
    EXPECT_EQ(frame->getValue<std::string>("info"), "6869");
    EXPECT_EQ(only(decode_kiss_line(kiss::encode({1, "\x32"})))->getValue<std::string>("command"),
              "txdelay");
    EXPECT_EQ(decode_kiss_line("\xC0\x01\xDB\x01\xC0").errors, 1U);
}

}  // namespace
}  // namespace waypost::cli

// SPDX-License-Identifier: Apache-2.0
// Areas: each post once, forged ones beside the genuine, nothing broken goes further.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/bridges/nncp/toss/rx_stage.h"

namespace waypost::nncp {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Files = std::map<std::string, std::string>;

PlainHeader in_area() { return {PacketType::Area, 0, path_of_id("area:news")}; }

std::string post(const std::string& name, const std::string& text,
                 const PacketType type = PacketType::File, const std::string& from = "village") {
    return sealed(from, "area:news", {type, 96, name}, text);
}

// What a reader of the area can make of a member's post: another body under its signed header.
std::string forged(const std::string& genuine, const std::string& text) {
    return forged_post(genuine, test_keys().at("area:news").exchange,
                       {PacketType::File, 96, "forged.txt"}, text);
}

TEST(NncpToss, APostThatComesTwiceIsTakenOnce) {
    RxStage city("city");
    const std::string inner = post("a.txt", "text");
    city.put(in_area(), inner, "relay");
    city.put(in_area(), inner, "village");  // another packet with the same post
    EXPECT_EQ(city.toss().done, 2u);
    EXPECT_EQ(city.files("area-in"), (Files{{"a.txt", "text"}}));
}

TEST(NncpToss, AForgedPostDoesNotDisplaceTheGenuineOne) {
    const std::string genuine = post("a.txt", "what I wrote");
    const std::string other = forged(genuine, "what I never wrote");
    RxStage city("city");
    city.put(in_area(), other, "relay");
    EXPECT_EQ(city.toss().done, 1u);
    city.put(in_area(), genuine, "relay");
    EXPECT_EQ(city.toss().done, 1u);
    EXPECT_EQ(city.files("area-in"),
              (Files{{"a.txt", "what I wrote"}, {"forged.txt", "what I never wrote"}}));
    city.put(in_area(), genuine, "village");
    EXPECT_EQ(city.toss().done, 1u);
    EXPECT_EQ(city.files("area-in").size(), 2u);
}

TEST(NncpToss, WhatAToolOfNncpMarkedIsNotTakenAgain) {
    RxStage city("city");
    const std::string inner = post("a.txt", "text");
    ASSERT_TRUE(city.spool()
                    .mark_area_seen(test_keys().at("city").id, test_keys().at("area:news").id,
                                    area_message(inner.substr(0, kPacketHeaderBytes)))
                    .ok());
    city.put(in_area(), inner, "relay");
    EXPECT_EQ(city.toss().done, 1u);
    EXPECT_THAT(city.files("area-in"), IsEmpty());
}

TEST(NncpToss, WhatIsBrokenGoesNoFurther) {
    RxStage relay("relay");
    // The relay as a reader of the area.
    Area& news = relay.config().areas.at("news");
    news.exchange = Secret(std::string(test_keys().at("area:news").exchange.reveal()));
    news.exchange_public = test_keys().at("area:news").exchange_public;
    std::string inner = post("a.txt", "text");
    inner.back() = static_cast<char>(inner.back() ^ 1);
    const auto packet = relay.put(in_area(), inner, "village");
    EXPECT_EQ(relay.toss().put_aside, 1u);
    EXPECT_THAT(relay.why(packet), HasSubstr("a block does not open"));
    EXPECT_THAT(relay.queued_for("city"), IsEmpty());
}

TEST(NncpToss, ARelayThatCannotReadPassesOn) {
    RxStage relay("relay");
    relay.put(in_area(), post("a.txt", "text"), "village");
    EXPECT_EQ(relay.toss().done, 1u);
    EXPECT_EQ(relay.queued_for("city").size(), 1u);
    EXPECT_THAT(relay.files("area-in"), IsEmpty());
}

TEST(NncpToss, AreasRunTheirOwnPrograms) {
    RxStage city("city");
    city.put(in_area(), post("sendmail", "mail", PacketType::ExecFat), "relay");
    EXPECT_EQ(city.toss().done, 1u);
    ASSERT_EQ(city.runs().size(), 1u);
    EXPECT_EQ(city.runs()[0].input, "mail");
    EXPECT_THAT(city.runs()[0].environment, HasSubstr(to_base32(test_keys().at("village").id)))
        << "the author, not who brought it";
    const auto packet =
        city.put(in_area(), post(path_of_id("city"), "", PacketType::Trns), "relay");
    EXPECT_EQ(city.toss().put_aside, 1u) << "an area relays nothing";
    EXPECT_THAT(city.why(packet), HasSubstr("type trns in an area"));
}

TEST(NncpToss, AProgramThatFailsInAnAreaIsAskedAgainAndNothingGoesOnTwice) {
    RxStage relay("relay");
    Area& news = relay.config().areas.at("news");
    news.exchange = Secret(std::string(test_keys().at("area:news").exchange.reveal()));
    news.exec["sendmail"] = {(relay / "fakesendmail").string()};
    relay.put(in_area(), post("sendmail", "mail", PacketType::ExecFat), "village");
    relay.let_programs_end_with(75);
    EXPECT_EQ(relay.toss().kept, 1u);
    relay.let_programs_end_with(0);
    EXPECT_EQ(relay.toss().done, 1u);
    EXPECT_EQ(relay.runs().size(), 2u);
    EXPECT_EQ(relay.queued_for("city").size(), 1u);
}

TEST(NncpToss, StrangersMayPostWhereTheAreaAllowsIt) {
    for (const bool allowed : {false, true}) {
        RxStage city("city");
        city.config().areas.at("news").allow_unknown = allowed;
        const std::string inner = post("a.txt", "text");
        std::erase_if(city.config().nodes,
                      [](const auto& each) { return each.first == "village"; });
        city.put(in_area(), inner, "relay");
        const TossCounts counts = city.toss();
        EXPECT_EQ(counts.done, allowed ? 1u : 0u);
        EXPECT_EQ(counts.kept, allowed ? 0u : 1u);
        EXPECT_EQ(city.files("area-in").size(), allowed ? 1u : 0u);
    }
}

TEST(NncpToss, AnAreaThatIsNotKnownIsKept) {
    RxStage city("city");
    city.put({PacketType::Area, 0, std::string(32, 'x')}, post("a.txt", "text"), "relay");
    EXPECT_EQ(city.toss().kept, 1u);
    const auto other =
        city.put(in_area(), sealed("village", "relay", {PacketType::File, 1, "a"}, "x"), "relay");
    EXPECT_EQ(city.toss().put_aside, 1u);
    EXPECT_THAT(city.why(other), HasSubstr("for another area"));
}

}  // namespace
}  // namespace waypost::nncp

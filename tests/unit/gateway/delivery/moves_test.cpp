// SPDX-License-Identifier: Apache-2.0
// One person on several radios: codes, moves without a code, lost radios, forged node numbers.
#include <gmock/gmock.h>

#include <regex>

#include "gateway/delivery/desk_persons.h"
#include "persons.h"

namespace waypost {
namespace {

using std::chrono::hours;
using std::chrono::minutes;
using ::testing::HasSubstr;
using ::testing::Not;

class Moves : public Persons {
  protected:
    Moves() {
        name("ana", kAna);
        name("carl", kCarl);
    }
    std::string code() {
        const std::string line = answer(kAna, "code");
        std::smatch found;
        return std::regex_search(line, found, std::regex("[0-9]{8}")) ? found.str() : std::string();
    }
};

TEST_F(Moves, ACodeAddsARadioAndIsGoodOnce) {
    dm(kDora, "bob@example.org before");
    const std::string line = answer(kAna, "code");
    EXPECT_THAT(line, ::testing::MatchesRegex(
                          "Code [0-9]+, 15 min. Type on the new radio: name ana [0-9]+"));
    const std::string digits = line.substr(5, 8);
    EXPECT_EQ(answer(kDora, "name ana " + digits), "You are ana@hill.example now");
    EXPECT_EQ(writes_as(kDora), "ana@hill.example");
    EXPECT_EQ(writes_as(kAna), "ana@hill.example") << "she is on both";
    EXPECT_EQ(answer(kAna, "?1"), "1 bob: sent to mail relay 0s ago") << "what it had came along";
    EXPECT_EQ(answer(kEva, "name ana " + digits), "That code is wrong or too old");
}

TEST_F(Moves, ACodeIsTypedAsPhonesWriteIt) {
    const std::string digits = code();
    EXPECT_EQ(answer(kDora, "Name Ana " + digits.substr(0, 4) + ' ' + digits.substr(4)),
              "You are ana@hill.example now");
}

TEST_F(Moves, ACodeEndsAfterAQuarterOfAnHourAlsoAcrossARestart) {
    const std::string digits = code();
    pass(minutes(14));
    reopen();
    pass(minutes(2));
    EXPECT_EQ(answer(kDora, "name ana " + digits), "That code is wrong or too old");
}

TEST_F(Moves, OfACodeOnlyTheHashIsKept) {
    const std::string spent = code();
    dm(kDora, "name ana " + spent);
    const std::string old = code();
    pass(minutes(16));
    auto rows = store_->read([](store::Tables& t) {
        std::vector<std::string> texts;
        for (MessageId id = 1; id < 100; ++id) {
            if (const auto message = t.messages.find(id)) texts.push_back(message->message.text);
        }
        return texts;
    });
    for (const std::string& text : *rows) {
        EXPECT_THAT(text, Not(HasSubstr(spent)));
        EXPECT_THAT(text, Not(HasSubstr(old)));
    }
    const std::string fresh = code();
    const auto kept = store_->read([](store::Tables& t) { return t.codes.find("ana"); });
    ASSERT_TRUE(kept.value());
    EXPECT_THAT((*kept)->hash, Not(HasSubstr(fresh)));
    EXPECT_FALSE(fresh.empty());
}

TEST_F(Moves, FiveTriesADayForARadioAndForAName) {
    const std::string digits = code();
    const std::string wrong = digits == "00000000" ? "00000001" : "00000000";
    for (int i = 0; i < 5; ++i)
        EXPECT_EQ(answer(kDora, "name zoe " + wrong), "That code is wrong or too old");
    EXPECT_EQ(answer(kDora, "name ana " + digits), "Too many codes today. Ask the operator")
        << "the right one too";
    EXPECT_EQ(answer(kDora, "name zoe " + wrong), "Too many codes today. Ask the operator");
    for (int i = 0; i < 5; ++i) dm(kBen, "name ana " + wrong);
    reopen();
    EXPECT_EQ(answer(kEva, "name ana " + digits), "Too many codes today. Ask the operator")
        << "for the name, across a restart";
    pass(hours(24));
    EXPECT_EQ(answer(kDora, "name ana " + code()), "You are ana@hill.example now");
}

TEST_F(Moves, TheOperatorGivesACodeToo) {
    std::string digits;
    ASSERT_TRUE(ask([&](Desk& d) -> Result<void> {
                    auto made = code_for(d.office(), "ana");
                    if (!made.ok()) return made.error();
                    digits = *made;
                    return {};
                }).ok());
    EXPECT_EQ(digits.size(), 8u);
    EXPECT_EQ(answer(kDora, "name ana " + digits), "You are ana@hill.example now");
    EXPECT_FALSE(ask([&](Desk& d) -> Result<void> {
                     auto made = code_for(d.office(), "zoe");
                     return made.ok() ? Result<void>() : Result<void>(made.error());
                 }).ok());
    EXPECT_EQ(answer(kEva, "code"), "OK, nothing done") << "a stranger has none";
}

TEST_F(Moves, WithoutAWordItTakesADayAndAllAreWarnedAtOnce) {
    EXPECT_EQ(answer(kDora, "name ana"), "ana is taken. Yours? 1 = ask to move it here");
    EXPECT_EQ(answer(kDora, "1"),
              "Asked. ana is warned. In 24h you have it, unless somebody says no");
    EXPECT_EQ(last(kAna),
              "!0000000d asks for your name ana, gets it in 24h. -1 stops it. Is it you? @+1");
    EXPECT_EQ(last(kCarl), "!0000000d asks for the name ana. @+1 now, @-1 no, else in 24h");
    EXPECT_EQ(answer(kAna, "1"), "1 !0000000d: name ana");
    EXPECT_THAT(answer(kAna, "?1"), HasSubstr("1 is from"));
    pass(hours(23));
    EXPECT_EQ(owner(kAna), "ana");
    reopen();
    pass(minutes(61));
    EXPECT_EQ(owner(kDora), "ana");
    EXPECT_EQ(last(kDora), "You are ana@hill.example now");
    EXPECT_EQ(writes_as(kDora), "ana@hill.example");
    EXPECT_EQ(writes_as(kAna), "0000000a@hill.example") << "she said that she moved";
    EXPECT_EQ(all_shown(kAna).size(), 4u)
        << "one warning, two answers, and what the stranger wrote";
    EXPECT_EQ(answer(kCarl, "@+1"), "That is settled already");
}

TEST_F(Moves, OneWordFromHerRadioStopsIt) {
    ask_to_move(kDora, "ana");
    EXPECT_EQ(answer(kAna, "-1"), "Stopped. ana stays where it is");
    EXPECT_EQ(last(kDora), "ana is not your name: somebody said no");
    pass(hours(25));
    EXPECT_EQ(owner(kDora), "meshtastic:!0000000d");
    EXPECT_EQ(owner(kAna), "ana");
}

TEST_F(Moves, HerOwnYesAddsTheRadio) {
    ask_to_move(kDora, "ana");
    EXPECT_EQ(answer(kAna, "@+1"), "ana is on that radio now");
    EXPECT_EQ(owner(kDora), "ana");
    EXPECT_EQ(owner(kAna), "ana") << "she has both in hand";
}

TEST_F(Moves, TheOperatorsWordDoesItAtOnceOrEndsIt) {
    ask_to_move(kDora, "ana");
    EXPECT_EQ(answer(kCarl, "@+1"), "ana is on that radio now");
    EXPECT_EQ(owner(kDora), "ana");
    EXPECT_NE(owner(kAna), "ana");
    ask_to_move(kEva, "ana");
    EXPECT_EQ(answer(kCarl, "@-2"), "Stopped. ana stays where it is");
    pass(hours(25));
    EXPECT_NE(owner(kEva), "ana");
    ask_to_move(kEva, "ana");
    EXPECT_TRUE(ask([](Desk& d) { return decide_matter(d.office(), "ana", true); }).ok());
    EXPECT_EQ(owner(kEva), "ana");
    EXPECT_FALSE(ask([](Desk& d) { return decide_matter(d.office(), "ana", true); }).ok());
}

TEST_F(Moves, TwoVillagersVouchEachOnce) {
    name("ben", kBen);
    name("eva", kEva);
    dm("!0000000f", "name fay");
    dm("!0000000f", "1");
    EXPECT_EQ(answer(kBen, "vouch ana"), "Nobody asks for the name ana");
    ask_to_move(kDora, "ana");
    EXPECT_EQ(answer(kBen, "vouch ana"), "Is !0000000d really ana? 1 = yes, I know");
    EXPECT_EQ(answer(kBen, "1"), "1 of 2 vouch for ana");
    dm(kBen, "vouch ana");
    EXPECT_EQ(answer(kBen, "1"), "1 of 2 vouch for ana") << "he counts once";
    const std::string no = "Only who has had a name on this radio for 7 days may vouch for others";
    EXPECT_EQ(answer("!0000000f", "vouch ana"), no) << "named today";
    EXPECT_EQ(answer(kAna, "vouch ana"), no) << "herself";
    EXPECT_EQ(answer("!000000ff", "vouch ana"), no) << "a stranger";
    EXPECT_EQ(answer(kDora, "vouch ana"), no) << "who asks";
    dm(kEva, "vouch ana");
    EXPECT_EQ(answer(kEva, "1"), "ana is on that radio now");
    EXPECT_EQ(owner(kDora), "ana");
}

TEST_F(Moves, WhatIsAskedForIsBounded) {
    name("ben", kBen);
    ask_to_move(kDora, "ana");
    dm(kEva, "name ana");
    EXPECT_EQ(answer(kEva, "1"), "Somebody asks for ana already. Wait, or ask the operator");
    dm(kDora, "name ben");
    EXPECT_EQ(answer(kDora, "1"), "Somebody asks for ben already. Wait, or ask the operator")
        << "one open of a radio";
    for (int i = 0; i < 2; ++i) {
        dm(kAna, "-1");
        dm(kAna, "-2");
        ask_to_move(kDora, "ana");
    }
    dm(kAna, "-3");
    dm(kDora, "name ana");
    EXPECT_EQ(answer(kDora, "1"), "ana was asked for too often today. Ask the operator");
    std::size_t warnings = 0;
    for (const std::string& line : all_shown(kAna)) warnings += line.find("asks for") != line.npos;
    EXPECT_EQ(warnings, 3u);
    EXPECT_EQ(answer(kDora, "name carl"), "carl is taken. Another?")
        << "nobody asks for an operator's";
}

TEST_F(Moves, ARadioThatTookAnotherNameMeanwhileGetsNothing) {
    ask_to_move(kDora, "ana");
    dm(kDora, "name zoe");
    EXPECT_EQ(answer(kDora, "1"), "You are zoe@hill.example now");
    pass(hours(25));
    EXPECT_EQ(owner(kDora), "zoe");
    EXPECT_EQ(owner(kAna), "ana");
}

class TwoRadios : public Moves {
  protected:
    TwoRadios() { dm(kDora, "name ana " + code()); }
};

TEST_F(TwoRadios, ALostOneIsAStrangersAtOnce) {
    name("ben", kBen);
    dm(kDora, "@bob=bob@example.org");
    EXPECT_EQ(answer(kAna, "lost radio"), "Suspend your other radios (1)? 1 = yes");
    EXPECT_EQ(answer(kAna, "1"), "1 suspended. found radio = back again");
    EXPECT_EQ(writes_as(kDora), "0000000d@hill.example");
    EXPECT_EQ(answer(kDora, "found radio").substr(0, 24), "This radio is suspended.");
    EXPECT_EQ(answer(kDora, "name zoe").substr(0, 24), "This radio is suspended.");
    EXPECT_EQ(answer(kDora, "@bob hi"), "Who is bob? Save: @bob=address");
    dm(kBen, "@ana for your eyes");
    EXPECT_EQ(last(kAna), "1 ben: for your eyes");
    EXPECT_THAT(all_shown(kDora), Not(::testing::Contains(HasSubstr("for your eyes"))));
    dm(kDora, "SOS fell");
    EXPECT_EQ(last(kCarl), "ALARM 1 !0000000d: fell") << "whoever holds it may need help";
    EXPECT_EQ(answer(kAna, "found radio"), "1 back again");
    EXPECT_EQ(writes_as(kDora), "ana@hill.example");
    EXPECT_EQ(answer(kAna, "found radio"), "None of your radios is suspended");
}

TEST_F(TwoRadios, ACodeLiftsItToo) {
    dm(kAna, "lost radio");
    dm(kAna, "1");
    EXPECT_EQ(answer(kDora, "name ana " + code()), "You are ana@hill.example now");
    EXPECT_EQ(owner(kDora), "ana");
}

TEST_F(TwoRadios, WhatWaitsGoesToTheOneThatIsLeftAlsoAfterARestart) {
    name("ben", kBen);
    Heard heard;
    clock_.advance(minutes(20));
    hear(kDora, heard);
    radio_->up = false;
    dm(kBen, "@ana first");
    dm(kAna, "lost radio");
    dm(kAna, "1");
    reopen();
    radio_->up = true;
    settle();
    EXPECT_THAT(all_shown(kAna), ::testing::Contains("1 ben: first"));
    EXPECT_THAT(all_shown(kDora), Not(::testing::Contains("1 ben: first")));
}

TEST_F(TwoRadios, TheOperatorSuspendsByHandleOrAddress) {
    const auto lost = [](const std::string& who) {
        return [who](Desk& d) -> Result<void> {
            const auto count = suspend_lost(d.office(), who);
            return count.ok() ? Result<void>() : Result<void>(count.error());
        };
    };
    EXPECT_TRUE(ask(lost("meshtastic:!0000000d")).ok());
    EXPECT_EQ(owner(kAna), "ana");
    EXPECT_NE(owner(kDora), "ana");
    EXPECT_FALSE(ask(lost("meshtastic:!0000000d")).ok()) << "it is already";
    EXPECT_TRUE(ask(lost("ana")).ok());
    EXPECT_NE(owner(kAna), "ana");
    EXPECT_FALSE(ask(lost("ana")).ok());
    EXPECT_FALSE(ask(lost("zoe")).ok());
    EXPECT_FALSE(ask(lost("meshtastic:!000000ff")).ok());
    EXPECT_TRUE(ask([](Desk& d) -> Result<void> {
                    const auto count = lift_found(d.office(), "ana");
                    EXPECT_EQ(count.ok() ? *count : 0, 2u);
                    return {};
                }).ok());
    EXPECT_EQ(owner(kAna), "ana");
}

TEST_F(TwoRadios, WhatWasReadOnOneIsReadOnBoth) {
    name("ben", kBen);
    dm(kBen, "@ana hello");
    EXPECT_EQ(answer(kAna, "*"), "1 ben: hello");
    EXPECT_EQ(answer(kDora, "*"), "1 ben: hello");
    EXPECT_EQ(answer(kDora, "*1 yes"), "2 kept");
    EXPECT_THAT(answer(kAna, "?2"), HasSubstr("2 ben: sent"));
    EXPECT_EQ(answer(kAna, "lost radio"), "Suspend your other radios (1)? 1 = yes");
    EXPECT_EQ(answer(kAna, "0"), "OK, nothing done");
}

// A node number is written by whoever sends; only the key is his.
class Forged : public TwoRadios {
  protected:
    Forged() {
        name("ben", kBen);
        pin(kAna, 'a');
        pin(kBen, 'b');
    }
    const std::string her_ = std::string(64, 'a');
    const std::string his_ = std::string(64, 'b');
    const std::string other_ = std::string(64, 'f');
};

TEST_F(Forged, LinesWithoutHerKeyDecideNothingAboutHerName) {
    for (const std::string& key : {std::string(), other_}) {
        EXPECT_THAT(answer(kAna, "code", key), Not(HasSubstr("Code"))) << key;
        dm(kAna, "lost radio", key);
        dm(kAna, "1", key);
        EXPECT_EQ(owner(kDora), "ana") << key;
        dm(kAna, "forget me", key);
        dm(kAna, "1", key);
        EXPECT_NE(box_->directory.get()->find("ana"), nullptr) << key;
    }
    const auto codes = store_->read([](store::Tables& t) { return t.codes.find("ana"); });
    EXPECT_FALSE(codes.value());
    EXPECT_THAT(answer(kAna, "code", her_), HasSubstr("Code"));
}

TEST_F(Forged, NorAQuestionAnsweredUnderAnother) {
    dm(kAna, "lost radio", her_);
    dm(kAna, "1");
    EXPECT_EQ(owner(kDora), "ana");
    dm(kAna, "forget me", her_);
    dm(kAna, "1");
    EXPECT_NE(box_->directory.get()->find("ana"), nullptr);
}

TEST_F(Forged, NorAYesToAMoveOrAVouch) {
    ask_to_move(kEva, "ana");
    for (const std::string& key : {std::string(), other_}) {
        dm(kAna, "@+1", key);
        EXPECT_NE(owner(kEva), "ana") << key;
        EXPECT_THAT(answer(kBen, "vouch ana", key), Not(HasSubstr("1 = yes"))) << key;
    }
    EXPECT_THAT(answer(kBen, "vouch ana", his_), HasSubstr("1 = yes"));
    EXPECT_THAT(answer(kBen, "1"), HasSubstr("Only by an encrypted DM"));
    EXPECT_EQ(answer(kAna, "@+1", her_), "ana is on that radio now");
    EXPECT_EQ(owner(kEva), "ana");
}

}  // namespace
}  // namespace waypost

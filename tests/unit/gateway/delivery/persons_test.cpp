// SPDX-License-Identifier: Apache-2.0
// Names: approved or not, alike or not, those of children, and what people call each other.
#include "persons.h"

#include <gmock/gmock.h>

#include "gateway/conversation/address_book.h"
#include "gateway/delivery/desk_persons.h"
#include "gateway/message/text.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Approval : public Persons {
  protected:
    Approval() {
        settings_.approval = true;
        name("carl", kCarl);
        reopen();
        dm(kBen, "name ben");
    }
};

TEST_F(Approval, ANewNameWaitsForTheOperator) {
    EXPECT_EQ(answer(kBen, "1"),
              "Asked the operator for ben. Until the answer you write as "
              "0000000b@hill.example");
    EXPECT_EQ(last(kCarl), "!0000000b asks for the name ben. @+1 yes, @-1 no");
    EXPECT_EQ(writes_as(kBen), "0000000b@hill.example");
    EXPECT_EQ(answer(kBen, "name otto"),
              "ben waits for the operator. Until then you write as 0000000b@hill.example");
    dm(kCarl, "@ben welcome");
    EXPECT_EQ(last(kBen).find("welcome"), std::string::npos) << "it waits";
    dm(kBen, "SOS fell");
    EXPECT_THAT(last(kCarl), HasSubstr("!0000000b: fell")) << "an alarm does not";
    EXPECT_EQ(answer(kCarl, "@+1"), "ben has the name now");
    EXPECT_THAT(all_shown(kBen), ::testing::Contains("You are ben@hill.example now"));
    EXPECT_THAT(last(kBen), HasSubstr("carl: welcome"));
    EXPECT_EQ(writes_as(kBen), "ben@hill.example");
    EXPECT_THAT(answer(kBen, "?1"), Not(HasSubstr("No item"))) << "his mails came along";
}

class Offices : public Persons {
  protected:
    Offices() {
        settings_.responders = {"rita"};
        reopen();
    }
    std::string take(const std::string& handle) {
        dm(kDora, "name " + handle);
        return answer(kDora, "1").substr(0, 18);
    }
};

TEST_F(Offices, ANameThatTheSettingsNameIsNobodysWithoutTheOperator) {
    name("ana", kAna);
    EXPECT_EQ(take("rita"), "Asked the operator");
    EXPECT_EQ(owner(kDora), "meshtastic:!0000000d");
    dm(kAna, "SOS fell");
    EXPECT_THAT(all_shown(kDora), Not(::testing::Contains(HasSubstr("fell"))));
    EXPECT_TRUE(ask([](Desk& d) { return decide_matter(d.office(), "rita", true); }).ok());
    EXPECT_EQ(owner(kDora), "rita");
}

TEST_F(Offices, NorIsOneThatLooksLikeIt) {
    dm(kDora, "name car1");
    EXPECT_THAT(last(kDora), HasSubstr("carl")) << "although nobody has that yet";
    EXPECT_THAT(take("r1ta"), Not(HasSubstr("You are")));
    EXPECT_EQ(owner(kDora), "meshtastic:!0000000d");
    EXPECT_EQ(take("carl"), "Asked the operator") << "it is still free for him";
}

TEST_F(Offices, AResponderIsNotMovedToAnotherRadio) {
    name("rita", kBen);
    EXPECT_EQ(answer(kDora, "name rita"), "rita is taken. Another?");
    EXPECT_EQ(answer(kDora, "1").find("24"), std::string::npos);
    EXPECT_EQ(owner(kDora), "meshtastic:!0000000d");
}

TEST_F(Offices, AnOperatorToBeIsLetInAtTheConsole) {
    EXPECT_EQ(take("carl"), "Asked the operator");
    EXPECT_EQ(answer(kDora, "@+1"), "No item 1. * lists yours") << "not by himself";
    EXPECT_TRUE(ask([](Desk& d) { return decide_matter(d.office(), "carl", true); }).ok());
    EXPECT_EQ(owner(kDora), "carl");
    dm(kEva, "name eva");
    EXPECT_EQ(answer(kEva, "1"), "You are eva@hill.example now") << "all other names are free";
}

TEST_F(Approval, ANoFreesTheName) {
    dm(kBen, "1");
    dm(kCarl, "@ben are you there");
    EXPECT_EQ(answer(kCarl, "@-1"), "ben: refused");
    EXPECT_EQ(last(kBen), "ben is not your name: somebody said no");
    EXPECT_EQ(box_->directory.get()->find("ben"), nullptr);
    EXPECT_EQ(answer(kDora, "name ben").substr(0, 13), "Your name ben");
    dm(kDora, "1");
    EXPECT_TRUE(ask([](Desk& d) { return decide_matter(d.office(), "ben", true); }).ok());
    EXPECT_EQ(writes_as(kDora), "ben@hill.example");
    EXPECT_THAT(all_shown(kDora), Not(::testing::Contains(HasSubstr("are you there"))))
        << "it was for somebody else";
}

TEST_F(Approval, OnlyWhoIsOperatorDecides) {
    name("eva", kEva);
    dm(kBen, "1");
    EXPECT_EQ(answer(kEva, "@+1"), "No item 1. * lists yours");
    EXPECT_FALSE(box_->directory.get()->find("ben")->row.approved);
    EXPECT_FALSE(ask([](Desk& d) { return decide_matter(d.office(), "zoe", true); }).ok());
}

TEST_F(Approval, AFloodOfJoinsEndsInAClearAnswer) {
    std::string said;
    int asked = 0;
    for (int i = 0; i < 200; ++i) {
        char radio[12];
        std::snprintf(radio, sizeof radio, "!00001%03x", static_cast<unsigned>(i));
        dm(radio, "name zq" + std::to_string(2000 + i));
        said = answer(radio, "1");
        asked += said.rfind("Asked", 0) == 0;
    }
    EXPECT_EQ(said, "Too many names for one day. Try tomorrow, or ask the operator");
    EXPECT_GE(asked, 20);
    EXPECT_LE(asked, 50);
    EXPECT_LE(all_shown(kCarl).size(), 20u) << "the operator's radio is not drowned";
}

class Names : public Persons {};

TEST_F(Names, TooManyInADayAreRefused) {
    settings_.names_per_day = 2;
    reopen();
    for (const char* radio : {kAna, kBen, kDora}) {
        dm(radio, std::string("name zz") + radio[8]);
        dm(radio, "1");
    }
    EXPECT_EQ(owner(kBen), "zzb");
    EXPECT_EQ(last(kDora), "Too many names for one day. Try tomorrow, or ask the operator");
}

TEST_F(Names, ThatLookLikeSomebodysAreTaken) {
    name("marlo", kAna);
    const struct {
        const char* typed;
        const char* said;
    } cases[] = {{"mar1o", "mar1o looks like marlo. Another?"},
                 {"marl0", "marl0 looks like marlo. Another?"},
                 {"mar-lo", "mar-lo looks like marlo. Another?"},
                 {"rnarlo", "rnarlo looks like marlo. Another?"},
                 {"mario", "mario looks like marlo. Another?"},
                 {"m\u0430rlo", "Only the letters a-z: some of yours only look like them"},
                 {"\u03bcarlo", "Only the letters a-z: some of yours only look like them"},
                 {"ma rlo", "Not sent."}};
    for (const auto& each : cases) {
        EXPECT_THAT(answer(kBen, std::string("name ") + each.typed),
                    ::testing::StartsWith(each.said));
    }
    EXPECT_EQ(answer(kBen, "name marta").substr(0, 15), "Your name marta");
    EXPECT_FALSE(ask([](Desk& d) { return d.put_person("mar1o", "", "", ""); }).ok());
    EXPECT_TRUE(ask([](Desk& d) { return d.put_person("marlo", "Marlo", "", ""); }).ok());
}

TEST_F(Names, ShowNothingThatIsNotThere) {
    std::vector<std::string> bad;
    const auto add = [&](unsigned from, unsigned to) {
        for (unsigned c = from; c <= to; ++c) {
            std::string utf8;
            if (c < 0x80) {
                utf8 = static_cast<char>(c);
            } else if (c < 0x800) {
                utf8 = {static_cast<char>(0xC0 | (c >> 6)), static_cast<char>(0x80 | (c & 63))};
            } else {
                utf8 = {static_cast<char>(0xE0 | (c >> 12)),
                        static_cast<char>(0x80 | ((c >> 6) & 63)),
                        static_cast<char>(0x80 | (c & 63))};
            }
            bad.push_back(utf8);
        }
    };
    add(0x01, 0x1F);
    add(0x7F, 0x9F);
    add(0x200B, 0x200F);
    add(0x202A, 0x202E);
    add(0x2066, 0x2069);
    name("ana", kAna);
    for (const std::string& sign : bad) {
        const std::string dirty = "bo" + sign + "b";
        const std::string clean = squeeze(clean_name(dirty));
        EXPECT_TRUE(clean == "bob" || clean == "bo b") << clean;
        Heard heard;
        heard.name = dirty;
        hear(kBen, heard);
        const auto row = store_->read([](store::Tables& t) {
            return t.people.endpoint({"meshtastic", kBen});
        });
        EXPECT_EQ((*row)->name, clean);
        (void)ask([&](Desk& d) {
            return d.put_contact("ana", "bob@example.org", dirty, store::ContactState::Known);
        });
        const auto book = store_->read([](store::Tables& t) { return t.people.contacts("ana"); });
        for (const auto& contact : *book) EXPECT_EQ(contact.nick.find(sign), std::string::npos);
    }
}

TEST_F(Names, ANicknameIsNoHandleAndAHandleTakenLaterLeavesItAlone) {
    name("ana", kAna);
    name("carl", kCarl);
    EXPECT_EQ(answer(kAna, "@carl=c@example.org"),
              "carl is a person here. Choose another nickname");
    for (const char* like :
         {"@cаrl=c@example.org", "@car1=c@example.org", "@c-arl=c@example.org"}) {
        EXPECT_EQ(answer(kAna, like), "carl is a person here. Choose another nickname") << like;
    }
    EXPECT_FALSE(ask([](Desk& d) {
                     return d.put_contact("ana", "c@example.org", "car1",
                                          store::ContactState::Known);
                 }).ok());
    EXPECT_FALSE(ask([](Desk& d) {
                     return d.put_contact("ana", "c@example.org", "CARL",
                                          store::ContactState::Known);
                 }).ok());
    dm(kAna, "@zoe=zoe@example.org");
    dm(kDora, "name zoe");
    dm(kDora, "1");
    EXPECT_EQ(owner(kDora), "zoe");
    dm(kAna, "@zoe hello");
    EXPECT_EQ(relay_->sent.back().to.value, "zoe@example.org") << "her nickname still";
    dm(kCarl, "@zoe hello");
    EXPECT_THAT(last(kDora), HasSubstr("carl: hello")) << "everybody else's @zoe";
}

TEST_F(Names, ABookIsFullAtTwoHundredAndIsReadPageByPage) {
    name("ana", kAna);
    for (int i = 0; i < kMostNicknames; ++i) {
        const std::string n = std::to_string(1000 + i);
        dm(kAna, "@bob" + n + "=b" + n + "@example.org");
    }
    EXPECT_THAT(answer(kAna, "@more=more@example.org"), ::testing::StartsWith("Book full: 200"));
    EXPECT_EQ(answer(kAna, "@bob1000=new@example.org"), "bob1000 = new@example.org")
        << "in place of one";
    std::string names;
    std::string page = answer(kAna, "@");
    int pages = 1;
    for (; page.find(" +") != std::string::npos && pages < 40; ++pages) {
        EXPECT_LE(page.size(), 130u);
        names += page.substr(0, page.find(" +")) + ' ';
        page = answer(kAna, "+");
    }
    names += page;
    for (int i = 0; i < kMostNicknames; ++i)
        EXPECT_THAT(names, HasSubstr("bob" + std::to_string(1000 + i)));
    EXPECT_GT(pages, 5);
    dm(kAna, "@");
    dm(kAna, "*");
    EXPECT_EQ(answer(kAna, "+"), "Nothing more") << "the book is closed by another question";
}

class Minor : public Persons {
  protected:
    Minor() {
        name("ana", kAna);
        name("kim", kBen);
        EXPECT_TRUE(ask([](Desk& d) { return d.put_person("kim", "", "", "", true); }).ok());
    }
    Verdict rcpt(const std::string& from) {
        Sender sender;
        if (!from.empty()) sender.address = *parse_address(from);
        return office_->check(sender, *parse_address("kim@hill.example"), 100);
    }
};

TEST_F(Minor, TakesNoMailFromOutside) {
    for (const char* from : {"bob@example.org", ""}) {
        const Verdict refused = rcpt(from);
        EXPECT_EQ(refused.kind, Verdict::Kind::Refused);
        EXPECT_EQ(refused.reason, Verdict::Reason::NotAllowed) << "5.7.1";
        EXPECT_EQ(refused.text, "does not take mail from outside");
    }
    const Verdict taken = mail("bob@example.org", "kim@hill.example", "hi", "<1@x>", true);
    EXPECT_EQ(taken.kind, Verdict::Kind::Refused);
    EXPECT_TRUE(all_shown(kBen).empty());
    EXPECT_TRUE(relay_->sent.empty()) << "nobody is told more";
    const std::string token = box_->tokens.make("kim", box_->day() + 5);
    EXPECT_FALSE(mail("bob@example.org", "kim+" + token + "@hill.example", "hi", "<2@x>").kept());
    EXPECT_THAT(answer(kDora, "@kim hi"), HasSubstr("not allowed here"))
        << "a radio without a name is outside too";
}

TEST_F(Minor, SendsNothingOutside) {
    EXPECT_EQ(answer(kBen, "bob@example.org hi"), "Not for you yet: ask your operator");
    EXPECT_EQ(answer(kBen, "@ana,bob@example.org hi"), "Not for you yet: ask your operator");
    EXPECT_EQ(answer(kBen, "#public hi"), "Not for you yet: ask your operator");
    Message message = letter("kim@hill.example", "bob@example.org", "hi");
    message.submitted = message.trusted = message.verified_sender = true;
    EXPECT_FALSE(hand(message).kept()) << "nor by a mail program";
    EXPECT_TRUE(relay_->sent.empty());
}

TEST_F(Minor, IsOneOfTheVillageAndRaisesAlarms) {
    name("carl", kCarl);
    EXPECT_EQ(answer(kBen, "@ana hi"), "1 kept");
    EXPECT_EQ(last(kAna), "1 kim: hi");
    EXPECT_EQ(answer(kAna, "*1 hello"), "2 kept");
    EXPECT_THAT(last(kBen), HasSubstr("ana: hello"));
    EXPECT_EQ(rcpt("ana@hill.example").kind, Verdict::Kind::Accepted);
    dm(kBen, "SOS fell");
    EXPECT_EQ(last(kCarl), "ALARM 1 kim: fell");
    EXPECT_TRUE(ask([](Desk& d) { return d.put_person("kim", "", "", "", false); }).ok());
    EXPECT_EQ(rcpt("bob@example.org").kind, Verdict::Kind::Accepted) << "grown up";
}

class Numbers : public Persons {
  protected:
    // The radio's own reply to the line with this wire id, or to the one sent last.
    void reply(const std::string& radio, const std::string& text) {
        Message message = spoken(radio, text);
        message.references = {wire_.empty() ? radio_->wire_ids.back() : wire_};
        hand(message);
    }
    std::string wire_;
};

TEST_F(Numbers, TheRadiosOwnReplyToANoteSpeaksOfItsMail) {
    name("ana", kAna);
    mail("eve@example.org", "ana@hill.example", "Offer", "<1@x>", true);
    ASSERT_THAT(last(kAna), HasSubstr("Mail held from eve@example.org"));
    reply(kAna, "@+");
    EXPECT_THAT(all_shown(kAna), ::testing::Contains("eve@example.org may write to you"));
    EXPECT_EQ(last(kAna), "1 eve: Offer");
}

TEST_F(Numbers, AnAnswerToAHeldNoteReachesItsSenderAndBringsTheMail) {
    name("ana", kAna);
    mail("eve@example.org", "ana@hill.example", "Offer", "<1@x>", true);
    reply(kAna, "who are you");
    EXPECT_EQ(relay_->sent.back().to.value, "eve@example.org");
    EXPECT_THAT(relay_->sent.back().text, HasSubstr("who are you"));
    EXPECT_THAT(all_shown(kAna), ::testing::Contains("1 eve: Offer"));
}

TEST_F(Numbers, AReplyToAnAlarmAnswersWhoCalls) {
    name("carl", kCarl);
    name("ana", kAna);
    dm(kAna, "SOS fell");
    ASSERT_EQ(last(kCarl), "ALARM 1 ana: fell");
    for (std::size_t i = 0; i < radio_->sent.size(); ++i) {
        if (radio_->sent[i].text == "ALARM 1 ana: fell") wire_ = radio_->wire_ids[i];
    }
    reply(kCarl, "coming");
    EXPECT_THAT(last(kAna), HasSubstr("coming"));
}

TEST_F(Numbers, AReplyToAWarningIsAWordAboutTheMove) {
    name("ana", kAna);
    ask_to_move(kDora, "ana");
    for (std::size_t i = 0; i < radio_->sent.size(); ++i) {
        if (radio_->sent[i].text.find("asks for your name") != std::string::npos)
            wire_ = radio_->wire_ids[i];
    }
    reply(kAna, "@-");
    EXPECT_EQ(last(kAna), "Stopped. ana stays where it is");
}

}  // namespace
}  // namespace waypost

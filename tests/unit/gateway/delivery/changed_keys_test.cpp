// SPDX-License-Identifier: Apache-2.0
// A radio that is heard under another key: who is told, who decides, and what anybody's word can
// do.
#include <gmock/gmock.h>

#include "gateway/delivery/desk_persons.h"
#include "persons.h"

namespace waypost {
namespace {

using ::testing::HasSubstr;

const std::string kCarlsKey(64, 'c');
constexpr char kAsked[] =
    "The radio of ana has a new key: mail to it waits. @+1 it is theirs, @-1 it is not";

class Keys : public Persons {
  protected:
    Keys() {
        name("ana", kAna);
        name("carl", kCarl);
        pin(kAna, 'a');
        pin(kCarl, 'c');
    }
    void said(const std::string& radio, char key) {
        Heard heard;
        heard.public_key = std::string(64, key);
        hear(radio, heard);
    }
    store::EndpointRow row(const std::string& radio) {
        return *box_->directory.get()->endpoint({"meshtastic", radio});
    }
    std::size_t open_matters_now() {
        return store_->read([](store::Tables& t) { return t.matters.all(); })->size();
    }
};

TEST_F(Keys, TheOperatorIsToldOnceAndSaysYesByNumber) {
    said(kAna, 'b');
    said(kAna, 'b');
    EXPECT_EQ(all_shown(kCarl), (std::vector<std::string>{kAsked}));
    dm(kBen, "@ana are you there");
    EXPECT_TRUE(all_shown(kAna).empty()) << "who holds the new key may not be her";
    EXPECT_THAT(answer(kCarl, "@+1"), HasSubstr("Only by an encrypted DM"));
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "The new key of ana counts now. What waited goes");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'b'));
    EXPECT_EQ(row(kAna).new_key, "");
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "That is settled already");
    dm(kCarl, "@ana mail again", kCarlsKey);
    EXPECT_THAT(last(kAna), HasSubstr("mail again"));
}

TEST_F(Keys, TheOperatorSaysNoAndWhatWaitedGoes) {
    said(kAna, 'b');
    dm(kCarl, "@ana the code is 1234", kCarlsKey);
    EXPECT_TRUE(all_shown(kAna).empty());
    EXPECT_THAT(answer(kCarl, "@-1"), HasSubstr("Only by an encrypted DM"));
    EXPECT_TRUE(all_shown(kAna).empty()) << "a no lets go what waits as well";
    EXPECT_EQ(answer(kCarl, "@-1", kCarlsKey), "The old key of ana stays. What waited goes to it");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
    EXPECT_EQ(row(kAna).new_key, "");
    EXPECT_THAT(last(kAna), HasSubstr("the code is 1234"));
}

TEST_F(Keys, AYesIsForTheKeyThatWasAskedAbout) {
    said(kAna, 'b');
    said(kAna, 'd');
    EXPECT_EQ(all_shown(kCarl).size(), 2u);
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "That is settled already");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
    answer(kCarl, "@+2", kCarlsKey);
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'd'));
}

TEST_F(Keys, ThePinnedKeyHeardAgainSettlesIt) {
    said(kAna, 'b');
    pin(kAna, 'a');
    EXPECT_EQ(open_matters_now(), 0u);
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "That is settled already");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
}

TEST_F(Keys, ItIsBoundedHowOftenAnybodyCanHaveItTold) {
    name("dora", kDora);
    for (const char* radio : {kAna, kDora}) {
        if (radio == kDora) pin(kDora, 'a');
        for (char key = 'd'; key < 'z'; ++key) said(radio, key);
    }
    EXPECT_EQ(all_shown(kCarl).size(), 6u) << "three of each radio";
    EXPECT_EQ(open_matters_now(), 2u) << "the console shows the newest";
    pass(std::chrono::hours(24));
    said(kAna, 'b');
    EXPECT_EQ(all_shown(kCarl).size(), 7u);
}

TEST_F(Keys, SheIsToldOnHerOtherRadioAndDecidesThere) {
    ASSERT_TRUE(ask([](Desk& d) { return d.bind("ana", "meshtastic:!0000000d"); }).ok());
    pin(kDora, 'd');
    said(kAna, 'b');
    EXPECT_EQ(all_shown(kDora),
              (std::vector<std::string>{"Another radio of yours has a new key: mail to it waits. "
                                        "@+1 it is yours, @-1 it is not"}));
    dm(kCarl, "@ana hello", kCarlsKey);
    EXPECT_THAT(last(kDora), HasSubstr("hello")) << "her other radio waits for nothing";
    EXPECT_EQ(answer(kDora, "@-1", std::string(64, 'd')),
              "The old key of ana stays. What waited goes to it");
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "That is settled already");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
}

TEST_F(Keys, WhoHoldsTheNewKeyIsToldOnlyThatItDoesNotCount) {
    said(kAna, 'b');
    const std::string forged(64, 'b');
    EXPECT_THAT(answer(kAna, "@+1", forged), Not(HasSubstr("counts now")));
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'a'));
    dm(kAna, "bob@example.org hi", forged);
    EXPECT_THAT(all_shown(kAna), ::testing::Contains(HasSubstr("This radio's key changed")));
}

TEST_F(Keys, TheConsoleDecidesTooAndNothingIsLostByARestart) {
    said(kAna, 'b');
    reopen();
    EXPECT_EQ(open_matters_now(), 1u);
    ASSERT_TRUE(ask([](Desk& d) { return d.confirm_key("ana"); }).ok());
    EXPECT_EQ(open_matters_now(), 0u);
    EXPECT_EQ(answer(kCarl, "@-1", kCarlsKey), "That is settled already");
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'b'));
    said(kAna, 'd');
    const auto decide = [](const std::string& who, bool yes) {
        return [who, yes](Desk& d) { return decide_matter(d.office(), who, yes); };
    };
    EXPECT_FALSE(ask(decide("zoe", true)).ok());
    ASSERT_TRUE(ask(decide("ana", true)).ok());
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'd'));
    said(kAna, 'e');
    ASSERT_TRUE(ask(decide("meshtastic:!0000000a", false)).ok());
    EXPECT_EQ(row(kAna).public_key, std::string(64, 'd'));
    EXPECT_EQ(open_matters_now(), 0u);
}

TEST_F(Keys, AMoveOfTheNameGoesItsOwnWay) {
    said(kAna, 'b');
    ask_to_move(kDora, "ana");
    EXPECT_EQ(open_matters_now(), 2u);
    ASSERT_TRUE(ask([](Desk& d) { return decide_matter(d.office(), "ana", true); }).ok());
    EXPECT_EQ(owner(kDora), "ana") << "the name first";
    EXPECT_EQ(row(kAna).new_key, std::string(64, 'b'));
}

TEST_F(Keys, WhoIsForgottenHasNoKeyToDecideOn) {
    said(kAna, 'b');
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    EXPECT_EQ(open_matters_now(), 0u);
    EXPECT_EQ(answer(kCarl, "@+1", kCarlsKey), "That is settled already");
}

TEST_F(Keys, AStrangersKeyIsNobodysMatter) {
    pin(kEva, 'a');
    said(kEva, 'b');
    EXPECT_EQ(open_matters_now(), 0u);
    EXPECT_TRUE(all_shown(kCarl).empty());
}

}  // namespace
}  // namespace waypost

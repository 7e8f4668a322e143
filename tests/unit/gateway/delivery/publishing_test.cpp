// SPDX-License-Identifier: Apache-2.0
// "post text", and what somebody wants to be in the fediverse.
#include "gateway/custody/profile.h"
#include "readers_village.h"

namespace waypost {
namespace {

using std::chrono::hours;
constexpr char kAsked[] = "All the world can read it, by ana@hill.example. 1 = yes";

class PublishingTest : public ReadersVillage {
  protected:
    Profile profile(const std::string& handle) {
        return office_->people()->resident(handle)->profile;
    }
    std::size_t posts() const { return world_->sent.size(); }
};

TEST_F(PublishingTest, TheWordIsUnderstoodInEachLanguageAndAskedAboutOnce) {
    EXPECT_EQ(dm1(kAna, "post The road is open"), kAsked);
    EXPECT_EQ(dm1(kAna, "1"), "1 kept > #public");
    ASSERT_EQ(posts(), 1u);
    EXPECT_EQ(world_->sent[0].text, "The road is open");
    int languages = 1;
    for (const char* typed :
         {"publicar: hay pan", "Publier le pont est ouvert", "chapisha daraja limefunguliwa",
          "انشر الطريق مفتوح", "unshur al tariq maftuh", "पोस्ट सड़क खुली है",
          "prakashit sadak khuli hai", "Опублікуй дорога відкрита", "opublikui doroha vidkryta"}) {
        EXPECT_NE(dm1(kAna, typed).find("> #public"), std::string::npos) << typed;
        EXPECT_EQ(posts(), static_cast<std::size_t>(++languages)) << typed;
    }
    EXPECT_EQ(world_->sent[1].text, "hay pan");
}

TEST_F(PublishingTest, InAnOpenTalkItIsTalk) {
    dm(kAna, "#public first");
    dm(kAna, "1");
    ASSERT_EQ(posts(), 1u);
    dm(kAna, "@ben");
    EXPECT_EQ(dm1(kAna, "post office opens at 9"), "2 kept > ben");
    EXPECT_EQ(posts(), 1u);
    // Her talk has ended, and she may not know it.
    pass(hours(2));
    shown(kAna);
    EXPECT_EQ(dm1(kAna, "post arrived, the key is under the mat"), kAsked);
    EXPECT_EQ(dm1(kAna, "0"), "OK, nothing done");
    EXPECT_EQ(posts(), 1u);
    EXPECT_EQ(dm1(kAna, "@ben"), "3 kept > ben") << "it was for him";
    pass(hours(26));
    shown(kAna);
    EXPECT_EQ(dm1(kAna, "post The dam is dry"), "4 kept > #public");
    EXPECT_EQ(posts(), 2u);
}

TEST_F(PublishingTest, WhereNobodyMayPostItIsAnOrdinaryLine) {
    EXPECT_EQ(dm1(kAna, "post"), "Not sent. To whom? Begin with an address: bob@x.org text");
    EXPECT_EQ(dm1(kAna, "posted you a parcel").rfind("Not sent", 0), 0u);
    EXPECT_EQ(dm1(kAna, "post there is a fire").rfind("Not sent. Emergency?", 0), 0u);
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "", "", "", true); }).ok());
    EXPECT_EQ(dm1(kAna, "post hello").rfind("Not sent", 0), 0u);
    close();
    open();  // without a network that has readers
    EXPECT_EQ(dm1(kBen, "post office opens at 9").rfind("Not sent", 0), 0u);
    EXPECT_EQ(posts(), 0u);
}

TEST_F(PublishingTest, ARadioSaysWhatItsPersonIsInTheFediverse) {
    EXPECT_EQ(profile("ana"), Profile::Unlisted);
    EXPECT_EQ(dm1(kAna, "#+public listed"),
              "@ana@hill.example may be listed and searched. #+public = not listed, #-public = no "
              "profile");
    EXPECT_EQ(profile("ana"), Profile::Listed);
    begin_again();
    EXPECT_EQ(profile("ana"), Profile::Listed) << "on record";
    const std::string off =
        "You have no profile in the fediverse: nobody there can write to you. #+public makes one";
    EXPECT_EQ(dm1(kAna, "#-public"), off);
    EXPECT_EQ(profile("ana"), Profile::None);
    EXPECT_EQ(dm1(kAna, "#public hello"), off);
    EXPECT_EQ(dm1(kAna, "post hello"), off);
    EXPECT_EQ(dm1(kAna, "#+public"),
              "@ana@hill.example can be found by who knows it. #+public listed = by search too, "
              "#-public = no profile");
    EXPECT_EQ(profile("ana"), Profile::Unlisted);
    EXPECT_EQ(profile("ben"), Profile::Unlisted);
    EXPECT_EQ(dm1(kNobody, "#-public").rfind("Groups need a name", 0), 0u);
    EXPECT_EQ(posts(), 0u);
}

TEST_F(PublishingTest, AgreedBeforeAndGoneSinceIsNotPosted) {
    dm(kAna, "#public one");
    dm(kAna, "1");
    ASSERT_EQ(posts(), 1u);
    dm(kAna, "#-public");
    EXPECT_EQ(dm1(kAna, "#public two").rfind("You have no profile", 0), 0u);
    EXPECT_EQ(posts(), 1u);
}

TEST_F(PublishingTest, TheOperatorSaysItTooAndWhoLeavesHasNone) {
    ASSERT_TRUE(
        ask([](Desk& d) { return d.put_person("ana", "", "", "", {}, Profile::None); }).ok());
    EXPECT_EQ(profile("ana"), Profile::None);
    ASSERT_TRUE(ask([](Desk& d) { return d.put_person("ana", "Ana", "", ""); }).ok());
    EXPECT_EQ(profile("ana"), Profile::None) << "not said is not changed";
    ASSERT_TRUE(ask([](Desk& d) { return d.remove_person("ana"); }).ok());
    name("ana", kDora);
    EXPECT_EQ(profile("ana"), Profile::Unlisted);
}

TEST(Profile, ItsNames) {
    for (const Profile each : {Profile::None, Profile::Unlisted, Profile::Listed})
        EXPECT_EQ(parse_profile(to_string(each)), each);
    EXPECT_FALSE(parse_profile("hidden"));
    EXPECT_FALSE(parse_profile(""));
}

}  // namespace
}  // namespace waypost

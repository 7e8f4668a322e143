// SPDX-License-Identifier: Apache-2.0
// Pictures between a village and Fedify at dale.test: what comes is made small and kept, what goes
// is made small, tells no place, and can be fetched.
#include "tests/fakes/pictures.h"

#include <Poco/JSON/Array.h>

#include <fstream>

#include "gateway/base/encoding.h"
#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

class FediversePictures : public FediverseStory {
  protected:
    static void SetUpTestSuite() {
        open("picture_side = 640\n", false,
             "[email.relay]\nlisten = [\"smtp:127.0.0.1:" + std::to_string(kSmtp) + "\"]\n");
        type("ana", "@bob@dale.test What do you see?");
        fedify_->waits_for("Create", "What do you see?");
    }
    static void TearDownTestSuite() { close(); }
    // The path answers with these bytes from now on.
    static std::string serve(const std::string& path, const std::string& type,
                             const std::string& bytes) {
        Poco::JSON::Object headers;
        headers.set("Content-Type", type);
        fedify_->deed(
            "page",
            {{"path", path}, {"status", 200}, {"headers", headers}, {"base64", to_base64(bytes)}});
        return "https://dale.test" + path;
    }
    // A letter of Bob's to Ana with one picture.
    static void bob_shows(const std::string& text, const std::string& url,
                          const std::string& description) {
        Poco::JSON::Object picture;
        picture.set("url", url);
        picture.set("type", "image/jpeg");
        picture.set("name", description);
        Poco::JSON::Array media;
        media.add(picture);
        direct("bob", text, "ana", {{"media", media}});
    }
    static bool ana_shows(const std::string& end) { return shows("ana", "", end); }
    // The number of the message that has this attached; 0: none.
    static int message_with(const std::string& name) {
        for (int id = 1; id < 20; ++id) {
            const std::string list = shell(hill_->box().command() + " attachments " +
                                           std::to_string(id) + " 2>&1 || true");
            if (list.find(name) != std::string::npos) return id;
        }
        return 0;
    }

    static inline const int kSmtp = free_port();
    static inline const std::string photo_ = shrink::jpeg(1600, 1200, shrink::meadow, 6);
    const Folder folder_;
};

TEST_F(FediversePictures, WhatComesIsNamedOnTheRadioAndKeptSmall) {
    bob_shows("Look", serve("/files/boat.jpg", "image/jpeg", photo_), "a red boat");
    EXPECT_TRUE(ana_shows(": Look [picture: a red boat]"));
    const int id = message_with("a red boat.jpg");
    ASSERT_GT(id, 0);
    shell(hill_->box().command() + " attachments " + std::to_string(id) + " 1 --output " +
          folder_ / "got.jpg");
    const std::string got = contents(folder_ / "got.jpg");
    EXPECT_EQ(got.substr(0, 3), "\xFF\xD8\xFF");
    EXPECT_LT(got.size(), photo_.size());
    EXPECT_EQ(got.find(shrink::kGpsPlace), std::string::npos);
}

TEST_F(FediversePictures, WhatCannotBeHadIsSaidAndTheWordsArrive) {
    bob_shows("And this", serve("/files/lie.jpg", "image/jpeg", "<html>no picture</html>"),
              "a cat");
    EXPECT_TRUE(ana_shows(": And this [picture: a cat] [not fetched: 1]"));
    bob_shows("And that", "https://dale.test/files/missing.jpg", "a dog");
    EXPECT_TRUE(ana_shows(": And that [picture: a dog] [not fetched: 1]"));
}

// Its server has been told that the note is here, and tells it to nobody again.
TEST_F(FediversePictures, AKillBeforeItIsInCustodyLosesNothing) {
    hill_->box().stop();
    hill_->box().start("handed");
    bob_shows("Later", serve("/files/hut.jpg", "image/jpeg", photo_), "a hut");
    EXPECT_TRUE(eventually([&] { return hill_->box().died(); }));
    hill_->box().start();
    EXPECT_TRUE(ana_shows(": Later [picture: a hut]"));
    EXPECT_GT(message_with("a hut.jpg"), 0);
}

TEST_F(FediversePictures, AMailedPhotoIsFetchedWithoutItsPlace) {
    hill_->waypost("groups add news --title News --mode moderated --moderators ana");
    hill_->waypost("groups join news acct:public@hill.test");
    fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("news")}});
    fedify_->waits_for("Accept", hill_->actor("news"));
    ASSERT_NE(photo_.find(shrink::kGpsPlace), std::string::npos);
    std::ofstream(folder_ / "our goat.jpg", std::ios::binary) << photo_;
    std::ofstream(folder_ / "plan.pdf", std::ios::binary) << std::string(3000, 'x');
    shell("swaks --server 127.0.0.1 --port " + std::to_string(kSmtp) +
          " --from eve@out.test --to news@hill.test --header 'Subject: Found' --body 'Whose is it?'"
          " --attach-type image/jpeg --attach-name 'our goat.jpg' --attach '@" +
          folder_ / "our goat.jpg" +
          "' --attach-type application/pdf --attach-name plan.pdf --attach @" +
          folder_ / "plan.pdf");
    std::string id;
    ASSERT_TRUE(eventually([&] {
        const std::string waits = hill_->waypost("groups posts news");
        const std::size_t digit = waits.find_first_of("0123456789");
        if (digit != std::string::npos)
            id = waits.substr(digit, waits.find_first_not_of("0123456789", digit) - digit);
        return !id.empty();
    })) << hill_->waypost("groups posts news");
    hill_->waypost("groups pass news " + id);
    const auto create = fedify_->waits_for("Create", "Whose is it?");
    EXPECT_NE(create.json.find("[not sent along: plan.pdf 2.9k]"), std::string::npos)
        << create.json;
    const auto note = note_that_says("Whose is it?");
    ASSERT_TRUE(note) << create.json;
    auto picture = note->getObject("attachment");
    if (!picture && note->isArray("attachment"))
        picture = note->getArray("attachment")->getObject(0);
    ASSERT_TRUE(picture) << create.json;
    EXPECT_EQ(picture->getValue<std::string>("name"), "our goat");
    EXPECT_EQ(picture->getValue<int>("height"), 640) << "upright";
    EXPECT_EQ(picture->getValue<int>("width"), 480);
    const auto got = fedify_->deed("get", {{"as", Poco::Dynamic::Var()},
                                           {"url", picture->getValue<std::string>("url")},
                                           {"accept", "image/*"}});
    EXPECT_EQ(number_of(got, "status"), 200);
    EXPECT_EQ(text_of(got, "type"), "image/jpeg");
    EXPECT_NE(text_of(got, "cache").find("immutable"), std::string::npos);
    const auto bytes = from_base64(text_of(got, "base64"));
    ASSERT_TRUE(bytes.ok());
    EXPECT_EQ(bytes->substr(0, 3), "\xFF\xD8\xFF");
    EXPECT_LT(bytes->size(), photo_.size());
    for (const char* trace : {shrink::kGpsPlace, "Exif"})
        EXPECT_EQ(bytes->find(trace), std::string::npos) << trace;
    const auto other = fedify_->deed(
        "get", {{"as", Poco::Dynamic::Var()},
                {"url", "https://hill.test/ap/media/" + std::string(32, 'a') + ".jpg"}});
    EXPECT_EQ(number_of(other, "status"), 404);
}

}  // namespace
}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
// What comes in is said in the reader's language, and of polls no more than he needs.
#include <gtest/gtest.h>

#include "inbox_village.h"

namespace waypost::activitypub {
namespace {

class ReadersWords : public ::testing::Test, protected InboxVillage {
  protected:
    ReadersWords() {
        people.add("juma").language = "sw";
        people.add("eva").language = "es";
    }
    // A note to these of ours, with more of its own.
    int note_to(const std::vector<std::string>& names, const std::string& more,
                const std::string& id = "/notes/1") {
        std::string to;
        for (const std::string& name : names)
            to += (to.empty() ? "\"" : ",\"") + site.actor(name).id() + '"';
        const std::string url = server.url(id);
        return bob_posts(R"("type":"Create","id":")" + url + R"(#create","object":{"id":")" + url +
                         R"(","attributedTo":")" + server.bob() + R"(","to":[)" + to + "]," + more +
                         "}");
    }
    std::string last() const {
        return office.accepted.empty() ? std::string() : office.accepted.back().text;
    }
    // The poll that everybody may see, as its server tells of it.
    int poll(const std::string& type, const std::string& more, int yes, int no) {
        const std::string url = server.url("/polls/1");
        const auto choice = [](const char* name, int votes) {
            return std::string(R"({"type":"Note","name":")") + name +
                   R"(","replies":{"type":"Collection","totalItems":)" + std::to_string(votes) +
                   "}}";
        };
        return bob_posts(R"("type":")" + type + R"(","id":")" + url + '#' +
                         std::to_string(++polls_) + R"(","object":{"type":"Question","id":")" +
                         url + R"(","attributedTo":")" + server.bob() + R"(","to":[")" +
                         site.actor("ana").id() + R"("],"content":"<p>Mend it?</p>",)" + more +
                         R"("oneOf":[)" + choice("yes", yes) + ',' + choice("no", no) + "]}");
    }
    int polls_ = 0;
};

constexpr char kPicture[] =
    R"("type":"Note","content":"<p>Hi</p>","summary":"mto","sensitive":true,)"
    R"("attachment":[{"type":"Document","mediaType":"image/png","url":"https://x.org/1"}])";

TEST_F(ReadersWords, EachReaderHasHisOwn) {
    EXPECT_EQ(note_to({"juma"}, kPicture, "/n/1"), 202);
    EXPECT_EQ(last(), "Tahadhari: mto. Hi\n[picha]");
    EXPECT_EQ(note_to({"eva"}, kPicture, "/n/2"), 202);
    EXPECT_EQ(last(), "Aviso: mto. Hi\n[foto]");
    EXPECT_EQ(note_to({"ana"}, kPicture, "/n/3"), 202);
    EXPECT_EQ(last(), "CW: mto. Hi\n[picture]") << "the village's, for who chose none";
    EXPECT_EQ(note_to({"juma", "eva"}, kPicture, "/n/4"), 202);
    EXPECT_EQ(last(), "CW: mto. Hi\n[picture]") << "one text for two languages";
    people.village_language = "fr";
    EXPECT_EQ(note_to({"juma", "eva"}, kPicture, "/n/5"), 202);
    EXPECT_EQ(last(), "Attention: mto. Hi\n[photo]");
}

TEST_F(ReadersWords, OfSeveralLanguagesHisIsTaken) {
    const std::string many =
        R"("type":"Note","content":"<p>Good day</p>","contentMap":{)"
        R"("en":"<p>Good day</p>","sw":"<p>Habari</p>","es-MX":"<p>Hola</p>"})";
    EXPECT_EQ(note_to({"juma"}, many, "/n/1"), 202);
    EXPECT_EQ(last(), "Habari");
    EXPECT_EQ(note_to({"eva"}, many, "/n/2"), 202);
    EXPECT_EQ(last(), "Hola");
    people.residents["eva"].language = "hi-latn";
    EXPECT_EQ(note_to({"eva"}, many, "/n/3"), 202);
    EXPECT_EQ(last(), "Good day");
}

TEST_F(ReadersWords, OfAPollThatRunsNobodyHearsHowItStands) {
    EXPECT_EQ(poll("Create", "", 0, 0), 202);
    EXPECT_EQ(last(), "Mend it?\npoll: 1 yes 2 no");
    EXPECT_EQ(poll("Update", "", 3, 1), 202);
    EXPECT_EQ(poll("Update", R"("updated":"2026-11-27T10:00:00Z",)", 4, 1), 202);
    EXPECT_EQ(office.accepted.size(), 1u);
}

TEST_F(ReadersWords, HowItEndedIsSaidOnceToWhomItWasShown) {
    EXPECT_EQ(poll("Create", "", 0, 0), 202);
    EXPECT_EQ(poll("Update", R"("closed":"2026-11-27T10:00:00Z",)", 4, 1), 202);
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(last(), "* Mend it?\npoll over: 1 yes (4) 2 no (1)");
    EXPECT_EQ(office.accepted.back().to, office.accepted.front().to);
    EXPECT_EQ(office.accepted.back().references,
              (std::vector<std::string>{server.url("/polls/1")}));
    EXPECT_EQ(poll("Update", R"("closed":"2026-11-27T10:00:00Z",)", 5, 1), 202) << "a late vote";
    EXPECT_EQ(office.accepted.size(), 2u);
}

TEST_F(ReadersWords, APollThatWasNotShownHereEndsInSilence) {
    EXPECT_EQ(poll("Update", R"("closed":"2026-11-27T10:00:00Z",)", 4, 1), 202);
    EXPECT_TRUE(office.accepted.empty());
}

TEST_F(ReadersWords, AnEditThatIsNotSeenWakesNobody) {
    const std::string id = server.url("/notes/1");
    EXPECT_EQ(create(id), 202);
    EXPECT_EQ(update(id, "Hi"), 202);
    EXPECT_EQ(office.accepted.size(), 1u) << "it says the same";
    const auto edited = [&](const char* text, const char* at) {
        return bob_posts(R"("type":"Update","id":")" + id + '#' + at +
                         R"(","object":{"type":"Note","id":")" + id + R"(","attributedTo":")" +
                         server.bob() + R"(","updated":")" + at + R"(","content":")" + text +
                         R"(","to":["https://hill.example/ap/ana"]})");
    };
    EXPECT_EQ(edited("Ho", "2026-11-27T10:01:00Z"), 202);
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(last(), "* Ho");
    EXPECT_EQ(edited("Ho", "2026-11-27T10:02:00Z"), 202);
    EXPECT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(edited("Hi", "2026-11-27T10:03:00Z"), 202) << "back to what it was";
    EXPECT_EQ(office.accepted.size(), 3u);
}

}  // namespace
}  // namespace waypost::activitypub

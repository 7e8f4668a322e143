// SPDX-License-Identifier: Apache-2.0
// Servers that are strict, away, wrong or hostile. The village tells its profiles and posts only to
// those who sign.
#include "gateway/base/clock.h"
#include "tests/interop/activitypub/story.h"

namespace waypost::interop {
namespace {

constexpr int kHour = 3600;

class FediverseTrouble : public FediverseStory {
  protected:
    static void SetUpTestSuite() { open("authorised_fetch = true\n", false); }
    static void TearDownTestSuite() { close(); }

    // What the inbox says to this one of bob's.
    static Poco::Dynamic::Var brought(const std::string& id, const std::string& text,
                                      const std::vector<Fedify::Field>& more = {}) {
        std::vector<Fedify::Field> fields = {
            {"as", "bob"},
            {"inbox", hill_->actor("ana") + "/inbox"},
            {"json", create_of(fedify_->actor("bob"), fedify_->actor("bob") + "/n/" + id, text)}};
        fields.insert(fields.end(), more.begin(), more.end());
        return fedify_->deed("raw", fields);
    }
    static std::size_t times(const std::string& line) {
        const std::string log = fedify_->log();
        std::size_t count = 0;
        for (std::size_t at = log.find(line); at != std::string::npos; at = log.find(line, at + 1))
            ++count;
        return count;
    }
};

// Two servers that tell nothing to whom they do not know meet by their own actors.
TEST_F(FediverseTrouble, BothWantToKnowWhoReads) {
    fedify_->deed("settings", R"({"secure": true})");
    const Poco::Dynamic::Var nobody;
    type("ana", "@bob@dale.test Is the ford open?");
    fedify_->waits_for("Create", "Is the ford open?");
    direct("bob", "It is, since noon", "ana");
    EXPECT_TRUE(shows("ana", "2 bob", ": It is, since noon"));

    type("ana", "#public The dam is dry");
    EXPECT_TRUE(shows("ana", "All the world can read it"));
    type("ana", "1");
    const std::string post = last_post_of("ana");
    ASSERT_NE(post, "");
    for (const std::string& url : {post, hill_->actor("ana"), hill_->actor("ana") + "/outbox"}) {
        EXPECT_EQ(reads(nobody, url), 401) << url;
        EXPECT_EQ(reads("bob", url), 200) << url;
        EXPECT_EQ(
            number_of(
                fedify_->deed("get", {{"as", "bob"}, {"url", url}, {"flavour", Fedify::kRfc9421}}),
                "status"),
            200)
            << url;
    }
    EXPECT_EQ(reads(nobody, hill_->actor("hill.test")), 200) << "or nobody could begin";
    EXPECT_EQ(reads(nobody, "https://hill.test/.well-known/webfinger?resource=acct:ana@hill.test"),
              200);
    fedify_->deed("settings", R"({"secure": false})");
}

TEST_F(FediverseTrouble, AServerThatKnowsOneKindOfSignatureIsWrittenToInIt) {
    const auto refused = [] { return times("inbox 401"); };
    const std::size_t at_first = refused();
    for (const std::string only : {"rfc9421", "draft"}) {
        fedify_->deed("settings", {{"only", only}});
        type("ana", "@bob@dale.test First by " + only);
        fedify_->waits_for("Create", "First by " + only);
        const std::size_t before = refused();
        type("ana", "@bob@dale.test Second by " + only);
        fedify_->waits_for("Create", "Second by " + only);
        EXPECT_EQ(refused(), before) << "it is known by now";
    }
    EXPECT_GT(refused(), at_first) << "the second was not known at first";
    fedify_->deed("settings", R"({"only": null})");
}

// Letters and posts wait on disk; the box is killed meanwhile.
TEST_F(FediverseTrouble, AServerThatWasAwayGetsEachOnce) {
    publish_news();
    fedify_->deed("follow", {{"as", "carol"}, {"whom", hill_->handle("news")}});
    fedify_->waits_for("Accept", hill_->actor("news"));
    fedify_->stop();
    const std::vector<std::string> all = {"Water at one", "Water at two", "Letter at three"};
    type("ana", "#news " + all[0]);
    type("ana", "#news " + all[1]);
    type("ana", "@bob@dale.test " + all[2]);
    EXPECT_TRUE(eventually([&] {  // both were tried
        return hill_->box().log().find("later host=dale.test") != std::string::npos &&
               hill_->waypost("queue").find("(dale.test: ") != std::string::npos;
    }));
    hill_->box().kill9();
    hill_->box().start();
    hill_->box().kill9();
    fedify_->start();
    hill_->box().start();
    for (const std::string& each : all)
        EXPECT_TRUE(eventually([&] { return copies(each) > 0; }, std::chrono::seconds(120)))
            << each;
    type("ana", "#news And all is well");
    fedify_->waits_for("Create", "And all is well");
    for (const std::string& each : all) EXPECT_EQ(copies(each), 1) << each;
}

// Clocks of servers are some hours off now and then, and no more (as Mastodon has it). Where nobody
// vouches for this machine's own, no date is too far off.
TEST_F(FediverseTrouble, AClockThatIsTooFarOffIsToldSo) {
    EXPECT_EQ(number_of(brought("skew-1", "An hour late", {{"skew", -kHour}}), "status"), 202);
    EXPECT_TRUE(shows("ana", "", ": An hour late"));
    const bool vouched = SystemClock().synchronised();
    for (const int skew : {-13 * kHour, 13 * kHour}) {
        for (const char* flavour : {Fedify::kCavage, Fedify::kRfc9421}) {
            const auto answer =
                brought("skew-2", "Half a day off", {{"skew", skew}, {"flavour", flavour}});
            const std::string body = text_of(answer, "body");
            EXPECT_EQ(number_of(answer, "status"), vouched ? 401 : 202) << body;
            EXPECT_EQ(body.find("the date is too far from here: ") != body.npos, vouched) << body;
        }
    }
    if (vouched) {
        EXPECT_FALSE(showed("Half a day off"));
    } else {
        EXPECT_TRUE(shows("ana", "", ": Half a day off"));
    }
}

TEST_F(FediverseTrouble, AChangedKeyIsFetchedOnceAndCounts) {
    direct("bob", "By my old key", "ana");
    EXPECT_TRUE(shows("ana", "", ": By my old key"));
    fedify_->deed("rotate", {{"as", "bob"}});
    const std::size_t before = times("GET /users/bob 200");
    direct("bob", "By my new key", "ana");
    EXPECT_TRUE(shows("ana", "", ": By my new key"));
    direct("bob", "And again", "ana");
    EXPECT_TRUE(shows("ana", "", ": And again"));
    EXPECT_EQ(times("GET /users/bob 200"), before + 1);
}

// Carol signs, and calls her key bob's.
TEST_F(FediverseTrouble, AKeyOfAnothersIsNotHis) {
    const auto answer = brought("forged", "Send money",
                                {{"as", "carol"}, {"key", fedify_->actor("bob") + "#main-key"}});
    // 503 while his own key was fetched a moment ago: it may have changed again.
    EXPECT_TRUE(number_of(answer, "status") == 401 || number_of(answer, "status") == 503);
    EXPECT_EQ(number_of(brought("forged", "Send money", {{"as", "carol"}}), "status"), 401);
    EXPECT_FALSE(showed("Send money"));
}

// An actor's address that leads into the village's own network.
TEST_F(FediverseTrouble, ARedirectToInsideIsNotFollowed) {
    for (const std::string& to :
         {std::string("https://127.0.0.1/"), std::string("https://10.0.0.1/"),
          std::string("https://[::1]/"), std::string("https://169.254.169.254/latest/")}) {
        Poco::JSON::Object headers;
        headers.set("Location", to);
        const std::string name = "/users/mallory" + std::to_string(to.size());
        fedify_->deed("page", {{"path", name}, {"status", 302}, {"headers", headers}});
        const auto answer =
            brought("inside", "From inside", {{"key", "https://dale.test" + name + "#main-key"}});
        EXPECT_EQ(number_of(answer, "status"), 401) << to;
        EXPECT_NE(text_of(answer, "body").find("private network"), std::string::npos)
            << text_of(answer, "body");
    }
    EXPECT_FALSE(showed("From inside"));
}

TEST_F(FediverseTrouble, TooMuchIsLeftWhereItIs) {
    const long before = hill_->box().peak_memory();
    fedify_->deed(
        "page",
        {{"path", "/users/huge"}, {"type", "application/activity+json"}, {"megabytes", 100}});
    const auto answer =
        brought("huge", "So long", {{"key", "https://dale.test/users/huge#main-key"}});
    EXPECT_EQ(number_of(answer, "status"), 401);
    EXPECT_NE(text_of(answer, "body").find("larger than"), std::string::npos)
        << text_of(answer, "body");
    // curl asks first whether so much is wanted.
    EXPECT_EQ(shell("head -c 100000000 /dev/zero | curl -sS -m 20 -o /dev/null -w '%{http_code}' "
                    "--cacert " +
                    world_->authority() +
                    " -H 'Content-Type: application/activity+json' -H 'Expect: 100-continue' "
                    "--data-binary @- https://hill.test/ap/inbox"),
              "413");
    constexpr std::size_t kDepth = 10'000;
    const std::string deep =
        R"({"type":"Create","object":)" + std::string(kDepth, '[') + std::string(kDepth, ']') + '}';
    EXPECT_EQ(fedify_->raw(hill_->actor("ana") + "/inbox", deep), 400);
    EXPECT_LT(hill_->box().peak_memory() - before, 16 * 1024) << "KiB";
}

// Old programs of linked data fetch what a context names.
TEST_F(FediverseTrouble, WhatAContextNamesIsNotAskedFor) {
    auto create =
        create_of(fedify_->actor("bob"), fedify_->actor("bob") + "/n/ctx", "With terms of my own");
    create.set("@context", Fedify::list({"https://www.w3.org/ns/activitystreams",
                                         "https://dale.test/context"}));
    EXPECT_EQ(fedify_->raw(hill_->actor("ana") + "/inbox", create), 202);
    EXPECT_TRUE(shows("ana", "", ": With terms of my own"));
    EXPECT_EQ(times("GET /context"), 0u);
}

}  // namespace
}  // namespace waypost::interop

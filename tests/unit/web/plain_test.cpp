// SPDX-License-Identifier: Apache-2.0
// The pages without scripts, as a browser of the nineties meets them.
#include "web/site/plain.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/web/api_village.h"

namespace waypost::site {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

class PlainTest : public api::ApiVillage {
  protected:
    PlainTest() : folder_(testing::TempDir() + "plain-" + std::to_string(::getpid())) {
        fs::create_directories(folder_ + "/assets");
        put("index.html", "page");
        put("assets/en-1.json",
            R"({"menu.inbox": "Inbox", "state.ready": "about to go", "clear.banner": "Not encrypted.", "write.full": "No room."})");
        put("assets/ar-1.json", R"({"menu.inbox": "\u0627\u0644\u0648\u0627\u0631\u062f"})");
        put("assets/xx-1.json", "rubbish");
        files_ = std::make_unique<Files>(folder_);
        words_ = std::make_unique<Words>(*files_);
        call("PUT", "/people/ana", R"({"name": "Ana"})");
        call("PUT", "/people/ben", R"({"name": "Ben"})");
    }
    ~PlainTest() override { fs::remove_all(folder_); }
    void put(const std::string& name, const std::string& bytes) {
        std::ofstream(folder_ + '/' + name) << bytes;
    }
    PlainPage get(const std::string& who, const std::string& path,
                  const std::map<std::string, std::string>& fields = {}) {
        return asked({"GET", path, fields, visitor(who), {"10.0.0.7", "Lynx"}});
    }
    PlainPage encrypted(const std::string& who, const std::string& path) {
        return asked({"GET", path, {}, visitor(who), {"10.0.0.7", "Lynx", true}});
    }
    PlainPage post(const std::string& who, const std::string& path,
                   std::map<std::string, std::string> fields, const std::string& csrf = "c") {
        fields["csrf"] = csrf;
        return asked({"POST", path, fields, visitor(who), {"10.0.0.7", "Lynx"}});
    }

  private:
    static Visitor visitor(const std::string& who) {
        if (who.empty()) return {};
        return {who, Role::Villager, "s", "c"};
    }
    PlainPage asked(const PlainAsked& asked) {
        PlainPage page;
        (void)ask([&](Desk& desk) -> Result<void> {
            page = Plain(desk, *words_).answer(asked);
            return {};
        });
        return page;
    }
    const std::string folder_;
    std::unique_ptr<Files> files_;
    std::unique_ptr<Words> words_;
};

TEST_F(PlainTest, WhoIsNotSignedInSeesTheFormOnly) {
    for (const char* path : {"", "/sent", "/letter/1", "/write"}) {
        const PlainPage page = get("", path);
        EXPECT_THAT(page.html, HasSubstr("name=\"handle\"")) << path;
        EXPECT_THAT(page.html, Not(HasSubstr("<nav>"))) << path;
    }
    const PlainPage wrong = post("", "", {{"handle", "ana"}, {"code", "12345678"}});
    EXPECT_EQ(wrong.status, 403);
    EXPECT_THAT(wrong.html, HasSubstr("value=\"ana\""));
}

TEST_F(PlainTest, SaysThatItIsNotEncryptedWhereItIsNot) {
    EXPECT_THAT(get("", "").html, HasSubstr("Not encrypted."));
    EXPECT_THAT(get("ana", "/sent").html, HasSubstr("Not encrypted."));
    EXPECT_THAT(encrypted("ana", "/sent").html, Not(HasSubstr("Not encrypted.")));
}

TEST_F(PlainTest, ACodeSignsIn) {
    const auto code = call("POST", "/people/ana/sign-in-code").body->getValue<std::string>("code");
    const PlainPage in = post("", "", {{"handle", "ana"}, {"code", code}});
    EXPECT_EQ(in.status, 303);
    EXPECT_EQ(in.go_to, "/plain");
    EXPECT_THAT(in.cookie, HasSubstr("waypost="));
}

TEST_F(PlainTest, ALetterIsWrittenAndReadAsItIs) {
    const std::string nasty = "<script>alert(1)</script> & \"so on\"";
    const PlainPage sent = post(
        "ana", "/write", {{"to", " ben , ben@hill.example"}, {"subject", nasty}, {"text", nasty}});
    EXPECT_EQ(sent.go_to, "/plain/sent") << sent.html;
    const PlainPage inbox = get("ben", "");
    EXPECT_THAT(inbox.html, Not(HasSubstr("<script")));
    EXPECT_THAT(inbox.html, HasSubstr("&lt;script&gt;"));
    const std::size_t at = inbox.html.find("/plain/letter/");
    ASSERT_NE(at, std::string::npos);
    const std::size_t from = at + 6;
    const std::string path = inbox.html.substr(from, inbox.html.find('"', from) - from);
    const PlainPage letter = get("ben", path);
    EXPECT_THAT(letter.html, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;so on"));
    EXPECT_THAT(letter.html, Not(HasSubstr("<script")));
    EXPECT_THAT(letter.html, HasSubstr("/plain/write?to=ana&amp;subject="));
    call("PUT", "/people/cid", R"({"name": "Cid"})");
    EXPECT_EQ(get("cid", path).status, 404);
}

TEST_F(PlainTest, WhatWasNotTakenComesBackForThoseAlone) {
    const PlainPage again =
        post("ana", "/write", {{"to", "ben, nobody@hill.example"}, {"text", "a long letter"}});
    EXPECT_EQ(again.status, 422);
    EXPECT_THAT(again.html, HasSubstr("value=\"nobody@hill.example\""));
    EXPECT_THAT(again.html, HasSubstr(">a long letter</textarea>"));
    const PlainPage to_none = post("ana", "/write", {{"to", " , "}, {"text", "kept"}});
    EXPECT_EQ(to_none.status, 400);
    EXPECT_THAT(to_none.html, HasSubstr(">kept</textarea>"));
}

TEST_F(PlainTest, AFullBoxSaysSoAndGivesTheLetterBack) {
    close();
    settings_.keep_free_bytes = std::uint64_t{1} << 62;
    open();
    const PlainPage again = post("ana", "/write", {{"to", "ben"}, {"text", "a long letter"}});
    EXPECT_EQ(again.status, 422);
    EXPECT_THAT(again.html, HasSubstr("<p role=\"alert\">No room.</p>"));
    EXPECT_THAT(again.html, HasSubstr("value=\"ben\""));
    EXPECT_THAT(again.html, HasSubstr(">a long letter</textarea>"));
}

TEST_F(PlainTest, AnotherPagesFormDoesNothing) {
    EXPECT_EQ(post("ana", "/write", {{"to", "ben"}, {"text", "x"}}, "wrong").status, 403);
    EXPECT_EQ(post("ana", "/sign-out", {}, "").status, 403);
    EXPECT_THAT(get("ben", "").html, Not(HasSubstr("/plain/letter/")));
}

TEST_F(PlainTest, SpeaksTheLanguageOfItsReaderInItsDirection) {
    EXPECT_THAT(get("ana", "").html, HasSubstr("<html lang=\"en\" dir=\"ltr\">"));
    call("PUT", "/people/ana", R"({"language": "ar"})");
    const PlainPage page = get("ana", "");
    EXPECT_THAT(page.html, HasSubstr("<html lang=\"ar\" dir=\"rtl\">"));
    EXPECT_THAT(page.html, HasSubstr("<h1>\u0627\u0644\u0648\u0627\u0631\u062f</h1>"));
}

TEST_F(PlainTest, WhatIsNotThereIsSaid) {
    EXPECT_EQ(get("ana", "/nothing").status, 404);
    EXPECT_EQ(get("ana", "/letter/x").status, 400);
    EXPECT_EQ(get("ana", "/letter/../../queue").status, 400) << "no number, as any other";
    EXPECT_EQ(get("ana", "", {{"before", "x&box=out"}}).status, 400);
}

}  // namespace
}  // namespace waypost::site

// SPDX-License-Identifier: Apache-2.0
// What tests of the village among its peers have in common: who is there, what they do, and what is
// shown when one of them fails. Ana and Ben have handhelds at hill.test; bob, carol and dan are on
// Fedify at dale.test, alice is on snac at oak.test.
#pragma once

#include <Poco/JSON/Object.h>
#include <Poco/JSON/Parser.h>
#include <gtest/gtest.h>

#include <iostream>
#include <memory>
#include <string>

#include "tests/interop/activitypub/fedify.h"
#include "tests/interop/activitypub/hill.h"
#include "tests/interop/activitypub/snac.h"

namespace waypost::interop {

class FediverseStory : public ::testing::Test {
  protected:
    // Once for all tests of a file. `section`: more of [activitypub.home]; `more`: other sections.
    static void open(const std::string& section, bool with_snac, const std::string& more = {}) {
        world_ = std::make_unique<Fediverse>();
        if (with_snac)
            snac_ = std::make_unique<Snac>(*world_, "oak.test", std::vector<std::string>{"alice"});
        fedify_ = std::make_unique<Fedify>(*world_, "dale.test",
                                           std::vector<std::string>{"bob", "carol", "dan"});
        hill_ = std::make_unique<Hill>(*world_, section, more);
    }
    static void close() {
        hill_.reset();
        fedify_.reset();
        snac_.reset();
        world_.reset();
    }
    void TearDown() override {
        if (!HasFailure()) return;
        if (hill_) std::cerr << hill_->seen();
        if (fedify_) std::cerr << "--- fedify\n" << fedify_->log();
        if (snac_) std::cerr << "--- snac\n" << snac_->log();
    }

    static void type(const std::string& who, const std::string& text) {
        hill_->handhelds().type(who, text);
    }
    static bool shows(const std::string& who, const std::string& begin,
                      const std::string& end = {}) {
        return hill_->handhelds().shows_some(who, begin, end);
    }
    static bool showed(const std::string& text) {
        return hill_->handhelds().seen().find(text) != std::string::npos;
    }
    static bool trace_says(const std::string& text) {
        return eventually([&] { return hill_->box().traces(60).find(text) != std::string::npos; });
    }
    static int lines_with(const std::string& who, const std::string& text) {
        int count = 0;
        for (const std::string& line : hill_->handhelds().screen(who))
            count += line.find(text) != std::string::npos ? 1 : 0;
        return count;
    }
    // The number that a line of hers with this in it begins with: "7 bob: Hi".
    static std::string number_of_line(const std::string& who, const std::string& text) {
        std::string number;
        for (const std::string& line : hill_->handhelds().screen(who))
            if (line.find(text) != std::string::npos) number = line.substr(0, line.find(' '));
        return number;
    }
    // From Fedify, to one of ours alone; `more` fields of its deed "note". The id of the note.
    static std::string direct(const std::string& as, const std::string& text,
                              const std::string& whom,
                              const std::vector<Fedify::Field>& more = {}) {
        std::vector<Fedify::Field> fields = {{"as", as},
                                             {"text", text},
                                             {"to", "direct"},
                                             {"mention", Fedify::list({hill_->handle(whom)})}};
        fields.insert(fields.end(), more.begin(), more.end());
        return text_of(fedify_->deed("note", fields), "id");
    }
    // The note of ours that Fedify was brought.
    static Poco::JSON::Object::Ptr note_that_says(const std::string& text) {
        return Poco::JSON::Parser()
            .parse(fedify_->waits_for("Create", text).json)
            .extract<Poco::JSON::Object::Ptr>()
            ->getObject("object");
    }
    // Of a note with this id, to Ana alone.
    static Poco::JSON::Object create_of(const std::string& author, const std::string& id,
                                        const std::string& text) {
        Poco::JSON::Object note, create;
        note.set("type", "Note");
        note.set("id", id);
        note.set("attributedTo", author);
        note.set("content", "<p>" + text + "</p>");
        note.set("to", Fedify::list({hill_->actor("ana")}));
        create.set("@context", "https://www.w3.org/ns/activitystreams");
        create.set("type", "Create");
        create.set("id", id + "#create");
        create.set("actor", author);
        create.set("object", note);
        return create;
    }
    // The status of a GET that this one signs; null: nobody.
    static int reads(const Poco::Dynamic::Var& as, const std::string& url) {
        return number_of(fedify_->deed("get", {{"as", as}, {"url", url}}), "status");
    }
    // #news can be followed, and Ana is in it.
    static void publish_news() {
        hill_->waypost("groups add news --title \"News of the hill\"");
        hill_->waypost("groups join news acct:public@hill.test");
        type("ana", "#+news");
        EXPECT_TRUE(shows("ana", "You are in #news"));
    }
    static void alice_follows_news() {
        snac_->follow("alice", hill_->actor("news"));
        EXPECT_TRUE(eventually([] {
            return snac_->log().find("confirmed follow from " + hill_->actor("news")) !=
                   std::string::npos;
        }));
    }
    // The id of the last public post of hers, as her outbox has it.
    static std::string last_post_of(const std::string& who) {
        const std::string begin = hill_->actor(who) + "/notes/";
        std::string post;
        eventually([&] {
            const std::string outbox = text_of(
                fedify_->deed("get", {{"as", "bob"}, {"url", hill_->actor(who) + "/outbox"}}),
                "body");
            const std::size_t at = outbox.find(begin);
            if (at != std::string::npos) post = outbox.substr(at, outbox.find('"', at) - at);
            return !post.empty();
        });
        return post;
    }
    // How often Fedify was brought a note that says this.
    static int copies(const std::string& text) {
        int count = 0;
        for (const auto& each : fedify_->got("Create"))
            count += each.json.find(text) != std::string::npos ? 1 : 0;
        return count;
    }
    // Who may write to whom is settled: she writes first.
    static void meet(const std::string& who, const std::string& handle) {
        type(who, handle + " Good day");
    }

    static inline std::unique_ptr<Fediverse> world_;
    static inline std::unique_ptr<Snac> snac_;
    static inline std::unique_ptr<Fedify> fedify_;
    static inline std::unique_ptr<Hill> hill_;
};

}  // namespace waypost::interop

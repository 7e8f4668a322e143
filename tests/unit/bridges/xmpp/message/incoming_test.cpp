// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/incoming.h"

#include <future>

#include "bridges/xmpp/message/envelope.h"
#include "bridges/xmpp/message/file_original.h"
#include "tests/fakes/file_server.h"
#include "tests/unit/bridges/xmpp/message/incoming_fixture.h"

namespace waypost::xmpp {
namespace {

TEST_F(IncomingTest, SomebodyOutsideWritesToAna) {
    say("Bob@X.org/phone", "ana@gw.example",
        "<body>hello</body><nick xmlns='http://jabber.org/protocol/nick'>Bob</nick>"
        "<request xmlns='urn:xmpp:receipts'/>");
    ASSERT_EQ(office.accepted.size(), 1u);
    const Message& m = accepted();
    EXPECT_EQ(m.from.uri(), "xmpp:bob@x.org");
    EXPECT_EQ(m.return_path.uri(), "xmpp:bob@x.org");
    ASSERT_EQ(m.to.size(), 1u);
    EXPECT_EQ(m.to[0], mailto("ana", "hill.example"));
    EXPECT_EQ(m.text, "hello");
    EXPECT_EQ(m.from_name, "Bob");
    EXPECT_EQ(m.network, "xmpp");
    EXPECT_EQ(m.transport, "xmpp.home");
    EXPECT_EQ(m.origin_id, "id-12345");
    EXPECT_EQ(read_envelope(m.envelope_id).resource, "phone");
    EXPECT_EQ(m.privacy, Privacy::InClear);
    EXPECT_TRUE(m.verified_sender);
    EXPECT_FALSE(m.submitted);
    EXPECT_FALSE(m.trusted);
    ASSERT_EQ(m.wishes.size(), 1u);
    EXPECT_TRUE(m.wishes[0].delivered);
    EXPECT_TRUE(m.wishes[0].failed);
    EXPECT_TRUE(said().empty());
}

TEST_F(IncomingTest, WhoAsksForNothingCostsNoRecord) {
    say("bob@x.org/phone", "ana@gw.example", "<body>hello</body>");
    EXPECT_TRUE(accepted().wishes.at(0).usual());
    EXPECT_EQ(accepted().envelope_id, "");
}

// XEP-0359: the id that stays the same; receipts and errors name the other one.
TEST_F(IncomingTest, TwoIdsAreBothKept) {
    say("bob@x.org/phone", "ana@gw.example",
        "<body>hello</body><origin-id xmlns='urn:xmpp:sid:0' id='origin-1234'/>");
    EXPECT_EQ(accepted().origin_id, "origin-1234");
    EXPECT_EQ(read_envelope(accepted().envelope_id).id, "id-12345");
    // A counter of old programs: "yes" twice under it is two letters.
    say("bob@x.org/phone", "ana@gw.example", "<body>yes</body>", "id='7'");
    EXPECT_EQ(accepted().origin_id, "");
    EXPECT_EQ(read_envelope(accepted().envelope_id).id, "7");
}

TEST_F(IncomingTest, AnAccountOfOursIsItsPersonFromTheFirstWord) {
    std::vector<std::function<void()>> later;
    people.later = [&](std::function<void()> answer) { later.push_back(std::move(answer)); };
    say("ana@hill.example/laptop", "bob\\40y.org@gw.example", "<body>1</body>");
    say("ana@hill.example/laptop", "bob\\40y.org@gw.example", "<body>2</body>");
    EXPECT_TRUE(office.accepted.empty());
    ASSERT_EQ(people.attached.size(), 1u);
    EXPECT_EQ(people.attached[0].first, "ana");
    ASSERT_EQ(later.size(), 1u);
    later[0]();
    ASSERT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(office.accepted[0].text, "1");
    EXPECT_EQ(office.accepted[1].text, "2");
    EXPECT_TRUE(accepted().submitted);
    EXPECT_TRUE(accepted().trusted);
    EXPECT_EQ(accepted().to.at(0), mailto("bob", "y.org"));
    say("ana@hill.example/laptop", "ben@gw.example", "<body>3</body>");
    EXPECT_EQ(people.attached.size(), 1u);
    EXPECT_EQ(office.accepted.size(), 3u);
}

TEST_F(IncomingTest, WhoLiesAboutWhoHeIsIsNotTaken) {
    // Our own domain, and a stranger at the accounts' domain who is nobody here.
    say("ana@gw.example", "ben@gw.example", "<body>I am Ana</body>");
    say("gw.example", "ben@gw.example", "<body>I am the gateway</body>");
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_TRUE(said().empty());
    EXPECT_EQ(incoming.counters().strange, 2u);
    say("eve@hill.example", "bob\\40y.org@gw.example", "<body>let me out</body>");
    EXPECT_FALSE(accepted().trusted);
}

TEST_F(IncomingTest, OurMailDomainVouchesForNobodyWithoutTheOperatorsWord) {
    const Names open("hill.example", "gw.example");
    const Gate other{office, people, office.state("xmpp.home"), open, *this, "xmpp.home"};
    Incoming without(other, {}, {});
    const Element one =
        stanza("<message from='ana@hill.example/x' to='ben@gw.example'><body>hi</body></message>");
    without.message(one, read_chat(one), *parse_jid("ana@hill.example/x"),
                    *parse_jid("ben@gw.example"));
    EXPECT_FALSE(accepted().verified_sender);
    EXPECT_FALSE(accepted().submitted);
    EXPECT_FALSE(accepted().trusted);
    EXPECT_TRUE(people.attached.empty());
}

TEST_F(IncomingTest, TheGatewayTakesCommandsOfItsOwnPeople) {
    people.addresses[outside("ana@hill.example")] = "ana";
    say("ana@hill.example/x", "gw.example",
        "<body>list</body><request xmlns='urn:xmpp:receipts'/>");
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_TRUE(accepted().to.empty());
    EXPECT_EQ(accepted().text, "list");
    EXPECT_EQ(last().find("received", "urn:xmpp:receipts")->get("id"), "id-12345");
    // Others are told what this is, and not for ever.
    for (int i = 0; i < 5; ++i) say("bob@x.org/x", "gw.example", "<body>list</body>");
    EXPECT_EQ(office.accepted.size(), 1u);
    ASSERT_EQ(sent.size(), 5u);
    EXPECT_NE(sent[0].child_text("body").find("hill"), std::string::npos);
    EXPECT_EQ(sent[1].get("type"), "chat");
    EXPECT_EQ(sent[2].get("type"), "error");
}

TEST_F(IncomingTest, WhatIsSaidAboutSomethingSaidIsShort) {
    people.residents["ana"].language = "es";
    say("bob@x.org/p", "ana@gw.example",
        "<body>at six</body><replace xmlns='urn:xmpp:message-correct:0' id='m-1'/>");
    EXPECT_EQ(accepted().text, "* at six");
    EXPECT_EQ(accepted().references, std::vector<std::string>{"m-1"});
    say("bob@x.org/p", "ana@gw.example",
        "<reactions xmlns='urn:xmpp:reactions:0' id='m-2'><reaction>👍</reaction></reactions>");
    EXPECT_EQ(accepted().text, "👍");
    EXPECT_TRUE(accepted().reaction);
    EXPECT_EQ(accepted().references, std::vector<std::string>{"m-2"});
    say("bob@x.org/p", "ana@gw.example",
        "<retract xmlns='urn:xmpp:message-retract:1' id='m-3'/><body>retracted</body>");
    EXPECT_EQ(accepted().text, "[retira lo dicho]");
    EXPECT_EQ(accepted().references, std::vector<std::string>{"m-3"});
    say("bob@x.org/p", "ana@gw.example", "<body>News!</body>", "type='headline'");
    EXPECT_TRUE(accepted().automatic);
}

TEST_F(IncomingTest, CiphertextGoesNowhereAndIsAnsweredOnce) {
    const std::string omemo =
        "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload></encrypted>"
        "<body>I sent you an OMEMO encrypted message</body>";
    say("bob@x.org/phone", "ana@gw.example", omemo, "type='chat' id='id-12345' xml:lang='es'");
    EXPECT_TRUE(office.accepted.empty());
    ASSERT_EQ(sent.size(), 2u);
    EXPECT_EQ(sent[0].get("type"), "error");
    EXPECT_EQ(read_error(sent[0]).condition, "not-acceptable");
    EXPECT_EQ(read_error(sent[0]).text, catalogue("es").letter("chat_error_sealed"));
    EXPECT_EQ(sent[1].get("from"), "ana@gw.example");
    EXPECT_EQ(sent[1].get("to"), "bob@x.org");
    EXPECT_NE(sent[1].child_text("body").find("cifrado"), std::string::npos);
    sent.clear();
    say("bob@x.org/laptop", "ana@gw.example", omemo);
    ASSERT_EQ(sent.size(), 1u);  // marked as not sent, and no word more
    sent.clear();
    // Nobody is there who could say it.
    say("bob@x.org/phone", "zoe@gw.example", omemo);
    EXPECT_EQ(sent.size(), 1u);
    sent.clear();
    // Another pair is another matter; so is the same after a restart not.
    say("bob@x.org/phone", "ben@gw.example", omemo);
    EXPECT_EQ(sent.size(), 2u);
    sent.clear();
    Incoming again(gate, {}, {});
    const Element one =
        stanza("<message from='bob@x.org/p' to='ana@gw.example'>" + omemo + "</message>");
    again.message(one, read_chat(one), *parse_jid("bob@x.org/p"), *parse_jid("ana@gw.example"));
    EXPECT_EQ(sent.size(), 1u);
    EXPECT_EQ(incoming.counters().encrypted, 4u);
    EXPECT_EQ(office.kept().size(), 2u);
    pass(std::chrono::hours(24 * 91));
    again.start();
    EXPECT_TRUE(office.kept().empty());
}

TEST_F(IncomingTest, AServerFullOfNamesIsNotToldInWordsWithoutEnd) {
    for (int i = 0; i < 50; ++i)
        say("bob" + std::to_string(i) + "@x.org/p", "ana@gw.example",
            "<encrypted xmlns='eu.siacs.conversations.axolotl'><payload>x</payload></encrypted>");
    EXPECT_EQ(sent.size(), 70u) << "an error each, and words to twenty";
    EXPECT_EQ(office.kept().size(), 20u);
}

TEST_F(IncomingTest, ALostAccountIsNobodysThoughItBearsAName) {
    people.suspended.insert(outside("ana@hill.example"));
    say("ana@hill.example/x", "ben@gw.example", "<body>it is me</body>");
    EXPECT_TRUE(people.attached.empty());
    EXPECT_FALSE(accepted().trusted);
    EXPECT_FALSE(accepted().submitted);
    EXPECT_FALSE(accepted().verified_sender);
    say("ana@hill.example/x", "gw.example", "<body>list</body>");
    EXPECT_EQ(office.accepted.size(), 1u) << "no command";
    EXPECT_EQ(last().get("type"), "chat");
    EXPECT_FALSE(asker_of(gate, *parse_jid("ana@hill.example/x")).resident());
}

// On the thread that hands over what waited: it must not be overtaken by what comes just then.
TEST_F(IncomingTest, NothingOvertakesWhatWaitsForTheAccount) {
    std::function<void()> attach;
    people.later = [&](std::function<void()> answer) { attach = std::move(answer); };
    say("ana@hill.example/x", "ben@gw.example", "<body>1</body>");
    say("ana@hill.example/x", "ben@gw.example", "<body>2</body>");
    EXPECT_EQ(incoming.counters().open, 2u) << "each counts";
    bool said_more = false;
    office.later = [&](std::function<void()> answer) {
        if (!std::exchange(said_more, true))
            say("ana@hill.example/x", "ben@gw.example", "<body>3</body>");
        answer();
    };
    attach();
    ASSERT_EQ(office.accepted.size(), 3u);
    for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(office.accepted[i].text, std::to_string(i + 1));
    EXPECT_EQ(incoming.counters().open, 0u);
}

TEST_F(IncomingTest, WhatWaitsForAnAccountHoldsUpTheLineToo) {
    std::function<void()> attach;
    people.later = [&](std::function<void()> answer) { attach = std::move(answer); };
    for (int i = 0; i < 256; ++i) say("ana@hill.example/x", "ben@gw.example", "<body>x</body>");
    EXPECT_EQ(busy, std::vector<bool>{true});
    attach();
    EXPECT_EQ(busy, (std::vector<bool>{true, false}));
    EXPECT_EQ(office.accepted.size(), 256u);
}

// 127.0.0.1 would be refused by the fetcher: what is not asked for stays a link without a reason.
TEST_F(IncomingTest, ForAStrangerNothingIsFetchedBeforeSomebodyWantsIt) {
    const std::string link =
        "<body>https://far.invalid/goat.jpg</body>"
        "<x xmlns='jabber:x:oob'><url>https://far.invalid/goat.jpg</url></x>";
    say("bob@x.org/p", "ana@gw.example", link);
    ASSERT_EQ(office.accepted.size(), 1u);
    EXPECT_EQ(accepted().text, "https://far.invalid/goat.jpg");
    people.consents[{"ana", outside("bob@x.org")}] = Consent::Given;
    office.verdict = [](const Address&) {
        return Verdict{Verdict::Kind::Refused, Verdict::Reason::NotAllowed, "no", 0};
    };
    say("bob@x.org/p", "ana@gw.example", link);
    EXPECT_EQ(office.accepted.size(), 2u) << "refused without its file";
    EXPECT_EQ(incoming.counters().files, 0u);
    office.verdict = {};
    say("bob@x.org/p", "ana@gw.example", link);
    EXPECT_EQ(office.accepted.size(), 2u);
    EXPECT_EQ(incoming.counters().files, 1u);
}

TEST_F(IncomingTest, BeyondALimitNothingIsReadUntilHalfIsDone) {
    std::deque<std::function<void()>> later;
    office.later = [&](std::function<void()> answer) { later.push_back(std::move(answer)); };
    for (int i = 0; i < 255; ++i) say("bob@x.org/p", "ana@gw.example", "<body>x</body>");
    EXPECT_TRUE(busy.empty());
    say("bob@x.org/p", "ana@gw.example", "<body>x</body>");
    say("bob@x.org/p", "ana@gw.example", "<body>x</body>");
    EXPECT_EQ(busy, std::vector<bool>{true});
    while (later.size() > 129) {
        later.front()();
        later.pop_front();
    }
    EXPECT_EQ(busy, std::vector<bool>{true});
    later.front()();
    later.pop_front();
    EXPECT_EQ(busy, (std::vector<bool>{true, false}));
    while (!later.empty()) {
        later.front()();
        later.pop_front();
    }
    EXPECT_EQ(busy.size(), 2u);
    EXPECT_EQ(incoming.counters().taken, 257u);
}

TEST_F(IncomingTest, AddressesThatNameNobodyAreSaidSo) {
    say("bob@x.org/p", "not\\20an\\40address@gw.example", "<body>x</body>");
    EXPECT_TRUE(office.accepted.empty());
    EXPECT_EQ(read_error(last()).condition, "item-not-found");
}

// Files are fetched on threads of their own: what is ready is handed to the test's.
class FilesTest : public Village {
  protected:
    struct Ready {
        Said said;
        std::optional<FetchedFile> file;
        std::function<void()> done;
    };
    FilesTest() {
        options.fetch.ca_file = server.ca_file();
        options.fetch.near = {"localhost"};
        options.workers = 2;
        for (const char* jid : {"bob@x.org", "eve@x.org", "zoe@x.org"})
            people.consents[{"ana", outside(jid)}] = Consent::Given;
    }
    std::unique_ptr<Files> files() {
        return std::make_unique<Files>(
            gate, options, [this](Said said, const FetchedFile* file, std::function<void()> done) {
                const std::lock_guard lock(mutex);
                ready.push_back({std::move(said),
                                 file ? std::optional<FetchedFile>(*file) : std::nullopt,
                                 std::move(done)});
                changed.notify_all();
            });
    }
    Said said(const std::string& from, const std::string& body, bool link) {
        Element one =
            stanza("<message from='" + from + "' to='ana@gw.example' id='id-12345'><body>" + body +
                   "</body>" + (link ? "<x xmlns='jabber:x:oob'><url>" + body + "</url></x>" : "") +
                   "</message>");
        Chat chat = read_chat(one);
        return {std::move(one), std::move(chat), *parse_jid(from), *parse_jid("ana@gw.example")};
    }
    Ready next() {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(
            changed.wait_for(lock, std::chrono::seconds(20), [&] { return !ready.empty(); }));
        Ready one = std::move(ready.front());
        ready.pop_front();
        return one;
    }

    FileServer server;
    FilesOptions options;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<Ready> ready;
};

TEST_F(FilesTest, AFileIsFetchedBeforeItsMessageGoesOn) {
    server.file("/goat.jpg", "image/jpeg", "goat");
    const auto all = files();
    all->start();
    ASSERT_TRUE(all->wants(said("bob@x.org/p", server.url("/goat.jpg"), true).chat));
    EXPECT_FALSE(all->wants(said("bob@x.org/p", "http://127.0.0.1/", true).chat));
    EXPECT_FALSE(all->wants(said("bob@x.org/p", "hello", false).chat));
    ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/goat.jpg"), true)));
    Ready one = next();
    ASSERT_TRUE(one.file && one.file->attachment);
    EXPECT_EQ(one.file->attachment->name, "goat.jpg");
    EXPECT_EQ(one.file->attachment->type, "image/jpeg");
    EXPECT_EQ(one.file->attachment->bytes, 4u);
    const Asker bob = asker_of(gate, one.said.from);
    const Message m = message_of(gate, bob, one.said, target_of(names, one.said.to), &*one.file);
    EXPECT_EQ(m.text, "");
    ASSERT_EQ(m.attachments.size(), 1u);
    // The office of the tests keeps all bodies as files, which have their bytes for a name.
    auto opened = open_file_original(std::make_unique<std::istringstream>(m.body.file), 1);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ((*opened)->about().bytes, 4u);
    EXPECT_EQ(office.kept().size(), 1u);  // until it is in custody
    one.done();
    EXPECT_TRUE(office.kept().empty());
}

TEST_F(FilesTest, WithoutItsFileTheLinkStaysAndSaysWhy) {
    const auto all = files();
    all->start();
    ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/gone"), true)));
    const Ready one = next();
    ASSERT_TRUE(one.file);
    EXPECT_FALSE(one.file->attachment);
    const Message m = message_of(gate, asker_of(gate, one.said.from), one.said,
                                 target_of(names, one.said.to), &*one.file);
    EXPECT_EQ(m.text, server.url("/gone") + " [its server says 404]");
    EXPECT_TRUE(m.attachments.empty());
}

TEST_F(FilesTest, WhatIsSaidAfterwardsWaitsAndOthersDoNot) {
    std::promise<void> go;
    auto gone = go.get_future().share();
    server.answer("/slow", [gone](const FileServer::Write& write) {
        gone.wait();
        write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx");
    });
    const auto all = files();
    all->start();
    ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/slow"), true)));
    EXPECT_TRUE(all->holds(*parse_jid("bob@x.org/laptop")));
    EXPECT_FALSE(all->holds(*parse_jid("eve@x.org")));
    ASSERT_TRUE(all->take(said("bob@x.org/p", "this is my goat", false)));
    ASSERT_TRUE(all->take(said("eve@x.org/p", "I only write", false)));
    EXPECT_EQ(next().said.chat.body, "I only write");
    go.set_value();
    EXPECT_EQ(next().said.chat.link, server.url("/slow"));
    EXPECT_EQ(next().said.chat.body, "this is my goat");
}

TEST_F(FilesTest, ARestartFetchesAgain) {
    server.stall("/goat");
    {
        const auto all = files();
        all->start();
        ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/goat"), true)));
        ASSERT_TRUE(all->take(said("bob@x.org/p", "my goat", false)));
        while (server.asked().empty()) std::this_thread::yield();
    }
    EXPECT_TRUE(ready.empty());
    EXPECT_EQ(office.kept().size(), 2u);
    server.file("/goat", "image/jpeg", "goat");
    office.kept()["file/rubbish"] = "<message";
    const auto all = files();
    all->start();
    Ready file = next();
    EXPECT_TRUE(file.file && file.file->attachment);
    EXPECT_EQ(file.said.chat.id, "id-12345");
    Ready word = next();
    EXPECT_EQ(word.said.chat.body, "my goat");
    file.done();
    word.done();
    EXPECT_TRUE(office.kept().empty());
}

TEST_F(FilesTest, OneSenderCannotFillThePlace) {
    options.most_of_sender = 2;
    options.most_waiting = 3;
    const auto all = files();  // not started: nothing moves
    EXPECT_TRUE(all->take(said("ana@hill.example/p", "1", false)));
    EXPECT_TRUE(all->take(said("ana@hill.example/q", "2", false)));
    EXPECT_FALSE(all->take(said("ana@hill.example/p", "3", false)));
    EXPECT_TRUE(all->take(said("eve@x.org/p", "4", false)));
    EXPECT_FALSE(all->take(said("ben@hill.example/p", "5", false)));
    EXPECT_EQ(all->waiting(), 3u);
}

TEST_F(FilesTest, StrangersLeaveHalfOfThePlaceToThePeopleHere) {
    options.most_waiting = 6;
    options.most_of_stranger = 2;
    const auto all = files();  // not started: nothing moves
    EXPECT_TRUE(all->take(said("bob@x.org/p", "1", false)));
    EXPECT_TRUE(all->take(said("bob@x.org/p", "2", false)));
    EXPECT_FALSE(all->take(said("bob@x.org/p", "3", false))) << "of one";
    EXPECT_TRUE(all->take(said("eve@x.org/p", "4", false)));
    EXPECT_FALSE(all->take(said("zoe@x.org/p", "5", false))) << "of all";
    EXPECT_FALSE(all->holds(*parse_jid("zoe@x.org")));
    for (int i = 0; i < 3; ++i) EXPECT_TRUE(all->take(said("ana@hill.example/p", "x", false)));
    EXPECT_FALSE(all->take(said("ana@hill.example/p", "x", false)));
}

TEST_F(FilesTest, SlowServersOfStrangersHoldUpNobodyHere) {
    server.stall("/slow");
    const auto all = files();
    all->start();
    ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/slow"), true)));
    ASSERT_TRUE(all->take(said("eve@x.org/p", server.url("/slow"), true)));
    while (server.asked().empty()) std::this_thread::yield();
    ASSERT_TRUE(all->take(said("ana@hill.example/p", "hello", false)));
    EXPECT_EQ(next().said.from.bare_text(), "ana@hill.example");
    EXPECT_EQ(server.asked().size(), 1u) << "eve waits for bob";
}

TEST_F(FilesTest, ConsentThatIsTakenBackLeavesTheLink) {
    const auto all = files();
    ASSERT_TRUE(all->take(said("bob@x.org/p", server.url("/goat"), true)));
    people.consents.clear();
    all->start();
    EXPECT_FALSE(next().file);
    EXPECT_TRUE(server.asked().empty());
}

}  // namespace
}  // namespace waypost::xmpp

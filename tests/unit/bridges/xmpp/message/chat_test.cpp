// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/message/chat.h"

#include "bridges/xmpp/message/envelope.h"
#include "bridges/xmpp/message/file_original.h"
#include "bridges/xmpp/message/wire_id.h"
#include "gateway/base/encoding.h"
#include "tests/unit/bridges/xmpp/village.h"

namespace waypost::xmpp {
namespace {

Chat chat(const std::string& inside, const std::string& attributes = "type='chat'") {
    return read_chat(stanza("<message from='bob@x.org/phone' to='ana@gw.example' id='id-12345' " +
                            attributes + ">" + inside + "</message>"));
}

TEST(Chat, IsWhatSomebodySays) {
    const Chat said = chat(
        "<body> Hello &lt;Ana&gt;\n</body><subject>Re:  goat</subject>"
        "<origin-id xmlns='urn:xmpp:sid:0' id='o-12345678'/>"
        "<request xmlns='urn:xmpp:receipts'/><nick "
        "xmlns='http://jabber.org/protocol/nick'>Bob</nick>"
        "<delay xmlns='urn:xmpp:delay' stamp='2026-11-27T09:45:39.123Z'/>");
    EXPECT_EQ(said.body, "Hello <Ana>");
    EXPECT_EQ(said.subject, "Re: goat");
    EXPECT_EQ(said.id, "id-12345");
    EXPECT_EQ(said.origin_id, "o-12345678");
    EXPECT_EQ(said.nick, "Bob");
    EXPECT_EQ(said.written, 1795772739);
    EXPECT_TRUE(said.wants_receipt);
    EXPECT_TRUE(said.says_something());
}

// None of it may cost a second of airtime.
TEST(Chat, WhatIsNoLetterSaysNothing) {
    for (const char* inside :
         {"", "<body/>", "<body> \n </body>",
          "<composing xmlns='http://jabber.org/protocol/chatstates'/>",
          "<active xmlns='http://jabber.org/protocol/chatstates'/><body></body>",
          "<received xmlns='urn:xmpp:receipts' id='x'/>",
          "<displayed xmlns='urn:xmpp:chat-markers:0' id='x'/>",
          "<no-store xmlns='urn:xmpp:hints'/>", "<subject>a topic</subject>",
          "<reactions xmlns='urn:xmpp:reactions:0' id='m1'/>",
          "<event xmlns='http://jabber.org/protocol/pubsub#event'/><body>a feed</body>",
          "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'/></received>"
          "<body>a copy</body>",
          "<encrypted xmlns='eu.siacs.conversations.axolotl'><header sid='1'/></encrypted>",
          "<encryption xmlns='urn:xmpp:eme:0' namespace='urn:xmpp:omemo:2'/>"})
        EXPECT_FALSE(chat(inside).says_something()) << inside;
}

TEST(Chat, ReceiptsAndMarksNameIds) {
    EXPECT_EQ(chat("<received xmlns='urn:xmpp:receipts' id='a1'/>").received,
              std::vector<std::string>{"a1"});
    EXPECT_EQ(chat("<received xmlns='urn:xmpp:receipts'/>").received,
              std::vector<std::string>{"id-12345"});
    EXPECT_EQ(chat("<displayed xmlns='urn:xmpp:chat-markers:0' id='a2'/>").displayed,
              std::vector<std::string>{"a2"});
    EXPECT_TRUE(chat("<displayed xmlns='urn:xmpp:chat-markers:0'/>").displayed.empty());
    // The stanza of another namespace is none.
    EXPECT_TRUE(chat("<received xmlns='urn:example:other' id='a1'/>").received.empty());
    const Chat flood = chat([] {
        std::string all;
        for (int i = 0; i < 1000; ++i)
            all += "<displayed xmlns='urn:xmpp:chat-markers:0' id='x" + std::to_string(i) + "'/>";
        return all;
    }());
    EXPECT_EQ(flood.displayed.size(), 32u);
}

// XEP-0461: what is quoted for older programs would be read on a radio before the answer.
TEST(Chat, OfAReplyOnlyTheAnswerStays) {
    const std::string reply = "<reply xmlns='urn:xmpp:reply:0' to='ana@gw.example' id='m-1'/>";
    const Chat said = chat("<body>&gt; how is the göät?\nit is well</body>" + reply +
                           "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'>"
                           "<body start='0' end='19'/></fallback>");
    EXPECT_EQ(said.replies_to, "m-1");
    EXPECT_EQ(said.body, "it is well");
    // Of something else that nobody here knows, the words are all there is.
    EXPECT_EQ(chat("<body>a poll: yes or no</body><fallback xmlns='urn:xmpp:fallback:0' "
                   "for='urn:example:poll'><body/></fallback>")
                  .body,
              "a poll: yes or no");
}

TEST(Chat, OddRangesOfAFallbackHarmNothing) {
    const auto with = [](const std::string& range) {
        return chat(
                   "<body>hello</body><reply xmlns='urn:xmpp:reply:0' id='m'/>"
                   "<fallback xmlns='urn:xmpp:fallback:0' for='urn:xmpp:reply:0'><body " +
                   range + "/></fallback>")
            .body;
    };
    EXPECT_EQ(with("start='0' end='99999999999999999999999'"), "hello");
    EXPECT_EQ(with("start='4' end='2'"), "hello");
    EXPECT_EQ(with("start='-1' end='2'"), "hello");
    EXPECT_EQ(with("start='2' end='9'"), "he");
    EXPECT_EQ(with("start='0' end='5'"), "");
}

TEST(Chat, CorrectionsReactionsAndRetractionsNameTheirMessage) {
    const Chat corrected =
        chat("<body>at six</body><replace xmlns='urn:xmpp:message-correct:0' id='m-1'/>");
    EXPECT_EQ(corrected.corrects, "m-1");
    EXPECT_EQ(corrected.body, "at six");
    const Chat reaction = chat(
        "<body>&gt; the goat\n👍</body><reactions xmlns='urn:xmpp:reactions:0' id='m-2'>"
        "<reaction>👍</reaction><reaction> ❤️ </reaction><reaction/></reactions>");
    EXPECT_EQ(reaction.reacts_to, "m-2");
    EXPECT_EQ(reaction.reactions, (std::vector<std::string>{"👍", "❤️"}));
    EXPECT_EQ(reaction.body, "");
    EXPECT_TRUE(reaction.says_something());
    const Chat taken = chat(
        "<retract xmlns='urn:xmpp:message-retract:1' id='m-3'/>"
        "<body>This person attempted to retract a message</body>");
    EXPECT_EQ(taken.retracts, "m-3");
    EXPECT_EQ(taken.body, "");
    EXPECT_TRUE(taken.says_something());
    EXPECT_EQ(chat("<apply-to xmlns='urn:xmpp:fasten:0' id='m-4'>"
                   "<retract xmlns='urn:xmpp:message-retract:0'/></apply-to>")
                  .retracts,
              "m-4");
}

TEST(Chat, ALinkIsAFileWhereNothingElseIsSaid) {
    const std::string oob = "<x xmlns='jabber:x:oob'><url>https://up.example/goat.jpg</url></x>";
    EXPECT_EQ(chat("<body>https://up.example/goat.jpg</body>" + oob).link,
              "https://up.example/goat.jpg");
    EXPECT_EQ(chat("<body>look: https://up.example/goat.jpg</body>" + oob).link, "");
    EXPECT_EQ(chat("<body>https://up.example/goat.jpg</body>").link, "");
    // XEP-0428 for programs that show the file itself: the link is what we go by.
    EXPECT_EQ(chat("<body>https://up.example/goat.jpg</body>" + oob +
                   "<fallback xmlns='urn:xmpp:fallback:0' for='jabber:x:oob'><body/></fallback>")
                  .body,
              "https://up.example/goat.jpg");
}

TEST(Chat, CiphertextIsKnownForWhatItIs) {
    const auto cipher = [](const std::string& inside) {
        const Chat said = chat(inside);
        return said.encrypted && said.says_something() ? said.encryption : "none";
    };
    EXPECT_EQ(cipher("<encrypted xmlns='eu.siacs.conversations.axolotl'><header/><payload>x"
                     "</payload></encrypted><body>I sent you an OMEMO message</body>"),
              "OMEMO");
    EXPECT_EQ(cipher("<encrypted xmlns='urn:xmpp:omemo:2'><payload>x</payload></encrypted>"),
              "OMEMO");
    EXPECT_EQ(cipher("<body>?OTRv23?</body>"), "OTR");
    EXPECT_EQ(cipher("<body>aesgcm://up.example/x#key</body>"), "OMEMO");
    EXPECT_EQ(cipher("<x xmlns='jabber:x:encrypted'>owEB</x><body>[PGP]</body>"), "PGP");
    EXPECT_EQ(cipher("<openpgp xmlns='urn:xmpp:openpgp:0'>x</openpgp><body>b</body>"), "OpenPGP");
    EXPECT_EQ(cipher("<body>b</body><encryption xmlns='urn:xmpp:eme:0' name='MLS' namespace='m'/>"),
              "MLS");
    EXPECT_EQ(cipher("<body>a word on ?OTR</body>"), "none");
}

TEST(Chat, IdsThatAreTooLongNameNothing) {
    const Chat said =
        chat("<body>x</body><reply xmlns='urn:xmpp:reply:0' id='" + std::string(300, 'a') + "'/>");
    EXPECT_EQ(said.replies_to, "");
    EXPECT_EQ(said.body, "x");
}

TEST(Chat, StampsAreReadAsTheyAreWritten) {
    EXPECT_EQ(read_stamp("1970-01-01T00:00:01Z"), 1);
    EXPECT_EQ(read_stamp("2026-11-27T09:45:39Z"), 1795772739);
    EXPECT_EQ(read_stamp("2026-11-27T12:45:39.5+03:00"), 1795772739);
    for (const char* odd :
         {"", "2026-11-27", "2026-11-27T09:45:39", "20261127T09:45:39", "2026-11-27T09:45:39+3:00",
          "2026-11-27T09:45:39+99:00", "2026-13-27T09:45:39Z", "2026-11-27T09:45:39Zulu",
          "yesterday at noon  "})
        EXPECT_EQ(read_stamp(odd), 0) << odd;
}

TEST(StanzaErrors, AreReadWhateverStandsInThem) {
    const StanzaError full = read_error(stanza(
        "<message type='error' from='a@x.org' to='b@gw.example'><error type='wait'>"
        "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>mailbox\nfull</text>"
        "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>"));
    EXPECT_EQ(full.type, "wait");
    EXPECT_EQ(full.condition, "resource-constraint");
    EXPECT_EQ(full.text, "mailbox full");
    const StanzaError bare = read_error(stanza("<message type='error' from='a@x.org'/>"));
    EXPECT_EQ(bare.type, "cancel");
    EXPECT_EQ(bare.condition, "undefined-condition");
}

TEST(WireIds, KnowWhomTheyWentTo) {
    const auto random = seeded_random(1);
    const Jid bob = *parse_jid("bob@x.org");
    const WallTime now(std::chrono::seconds(0x6928'0000));
    const std::string id = new_wire_id(bob, now, *random);
    EXPECT_EQ(id.substr(0, 8), "69280000") << "they grow with the time";
    EXPECT_TRUE(is_wire_id_for(id, bob));
    EXPECT_TRUE(is_wire_id_for(id, *parse_jid("bob@x.org/phone")));
    EXPECT_FALSE(is_wire_id_for(id, *parse_jid("eve@x.org")));
    EXPECT_FALSE(is_wire_id_for(id + "0", bob));
    EXPECT_FALSE(is_wire_id_for("", bob));
    EXPECT_NE(new_wire_id(bob, now, *random), id);
    // As they were without the time.
    const std::string chance(24, 'a');
    const std::string old = chance + short_hash(chance + "\nbob@x.org").substr(0, 8);
    EXPECT_TRUE(is_wire_id_for(old, bob));
    EXPECT_FALSE(is_wire_id_for(old, *parse_jid("eve@x.org")));
}

TEST(Envelopes, ComeBackAsTheyWere) {
    for (const Envelope& one :
         {Envelope{"id-1", "phone"}, Envelope{"", "a\tb c"}, Envelope{"x", ""}}) {
        const Envelope back = read_envelope(write_envelope(one));
        EXPECT_EQ(back.id, one.id);
        EXPECT_EQ(back.resource, one.resource);
    }
    EXPECT_EQ(write_envelope({}), "");
    EXPECT_EQ(write_envelope({"two\nlines", "phone"}), "");
    // Of a mail.
    EXPECT_EQ(read_envelope("QQ314159").id, "");
}

std::string copy_of(AttachmentContent& content) {
    std::ostringstream out;
    EXPECT_TRUE(content.copy_to(out).ok());
    return out.str();
}

TEST(FileOriginals, AreOpenedAgain) {
    const std::string bytes = "GIF89a\n\n\0x" + std::string(200'000, 'z');
    auto opened = open_file_original(
        std::make_unique<std::istringstream>(
            write_file_head({"https://up.example/x", "goat.gif", "image/gif"}) + bytes),
        1);
    ASSERT_TRUE(opened.ok()) << opened.error().text;
    EXPECT_EQ((*opened)->about().name, "goat.gif");
    EXPECT_EQ((*opened)->about().type, "image/gif");
    EXPECT_EQ((*opened)->about().bytes, bytes.size());
    EXPECT_EQ(copy_of(**opened), bytes);
    EXPECT_EQ(copy_of(**opened), bytes);
    EXPECT_EQ(link_of_original(*std::make_unique<FakeOffice>(),
                               {write_file_head({"https://up.example/x", "a", "b"}), {}, 1}),
              "https://up.example/x");
}

TEST(FileOriginals, WhatIsNoneIsSaid) {
    const std::string head = write_file_head({"https://up.example/x", "goat.gif", "image/gif"});
    const auto code = [](const std::string& bytes, std::size_t number = 1) {
        const auto opened = open_file_original(std::make_unique<std::istringstream>(bytes), number);
        return opened.ok() ? Code::Internal : opened.error().code;
    };
    EXPECT_EQ(code(head, 2), Code::NotFound);
    EXPECT_EQ(code(head, 0), Code::NotFound);
    EXPECT_EQ(code(""), Code::BadInput);
    EXPECT_EQ(code("From: bob@x.org\r\n\r\nHello"), Code::BadInput);
    EXPECT_EQ(code(head.substr(0, head.size() - 1)), Code::BadInput);
    EXPECT_EQ(code(std::string(100'000, 'x')), Code::BadInput);
    // A name cannot make a head of two.
    const auto opened = open_file_original(
        std::make_unique<std::istringstream>(
            write_file_head({"https://x.test", "a\n\nb/../c.jpg", "t"}) + "rest"),
        1);
    ASSERT_TRUE(opened.ok());
    EXPECT_EQ((*opened)->about().name, "c.jpg");
    EXPECT_EQ(copy_of(**opened), "rest");
}

}  // namespace
}  // namespace waypost::xmpp

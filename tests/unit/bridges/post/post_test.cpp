// SPDX-License-Identifier: Apache-2.0
#include "bridges/post/post.h"

#include <gtest/gtest.h>

#include "post.pb.h"

namespace waypost::post {
namespace {

Letter hello() {
    Letter letter;
    letter.id = "<1abc.0f0f@hill.example>";
    letter.from = mailto("ana", "hill.example");
    letter.from_name = "Ana";
    letter.subject = "Ford";
    letter.text = "Is the ford open?";
    letter.references = {"<9.9@dale.example>", "<8.8@hill.example>"};
    letter.written = 1795000000;
    letter.priority = Priority::Urgent;
    Copy copy;
    copy.to = mailto("ben", "dale.example");
    copy.return_path = mailto("bounce+1-x", "hill.example");
    copy.wish = {true, true, true, "rfc822;ben@dale.example"};
    copy.envelope_id = "1abc.0f0f@hill.example";
    letter.copies = {copy};
    return letter;
}

Event arrived() {
    Event event;
    event.id = "<9.9@hill.example>";
    event.to = mailto("bounce+2-y", "hill.example");
    event.recipient = mailto("ben", "dale.example");
    event.status = "2.0.0";
    event.at = 1795000001;
    return event;
}

TEST(Post, TravelsAndComesBackTheSame) {
    Batch batch{"hill.example", {hello(), hello()}, {arrived()}};
    batch.letters[1].id = "<other@x.org>";
    const auto back = decode_batch(encode(batch));
    ASSERT_TRUE(back.ok()) << back.error().text;
    EXPECT_EQ(back->origin, "hill.example");
    ASSERT_EQ(back->letters.size(), 2u);
    const Letter& letter = back->letters[0];
    const Letter said = hello();
    EXPECT_EQ(letter.id, said.id);
    EXPECT_EQ(back->letters[1].id, "<other@x.org>");
    EXPECT_EQ(letter.from, said.from);
    EXPECT_EQ(letter.from_name, "Ana");
    EXPECT_EQ(letter.subject, "Ford");
    EXPECT_EQ(letter.text, said.text);
    EXPECT_EQ(letter.references, said.references);
    EXPECT_EQ(letter.written, said.written);
    EXPECT_EQ(letter.priority, Priority::Urgent);
    ASSERT_EQ(letter.copies.size(), 1u);
    EXPECT_EQ(letter.copies[0].to, said.copies[0].to);
    EXPECT_EQ(letter.copies[0].return_path, said.copies[0].return_path);
    EXPECT_TRUE(letter.copies[0].wish.delivered);
    EXPECT_EQ(letter.copies[0].wish.recipient, "rfc822;ben@dale.example");
    EXPECT_EQ(letter.copies[0].envelope_id, "1abc.0f0f@hill.example");
    ASSERT_EQ(back->events.size(), 1u);
    EXPECT_EQ(back->events[0].id, "<9.9@hill.example>");
    EXPECT_EQ(back->events[0].recipient, mailto("ben", "dale.example"));
}

TEST(Post, IsCompact) { EXPECT_LE(encode({"hill.example", {hello()}, {}}).size(), 190u); }

TEST(Post, OfAnotherVersionSaysSo) {
    std::string bytes = encode({"hill.example", {hello()}, {}});
    bytes[3] = 9;
    const auto back = decode_batch(bytes);
    ASSERT_FALSE(back.ok());
    EXPECT_EQ(back.error().code, Code::Conflict);
    EXPECT_NE(back.error().text.find("version 9"), std::string::npos);
}

TEST(Post, CutAnywhereIsNothing) {
    const std::string bytes = encode({"hill.example", {hello()}, {arrived()}});
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto back = decode_batch(bytes.substr(0, i));
        // The cut after the letter is a whole batch to the codec; the packet's own hash tells.
        if (back.ok()) {
            EXPECT_TRUE(back->events.empty());
        }
    }
    EXPECT_FALSE(decode_batch("").ok());
    EXPECT_FALSE(decode_batch("WPB").ok());
    EXPECT_FALSE(decode_batch("mail\n").ok());
}

std::string as_bytes(const pb::Batch& batch) {
    return std::string("WPB") + '\1' + batch.SerializeAsString();
}

pb::Batch plain() {
    pb::Batch batch;
    batch.set_origin("hill.example");
    auto* letter = batch.add_letters();
    letter->set_id("1");
    letter->set_from("ana@hill.example");
    letter->set_text("hello");
    letter->add_copies()->set_to("ben@dale.example");
    return batch;
}

TEST(Post, RefusesWhatMakesNoSense) {
    EXPECT_TRUE(decode_batch(as_bytes(plain())).ok());
    const auto refused = [](const char* what, const auto& spoil) {
        pb::Batch batch = plain();
        spoil(batch, *batch.mutable_letters(0));
        const auto back = decode_batch(as_bytes(batch));
        EXPECT_TRUE(!back.ok() || back->spoiled.size() == 1 ||
                    (batch.events_size() == 1 && back->events.empty()))
            << what;
        EXPECT_TRUE(!back.ok() || back->letters.size() + back->spoiled.size() == 1) << what;
    };
    refused("no origin", [](pb::Batch& b, pb::Letter&) { b.set_origin(""); });
    refused("bad origin", [](pb::Batch& b, pb::Letter&) { b.set_origin("hill example"); });
    refused("no id", [](pb::Batch&, pb::Letter& l) { l.set_id(""); });
    refused("two ids", [](pb::Batch&, pb::Letter& l) { l.set_id("1> <2"); });
    refused("an id with a NUL", [](pb::Batch&, pb::Letter& l) { l.set_id(std::string("1\0", 2)); });
    refused("no sender", [](pb::Batch&, pb::Letter& l) { l.set_from(""); });
    refused("bad sender", [](pb::Batch&, pb::Letter& l) { l.set_from("ana\r\nBcc: x@y.example"); });
    refused("no recipient", [](pb::Batch&, pb::Letter& l) { l.clear_copies(); });
    refused("an option", [](pb::Batch&, pb::Letter& l) { l.mutable_copies(0)->set_to("-t"); });
    refused("priority", [](pb::Batch&, pb::Letter& l) { l.set_priority(4); });
    refused("wish", [](pb::Batch&, pb::Letter& l) { l.mutable_copies(0)->set_wish(8); });
    refused("long id", [](pb::Batch&, pb::Letter& l) { l.set_id(std::string(2000, 'a')); });
    refused("long text", [](pb::Batch&, pb::Letter& l) { l.set_text(std::string(2u << 20, 'a')); });
    refused("many copies", [](pb::Batch&, pb::Letter& l) {
        for (int i = 0; i < 101; ++i) l.add_copies()->set_to("ben@dale.example");
    });
    refused("event", [](pb::Batch& b, pb::Letter&) {
        auto* event = b.add_events();
        event->set_to("ana@hill.example");
        event->set_action(4);
    });
    refused("event to nobody", [](pb::Batch& b, pb::Letter&) { b.add_events(); });
}

TEST(Post, ABadLetterSpoilsNoOther) {
    pb::Batch batch = plain();
    *batch.add_letters() = batch.letters(0);
    batch.mutable_letters(1)->set_id("2");
    batch.mutable_letters(0)->set_subject(std::string(2000, 'a'));
    batch.mutable_letters(0)->mutable_copies(0)->set_return_path("bounce+1@hill.example");
    const auto back = decode_batch(as_bytes(batch));
    ASSERT_TRUE(back.ok());
    ASSERT_EQ(back->letters.size(), 1u);
    EXPECT_EQ(back->letters[0].id, "<2@hill.example>");
    ASSERT_EQ(back->spoiled.size(), 1u);
    const Letter& spoiled = back->spoiled[0].letter;
    EXPECT_EQ(spoiled.id, "<1@hill.example>");
    EXPECT_EQ(spoiled.copies.at(0).return_path.value, "bounce+1@hill.example");
    EXPECT_EQ(back->spoiled[0].why, "post: a field is too long");
}

TEST(Post, TextsComeOutClean) {
    pb::Batch batch = plain();
    batch.mutable_letters(0)->set_text(
        "a\x01"
        "b\xff\nc");
    batch.mutable_letters(0)->set_subject("one\r\ntwo");
    const auto back = decode_batch(as_bytes(batch));
    ASSERT_TRUE(back.ok());
    EXPECT_EQ(back->letters[0].text, "ab\xEF\xBF\xBD\nc");
    EXPECT_EQ(back->letters[0].subject.find('\n'), std::string::npos);
}

}  // namespace
}  // namespace waypost::post

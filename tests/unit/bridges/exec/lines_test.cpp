// SPDX-License-Identifier: Apache-2.0
#include "bridges/exec/lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "bridges/exec/line_cutter.h"

namespace waypost::exec {
namespace {

using ::testing::HasSubstr;

template <class T>
T said(const std::string& line) {
    auto read = parse_line(line);
    EXPECT_TRUE(read.ok()) << line << ": " << (read.ok() ? "" : read.error().text);
    return read.ok() ? std::get<T>(*read) : T{};
}

TEST(Lines, HelloHasItsLimits) {
    const auto bare = said<Hello>(R"({"hello":1})");
    EXPECT_EQ(bare.window, 1);
    EXPECT_EQ(bare.message_bytes, 0u);
    const auto full = said<Hello>(
        R"({"hello":1,"scheme":"SMS","limits":{"message_bytes":160,"window":4,"new":[1]},"more":{}})");
    EXPECT_EQ(full.scheme, "sms");
    EXPECT_EQ(full.window, 4);
    EXPECT_EQ(full.message_bytes, 160u);
}

TEST(Lines, AcceptHasAllThatAMessageHas) {
    const auto one = said<Accept>(
        R"({"accept":7,"from":"sms:+49","to":["ana","#news"],"text":"hi\nyou","subject":"s",)"
        R"("name":"Bob","origin_id":"x1","reply_to":"w1","written":1767225600,"verified":true,)"
        R"("automatic":true})");
    EXPECT_EQ(one.id, "7");
    EXPECT_EQ(one.from, "sms:+49");
    EXPECT_EQ(one.to, (std::vector<std::string>{"ana", "#news"}));
    EXPECT_EQ(one.text, "hi\nyou");
    EXPECT_EQ(one.subject, "s");
    EXPECT_EQ(one.name, "Bob");
    EXPECT_EQ(one.origin_id, "x1");
    EXPECT_EQ(one.reply_to, "w1");
    EXPECT_EQ(one.written, 1767225600);
    EXPECT_TRUE(one.verified && one.automatic);
    EXPECT_EQ(one.problem, "");
    EXPECT_EQ(said<Accept>(R"({"accept":"a\"b","from":"sms:1","text":"x"})").id, R"("a\"b")");
}

// It has an id, so the program is answered and does not wait for ever.
TEST(Lines, AcceptWithAnIdTellsWhatIsWrongWithIt) {
    for (const auto& [rest, problem] : std::vector<std::pair<std::string, std::string>>{
             {R"("text":"x")", "\"from\""},
             {R"("from":5,"text":"x")", "\"from\" is a text"},
             {R"("from":"sms:1")", "\"text\" is empty"},
             {R"("from":"sms:1","text":" \n")", "\"text\" is empty"},
             {R"("from":"sms:1","text":"x","to":"ana")", "\"to\" is a list"},
             {R"("from":"sms:1","text":"x","to":[""])", "\"to\" is a list of addresses"},
             {R"("from":"sms:1","text":"x","to":[["ana"]])", "\"to\" is a list of addresses"},
             {R"("from":"sms:1","text":"x","verified":"yes")", "\"verified\" is true or false"},
             {R"("from":"sms:1","text":"x","written":-1)", "\"written\" is a number"},
             {R"("from":"sms:1","text":"x","written":1e30)", "\"written\" is a number"}}) {
        const std::string line = R"({"accept":1,)" + rest + '}';
        EXPECT_THAT(said<Accept>(line).problem, HasSubstr(problem)) << line;
    }
    std::string many = R"({"accept":1,"from":"sms:1","text":"x","to":["a")";
    for (std::size_t i = 0; i < kMostRecipients; ++i) many += R"(,"a")";
    EXPECT_THAT(said<Accept>(many + "]}").problem, HasSubstr("at most 20"));
    const std::string long_text(kMostTextBytes + 1, 'x');
    EXPECT_THAT(
        said<Accept>(R"({"accept":1,"from":"sms:1","text":")" + long_text + R"("})").problem,
        HasSubstr("at most 49152 bytes"));
}

TEST(Lines, ReportsAndProofs) {
    const auto sent = said<Reported>(R"({"report":3,"outcome":"sent"})");
    EXPECT_EQ(sent.number, 3);
    EXPECT_EQ(sent.outcome.kind, Outcome::Kind::Sent);
    EXPECT_EQ(sent.outcome.proof, ProofClass::Reported);
    const auto later = said<Reported>(
        R"({"report":3,"outcome":"retry","code":"42","detail":"no\nnetwork","retry_after":60,"known":"observed"})");
    EXPECT_EQ(later.outcome.kind, Outcome::Kind::Retry);
    EXPECT_EQ(later.outcome.proof, ProofClass::Observed);
    EXPECT_EQ(later.outcome.code, "42");
    EXPECT_EQ(later.outcome.detail, "no network");
    EXPECT_EQ(later.outcome.retry_after, std::chrono::seconds(60));
    const auto read = said<Proven>(R"({"proof":"w1","kind":"read"})");
    EXPECT_EQ(read.wire_id, "w1");
    EXPECT_EQ(read.proof.kind, Proof::Kind::Read);
    EXPECT_EQ(said<Proven>(R"({"proof":"w1","kind":"failed"})").proof.kind, Proof::Kind::Bounced);
}

TEST(Lines, TheRest) {
    EXPECT_EQ(said<HeardFrom>(R"({"heard":"sms:1","name":"Bob"})").name, "Bob");
    EXPECT_EQ(said<Remark>(R"({"log":"modem found"})").text, "modem found");
    const auto down =
        said<Condition>(R"({"status":{"up":false,"why":"no SIM","metrics":{"signal_dbm":-71.5}}})");
    EXPECT_FALSE(down.up);
    EXPECT_EQ(down.why, "no SIM");
    EXPECT_EQ(down.metrics.at("signal_dbm"), -71.5);
}

TEST(Lines, WhatIsNoneIsSaidToBeSo) {
    for (const auto& [line, why] : std::vector<std::pair<std::string, std::string>>{
             {"", "one JSON object"},
             {"hello", "one JSON object"},
             {"[]", "one JSON object"},
             {"7", "one JSON object"},
             {"null", "one JSON object"},
             {R"({"hello":1)", "one JSON object"},
             {R"({"hello":1} {"hello":1})", "one JSON object"},
             {std::string("{\"hello\":\0 1}", 13), "one JSON object"},
             {R"({"a":[[[[[[[[1]]]]]]]]})", "one JSON object"},
             {"{}", "a line has one of"},
             {R"({"hi":1})", "a line has one of"},
             {R"({"hello":1,"log":"x"})", "one line says one thing"},
             {R"({"hello":2})", "version 1"},
             {R"({"hello":"1"})", "\"hello\" is a number"},
             {R"({"hello":1,"limits":[]})", "\"limits\" is an object"},
             {R"({"hello":1,"limits":{"window":0}})", "\"window\" is a number from 1 to 64"},
             {R"({"hello":1,"limits":{"window":65}})", "\"window\" is a number from 1 to 64"},
             {R"({"accept":null,"from":"sms:1","text":"x"})", "\"accept\" is a number, or a text"},
             {R"({"accept":{},"from":"sms:1","text":"x"})", "\"accept\" is a number, or a text"},
             {R"({"accept":1.5,"from":"sms:1","text":"x"})", "\"accept\" is a number, or a text"},
             {R"({"report":0,"outcome":"sent"})", "\"report\" is a number"},
             {R"({"report":1,"outcome":"perhaps"})", "\"outcome\" is one of sent"},
             {R"({"report":1})", "\"outcome\" is one of sent"},
             {R"({"report":1,"outcome":"sent","known":"guessed"})", "\"known\" is one of"},
             {R"({"report":1,"outcome":"retry","retry_after":-1})", "\"retry_after\" is a number"},
             {R"({"proof":"","kind":"read"})", "\"proof\" is the wire_id"},
             {R"({"proof":"w","kind":"eaten"})", "\"kind\" is one of"},
             {R"({"heard":""})", "\"heard\" is an address"},
             {R"({"status":"up"})", "\"status\" is an object"},
             {R"({"status":{"up":1}})", "\"up\" is true or false"},
             {R"({"status":{"metrics":{"Bad Name":1}}})", "\"metrics\""},
             {R"({"status":{"metrics":{"a":"1"}}})", "\"metrics\""},
             {R"({"log":[]})", "\"log\" is a text"}}) {
        const auto read = parse_line(line);
        ASSERT_FALSE(read.ok()) << line;
        EXPECT_THAT(read.error().text, HasSubstr(why)) << line;
    }
    EXPECT_FALSE(parse_line(std::string(kMostLineBytes + 1, ' ')).ok());
}

TEST(Lines, DeliveryIsOneLineWhateverIsInIt) {
    Delivery delivery;
    delivery.to = {"sms", "+4917"};
    delivery.from = mailto("ana", "hill.example");
    delivery.from_name = "Ana";
    delivery.text = "a\nb \"c\" \xff \u00e4";
    delivery.priority = Priority::Urgent;
    delivery.references = {"w0", "older"};
    delivery.written = wall_from_ms(1767225600'000);
    EXPECT_EQ(
        deliver_line(5, "w1", true, delivery),
        "{\"deliver\":5,\"wire_id\":\"w1\",\"to\":\"sms:+4917\",\"from\":\"ana@hill.example\","
        "\"name\":\"Ana\",\"text\":\"a\\nb \\\"c\\\" \uFFFD \u00e4\",\"priority\":\"urgent\","
        "\"reply_to\":\"w0\",\"written\":1767225600,\"resume\":true}\n");
}

TEST(Lines, AnswersNameWhatTheyAnswer) {
    EXPECT_EQ(
        hello_line("sms", "hill.example", "hill"),
        "{\"hello\":1,\"scheme\":\"sms\",\"domain\":\"hill.example\",\"village\":\"hill\"}\n");
    EXPECT_EQ(accepted_line("\"x\"", {"ana", "bo"},
                            {{},
                             {Verdict::Kind::Refused, Verdict::Reason::UnknownRecipient,
                              "nobody here is called bo", 0}}),
              "{\"accepted\":\"x\",\"verdicts\":[{\"to\":\"ana\",\"kind\":\"accepted\"},"
              "{\"to\":\"bo\",\"kind\":\"refused\",\"reason\":\"unknown_recipient\","
              "\"text\":\"nobody here is called bo\"}]}\n");
    EXPECT_EQ(accepted_line("7", {}, {{Verdict::Kind::Later, Verdict::Reason::Busy, "", 0}}),
              "{\"accepted\":7,\"verdicts\":[{\"kind\":\"later\",\"reason\":\"busy\"}]}\n");
    EXPECT_EQ(proved_line("w1", true), "{\"proved\":\"w1\",\"kept\":true}\n");
}

TEST(Cutter, LinesComeInPiecesAndLongOnesAreCut) {
    LineCutter cutter(8);
    cutter.feed("one\r\ntw");
    EXPECT_EQ(cutter.next()->text, "one");
    EXPECT_FALSE(cutter.next());
    cutter.feed("o\n");
    EXPECT_EQ(cutter.next()->text, "two");
    cutter.feed("12345678\n");
    EXPECT_EQ(cutter.next()->text, "12345678");
    for (int i = 0; i < 1000; ++i) cutter.feed("123456789");
    EXPECT_FALSE(cutter.has_lines());
    cutter.feed("\nnext\n");
    const auto cut = cutter.next();
    EXPECT_TRUE(cut->too_long);
    EXPECT_EQ(cut->text, "");
    EXPECT_EQ(cutter.next()->text, "next");
    EXPECT_FALSE(cutter.next());
}

}  // namespace
}  // namespace waypost::exec

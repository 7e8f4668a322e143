// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/stream/stream_parser.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace waypost::xmpp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHeader =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='a&amp;b' from='gw.example'>";

// What came, as lines.
struct Heard final : StreamEvents {
    void stream_opened(const Element& header) override {
        lines.push_back("open " + std::string(header.get("id")));
    }
    void stream_stanza(Element stanza) override {
        lines.push_back(to_xml(stanza, kComponentSpace));
        last = std::move(stanza);
    }
    void stream_passed_over(StanzaHead head) override {
        lines.push_back("over " + head.name + ' ' + head.id + ' ' + head.from + ' ' + head.to +
                        ' ' + head.type);
        why = head.why;
    }
    void stream_closed() override { lines.push_back("closed"); }
    void stream_failed(StreamError error) override {
        lines.push_back("failed " + error.condition);
        EXPECT_FALSE(error.text.empty());
    }
    std::vector<std::string> lines;
    Element last;
    std::string why;
};

std::vector<std::string> read(const std::string& bytes, std::size_t piece = 1u << 20,
                              const StreamLimits& limits = {}) {
    Heard heard;
    StreamParser parser(heard, limits);
    for (std::size_t at = 0; at < bytes.size(); at += piece)
        if (!parser.feed(std::string_view(bytes).substr(at, piece))) break;
    return heard.lines;
}

std::string repeated(const std::string& text, std::size_t times) {
    std::string out;
    for (std::size_t i = 0; i < times; ++i) out += text;
    return out;
}

TEST(StreamParser, GivesStanzasHoweverTheBytesAreCut) {
    const std::string bytes =
        kHeader +
        "\n <message from='a@b/c' xml:lang='en'><body>1 &lt; 2 &amp; <![CDATA[<]>]]]> &#xe9;"
        "</body><x xmlns='urn:x' q=\"it's > 1/\"/></message> \t"
        "<presence/><stream:features/><p:iq xmlns:p='urn:p' p:k='v' type='get'/></stream:stream>";
    const auto whole = read(bytes);
    EXPECT_THAT(
        whole,
        ElementsAre("open a&b",
                    "<message from='a@b/c' xml:lang='en'><body>1 &lt; 2 &amp; &lt;]&gt;] \u00E9"
                    "</body><x xmlns='urn:x' q='it&apos;s &gt; 1/'/></message>",
                    "<presence/>", "<features xmlns='http://etherx.jabber.org/streams'/>",
                    "<iq xmlns='urn:p' xmlns:n0='urn:p' n0:k='v' type='get'/>", "closed"));
    for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(read(bytes, piece), whole) << piece;
    for (std::size_t at = 1; at < bytes.size(); ++at) {
        Heard heard;
        StreamParser parser(heard);
        parser.feed(std::string_view(bytes).substr(0, at));
        parser.feed(std::string_view(bytes).substr(at));
        EXPECT_EQ(heard.lines, whole) << at;
    }
}

TEST(StreamParser, EndsTheStreamOnWhatXmppForbids) {
    struct Case {
        std::string bytes, condition;
    };
    const Case cases[] = {
        {kHeader + "<!-- hello -->", "restricted-xml"},
        {kHeader + "<a><!-- hello --></a>", "restricted-xml"},
        {kHeader + "<a><?php ?></a>", "restricted-xml"},
        {kHeader + "<?xml version='1.0'?>", "restricted-xml"},
        {kHeader + "<![CDATA[x]]>", "restricted-xml"},
        {"<!DOCTYPE a [<!ENTITY b 'c'>]>" + kHeader, "restricted-xml"},
        {"<?xml version='1.0'?><!DOCTYPE a>" + kHeader, "restricted-xml"},
        {"<?xml version='1.0'?><?go on?>" + kHeader, "restricted-xml"},
        {kHeader + "<a>&lol;</a>", "restricted-xml"},
        {kHeader + "<a b='&lol;'/>", "restricted-xml"},
        {kHeader + "text", "bad-format"},
        {kHeader + "<a/>text", "bad-format"},
        {kHeader + "<a></b>", "not-well-formed"},
        {kHeader + "<>", "not-well-formed"},
        {kHeader + "<a b=c/>", "not-well-formed"},
        {kHeader + "<a b='1' b='2'/>", "not-well-formed"},
        {kHeader + "<a b='<'/>", "not-well-formed"},
        {kHeader + "<a>\x01</a>", "not-well-formed"},
        {kHeader + "<a>\xFF</a>", "not-well-formed"},
        {kHeader + "<a>&#0;</a>", "not-well-formed"},
        {kHeader + "<a>]]></a>", "not-well-formed"},
        {kHeader + "</stream:strea>", "not-well-formed"},
        {kHeader + "<p:a/>", "bad-namespace-prefix"},
        {kHeader + "<a xmlns:xml='urn:x'/>", "bad-namespace-prefix"},
        {"<?xml version='1.0' encoding='ISO-8859-1'?>" + kHeader.substr(21),
         "unsupported-encoding"},
        {"HTTP/1.0 400 Bad Request\r\n\r\n<html>", "not-well-formed"},
        {"<html>", "invalid-namespace"},
        {"<stream xmlns='jabber:client'>", "invalid-namespace"},
        {"<strom xmlns='http://etherx.jabber.org/streams'>", "bad-format"},
        {"<stream xmlns='http://etherx.jabber.org/streams'/>", "not-well-formed"},
        {"</a>", "not-well-formed"},
        {"<a " + std::string(9000, 'b') + ">", "policy-violation"},
        {std::string(9000, ' '), "policy-violation"},
    };
    for (const Case& each : cases) {
        for (const std::size_t piece : {1u, 7u, 1u << 20}) {
            const auto lines = read(each.bytes + "<after/>", piece);
            ASSERT_FALSE(lines.empty()) << each.bytes;
            EXPECT_EQ(lines.back(), "failed " + each.condition) << each.bytes;
            EXPECT_THAT(lines, testing::Not(testing::Contains("<after/>"))) << each.bytes;
        }
    }
}

TEST(StreamParser, PassesOverWhatIsTooLargeAndTellsWhoSentIt) {
    const std::string head = "<message id='7' type='chat' from='a@b/c' to='d@gw.example'";
    const std::string after = "<message><body>next</body></message>";
    struct Case {
        std::string name, stanza, why;
    };
    const Case cases[] = {
        {"text", head + "><body>" + std::string(300'000, 'x') + "</body></message>", "bytes"},
        {"depth", head + ">" + repeated("<a>", 33) + repeated("</a>", 33) + "</message>",
         "inside one another"},
        {"elements", head + ">" + repeated("<a/>", 5000) + "</message>", "elements"},
        {"name", head + "><" + std::string(600, 'a') + "/></message>", "a name"},
        {"namespace", head + "><a xmlns='" + std::string(600, 'u') + "'/></message>", "a name"},
        {"memory",
         head + "><a xmlns:p='" + std::string(500, 'u') + "'>" + repeated("<p:b/>", 4000) +
             "</a></message>",
         "memory"},
    };
    for (const Case& each : cases) {
        for (const std::size_t piece : {1u, 4096u, 1u << 20}) {
            Heard heard;
            StreamParser parser(heard);
            const std::string bytes = kHeader + each.stanza + after;
            for (std::size_t at = 0; at < bytes.size(); at += piece)
                parser.feed(std::string_view(bytes).substr(at, piece));
            EXPECT_THAT(heard.lines,
                        ElementsAre("open a&b", "over message 7 a@b/c d@gw.example chat", after))
                << each.name << ' ' << piece;
            EXPECT_THAT(heard.why, HasSubstr(each.why)) << each.name;
        }
    }
}

TEST(StreamParser, FindsTheHeadBehindTooManyAttributes) {
    std::string stanza = "<iq";
    for (int i = 0; i < 100; ++i) stanza += " a" + std::to_string(i) + "='b'";
    EXPECT_THAT(read(kHeader + stanza + " id='9' from='a@b' to='c' type='set'/><iq/>"),
                ElementsAre("open a&b", "over iq 9 a@b c set", "<iq/>"));
}

TEST(StreamParser, DoesNotTrustTheHeadOfWhatIsTooLarge) {
    StreamLimits limits;
    limits.stanza_bytes = 20'000;
    const std::string long_id(5000, 'i');
    EXPECT_THAT(read(kHeader + "<iq id='" + long_id + "' from='a@b'>" + std::string(30'000, 'x') +
                         "</iq><iq/>",
                     1u << 20, limits),
                ElementsAre("open a&b", "over iq  a@b  ", "<iq/>"));
    // Its start tag alone is over the limit: nobody knows from whom it is.
    EXPECT_THAT(
        read(kHeader + "<iq from='a@b' x='" + std::string(30'000, '<') + "'/><iq/>", 1000, limits),
        ElementsAre("open a&b", "over     ", "<iq/>"));
}

TEST(StreamParser, ReadsPastTenMegabytesOfAnything) {
    const std::string odd = "<b c='</a>' d=\">\"><![CDATA[</a>]]></b>";
    for (const std::string& part : {std::string("<x>"), odd, std::string("&amp; ]]")}) {
        const bool opens = part == "<x>";
        const std::size_t times = (10u << 20) / part.size();
        const std::string closing = opens ? repeated("</x>", times) : "";
        const auto lines =
            read(kHeader + "<a id='1'>" + repeated(part, times) + closing + "</a><iq/>", 65'536);
        ASSERT_EQ(lines.size(), 3u) << part;
        EXPECT_EQ(lines[2], "<iq/>") << part;
    }
}

TEST(StreamParser, ForgetsNamesThatItHasSeen) {
    Heard heard;
    StreamLimits limits;
    limits.stanza_bytes = 1000;  // begins anew after so much
    StreamParser parser(heard, limits);
    parser.feed(kHeader);
    for (int i = 0; i < 2000; ++i)
        ASSERT_TRUE(
            parser.feed("<n" + std::to_string(i) + " xmlns='urn:" + std::to_string(i) + "'/>"));
    EXPECT_EQ(heard.lines.size(), 2001u);
    EXPECT_EQ(heard.lines.back(), "<n1999 xmlns='urn:1999'/>");
    EXPECT_FALSE(parser.feed("</stream:stream>"));
    EXPECT_EQ(heard.lines.back(), "closed");
}

TEST(StreamParser, WhatWasReadIsWrittenAndReadAlike) {
    Heard first;
    StreamParser parser(first);
    parser.feed(kHeader +
                "<message to='&quot;&#9;&#10;'><body> \r\n&#13; x</body><\u00E9t\u00E9 "
                "xmlns='urn:&amp;'/></message>");
    Heard second;
    StreamParser again(second);
    again.feed(kHeader + to_xml(first.last, kComponentSpace));
    EXPECT_EQ(second.last, first.last);
    EXPECT_EQ(first.last.child_text("body"), " \n\r x");
}

}  // namespace
}  // namespace waypost::xmpp

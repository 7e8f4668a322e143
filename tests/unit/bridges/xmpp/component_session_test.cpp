// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/component_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <utility>
#include <vector>

namespace waypost::xmpp {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kHello =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' to='gw.example'>";
const std::string kAnswer =
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "
    "xmlns:stream='http://etherx.jabber.org/streams' id='3BF96D32' from='gw.example'>";
const std::string kBye = "</stream:stream>";

std::string stream_error(const std::string& condition, const std::string& text = {}) {
    const std::string space = " xmlns='urn:ietf:params:xml:ns:xmpp-streams'";
    return "<stream:error><" + condition + space + "/>" +
           (text.empty() ? "" : "<text" + space + ">" + text + "</text>") + "</stream:error>";
}

class ComponentSessionTest : public testing::Test, public SessionEvents {
  protected:
    ComponentSessionTest() { begin(); }
    void begin() { session_ = std::make_unique<ComponentSession>(options_, *this, *random_, now_); }
    void session_up() override { events_.emplace_back("up"); }
    void session_stanza(Element stanza) override {
        events_.push_back(to_xml(stanza, kComponentSpace));
    }
    void session_passed_over(StanzaHead head) override { events_.push_back("over " + head.id); }
    void session_down(const Down& why) override {
        events_.push_back(std::string("down ") + to_string(why.kind));
        down_ = why;
    }
    std::string said() { return std::exchange(session_->output(), {}); }
    bool hear(const std::string& bytes) { return session_->feed(bytes, now_); }
    bool wait(milliseconds time) {
        now_ += time;
        return session_->tick(now_);
    }
    void come_up() {
        hear(kAnswer + "<handshake/>");
        ASSERT_TRUE(session_->up());
        said();
        events_.clear();
    }

    SessionOptions options_{.domain = "gw.example", .secret = "gwsecret", .limits = {}};
    BoxTime now_ = box_from_ms(5'000);
    std::unique_ptr<Random> random_ = seeded_random(1);
    std::vector<std::string> events_;
    Down down_;
    std::unique_ptr<ComponentSession> session_;
};

// Made with sha1sum.
TEST(HandshakeDigest, IsSha1OfIdAndSecret) {
    EXPECT_EQ(handshake_digest("3BF96D32", "gwsecret"), "9e5b66f35870ee2c6ed30835391e0a314d9b5528");
    EXPECT_EQ(handshake_digest("a&b\"", "gwsecret"), "d6cf0f126a750f22d0d68495d75ec02868058959");
    EXPECT_EQ(handshake_digest("\u00E91", "\u043A\u043B\u044E\u0447"),
              "da7170de64af30aecef7d210c6df5b121991d1a6");
}

TEST_F(ComponentSessionTest, ShakesHandsAndComesUp) {
    EXPECT_EQ(said(), kHello);
    EXPECT_TRUE(hear(kAnswer.substr(0, 50)));
    EXPECT_EQ(said(), "");
    EXPECT_TRUE(hear(kAnswer.substr(50)));
    EXPECT_EQ(said(), "<handshake>9e5b66f35870ee2c6ed30835391e0a314d9b5528</handshake>");
    EXPECT_FALSE(session_->up());
    EXPECT_TRUE(hear("<handshake/><message id='1'/>"));
    EXPECT_THAT(events_, ElementsAre("up", "<message id='1'/>"));
    EXPECT_FALSE(hear("<message/>" + kBye + "<message/>"));
    EXPECT_THAT(events_, ElementsAre("up", "<message id='1'/>", "<message/>", "down closed"));
    EXPECT_EQ(said(), kBye);
}

TEST_F(ComponentSessionTest, UnescapesTheIdBeforeItIsHashed) {
    std::string answer = kAnswer;
    answer.replace(answer.find("3BF96D32"), 8, "a&amp;b&quot;");
    said();
    hear(answer);
    EXPECT_EQ(said(), "<handshake>d6cf0f126a750f22d0d68495d75ec02868058959</handshake>");
}

TEST_F(ComponentSessionTest, EscapesItsName) {
    options_.domain = "a'b&c";
    begin();
    EXPECT_THAT(said(), HasSubstr("to='a&apos;b&amp;c'>"));
}

TEST_F(ComponentSessionTest, SaysWhyItDidNotComeUp) {
    struct Case {
        std::string heard;
        DownKind kind;
        std::string text, condition;
    };
    const Case cases[] = {
        {kAnswer + stream_error("not-authorized", "Given token does not match"), DownKind::Secret,
         "secret must be the same", "not-authorized"},
        {kAnswer + stream_error("host-unknown"), DownKind::Secret, "name", "host-unknown"},
        {kAnswer + stream_error("conflict"), DownKind::Conflict, "somebody else", "conflict"},
        {kAnswer + stream_error("system-shutdown"), DownKind::Closed, "stops", "system-shutdown"},
        {kAnswer + stream_error("policy-violation", "too much"), DownKind::Protocol, "too much",
         "policy-violation"},
        {kAnswer + "<iq/>", DownKind::Protocol, "port", ""},
        {kAnswer.substr(0, kAnswer.find(" id=")) + ">", DownKind::Protocol, "port", ""},
        {"220 mail.example ESMTP\r\n<", DownKind::Protocol, "cannot read", "not-well-formed"},
        {kAnswer + "<!-- x -->", DownKind::Protocol, "comments", "restricted-xml"},
        {kAnswer + kBye, DownKind::Closed, "closed", ""},
    };
    for (const Case& each : cases) {
        begin();
        events_.clear();
        hear(each.heard + "<a>");
        EXPECT_THAT(events_, ElementsAre(std::string("down ") + to_string(each.kind)))
            << each.heard;
        EXPECT_THAT(down_.text, HasSubstr(each.text));
        EXPECT_EQ(down_.condition, each.condition);
        EXPECT_TRUE(session_->over());
        EXPECT_TRUE(said().ends_with(kBye));
        EXPECT_FALSE(hear("<message/>"));
        EXPECT_FALSE(wait(seconds(100)));
        EXPECT_EQ(events_.size(), 1u);
    }
}

TEST_F(ComponentSessionTest, TellsTheServerWhatItCannotRead) {
    come_up();
    EXPECT_FALSE(hear("<a></b>"));
    EXPECT_THAT(said(),
                testing::StartsWith("<error xmlns='http://etherx.jabber.org/streams'>"
                                    "<not-well-formed xmlns='urn:ietf:params:xml:ns:xmpp-streams'"
                                    "/>"));
}

TEST_F(ComponentSessionTest, DoesNotWaitForEver) {
    EXPECT_EQ(session_->next_tick(), now_ + options_.opening);
    EXPECT_TRUE(wait(seconds(19)));
    hear(kAnswer);  // words alone do not help
    EXPECT_TRUE(wait(milliseconds(999)));
    EXPECT_FALSE(wait(milliseconds(1)));
    EXPECT_EQ(down_.kind, DownKind::Silent);
}

TEST_F(ComponentSessionTest, AsksASilentServerAndThenGivesUp) {
    come_up();
    EXPECT_TRUE(wait(seconds(59)));
    EXPECT_EQ(said(), "");
    hear("\n");  // it lives
    EXPECT_TRUE(wait(seconds(59)));
    EXPECT_EQ(said(), "");
    EXPECT_TRUE(wait(seconds(1)));
    EXPECT_THAT(said(), HasSubstr("<ping xmlns='urn:xmpp:ping'/></iq>"));
    EXPECT_TRUE(wait(seconds(29)));
    EXPECT_EQ(said(), "");
    EXPECT_FALSE(wait(seconds(1)));
    EXPECT_EQ(down_.kind, DownKind::Silent);
}

TEST_F(ComponentSessionTest, SilenceMeansNothingWhileNobodyListens) {
    come_up();
    now_ += seconds(600);
    session_->not_listening(now_);
    EXPECT_TRUE(session_->tick(now_));
    EXPECT_EQ(said(), "");
    EXPECT_EQ(session_->next_tick(), now_ + options_.silence);
}

TEST_F(ComponentSessionTest, KnowsItsPingsAgainInWhateverFormTheyComeBack) {
    come_up();
    const auto pong = [&](std::uint64_t number, const std::string& type) {
        std::string ping;
        session_->pings().write(ping, number);
        ping.replace(ping.find("'get'"), 5, '\'' + type + '\'');
        return ping;
    };
    session_->pinged(5, now_);
    hear(pong(1, "get"));
    EXPECT_EQ(session_->answered(), 1u);
    hear(pong(2, "result") + pong(4, "error"));
    EXPECT_EQ(session_->answered(), 4u);
    hear(pong(3, "get"));
    EXPECT_EQ(session_->answered(), 4u);
    hear(pong(6, "result"));  // never asked
    EXPECT_EQ(session_->answered(), 4u);
    EXPECT_THAT(events_, ElementsAre());

    EXPECT_TRUE(wait(seconds(29)));  // one is still out, and the server silent
    EXPECT_FALSE(wait(seconds(1)));
    EXPECT_EQ(down_.kind, DownKind::Silent);
}

TEST_F(ComponentSessionTest, OtherPeoplesPingsAreStanzas) {
    come_up();
    const std::string theirs =
        "<iq type='get' id='wp-1' to='gw.example'><ping xmlns='urn:xmpp:ping'/></iq>";
    hear(theirs);
    EXPECT_THAT(events_, ElementsAre(theirs));
    EXPECT_EQ(session_->answered(), 0u);
}

TEST_F(ComponentSessionTest, OneStanzaTooLargeDoesNotEndTheStream) {
    options_.limits.stanza_bytes = 1000;
    begin();
    come_up();
    EXPECT_TRUE(hear("<message id='1'>" + std::string(2000, 'x') + "</message><message id='2'/>"));
    EXPECT_THAT(events_, ElementsAre("over 1", "<message id='2'/>"));
}

TEST_F(ComponentSessionTest, EndsOnce) {
    come_up();
    session_->end({DownKind::Network, "lost"});
    session_->end({DownKind::Stopped, "stopped"});
    EXPECT_THAT(events_, ElementsAre("down network"));
    EXPECT_EQ(said(), kBye);
}

}  // namespace
}  // namespace waypost::xmpp

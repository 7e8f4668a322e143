// SPDX-License-Identifier: Apache-2.0
// The stream of a component against the servers that people run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "bridges/xmpp/component/component_stream.h"
#include "tests/interop/xmpp/server_test.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using testing::HasSubstr;
using xmpp::ComponentStream;
using xmpp::DownKind;
using xmpp::Element;
using xmpp::Sent;

class Owner final : public xmpp::ComponentOwner {
  public:
    void component_up() override { add("up"); }
    void component_down(const xmpp::Down& why, milliseconds again) override {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::string("down ") + to_string(why.kind));
        last_ = why;
        again_ = again;
    }
    void component_stanza(Element stanza) override { add(std::string(stanza.get("id"))); }
    void component_passed_over(xmpp::StanzaHead head) override { add("over " + head.id); }
    void add(std::string line) {
        const std::lock_guard lock(mutex_);
        lines_.push_back(std::move(line));
    }
    std::vector<std::string> lines() const {
        const std::lock_guard lock(mutex_);
        return lines_;
    }
    bool saw(const std::string& line) const { return count(line) > 0; }
    long count(const std::string& line) const {
        const auto all = lines();
        return std::count(all.begin(), all.end(), line);
    }
    xmpp::Down last() const {
        const std::lock_guard lock(mutex_);
        return last_;
    }
    milliseconds again() const {
        const std::lock_guard lock(mutex_);
        return again_;
    }

  private:
    mutable std::mutex mutex_;
    std::vector<std::string> lines_;
    xmpp::Down last_;
    milliseconds again_{0};
};

// A stream of ours and who owns it.
struct Gateway {
    explicit Gateway(const XmppServer& server, const std::string& secret = "gwsecret",
                     xmpp::StreamLimits limits = {}) {
        xmpp::ComponentOptions options;
        options.port = server.component_port();
        options.session.domain = server.component();
        options.session.secret = secret;
        options.session.limits = limits;
        options.reconnect.first = options.reconnect.most = milliseconds(200);
        domain = server.component();
        stream = std::make_unique<ComponentStream>(options, owner, clock, *random);
        stream->start();
    }
    bool sees(const std::string& line) {
        return eventually([&] { return owner.saw(line); });
    }
    Element message(const std::string& id, const std::string& to,
                    const std::string& body = "hello") {
        return Element("message")
            .set("type", "chat")
            .set("from", "node@" + domain)
            .set("to", to)
            .set("id", id)
            .add(Element("body").set_text(body));
    }
    Sent to_itself(const std::string& id, const std::string& body = "hello") {
        return stream->send(message(id, "other@" + domain, body));
    }

    std::string domain;
    SystemClock clock;
    std::unique_ptr<Random> random = system_random();
    Owner owner;
    std::unique_ptr<ComponentStream> stream;
};

class ComponentTest : public ServerTest {
  protected:
    // Runs, whatever the test before did to it.
    static XmppServer& server() {
        XmppServer& server = ServerTest::server();
        if (!server.running()) server.start();
        return server;
    }
};

TEST_P(ComponentTest, CarriesStanzasAndWhateverIsInThem) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up")) << gateway.owner.last().text;
    EXPECT_EQ(gateway.to_itself("m1", std::string("<&>'\" \0\x01\xFF\uFFFF \U0001F600", 18)),
              Sent::Queued);
    EXPECT_EQ(gateway.to_itself("m2"), Sent::Queued);
    EXPECT_TRUE(gateway.sees("m2")) << server().log();
    EXPECT_TRUE(gateway.owner.saw("m1"));
    const auto counters = gateway.stream->counters();
    EXPECT_EQ(counters.stanzas_out, 2u);
    EXPECT_EQ(counters.stanzas_in, 2u);
    EXPECT_EQ(counters.connects, 1u);
    gateway.stream->stop();
    EXPECT_EQ(gateway.owner.lines().back(), "down stopped");
    EXPECT_EQ(gateway.to_itself("m3"), Sent::Down);
}

TEST_P(ComponentTest, SaysThatTheSecretIsWrongAndDoesNotInsist) {
    Gateway gateway(server(), "wrong");
    ASSERT_TRUE(gateway.sees("down secret")) << gateway.owner.last().text;
    EXPECT_EQ(gateway.owner.last().condition, "not-authorized");
    EXPECT_THAT(gateway.owner.last().text, HasSubstr("secret must be the same"));
    EXPECT_GE(gateway.owner.again(), seconds(30));
    EXPECT_FALSE(gateway.stream->up());
}

// Order is what makes a ping a proof.
TEST_P(ComponentTest, ABarrierIsAnsweredBehindAllThatWasSentBefore) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up"));
    constexpr int kRounds = 20;
    constexpr int kStanzas = 50;
    for (int round = 0; round < kRounds; ++round) {
        for (int i = 0; i < kStanzas; ++i) {
            ASSERT_EQ(gateway.to_itself(std::to_string(round)), Sent::Queued);
            // Others have other ways through the server.
            ASSERT_EQ(gateway.stream->send(gateway.message("x", "nobody@" + server().domain())),
                      Sent::Queued);
        }
        ASSERT_EQ(gateway.stream->barrier([&, round](bool taken) {
            gateway.owner.add(taken ? "taken " + std::to_string(round) : "lost");
        }),
                  Sent::Queued);
    }
    ASSERT_TRUE(gateway.sees("taken " + std::to_string(kRounds - 1))) << server().log();
    const auto lines = gateway.owner.lines();
    for (int round = 0; round < kRounds; ++round) {
        const auto taken = std::find(lines.begin(), lines.end(), "taken " + std::to_string(round));
        ASSERT_NE(taken, lines.end());
        EXPECT_EQ(std::count(lines.begin(), taken, std::to_string(round)), kStanzas) << round;
    }
    EXPECT_FALSE(gateway.owner.saw("lost"));
}

TEST_P(ComponentTest, ABarrierIsToldThatTheStreamDiedAndAnotherStreamComes) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up"));
    gateway.stream->pause(true);  // so that no answer is heard
    EXPECT_EQ(
        gateway.stream->barrier([&](bool taken) { gateway.owner.add(taken ? "taken" : "lost"); }),
        Sent::Queued);
    ASSERT_TRUE(eventually([&] { return gateway.stream->counters().queued_bytes == 0; }));
    server().kill9();
    server();  // runs again
    // Whether the answer was on its way when the server died: either is true.
    gateway.stream->pause(false);
    ASSERT_TRUE(eventually([&] { return gateway.owner.count("up") == 2; }));
    EXPECT_EQ(gateway.owner.count("lost") + gateway.owner.count("taken"), 1);
    EXPECT_TRUE(gateway.owner.saw("down network"));
    EXPECT_EQ(gateway.to_itself("again"), Sent::Queued);
    EXPECT_TRUE(gateway.sees("again"));
}

TEST_P(ComponentTest, NothingSentToADeadServerIsCalledTaken) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up"));
    server().kill9();
    const Sent sent =
        gateway.stream->barrier([&](bool taken) { gateway.owner.add(taken ? "taken" : "lost"); });
    ASSERT_TRUE(gateway.sees("down network"));
    EXPECT_EQ(gateway.owner.count("lost"), sent == Sent::Queued ? 1 : 0);
    EXPECT_FALSE(gateway.owner.saw("taken"));
}

TEST_P(ComponentTest, HearsThatTheServerStops) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up"));
    server().stop();
    ASSERT_TRUE(eventually([&] { return gateway.owner.lines().size() > 1; }));
    EXPECT_THAT(gateway.owner.lines()[1], testing::AnyOf("down closed", "down network"));
}

TEST_P(ComponentTest, ReadsPastAStanzaThatIsTooLarge) {
    xmpp::StreamLimits limits;
    limits.stanza_bytes = 10'000;
    Gateway gateway(server(), "gwsecret", limits);
    ASSERT_TRUE(gateway.sees("up"));
    gateway.to_itself("large", std::string(50'000, 'x'));
    gateway.to_itself("small");
    EXPECT_TRUE(gateway.sees("small")) << server().log();
    EXPECT_TRUE(gateway.owner.saw("over large"));
    EXPECT_EQ(gateway.owner.count("up"), 1);
}

TEST_P(ComponentTest, TakesNothingWhileItIsPaused) {
    Gateway gateway(server());
    ASSERT_TRUE(gateway.sees("up"));
    gateway.stream->pause(true);
    const auto before = gateway.stream->counters().stanzas_in;
    for (int i = 0; i < 200; ++i)
        ASSERT_EQ(gateway.to_itself("p", std::string(500, 'x')), Sent::Queued);
    gateway.to_itself("last");
    ASSERT_TRUE(eventually([&] { return gateway.stream->counters().queued_bytes == 0; }));
    EXPECT_EQ(gateway.stream->counters().stanzas_in, before);
    gateway.stream->pause(false);
    EXPECT_TRUE(gateway.sees("last"));
    EXPECT_EQ(gateway.owner.count("p"), 200);
}

// ejabberd shares the stanzas out among all who connect, and refuses nobody.
TEST(ProsodyTest, RefusesASecondBoxOfOneName) {
    Prosody server;
    Gateway first(server);
    ASSERT_TRUE(first.sees("up"));
    Gateway second(server);
    ASSERT_TRUE(second.sees("down conflict")) << second.owner.last().text;
    EXPECT_THAT(second.owner.last().text, HasSubstr("another box"));
    EXPECT_GE(second.owner.again(), seconds(30));
    first.to_itself("still here");
    EXPECT_TRUE(first.sees("still here"));
    EXPECT_EQ(first.owner.count("up"), 1);
}

// What waits for somebody who is away is on the server's disk when the barrier is answered.
TEST(ProsodyTest, HasStoredWhatIsBeforeABarrier) {
    Prosody server;
    server.add_user("alice");
    Gateway gateway(server);
    ASSERT_TRUE(gateway.sees("up"));
    for (int i = 0; i < 50; ++i)
        ASSERT_EQ(gateway.stream->send(gateway.message("a", "alice@localhost")), Sent::Queued);
    gateway.stream->barrier([&](bool taken) {
        const std::string stored = server.offline("alice");
        std::size_t count = 0;
        for (std::size_t at = 0; (at = stored.find("hello", at)) != std::string::npos; ++at)
            ++count;
        gateway.owner.add(taken ? "stored " + std::to_string(count) : "lost");
    });
    EXPECT_TRUE(gateway.sees("stored 50")) << testing::PrintToString(gateway.owner.lines());
}

INSTANTIATE_TEST_SUITE_P(Servers, ComponentTest, each_server(), server_name);

}  // namespace
}  // namespace waypost::interop

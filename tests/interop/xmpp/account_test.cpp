// SPDX-License-Identifier: Apache-2.0
// An account of the village on a server that people run, and somebody with a chat program.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>
#include <limits>
#include <map>
#include <memory>
#include <mutex>
#include <set>

#include "bridges/xmpp/account/account_transport.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/interop/mail/peers.h"
#include "tests/interop/nncp_bridge/cut_line.h"
#include "tests/interop/xmpp/correspondent.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;

constexpr char kModules[] =
    "modules_enabled = { 'roster', 'saslauth', 'tls', 'disco', 'posix', 'private', 'smacks', "
    "'ping', 'offline', 'mam' }\n";
constexpr char kNoTls[] =
    "modules_enabled = { 'roster', 'saslauth', 'disco', 'posix', 'private', 'smacks', 'ping' }\n";

// The fake office, for several threads, with the time of the day.
class SharedOffice final : public Office {
  private:
    template <class Use>
    auto alone(const Use& use) {
        const std::lock_guard lock(mutex_);
        return use();
    }

  public:
    Verdict check(const Sender& sender, const Address& to, std::size_t bytes) override {
        return alone([&] { return office_.check(sender, to, bytes); });
    }
    void accept(Message message, OnVerdicts on_verdicts) override {
        alone([&] { office_.accept(std::move(message), std::move(on_verdicts)); });
    }
    std::unique_ptr<BodyWriter> new_body() override { return office_.new_body(); }
    Result<std::unique_ptr<std::istream>> open_body(const Body& body) override {
        return office_.open_body(body);
    }
    void begin(AttemptId attempt, WireId id, std::function<void(bool)> on_committed) override {
        alone([&] { office_.begin(attempt, std::move(id), std::move(on_committed)); });
    }
    void report(AttemptId attempt, Outcome outcome) override {
        alone([&] { office_.report(attempt, std::move(outcome)); });
    }
    void proof(const TransportId& id, const WireId& wire, Proof proof,
               std::function<void(bool)> on_disk) override {
        alone([&] { office_.proof(id, wire, std::move(proof), std::move(on_disk)); });
    }
    void retract(const TransportId&, MessageId, std::function<void(bool)>) override {}
    void heard(const TransportId&, const Address&, Heard) override {}
    void wake(const TransportId&) override {}
    TransportState& state(const TransportId& id) override { return office_.state(id); }
    const Clock& clock() const override { return clock_; }
    Random& random() override { return *random_; }
    std::string domain() const override { return office_.own_domain; }
    std::string village() const override { return "hill"; }
    PeopleView* people() override { return &village_people; }

    std::vector<std::string> taken() {
        return alone([&] {
            std::vector<std::string> all;
            for (const Message& each : office_.accepted)
                all.push_back((each.to.empty() ? "gateway" : each.to[0].value) + ": " + each.text);
            return all;
        });
    }
    Message last() {
        return alone([&] { return office_.accepted.back(); });
    }
    std::vector<std::pair<AttemptId, Outcome>> reports() {
        return alone([&] { return office_.reports; });
    }
    std::size_t delivered() {
        return alone([&] {
            std::set<DeliveryId> all;
            for (const auto& [attempt, how] : office_.reports)
                if (how.kind == Outcome::Kind::Delivered) all.insert(attempt.delivery);
            return all.size() + office_.proofs.size();
        });
    }
    // What the transport keeps; to put it back is what a crash does to what was not on disk.
    std::map<std::string, std::string> kept() {
        return alone([&] { return office_.kept(); });
    }
    void put_back(std::map<std::string, std::string> kept) {
        alone([&] { office_.kept() = std::move(kept); });
    }
    // Verdicts are not said until this is called with false.
    void hold(bool on) {
        std::vector<std::function<void()>> said;
        alone([&] {
            office_.later =
                on ? [this](std::function<void()> say) { held_.push_back(std::move(say)); }
                   : std::function<void(std::function<void()>)>();
            if (!on) said.swap(held_);
        });
        for (const auto& each : said) each();
    }

    FakePeople village_people;

  private:
    std::recursive_mutex mutex_;
    FakeOffice office_;
    SystemClock clock_;
    std::unique_ptr<Random> random_ = system_random();
    std::vector<std::function<void()>> held_;
};

std::set<std::string> once(const std::vector<std::string>& all) { return {all.begin(), all.end()}; }

// One server for all, with a user of each test.
class AccountTest : public testing::Test {
  protected:
    static void SetUpTestSuite() {
        std::signal(SIGPIPE, SIG_IGN);  // as in the gateway
        server_ = std::make_unique<Prosody>(kModules);
        for (const char* name : {"bob", "village", "ana"}) server_->add_user(name);
        bob_ = std::make_unique<Correspondent>(*server_, "bob");
    }
    static void TearDownTestSuite() {
        bob_.reset();
        server_.reset();
    }

    static xmpp::AccountTransportOptions options(const Prosody& server, const std::string& name,
                                                 int port = 0) {
        xmpp::AccountTransportOptions options;
        options.stream.account = *xmpp::parse_jid(name + "@localhost");
        options.stream.password = Secret("pw-" + name);
        options.stream.host = "127.0.0.1";
        options.stream.port = port == 0 ? server.client_port() : port;
        options.stream.ca_file = server.certificate();
        options.stream.reconnect.first = options.stream.reconnect.most = milliseconds(200);
        return options;
    }
    void begin(xmpp::AccountTransportOptions options) {
        account_ =
            std::make_unique<xmpp::AccountTransport>("xmpp_account.post", std::move(options));
        account_->start(office_);
    }
    void sign_in(const std::string& name, int port = 0, const std::string& person = {}) {
        xmpp::AccountTransportOptions with = options(*server_, name, port);
        with.person = person;
        begin(std::move(with));
        ASSERT_TRUE(eventually([&] { return account_->status().up; })) << account_->status().why;
    }
    AccountTest() {
        office_.village_people.add("ana", "Ana");
        office_.village_people.add("ben", "Ben");
    }
    ~AccountTest() override {
        if (account_) account_->stop();
    }
    void write(const std::string& from, const std::string& text, const std::string& to = "bob") {
        Delivery delivery;
        delivery.attempt = {++number_, 1};
        delivery.to = {"xmpp", to + "@localhost"};
        delivery.from = mailto(from, "hill.example");
        delivery.text = text;
        delivery.written = office_.clock().wall();
        account_->deliver(std::move(delivery));
    }
    bool takes(const std::string& line) {
        return eventually([&] {
            const auto all = office_.taken();
            return std::find(all.begin(), all.end(), line) != all.end();
        });
    }
    std::string why() const { return account_->status().why; }

    static inline std::unique_ptr<Prosody> server_;
    static inline std::unique_ptr<Correspondent> bob_;
    SharedOffice office_;
    DeliveryId number_ = 0;
    std::unique_ptr<xmpp::AccountTransport> account_;
};

TEST_F(AccountTest, PeopleOfTheVillageShareOne) {
    sign_in("village");
    bob_->say("village@localhost", "@ana hello");
    ASSERT_TRUE(takes("ana@hill.example: hello")) << server_->log();
    EXPECT_EQ(office_.last().from.uri(), "xmpp:bob@localhost");
    EXPECT_TRUE(office_.last().verified_sender);
    EXPECT_TRUE(office_.last().wishes.at(0).delivered) << "he asked for a receipt";

    write("ana", "hi from ana");
    const std::string ana = bob_->line("got", "Ana: hi from ana");
    EXPECT_THAT(ana, HasSubstr(" village@localhost "));
    write("ben", "hi from ben");
    EXPECT_NE(bob_->line("got", "Ben: hi from ben"), "");
    EXPECT_TRUE(eventually([&] { return office_.delivered() == 2; })) << "his program's receipts";

    bob_->say("village@localhost", "and you?");
    EXPECT_TRUE(takes("ben@hill.example: and you?")) << "who wrote last";
    const std::string id = ana.substr(4, ana.find(' ', 4) - 4);
    bob_->answer("village@localhost", id, "fine");
    EXPECT_TRUE(takes("ana@hill.example: fine"));
    EXPECT_THAT(office_.last().references, testing::ElementsAre(id));
}

TEST_F(AccountTest, WhoDoesNotSayForWhomIsToldHow) {
    server_->add_user("carl");
    Correspondent carl(*server_, "carl");
    sign_in("village");
    carl.say("village@localhost", "hello?");
    EXPECT_THAT(carl.line("error"), HasSubstr("not-acceptable"));
    EXPECT_THAT(carl.line("got", "@ana"), HasSubstr("people of hill"));
    carl.say("village@localhost", "hello??");
    EXPECT_TRUE(eventually([&] {
        const auto all = carl.lines();
        return std::count_if(all.begin(), all.end(),
                             [](const auto& each) { return each.starts_with("error"); }) == 2;
    }));
    EXPECT_EQ(carl.texts().size(), 1u) << "once a day";
    EXPECT_TRUE(office_.taken().empty());
}

TEST_F(AccountTest, APersonsOwnIsHersAlone) {
    sign_in("ana", 0, "ana");
    bob_->say("ana@localhost", "@ben is a word here");
    EXPECT_TRUE(takes("ana@hill.example: @ben is a word here"));
    write("ana", "my own words");
    EXPECT_NE(bob_->line("got", " ana@localhost my own words"), "");
    const Address bob{"xmpp", "bob@localhost"};
    EXPECT_EQ(account_->reach_from("ana", bob), 2);
    EXPECT_EQ(account_->reach_from("ben", bob), std::nullopt);
    EXPECT_EQ(account_->reach_from("ana", mailto("bob", "localhost")), std::nullopt);
}

// The line is cut again and again in the middle of what both say.
TEST_F(AccountTest, NothingIsLostOrDoubledWhenTheLineIsCut) {
    constexpr int kEach = 200;
    server_->add_user("burst");
    CutLine line(server_->client_port());
    constexpr std::size_t kNever = std::numeric_limits<std::size_t>::max();
    line.cut({60'000, 40'000, 25'000, 50'000}, kNever);
    sign_in("burst", line.port(), "ana");
    bob_->burst("burst@localhost", kEach);
    std::vector<std::string> written;
    for (int i = 0; i < kEach; ++i) {
        written.push_back("word " + std::to_string(i));
        write("ana", written.back());
    }
    EXPECT_TRUE(eventually([&] { return office_.reports().size() >= kEach; }, seconds(60)))
        << office_.reports().size() << why() << server_->log();
    EXPECT_TRUE(eventually([&] { return once(office_.taken()).size() >= kEach; }))
        << office_.taken().size() << why();
    EXPECT_EQ(line.left(), 0u) << "all cuts were made";

    std::vector<std::string> said;
    for (int i = 0; i < kEach; ++i) said.push_back("ana@hill.example: burst " + std::to_string(i));
    const auto words = [&] {
        std::vector<std::string> all = bob_->texts();
        std::erase_if(all, [](const auto& each) { return !each.starts_with("word "); });
        return all;
    };
    EXPECT_TRUE(eventually([&] { return words().size() >= kEach; }));
    if (account_->status().details.at("signed in") == "1 times") {
        EXPECT_EQ(office_.taken(), said) << "each once, in their order";
        EXPECT_EQ(words(), written) << "each once, in their order";
    } else {
        // On a busy machine Prosody 0.12.3 may have read half a stanza before the cut, reads on
        // behind it, and ends the session: what it had not confirmed goes again under its old id.
        EXPECT_THAT(once(office_.taken()), testing::UnorderedElementsAreArray(once(said)));
        EXPECT_THAT(once(words()), testing::UnorderedElementsAreArray(once(written)));
        EXPECT_EQ(bob_->ids("word ").size(), written.size()) << "a repeat has its old id";
    }
    for (const auto& [attempt, how] : office_.reports())
        EXPECT_TRUE(how.kind == Outcome::Kind::Sent || how.kind == Outcome::Kind::Delivered)
            << attempt.delivery << how.code;
}

// A session that the server has given up: what it had not acknowledged goes again under its id,
// and what came meanwhile is read from the archive.
TEST_F(AccountTest, ASessionThatIsGoneIsMadeUpForByTheArchive) {
    Prosody server(std::string(kModules) + "smacks_hibernation_time = 1\n");
    for (const char* name : {"bob", "village"}) server.add_user(name);
    Correspondent bob(server, "bob");
    CutLine line(server.client_port());
    line.cut({}, std::numeric_limits<std::size_t>::max());
    xmpp::AccountTransportOptions with = options(server, "village", line.port());
    with.stream.reconnect.first = with.stream.reconnect.most = milliseconds(4'000);
    begin(std::move(with));
    ASSERT_TRUE(eventually([&] { return account_->status().up; })) << why();
    bob.say("village@localhost", "@ana first");
    ASSERT_TRUE(takes("ana@hill.example: first"));
    line.cut_now();
    ASSERT_TRUE(eventually([&] { return !account_->status().up; }));
    write("ana", "meanwhile");
    bob.say("village@localhost", "second");
    ASSERT_TRUE(eventually([&] {
        return server.log().find("hibernation") != std::string::npos || account_->status().up;
    }));
    EXPECT_TRUE(takes("ana@hill.example: second")) << why() << server.log();
    EXPECT_NE(bob.line("got", "Ana: meanwhile"), "") << server.log();
    EXPECT_EQ(account_->status().details.at("signed in"), "2 times");
    bob.say("village@localhost", "third");
    EXPECT_TRUE(takes("ana@hill.example: third"));
    EXPECT_EQ(office_.taken().size(), 3u);
    EXPECT_EQ(bob.texts().size(), 1u);
}

// What the office has not on disk, the server is not told to forget.
TEST_F(AccountTest, TheServerKeepsWhatIsNotInCustody) {
    sign_in("village");
    bob_->say("village@localhost", "@ana before");
    ASSERT_TRUE(takes("ana@hill.example: before"));
    const auto kept = office_.kept();
    office_.hold(true);
    bob_->say("village@localhost", "@ana held");
    ASSERT_TRUE(takes("ana@hill.example: held"));
    account_->stop();  // before a verdict
    account_.reset();
    office_.hold(false);
    office_.put_back(kept);
    EXPECT_EQ(office_.taken().size(), 2u);
    sign_in("village");
    EXPECT_TRUE(eventually([&] { return office_.taken().size() == 3; })) << server_->log();
    EXPECT_NE(office_.last().origin_id, "") << "by which the office knows it again";
}

TEST_F(AccountTest, SaysThatThePasswordIsWrongAndDoesNotInsist) {
    xmpp::AccountTransportOptions wrong = options(*server_, "village");
    wrong.stream.password = Secret("wrong");
    begin(std::move(wrong));
    EXPECT_TRUE(eventually([&] { return why().find("password") != std::string::npos; })) << why();
    EXPECT_THAT(why(), AllOf(HasSubstr("village@localhost"), HasSubstr("not-authorized")));
    EXPECT_FALSE(account_->status().up);
}

TEST_F(AccountTest, NeverTalksToAServerThatCannotProveWhoItIs) {
    xmpp::AccountTransportOptions unknown = options(*server_, "village");
    unknown.stream.ca_file.clear();
    begin(std::move(unknown));
    EXPECT_TRUE(eventually([&] { return why().find("certificate") != std::string::npos; }))
        << why();
    EXPECT_EQ(account_->status().details.at("signed in"), "0 times");
}

TEST_F(AccountTest, SaysNoPasswordInClear) {
    Prosody plain(kNoTls);
    plain.add_user("village");
    begin(options(plain, "village"));
    EXPECT_TRUE(eventually([&] { return why().find("STARTTLS") != std::string::npos; })) << why();
    EXPECT_EQ(plain.log().find("Authenticated as"), std::string::npos);
}

TEST_F(AccountTest, StopsAtOnceWhereNobodyAnswers) {
    const Listening silent = listen_on_loopback();
    begin(options(*server_, "village", silent.port));
    const auto began = std::chrono::steady_clock::now();
    account_->stop();
    EXPECT_LT(std::chrono::steady_clock::now() - began, seconds(3));
    ::close(silent.fd);
}

// kill -9 between the stanza and the commit.
TEST_F(AccountTest, AMessageComesAgainAfterAKill) {
    const Folder folder;
    shell("umask 077; echo pw-village > " + (folder / "password"));
    BoxProcess box(folder, "[xmpp_account.post]\njid = \"village@localhost\"\npassword = \"" +
                               (folder / "password") + "\"\nserver = \"127.0.0.1:" +
                               std::to_string(server_->client_port()) + "\"\nca_file = \"" +
                               server_->certificate() + "\"\n");
    box.waypost("people add ana");
    const auto waiting = [&] {
        const std::string queue = box.waypost("queue list all");
        int count = 0;
        for (std::size_t at = 0; (at = queue.find("to person:ana", at)) != std::string::npos; ++at)
            ++count;
        return count;
    };
    box.stop();
    box.start("handed:2");
    bob_->say("village@localhost", "@ana in custody");
    ASSERT_TRUE(eventually([&] { return waiting() == 1; })) << box.log();
    bob_->say("village@localhost", "@ana killed");
    ASSERT_TRUE(eventually([&] { return box.died(); })) << box.log();
    box.start();
    EXPECT_TRUE(eventually([&] { return waiting() == 2; })) << box.log();
    bob_->say("village@localhost", "@ana afterwards");
    EXPECT_TRUE(eventually([&] { return waiting() >= 3; })) << box.log();
    EXPECT_EQ(waiting(), 3) << "none twice";
}

}  // namespace
}  // namespace waypost::interop

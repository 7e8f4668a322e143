// SPDX-License-Identifier: Apache-2.0
// What stands directly on the network: the resolver against NSD, policies against a web server.
#include "bridges/email/direct/resolver.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <thread>

#include "bridges/email/direct/https_policy.h"
#include "bridges/email/direct/sts_policy.h"
#include "tests/interop/direct/internet.h"

namespace waypost::email {
namespace {

using interop::Folder;
using interop::NameServer;
using interop::PolicyServer;

std::string records() {
    std::string all =
        "two MX 20 B.two\ntwo MX 10 a.two\na.two A 192.0.2.1\na.two AAAA 2001:db8::1\n"
        "alias CNAME two\nbare A 192.0.2.9\nnull MX 0 .\n"
        "text TXT \"v=STSv1; \" \"id=1;\"\ntext TXT \"other\"\n"
        "mta-sts.good A 127.0.0.1\nmta-sts.moved A 127.0.0.1\nmta-sts.page A 127.0.0.1\n"
        "mta-sts.large A 127.0.0.1\nmta-sts.stranger A 127.0.0.1\n";
    // More than a datagram holds: the answer comes by TCP.
    for (int i = 0; i < 200; ++i)
        all += "many MX " + std::to_string(i) + " a-host-with-a-long-name-" + std::to_string(i) +
               ".many\n";
    return all;
}

class ResolverTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() {
        folder_ = std::make_unique<Folder>();
        names_ = std::make_unique<NameServer>(*folder_, records());
    }
    static void TearDownTestSuite() {
        names_.reset();
        folder_.reset();
    }
    static std::string server() { return "127.0.0.1:" + std::to_string(names_->port()); }
    Resolver dns_{server()};
    static std::unique_ptr<Folder> folder_;
    static std::unique_ptr<NameServer> names_;
};

std::unique_ptr<Folder> ResolverTest::folder_;
std::unique_ptr<NameServer> ResolverTest::names_;

TEST_F(ResolverTest, ReadsMxAlsoBehindAnAlias) {
    for (const char* name : {"two.test", "alias.test"}) {
        const auto records = dns_.mx(name);
        ASSERT_TRUE(records.ok()) << records.error().text;
        ASSERT_EQ(records->size(), 2u) << name;
        EXPECT_EQ(std::count(records->begin(), records->end(), MxRecord{20, "b.two.test"}), 1);
    }
    EXPECT_EQ(*dns_.mx("null.test"), (std::vector<MxRecord>{{0, ""}}));
    EXPECT_TRUE(dns_.mx("bare.test")->empty()) << "the name is there, the record is not";
}

TEST_F(ResolverTest, ReadsTextsAndAddresses) {
    auto txt = dns_.txt("text.test");
    ASSERT_TRUE(txt.ok());
    std::sort(txt->begin(), txt->end());
    EXPECT_EQ(*txt, (std::vector<std::string>{"other", "v=STSv1; id=1;"}));
    EXPECT_EQ(*dns_.addresses("a.two.test"),
              (std::vector<std::string>{"2001:db8::1", "192.0.2.1"}));
    EXPECT_EQ(*dns_.addresses("192.0.2.7"), (std::vector<std::string>{"192.0.2.7"}));
}

TEST_F(ResolverTest, TellsNeverFromLater) {
    EXPECT_EQ(dns_.mx("nothing.test").error().code, Code::NotFound);
    EXPECT_FALSE(dns_.mx("nothing.test").error().retry);
    EXPECT_TRUE(dns_.mx("broken").error().retry) << "SERVFAIL";
    EXPECT_TRUE(dns_.mx("elsewhere.invalid").error().retry) << "REFUSED: not this server's";
    EXPECT_FALSE(dns_.mx(std::string(300, 'a') + ".test").error().retry);
    EXPECT_FALSE(dns_.mx("b\xc3\xbc"
                         "cher.test")
                     .ok());
}

TEST_F(ResolverTest, KnowsWhatIsAZone) {
    EXPECT_TRUE(*dns_.is_zone("test"));
    EXPECT_FALSE(*dns_.is_zone("two.test")) << "a name, but no zone";
    EXPECT_FALSE(*dns_.is_zone("nothing.test"));
    EXPECT_FALSE(dns_.is_zone("").ok()) << "REFUSED: it knows no root";
    const Folder folder;
    const NameServer world(folder, records(), true);
    Resolver dns("127.0.0.1:" + std::to_string(world.port()));
    EXPECT_TRUE(*dns.is_zone(""));
    EXPECT_FALSE(*dns.is_zone("invalid")) << "no such TLD";
}

TEST_F(ResolverTest, ManyRecordsComeByTcpAndAreCut) {
    const auto records = dns_.mx("many.test");
    ASSERT_TRUE(records.ok()) << records.error().text;
    EXPECT_EQ(records->size(), kMostRecords);
}

TEST_F(ResolverTest, AServerThatIsNotThereIsLater) {
    Resolver nobody("127.0.0.1:" + std::to_string(free_port()));
    const auto records = nobody.mx("two.test");
    ASSERT_FALSE(records.ok());
    EXPECT_TRUE(records.error().retry);
}

// A server that hears the question and says nothing.
TEST_F(ResolverTest, WhoWaitsIsCut) {
    const int fd = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ASSERT_EQ(::bind(fd, reinterpret_cast<sockaddr*>(&address), size), 0);
    ASSERT_EQ(::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
    Resolver silent("127.0.0.1:" + std::to_string(ntohs(address.sin_port)));
    const auto began = std::chrono::steady_clock::now();
    std::thread asking([&] { EXPECT_TRUE(silent.mx("two.test").error().retry); });
    char question[512];
    ASSERT_GT(::recv(fd, question, sizeof question, 0), 0);
    silent.cut();
    asking.join();
    EXPECT_TRUE(silent.txt("two.test").error().retry) << "and nobody waits after that";
    EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::seconds(3));
    ::close(fd);
}

TEST_F(ResolverTest, ANameServerIsAnAddress) {
    EXPECT_THROW(Resolver("not an address"), std::runtime_error);
    EXPECT_THROW(Resolver("dns.example.org:53"), std::runtime_error);
}

class PolicyTest : public ResolverTest {
  protected:
    static void SetUpTestSuite() {
        ResolverTest::SetUpTestSuite();
        interop::make_authority(*folder_);
        interop::make_certificate(
            *folder_, "web",
            {"mta-sts.good.test", "mta-sts.moved.test", "mta-sts.page.test", "mta-sts.large.test"});
        web_ = std::make_unique<PolicyServer>(*folder_);
    }
    static void TearDownTestSuite() {
        web_.reset();
        ResolverTest::TearDownTestSuite();
    }
    Result<std::string> fetch(const std::string& domain, const std::string& ca_file) {
        return HttpsPolicySource(dns_, {ca_file, web_->port()}).fetch(domain);
    }
    Result<std::string> fetch(const std::string& domain) {
        return fetch(domain, *folder_ / "ca.crt");
    }
    static constexpr char kPolicy[] = "version: STSv1\nmode: none\nmax_age: 1\n";
    static std::unique_ptr<PolicyServer> web_;
};

std::unique_ptr<PolicyServer> PolicyTest::web_;

TEST_F(PolicyTest, ComesFromTheServerOfThatName) {
    web_->publish("mta-sts.good.test", kPolicy);
    const auto text = fetch("good.test");
    ASSERT_TRUE(text.ok()) << text.error().text;
    EXPECT_EQ(*text, kPolicy);
}

TEST_F(PolicyTest, ACertificateOfAnotherNameOrAuthorityIsNone) {
    web_->publish("mta-sts.stranger.test", kPolicy);
    EXPECT_FALSE(fetch("stranger.test").ok()) << "the certificate names others";
    web_->publish("mta-sts.good.test", kPolicy);
    EXPECT_FALSE(fetch("good.test", "").ok()) << "no authority of the system's";
    EXPECT_EQ(web_->asked("mta-sts.stranger.test"), 0) << "nothing is asked before it is known";
}

TEST_F(PolicyTest, NoRedirectNoPageNoFlood) {
    web_->say("mta-sts.moved.test",
              "HTTP/1.1 302 Found\r\nLocation: https://mta-sts.good.test/.well-known/mta-sts.txt"
              "\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(fetch("moved.test").error().text, "the server of the policy says 302");
    web_->say("mta-sts.page.test",
              "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nhi");
    EXPECT_EQ(fetch("page.test").error().text, "the policy is not text/plain");
    web_->publish("mta-sts.large.test", std::string(kMostPolicyBytes + 1, '\n'));
    EXPECT_EQ(fetch("large.test").error().text, "the policy is too large");
    EXPECT_FALSE(fetch("nothing.test").ok());
}

}  // namespace
}  // namespace waypost::email

// SPDX-License-Identifier: Apache-2.0
// Hosts that misbehave when the box sends by itself: a bad one on 127.0.0.1, Exim on 127.0.0.3 on
// the same port.
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/interop/direct/world.h"
#include "tests/interop/wrong/bad_relay.h"

namespace waypost::interop {
namespace {

using std::chrono::seconds;
using Mood = BadRelay::Mood;

bool has(const std::string& text, const std::string& word) {
    return text.find(word) != std::string::npos;
}

std::string message_id(const std::string& mail) {
    const std::size_t at = mail.find("\r\nMessage-I");
    const std::size_t open = mail.find('<', at);
    return mail.substr(open, mail.find('>', open) - open);
}

constexpr char kRecords[] =
    "far MX 10 bad\nfar MX 20 mx.far\nmx.far A 127.0.0.3\nbad A 127.0.0.1\nalone MX 10 bad\n"
    "a.alone MX 10 bad\nb.alone MX 10 bad\nc.alone MX 10 bad\nd.alone MX 10 bad\n"
    "away MX 10 gone.away\ngone.away A 127.0.0.2\n"
    "strict MX 10 mx.far\n_mta-sts.strict TXT \"v=STSv1; id=1;\"\nmta-sts.strict A 127.0.0.1\n"
    "other MX 10 mx.far\n_mta-sts.other TXT \"v=STSv1; id=1;\"\nmta-sts.other A 127.0.0.1\n";

class HostsTest : public ::testing::Test {
  protected:
    HostsTest() { box_.waypost("people add ana"); }
    bool make_certificates() const {
        make_authority(folder_);
        make_certificate(folder_, "web", {"mta-sts.strict.test", "mta-sts.other.test"});
        return true;
    }
    std::string toml() const {
        return "[email.out]\ndirect = true\ndirect_domains = 2\nnameserver = \"127.0.0.1:" +
               std::to_string(names_.port()) + "\"\ndirect_port = " + std::to_string(bad_.port()) +
               "\nmta_sts_port = " + std::to_string(policies_.port()) + "\nca_file = \"ca.crt\"\n";
    }
    bool takes(std::size_t mails) const {
        return eventually([&] { return bad_.mails().size() >= mails; });
    }
    Folder folder_;
    bool certificates_ = make_certificates();
    BadRelay bad_;
    NameServer names_{folder_, kRecords};
    PolicyServer policies_{folder_};
    Exim exim_{folder_, bad_.port(), free_port()};
    BoxProcess box_{folder_, toml()};
};

TEST_F(HostsTest, AHostThatIsClosedLeavesItToTheNext) {
    bad_.feels(Mood::Closed);
    const std::string id = send(box_, "ben@far.test", "next host");
    EXPECT_TRUE(has(trace_with(box_, id, "sent [reported]"), "(mx.far.test, in clear)"))
        << box_.waypost("trace " + id);
    EXPECT_TRUE(eventually([&] { return has(exim_.mails(), "Subject: next host"); }));
    EXPECT_EQ(bad_.connections(), 1) << "the preferred one was asked first";
}

TEST_F(HostsTest, AnAnswerThatWasLostMeansTheSameMailAgainAfterAKillToo) {
    bad_.feels(Mood::DropAfterDot);
    const std::string id = send(box_, "ben@alone.test", "again");
    ASSERT_TRUE(takes(1));
    ASSERT_TRUE(has(trace_with(box_, id, "ambiguous"), "ambiguous"));
    bad_.feels(Mood::Stuck);
    box_.waypost("queue retry " + id);
    ASSERT_TRUE(takes(2));
    box_.kill9();
    bad_.feels(Mood::Good);
    box_.start();
    ASSERT_TRUE(takes(3));
    const auto mails = bad_.mails();
    EXPECT_EQ(message_id(mails[0]), message_id(mails[1]));
    EXPECT_EQ(message_id(mails[0]), message_id(mails[2]));
    EXPECT_TRUE(has(trace_with(box_, id, "sent [reported]"), "sent [reported]"));
}

TEST_F(HostsTest, ADomainThatIsAwayPausesItselfOnly) {
    const std::string lost = send(box_, "ben@away.test", "to nobody");
    EXPECT_TRUE(has(trace_with(box_, lost, "gone.away.test"), "connection gone.away.test:"))
        << box_.waypost("trace " + lost);
    const std::string id = send(box_, "ben@alone.test", "meanwhile");
    EXPECT_TRUE(takes(1)) << box_.waypost("trace " + id);
    EXPECT_TRUE(has(box_.waypost("status"), "away.test: gone.away.test:"))
        << box_.waypost("status");
}

TEST_F(HostsTest, MoreDomainsThanAtOnceAllGetTheirs) {
    for (const char* domain :
         {"alone.test", "a.alone.test", "b.alone.test", "c.alone.test", "d.alone.test"}) {
        send(box_, std::string("ben@") + domain, "many");
    }
    EXPECT_TRUE(takes(5)) << box_.waypost("queue");
    EXPECT_TRUE(has(box_.waypost("status"), "mail domains at work: 2")) << box_.waypost("status");
}

TEST_F(HostsTest, AnEnforcedPolicySendsNothingInClearNorToAHostItDoesNotName) {
    policies_.publish("mta-sts.strict.test",
                      "version: STSv1\nmode: enforce\nmx: mx.far.test\nmax_age: 86400\n");
    policies_.publish("mta-sts.other.test",
                      "version: STSv1\nmode: enforce\nmx: mx.else.test\nmax_age: 86400\n");
    const std::string clear = send(box_, "ben@strict.test", "not in clear");
    EXPECT_TRUE(has(trace_with(box_, clear, "offers no TLS"), "mx.far.test: offers no TLS"))
        << box_.waypost("trace " + clear);
    const std::string other = send(box_, "ben@other.test", "not to others");
    EXPECT_TRUE(has(trace_with(box_, other, "is not named by"),
                    "mx.far.test is not named by the MTA-STS policy of other.test"))
        << box_.waypost("trace " + other);
    EXPECT_FALSE(has(exim_.mails(), "Subject: not "));
    EXPECT_FALSE(has(exim_.log(), "<= ana@village.test")) << exim_.log();
}

TEST_F(HostsTest, APolicyInTestingDeliversAllTheSame) {
    policies_.publish("mta-sts.other.test",
                      "version: STSv1\nmode: testing\nmx: mx.else.test\nmax_age: 86400\n");
    const std::string id = send(box_, "ben@other.test", "tested");
    EXPECT_TRUE(eventually([&] { return has(exim_.mails(), "Subject: tested"); }))
        << box_.waypost("trace " + id);
    EXPECT_TRUE(has(box_.log(), "not-named=mx.far.test")) << box_.log();
}

}  // namespace
}  // namespace waypost::interop

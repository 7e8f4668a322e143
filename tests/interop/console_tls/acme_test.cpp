// SPDX-License-Identifier: Apache-2.0
// A certificate by an authority: Pebble, the test authority of Let's Encrypt, which looks at the
// console as a real one does, with the names of its own test DNS. Both listen on loopback only.
#include <gmock/gmock.h>

#include <fstream>
#include <memory>

#include "tests/interop/console_tls/child.h"
#include "tests/interop/console_tls/tls_box.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;

class Authority {
  public:
    // Certificates last so long; it looks at the names at this port.
    Authority(int port, int seconds) {
        shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
            "-keyout " +
            (folder_ / "key.pem") + " -out " + ca_file() +
            " -subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>&1");
        std::ofstream(folder_ / "pebble.json")
            << R"({"pebble": {"listenAddress": "127.0.0.1:)" << port_
            << R"(", "managementListenAddress": "127.0.0.1:)" << management_
            << R"(", "certificate": ")" << ca_file() << R"(", "privateKey": ")"
            << (folder_ / "key.pem") << R"(", "httpPort": )" << port << R"(, "tlsPort": )"
            << free_port() << R"(, "certificateValidityPeriod": )" << seconds << "}}";
        names_ = std::make_unique<Child>(
            std::vector<std::string>{"pebble-challtestsrv", "-dns01", local(dns_), "-http01", "",
                                     "-https01", "", "-tlsalpn01", "", "-management",
                                     local(free_port()), "-defaultIPv6", ""},
            folder_ / "dns.log");
        start();
    }
    void start() {
        pebble_ = std::make_unique<Child>(
            std::vector<std::string>{"pebble", "-config", folder_ / "pebble.json", "-dnsserver",
                                     local(dns_)},
            folder_ / "pebble.log",
            std::map<std::string, std::string>{{"PEBBLE_VA_NOSLEEP", "1"},
                                               {"PEBBLE_WFE_NONCEREJECT", "0"}});
        const bool there = eventually([&] {
            return shell("curl -s --noproxy '*' --cacert " + ca_file() + ' ' + directory() +
                         " || true")
                       .find("newOrder") != std::string::npos;
        });
        if (!there) throw std::runtime_error(log());
    }
    void stop() { pebble_.reset(); }
    std::string ca_file() const { return folder_ / "ca.pem"; }
    std::string directory() const { return "https://" + local(port_) + "/dir"; }
    // Of the certificates that it gives.
    std::string root() const {
        return shell("curl -s -k --noproxy '*' https://" + local(management_) + "/roots/0");
    }
    std::string log() const { return contents(folder_ / "pebble.log"); }
    // Of [console].
    std::string settings() const {
        return "certificate = \"acme\"\nacme_directory = \"" + directory() +
               "\"\nacme_mail = \"post@village.test\"\nacme_ca_file = \"" + ca_file() + "\"\n";
    }

  private:
    static std::string local(int port) { return "127.0.0.1:" + std::to_string(port); }
    const Folder folder_;
    const int port_ = free_port(), management_ = free_port(), dns_ = free_port();
    std::unique_ptr<Child> names_, pebble_;
};

TEST(Acme, ACertificateComesIsRenewedAndStaysWhenTheAuthorityIsGone) {
    const int clear = free_port();
    Authority authority(clear, 45);  // renewed in the last third: after half a minute
    const Folder trust;
    std::ofstream(trust / "root.pem") << authority.root();
    ::setenv("SSL_CERT_FILE", (trust / "root.pem").c_str(), 1);  // browsers here know it
    TlsBox box(authority.settings() + "redirect = \"names\"\n", clear);
    ::unsetenv("SSL_CERT_FILE");
    ask(box.socket(), "POST", "/time/confirm");
    const auto in_use = [&](const std::string& source) {
        return eventually(
            [&] { return box.report().find("\"in_use\":\"" + source) != std::string::npos; },
            std::chrono::seconds(60));
    };
    ASSERT_TRUE(in_use("acme")) << box.report() << box.box().log() << authority.log();
    EXPECT_THAT(box.report(), HasSubstr("\"issuer\":\"Pebble Intermediate CA"));
    EXPECT_THAT(box.report(), HasSubstr("\"accepted\":true"));
    // Whoever trusts the authority comes in without a word, and the whole chain is shown.
    const std::string trusted = "--cacert " + (trust / "root.pem") + " -i ";
    const std::string answer = box.curl(trusted + box.tls() + "/");
    EXPECT_THAT(answer, HasSubstr("<title>Waypost"));
    EXPECT_THAT(answer, ::testing::ContainsRegex("Strict-Transport-Security: max-age=[0-9]{1,2}\r"))
        << "not longer than it lasts";
    EXPECT_THAT(box.curl("-i -H 'Host: village.test' " + box.clear() + "/"),
                HasSubstr("Location: https://village.test:"));
    EXPECT_THAT(box.curl("-i " + box.clear() + "/"), HasSubstr("200 OK")) << "not by its address";
    EXPECT_THAT(shell("ls -lR " + (box.folder() / "waypost.db.tls")),
                ::testing::Not(::testing::ContainsRegex("-rw-.*r--? ")));

    const std::string first = box.fingerprint();
    const int pid = box.box().pid();
    EXPECT_TRUE(eventually([&] { return box.fingerprint() != first; }, std::chrono::seconds(90)))
        << box.report();
    EXPECT_THAT(box.curl(trusted + box.tls() + "/"), HasSubstr("<title>Waypost"));
    EXPECT_EQ(box.box().pid(), pid);

    const std::string second = box.fingerprint();
    authority.stop();
    EXPECT_TRUE(
        eventually([&] { return box.report().find("cannot be reached") != std::string::npos; },
                   std::chrono::seconds(90)))
        << box.report();
    EXPECT_EQ(box.fingerprint(), second);
    EXPECT_THAT(box.box().waypost("console certificate"), HasSubstr("Next try:  in "));
    EXPECT_THAT(box.box().log(), HasSubstr("certificate-not-renewed"));
    box.box().kill9();
    box.box().start();
    EXPECT_EQ(box.fingerprint(), second) << "kept through a power cut";
}

// It looks where nobody answers.
TEST(Acme, ARefusalIsToldInTheAuthoritysWordsAndTheOwnStaysInUse) {
    Authority authority(free_port(), 86400);
    TlsBox box(authority.settings());
    ask(box.socket(), "POST", "/time/confirm");
    EXPECT_TRUE(eventually(
        [&] { return box.report().find("the authority gave no certificate") != std::string::npos; },
        std::chrono::seconds(60)))
        << box.report() << authority.log();
    EXPECT_THAT(box.report(), HasSubstr("connection refused"));
    EXPECT_THAT(box.report(), HasSubstr("\"in_use\":\"own\""));
    EXPECT_THAT(box.curl("-k " + box.tls() + "/"), HasSubstr("<title>Waypost"));
    EXPECT_THAT(box.box().waypost("console renew-certificate"), HasSubstr("It is being asked"));
}

}  // namespace
}  // namespace waypost::interop

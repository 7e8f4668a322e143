// SPDX-License-Identifier: Apache-2.0
// The console with TLS, as curl and openssl find it.
#include <Poco/Net/StreamSocket.h>
#include <gmock/gmock.h>

#include <fstream>
#include <regex>

#include "tests/interop/console_tls/tls_box.h"

namespace waypost::interop {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kJson[] = " -H 'Content-Type: application/json' ";

std::string first_of(const std::string& text, const std::string& pattern) {
    std::smatch found;
    return std::regex_search(text, found, std::regex(pattern)) ? found[1].str() : std::string();
}

class OwnTls : public ::testing::Test {
  protected:
    std::string claim(const std::string& at) {
        const std::string code =
            first_of(ask(box_.socket(), "POST", "/claim-code"), "\"code\":\"([^\"]+)\"");
        return box_.curl("-k -i -X POST" + std::string(kJson) + "-d '" + R"({"code": ")" + code +
                         R"(", "handle": "mia", "password": "seven green lanterns"})" + "' " + at +
                         "/api/claim");
    }
    std::string sign_in(const std::string& at) {
        return box_.curl("-k -i -X POST" + std::string(kJson) +
                         R"(-d '{"handle": "mia", "password": "seven green lanterns"}' )" + at +
                         "/api/session");
    }
    static std::string cookie_of(const std::string& answer) {
        return first_of(answer, "Set-Cookie: [^=]+=([0-9a-f]+)");
    }
    std::string session(const std::string& at, const std::string& cookie) {
        return box_.curl("-k -H 'Cookie: " + cookie + "' " + at + "/api/session");
    }
    TlsBox box_{""};
};

TEST_F(OwnTls, SpeaksTodaysVersionsWithForwardSecrecyOnly) {
    EXPECT_THAT(box_.handshake("-tls1_3"), HasSubstr("New, TLSv1.3"));
    EXPECT_THAT(box_.handshake("-tls1_2"), HasSubstr("New, TLSv1.2"));
    EXPECT_THAT(box_.handshake("-tls1_1 -cipher ALL@SECLEVEL=0"), HasSubstr("Cipher is (NONE)"));
    EXPECT_THAT(box_.handshake("-tls1_2 -cipher ECDHE+AESCCM:ECDHE-ECDSA-AES128-SHA@SECLEVEL=0"),
                HasSubstr("Cipher is (NONE)"));
    EXPECT_THAT(box_.handshake("-tls1_2 -cipher ECDHE"), HasSubstr("Secure Renegotiation IS"));
}

TEST_F(OwnTls, ItsCertificateIsForTheBoxAndStaysAfterARestart) {
    EXPECT_THAT(box_.certificate("-ext subjectAltName"),
                ::testing::AllOf(HasSubstr("DNS:village.test"), HasSubstr(".local"),
                                 HasSubstr("IP Address:127.0.0.1")));
    EXPECT_THAT(box_.certificate("-text"), HasSubstr("NIST CURVE: P-256"));
    EXPECT_THAT(shell("ls -l " + (box_.folder() / "waypost.db.tls")), HasSubstr("-rw-------"));
    // Whoever trusts just this one needs no -k.
    EXPECT_THAT(box_.curl("--cacert " + (box_.folder() / "waypost.db.tls/own.pem") + ' ' +
                          box_.tls() + "/"),
                HasSubstr("<title>Waypost"));
    const std::string before = box_.fingerprint();
    box_.box().kill9();
    box_.box().start();
    EXPECT_EQ(box_.fingerprint(), before);
    EXPECT_THAT(box_.box().waypost("console certificate"), HasSubstr("(browsers warn of it)"));
}

TEST_F(OwnTls, BrowsersAreNotToldToInsistOnACertificateThatTheyRefuse) {
    EXPECT_THAT(box_.curl("-k -i " + box_.tls() + "/"), Not(HasSubstr("Strict-Transport")));
    EXPECT_THAT(box_.curl("-i " + box_.clear() + "/"), HasSubstr("200 OK")) << "in clear as ever";
}

TEST_F(OwnTls, SessionsInClearAndWithTlsAreApart) {
    const std::string answer = claim(box_.tls());
    EXPECT_THAT(answer, HasSubstr("Set-Cookie: __Host-waypost="));
    EXPECT_THAT(answer, HasSubstr("Path=/; HttpOnly; SameSite=Strict"));
    EXPECT_THAT(answer, HasSubstr("; Secure"));
    EXPECT_THAT(answer, HasSubstr("\"clear_http\":false"));
    const std::string in_clear = sign_in(box_.clear());
    EXPECT_THAT(in_clear, HasSubstr("Set-Cookie: waypost="));
    EXPECT_THAT(in_clear, Not(HasSubstr("; Secure")));
    EXPECT_THAT(in_clear, HasSubstr("\"clear_http\":true"));

    const std::string secure = "__Host-waypost=" + cookie_of(answer);
    const std::string open = "waypost=" + cookie_of(in_clear);
    EXPECT_THAT(session(box_.tls(), secure), HasSubstr("\"signed_in\":true"));
    EXPECT_THAT(session(box_.clear(), open), HasSubstr("\"signed_in\":true"));
    EXPECT_THAT(session(box_.clear(), secure), HasSubstr("\"signed_in\":false"));
    EXPECT_THAT(session(box_.tls(), open), HasSubstr("\"signed_in\":false"));
    // Nor by the other's name: who reads along in clear learns nothing that opens the rest.
    EXPECT_THAT(session(box_.tls(), "__Host-waypost=" + cookie_of(in_clear)),
                HasSubstr("\"signed_in\":false"));
    EXPECT_THAT(session(box_.clear(), "waypost=" + cookie_of(answer)),
                HasSubstr("\"signed_in\":false"));
}

TEST_F(OwnTls, AFormOfTheSamePageInClearIsAnotherPages) {
    const auto from = [&](const std::string& at, const std::string& origin) {
        return box_.curl("-k -o /dev/null -w '%{http_code}' -H 'Origin: " + origin +
                         "' -d handle=mia -d code=1 " + at + "/plain");
    };
    const std::string clear_name = "http://village.test:" + first_of(box_.clear(), ":([0-9]+)$");
    EXPECT_EQ(from(box_.tls(), box_.tls()), "403") << "a wrong code";
    EXPECT_THAT(box_.curl("-k -H 'Origin: " + box_.tls() + "' -d handle=mia -d code=1 " +
                          box_.tls() + "/plain"),
                HasSubstr("role=\"alert\""));
    const std::string http = "http" + box_.tls().substr(5);
    EXPECT_EQ(
        box_.curl("-k -H 'Origin: " + http + "' -d handle=mia -d code=1 " + box_.tls() + "/plain"),
        "");
    EXPECT_EQ(from(box_.tls(), "null"), "403");
    EXPECT_EQ(box_.curl("-H 'Origin: https" + clear_name.substr(4) + "' -d code=1 " + clear_name +
                        "/plain"),
              "");
}

TEST_F(OwnTls, LiveEventsAndPartsOfTheMapComeByIt) {
    const std::string cookie =
        "-k -H 'Cookie: __Host-waypost=" + cookie_of(claim(box_.tls())) + "' ";
    EXPECT_THAT(box_.curl("-N -m 2 -i " + cookie + box_.tls() + "/api/events"),
                ::testing::AllOf(HasSubstr("text/event-stream"), HasSubstr(": live")));
    const std::string part = box_.curl("-i -r 10-29 " + cookie + box_.tls() + "/tiles.pmtiles");
    EXPECT_THAT(part, HasSubstr("206 Partial Content"));
    EXPECT_THAT(part, HasSubstr("\r\n\r\n" + std::string(20, 'm')));
    EXPECT_EQ(box_.curl(cookie + box_.tls() + "/tiles.pmtiles").size(), 100'000u);
}

TEST_F(OwnTls, AFloodOfSilentHandshakesKeepsNobodyOut) {
    const Poco::Net::SocketAddress to("127.0.0.1", static_cast<Poco::UInt16>(box_.tls_port()));
    std::vector<Poco::Net::StreamSocket> flood;
    for (int i = 0; i < 400; ++i) {
        flood.emplace_back(to);
        // The first bytes of a handshake: a record that promises 512 bytes (RFC 8446 5.1).
        if (i % 2 == 0) flood.back().sendBytes("\x16\x03\x01\x02\x00\x01", 6);
    }
    EXPECT_THAT(box_.curl("-k " + box_.tls() + "/"), HasSubstr("<title>Waypost"));
    EXPECT_THAT(box_.curl(box_.clear() + "/"), HasSubstr("<title>Waypost"));
    const std::string threads = contents("/proc/" + std::to_string(box_.box().pid()) + "/status");
    EXPECT_LT(std::stoi(first_of(threads, "Threads:\\s+([0-9]+)")), 40) << "no thread for each";
}

TEST(RedirectToTls, TakesEverybodyThereButNotFromBefore) {
    TlsBox box("redirect = \"all\"\n");
    const std::string answer = box.curl("-i '" + box.clear() + "/radios?a=1'");
    EXPECT_THAT(answer, HasSubstr("307 Temporary Redirect"));
    EXPECT_THAT(answer, HasSubstr("Location: https://127.0.0.1:" + std::to_string(box.tls_port()) +
                                  "/radios?a=1"));
    EXPECT_THAT(box.curl("-i " + box.clear() + "/api/session"), HasSubstr("307"));
    EXPECT_THAT(box.curl("-i -H 'Host: a b' " + box.clear() + "/"),
                HasSubstr("Location: https://village.test:"));
    EXPECT_THAT(box.curl("-i -H 'X-Forwarded-Proto: https' " + box.clear() + "/"),
                HasSubstr("200 OK"))
        << "a server before it has TLS";
    EXPECT_THAT(box.curl("-L -k " + box.clear() + "/"), HasSubstr("<title>Waypost"));
}

TEST(RedirectToTls, ByNamesTakesNobodyToAWarning) {
    TlsBox box("redirect = \"names\"\n");
    EXPECT_THAT(box.curl("-i -H 'Host: village.test' " + box.clear() + "/"), HasSubstr("200 OK"));
}

class CertificateFiles : public ::testing::Test {
  protected:
    static void make(const Folder& folder) {
        shell(
            "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 40 "
            "-keyout " +
            (folder / "key.pem") + " -out " + (folder / "cert.pem") +
            " -subj /CN=village.test -addext subjectAltName=DNS:village.test 2>&1");
    }
};

TEST_F(CertificateFiles, AreTakenWithoutARestartAndBrokenOnesAreNot) {
    TlsBox box("certificate = \"cert.pem\"\nkey = \"key.pem\"\n");
    EXPECT_THAT(box.report(), HasSubstr("cert.pem: cannot read")) << "the box runs all the same";
    const auto shows = [&] {
        return eventually([&] {
            return box.fingerprint() == shell("openssl x509 -noout -fingerprint -sha256 -in " +
                                              (box.folder() / "cert.pem"));
        });
    };
    make(box.folder());
    EXPECT_TRUE(shows()) << box.report();
    const std::string first = box.fingerprint();
    const int pid = box.box().pid();
    make(box.folder());
    EXPECT_TRUE(shows()) << box.report();
    EXPECT_NE(box.fingerprint(), first);
    EXPECT_THAT(box.report(), HasSubstr("\"problem\":\"\""));

    const std::string good = box.fingerprint();
    std::ofstream(box.folder() / "key.pem") << "rubbish";
    EXPECT_TRUE(eventually([&] {
        return box.report().find("there is no key in PEM") != std::string::npos;
    })) << box.report();
    EXPECT_EQ(box.fingerprint(), good);
    EXPECT_THAT(box.box().waypost("console certificate"), HasSubstr("Problem:"));
    EXPECT_THAT(box.box().log(), HasSubstr("certificate-not-taken"));
    EXPECT_EQ(box.box().pid(), pid);
    EXPECT_TRUE(box.box().up());
}

}  // namespace
}  // namespace waypost::interop

// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/fetcher.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>

#include <cstring>
#include <thread>

#include "bridges/fetch/public_address.h"
#include "tests/fakes/file_server.h"

namespace waypost {
namespace {

using std::chrono::seconds;

struct Kept final : FetchSink {
    Result<void> begin(const FetchHead& its_head) override {
        ++begun;
        head = its_head;
        return {};
    }
    Result<void> write(std::string_view more) override {
        bytes += more;
        if (fails) return Error{Code::Full, "no room", true};
        return {};
    }
    int begun = 0;
    bool fails = false;
    FetchHead head;
    std::string bytes;
};

FetchOptions options_for(const FileServer& server) {
    FetchOptions options;
    options.ca_file = server.ca_file();
    options.near = {"localhost"};
    return options;
}

TEST(Fetcher, GivesTheBytesAndSaysWhatTheyAre) {
    FileServer server;
    const std::string bytes = std::string(100'000, 'g') + '\0' + "end";
    server.file("/up/a%20goat.JPG", "image/jpeg; x=y", bytes);
    Kept kept;
    const auto fetched =
        Fetcher(options_for(server)).fetch({server.url("/up/a%20goat.JPG"), {}}, kept);
    ASSERT_TRUE(fetched.ok()) << fetched.error().text;
    EXPECT_EQ(*fetched, bytes.size());
    EXPECT_EQ(kept.bytes, bytes);
    EXPECT_EQ(kept.begun, 1);
    EXPECT_EQ(kept.head.type, "image/jpeg");
    EXPECT_EQ(kept.head.name, "a goat.JPG");
}

TEST(Fetcher, AnEmptyFileIsOne) {
    FileServer server;
    server.file("/nothing", "text/plain", "");
    Kept kept;
    const auto fetched = Fetcher(options_for(server)).fetch({server.url("/nothing"), {}}, kept);
    ASSERT_TRUE(fetched.ok()) << fetched.error().text;
    EXPECT_EQ(*fetched, 0u);
    EXPECT_EQ(kept.begun, 1);
}

TEST(Fetcher, GoesWhereItIsSentAndKeepsTheFirstName) {
    FileServer server;
    server.redirect("/goat.jpg", "/elsewhere?key=1");
    server.file("/elsewhere?key=1", "image/jpeg", "goat");
    Kept kept;
    const auto fetched =
        Fetcher(options_for(server)).fetch({server.url("/goat.jpg"), {"Accept: image/jpeg"}}, kept);
    ASSERT_TRUE(fetched.ok()) << fetched.error().text;
    EXPECT_EQ(kept.bytes, "goat");
    EXPECT_EQ(kept.head.name, "goat.jpg");
    ASSERT_EQ(server.asked().size(), 2u);
    EXPECT_NE(server.asked()[1].find("Accept: image/jpeg"), std::string::npos);
}

TEST(Fetcher, AHeaderDoesNotGoToAnotherHost) {
    FileServer server;
    server.redirect("/x", "https://127.0.0.1:" + std::to_string(server.port()) + "/y");
    server.file("/y", "text/plain", "y");
    FetchOptions options = options_for(server);
    options.near.push_back("127.0.0.1");
    Kept kept;
    ASSERT_TRUE(Fetcher(options).fetch({server.url("/x"), {"Signature: secret"}}, kept).ok());
    EXPECT_NE(server.asked()[0].find("Signature: secret"), std::string::npos);
    EXPECT_EQ(server.asked()[1].find("Signature: secret"), std::string::npos);
}

Error error_of(const FileServer& server, FetchOptions options, const std::string& path,
               Kept* kept = nullptr) {
    Kept own;
    const auto fetched =
        Fetcher(std::move(options)).fetch({server.url(path), {}}, kept ? *kept : own);
    return fetched.ok() ? Error{Code::Internal, "it went well", false} : fetched.error();
}

TEST(Fetcher, NothingOfThisMachineOrTheVillageIsAsked) {
    FileServer server;
    server.file("/secret", "text/plain", "secret");
    FetchOptions options = options_for(server);
    options.near.clear();
    EXPECT_EQ(error_of(server, options, "/secret").code, Code::Refused);
    const std::string port = std::to_string(server.port());
    // However the address is written.
    for (const std::string host :
         {"127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]", "127.1", "0"}) {
        Kept kept;
        const auto fetched =
            Fetcher(options).fetch({"https://" + host + ':' + port + "/secret", {}}, kept);
        ASSERT_FALSE(fetched.ok()) << host;
        EXPECT_EQ(fetched.error().code, Code::Refused) << host << fetched.error().text;
    }
    EXPECT_TRUE(server.asked().empty());
}

TEST(Fetcher, ARedirectLeadsNowhereElse) {
    FileServer server;
    server.file("/secret", "text/plain", "secret");
    const std::string port = std::to_string(server.port());
    server.redirect("/to-loopback", "https://127.0.0.1:" + port + "/secret");
    server.redirect("/to-file", "file:///etc/passwd");
    server.redirect("/to-http", "http://127.0.0.1:" + port + "/secret");
    server.redirect("/round", "/round");
    EXPECT_EQ(error_of(server, options_for(server), "/to-loopback").code, Code::Refused);
    EXPECT_EQ(error_of(server, options_for(server), "/to-file").code, Code::BadInput);
    EXPECT_EQ(error_of(server, options_for(server), "/to-http").code, Code::BadInput);
    EXPECT_EQ(error_of(server, options_for(server), "/round").code, Code::Refused);
    EXPECT_EQ(server.asked().size(), 7u);  // 4 first ones, and 3 times round
}

TEST(Fetcher, TooMuchIsTooMuchWhateverIsAnnounced) {
    FileServer server;
    server.file("/announced", "text/plain", std::string(2000, 'x'));
    server.answer("/endless", [](const FileServer::Write& write) {
        if (!write("HTTP/1.1 200 OK\r\nContent-Type: a/b\r\n\r\n")) return;
        while (write(std::string(500, 'x'))) {
        }
    });
    FetchOptions options = options_for(server);
    options.most_bytes = 1000;
    Kept kept;
    EXPECT_EQ(error_of(server, options, "/announced", &kept).code, Code::TooLarge);
    EXPECT_EQ(kept.bytes, "");
    EXPECT_EQ(error_of(server, options, "/endless", &kept).code, Code::TooLarge);
    EXPECT_LE(kept.bytes.size(), 1000u);
}

TEST(Fetcher, WhatEndsEarlyIsNoFile) {
    FileServer server;
    server.answer("/short", [](const FileServer::Write& write) {
        write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort");
    });
    server.answer("/chunk", [](const FileServer::Write& write) {
        write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\n");
    });
    EXPECT_EQ(error_of(server, options_for(server), "/short").code, Code::Network);
    EXPECT_EQ(error_of(server, options_for(server), "/chunk").code, Code::Network);
}

TEST(Fetcher, SlowIsNotWaitedForWithoutEnd) {
    FileServer server;
    server.stall("/slow");
    server.answer("/no-head", [](const FileServer::Write& write) {
        while (write({})) {
        }
    });
    FetchOptions options = options_for(server);
    options.whole = seconds(1);
    EXPECT_EQ(error_of(server, options, "/slow").code, Code::Timeout);
    EXPECT_EQ(error_of(server, options, "/no-head").code, Code::Timeout);
}

TEST(Fetcher, CutEndsWhatIsUnderWay) {
    FileServer server;
    server.stall("/slow");
    const Fetcher* asked = nullptr;
    Fetcher fetcher(options_for(server));
    asked = &fetcher;
    std::thread cutter([&] {
        while (server.asked().empty()) std::this_thread::yield();
        fetcher.cut();
    });
    Kept kept;
    const auto fetched = asked->fetch({server.url("/slow"), {}}, kept);
    cutter.join();
    ASSERT_FALSE(fetched.ok());
    EXPECT_TRUE(fetched.error().retry);
}

TEST(Fetcher, WhoseCertificateIsNotVerifiedIsNotAsked) {
    FileServer server, other;
    server.file("/x", "text/plain", "x");
    FetchOptions options = options_for(server);
    options.ca_file = other.ca_file();
    EXPECT_EQ(error_of(server, options, "/x").code, Code::Refused);
    EXPECT_TRUE(server.asked().empty());
}

TEST(Fetcher, WithoutTlsOnlyWhereTheOperatorSaysSo) {
    FileServer server(FileServer::Tls::No);
    server.file("/x", "text/plain", "x");
    FetchOptions options;
    EXPECT_EQ(error_of(server, options, "/x").code, Code::BadInput);
    EXPECT_FALSE(Fetcher(options).check(server.url("/x")).ok());
    options.near = {"localhost:" + std::to_string(server.port())};
    Kept kept;
    EXPECT_TRUE(Fetcher(options).check(server.url("/x")).ok());
    const auto fetched = Fetcher(options).fetch({server.url("/x"), {}}, kept);
    ASSERT_TRUE(fetched.ok()) << fetched.error().text;
    // Another port of the same host is not meant.
    options.near = {"localhost:1"};
    EXPECT_EQ(error_of(server, options, "/x").code, Code::BadInput);
}

TEST(Fetcher, OddLinksAreNone) {
    const Fetcher fetcher{FetchOptions{}};
    for (const char* url : {"", "goat", "ftp://x.test/a", "file:///etc/passwd", "https://",
                            "https://user:word@x.test/a", "gopher://x.test",
                            "https://x.test:99999/a", "http://x.test/a", "javascript:alert(1)"}) {
        Kept kept;
        EXPECT_FALSE(fetcher.check(url).ok()) << url;
        const auto fetched = fetcher.fetch({url, {}}, kept);
        ASSERT_FALSE(fetched.ok()) << url;
        EXPECT_EQ(fetched.error().code, Code::BadInput) << url;
    }
    EXPECT_FALSE(fetcher.check("https://x.test/" + std::string(5000, 'a')).ok());
}

TEST(Fetcher, WhatTheServerSaysIsSaid) {
    FileServer server;
    server.answer("/busy", [](const FileServer::Write& write) {
        write("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
    });
    Kept kept;
    EXPECT_EQ(error_of(server, options_for(server), "/gone", &kept).code, Code::NotFound);
    const Error busy = error_of(server, options_for(server), "/busy", &kept);
    EXPECT_EQ(busy.text, "its server says 503");
    EXPECT_TRUE(busy.retry);
    EXPECT_EQ(kept.begun, 0);
}

TEST(Fetcher, ASinkThatFailsEndsIt) {
    FileServer server;
    server.file("/x", "text/plain", "x");
    Kept kept;
    kept.fails = true;
    EXPECT_EQ(error_of(server, options_for(server), "/x", &kept).code, Code::Full);
}

bool is_public(const char* text) {
    sockaddr_in v4{};
    if (::inet_pton(AF_INET, text, &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        sockaddr address{};
        std::memcpy(&address, &v4, sizeof address);
        return is_public_address(address);
    }
    sockaddr_in6 v6{};
    EXPECT_EQ(::inet_pton(AF_INET6, text, &v6.sin6_addr), 1) << text;
    v6.sin6_family = AF_INET6;
    return is_public_address(*reinterpret_cast<const sockaddr*>(&v6));
}

TEST(PublicAddress, IsOnlyWhatAnybodyMayHave) {
    for (const char* address :
         {"1.1.1.1", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0",
          "126.255.255.255", "128.0.0.1", "169.253.0.1", "172.15.255.255", "172.32.0.0",
          "192.167.0.1", "198.17.0.1", "198.20.0.1", "223.255.255.255", "2a01:4f8::1",
          "2606:4700::1111", "64:ff9b::101:101", "2001:200::1"})
        EXPECT_TRUE(is_public(address)) << address;
    for (const char* address : {"0.0.0.0",
                                "10.0.0.1",
                                "100.64.0.1",
                                "127.0.0.1",
                                "127.255.255.254",
                                "169.254.169.254",
                                "172.16.0.1",
                                "172.31.255.255",
                                "192.0.0.8",
                                "192.0.2.1",
                                "192.168.1.1",
                                "198.18.0.1",
                                "198.19.255.255",
                                "198.51.100.1",
                                "203.0.113.1",
                                "224.0.0.1",
                                "240.0.0.1",
                                "255.255.255.255",
                                "::",
                                "::1",
                                "::ffff:127.0.0.1",
                                "::ffff:10.0.0.1",
                                "::127.0.0.1",
                                "64:ff9b::a00:1",
                                "64:ff9b::7f00:1",
                                "64:ff9b:1::1",
                                "100::1",
                                "2001::1",
                                "2001:db8::1",
                                "2002:7f00:1::",
                                "2002:101:101::",
                                "fc00::1",
                                "fdff::1",
                                "fe80::1",
                                "fec0::1",
                                "ff02::1",
                                "3fff::1",
                                "4000::1"})
        EXPECT_FALSE(is_public(address)) << address;
    sockaddr other{};
    other.sa_family = AF_UNIX;
    EXPECT_FALSE(is_public_address(other));
}

}  // namespace
}  // namespace waypost

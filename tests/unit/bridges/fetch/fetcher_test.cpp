// SPDX-License-Identifier: Apache-2.0
#include "bridges/fetch/fetcher.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "tests/fakes/file_server.h"
#include "tests/fakes/web_peer.h"

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

FetchOptions options_for(const WebPeer& peer) {
    FetchOptions options;
    options.ca_file = peer.ca_file();
    options.near = {"localhost"};
    return options;
}

// Says what it was told, and what the test wants.
PeerAnswer echo(const PeerRequest& request) {
    PeerAnswer answer;
    if (request.target.rfind("/status/", 0) == 0)
        answer.status = std::stoi(request.target.substr(8));
    if (request.target == "/status/429") answer.headers["Retry-After"] = "120";
    if (request.target == "/status/302") answer.headers["Location"] = "/elsewhere";
    answer.type = "text/plain; charset=utf-8";
    answer.body = request.method + ' ' + request.header("content-type") + ' ' + request.body;
    return answer;
}

TEST(Fetcher, AQuestionIsAnsweredWhateverItsStatus) {
    WebPeer peer(echo);
    const Fetcher fetcher(options_for(peer));
    for (const int status : {200, 202, 302, 401, 404, 410, 429, 500}) {
        const std::string url = peer.url("/status/" + std::to_string(status));
        const auto answer = fetcher.ask({url, {"Content-Type: text/x"}, "a\0b"});
        ASSERT_TRUE(answer.ok()) << answer.error().text;
        EXPECT_EQ(answer->status, status);
        EXPECT_EQ(answer->type, "text/plain");
        EXPECT_EQ(answer->location, status == 302 ? peer.url("/elsewhere") : "");
        EXPECT_EQ(answer->body, "POST text/x a\0b");
        EXPECT_EQ(answer->retry_after.has_value(), status == 429);
        EXPECT_EQ(answer->retry_after.value_or(seconds(120)).count(), 120);
    }
    EXPECT_EQ(peer.asked().size(), 8u) << "no redirect was followed";
    EXPECT_EQ(peer.connections(), 1u) << "the connection was used again";
    const auto got = fetcher.ask({peer.url("/x"), {}, {}});
    ASSERT_TRUE(got.ok());
    EXPECT_EQ(got->body, "GET  ");
}

// As Mastodon says it, on its own clock.
TEST(Fetcher, TheEndOfALimitIsATimeToWait) {
    PeerAnswer says{429, "text/plain", "", {}};
    WebPeer peer([&](const PeerRequest&) { return says; });
    const Fetcher fetcher(options_for(peer));
    const auto wait = [&](const std::string& reset) {
        says.headers["X-RateLimit-Reset"] = reset;
        const auto answer = fetcher.ask({peer.url("/x"), {}, {}});
        return answer.ok() ? answer->retry_after.value_or(seconds(-1)) : seconds(-2);
    };
    says.headers["Date"] = "Fri, 27 Nov 2026 14:00:00 GMT";
    EXPECT_EQ(wait("2026-11-27T14:05:00.123Z").count(), 301);
    EXPECT_EQ(wait("2026-11-27T13:59:00.123Z").count(), -1) << "it is over";
    EXPECT_EQ(wait("soon").count(), -1);
    says.headers["Retry-After"] = "7";
    EXPECT_EQ(wait("2026-11-27T14:05:00.123Z").count(), 7);
    says.status = 200;
    says.headers.erase("Retry-After");
    EXPECT_EQ(wait("2026-11-27T14:05:00.123Z").count(), -1) << "there is room yet";
}

TEST(Fetcher, OfALongAnswerTheBeginningIsKept) {
    WebPeer peer([](const PeerRequest&) {
        return PeerAnswer{200, "text/plain", std::string(200'000, 'a'), {}};
    });
    const Fetcher fetcher(options_for(peer));
    const auto some = fetcher.ask({peer.url("/x"), {}, "q", 1000});
    ASSERT_TRUE(some.ok()) << some.error().text;
    EXPECT_EQ(some->status, 200);
    EXPECT_EQ(some->body, std::string(1000, 'a'));
    EXPECT_TRUE(some->cut);
    const auto all = fetcher.ask({peer.url("/x"), {}, {}, 200'000});
    ASSERT_TRUE(all.ok());
    EXPECT_EQ(all->body.size(), 200'000u);
    EXPECT_FALSE(all->cut);
}

TEST(Fetcher, ThreadsThatAskAtOnceHaveConnectionsOfTheirOwn) {
    WebPeer peer(echo);
    const Fetcher fetcher(options_for(peer));
    std::vector<std::thread> threads;
    std::atomic<int> right{0};
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&, i] {
            for (int n = 0; n < 20; ++n) {
                const std::string text = std::to_string(i) + ':' + std::to_string(n);
                const auto answer = fetcher.ask({peer.url("/"), {"Content-Type: x"}, text});
                if (answer.ok() && answer->body == "POST x " + text) ++right;
            }
        });
    }
    for (std::thread& each : threads) each.join();
    EXPECT_EQ(right, 80);
    EXPECT_LE(peer.connections(), 4u);
}

constexpr char kHead[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n";

TEST(Fetcher, AHeldConnectionGivesWhatComesAsItComes) {
    FileServer server;
    std::promise<void> heard;
    server.answer("/live", [&](const FileServer::Write& write) {
        write(kHead);
        write("one");
        heard.get_future().wait();  // only who has read the first gets the second
        write("two");
    });
    std::string all;
    const auto ended =
        Fetcher(options_for(server))
            .listen({server.url("/live"), {"X-Of: us"}}, [&](std::string_view bytes) {
                all += bytes;
                if (all == "one") heard.set_value();
                return true;
            });
    ASSERT_TRUE(ended.ok()) << ended.error().text;
    EXPECT_EQ(*ended, 200);
    EXPECT_EQ(all, "onetwo");
    EXPECT_NE(server.asked().at(0).find("X-Of: us"), std::string::npos);
}

TEST(Fetcher, AHeldConnectionEndsWhenItIsEnoughOrDead) {
    FileServer server;
    server.answer("/live", [](const FileServer::Write& write) {
        write(kHead);
        write("one");
        while (write({})) {
        }
    });
    const Fetcher fetcher(options_for(server));
    const auto enough = fetcher.listen({server.url("/live"), {}}, [](auto) { return false; });
    ASSERT_TRUE(enough.ok()) << enough.error().text;
    EXPECT_EQ(*enough, 200);
    ListenRequest request{server.url("/live"), {}};
    request.silent = seconds(1);
    const auto dead = fetcher.listen(request, [](auto) { return true; });
    ASSERT_FALSE(dead.ok());
    EXPECT_EQ(dead.error().code, Code::Timeout);
    EXPECT_TRUE(dead.error().retry);
}

TEST(Fetcher, OfAHeldConnectionThatIsRefusedItsStatusIsKnown) {
    WebPeer peer([](const PeerRequest&) { return PeerAnswer{404, "text/html", "<h1>no", {}}; });
    FetchOptions options;
    options.ca_file = peer.ca_file();
    options.near = {"localhost"};
    int taken = 0;
    const auto take = [&](std::string_view) { return ++taken > 0; };
    const auto none = Fetcher(options).listen({peer.url("/live"), {}}, take);
    ASSERT_TRUE(none.ok()) << none.error().text;
    EXPECT_EQ(*none, 404);
    EXPECT_EQ(taken, 0);
    options.near.clear();
    EXPECT_FALSE(Fetcher(options).listen({peer.url("/live"), {}}, take).ok())
        << "in a private network";
}

TEST(Fetcher, AQuestionGoesNowhereThatAFileIsNotFetchedFrom) {
    WebPeer peer(echo);
    FetchOptions options = options_for(peer);
    options.near.clear();
    const auto secret = Fetcher(options).ask({peer.url("/"), {}, "x"});
    ASSERT_FALSE(secret.ok());
    EXPECT_EQ(secret.error().code, Code::Refused);
    EXPECT_TRUE(peer.asked().empty());
    for (const char* url : {"", "http://x.test/", "ftp://x.test/", "https://u:p@x.test/"}) {
        const auto odd = Fetcher(options).ask({url, {}, "x"});
        ASSERT_FALSE(odd.ok()) << url;
        EXPECT_EQ(odd.error().code, Code::BadInput) << url;
    }
    Fetcher fetcher(options_for(peer));
    fetcher.cut();
    const auto late = fetcher.ask({peer.url("/"), {}, "x"});
    ASSERT_FALSE(late.ok());
    EXPECT_TRUE(late.error().retry);
}

}  // namespace
}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// The door as other servers and other people see it, byte by byte.
#include "bridges/activitypub/server/http_door.h"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

#include "tests/unit/bridges/activitypub/door_wire.h"

namespace waypost::activitypub {
namespace {

TEST(HttpDoor, HandsOnWholeRequests) {
    Request seen;
    HttpDoor door(in_clear(), [&](const Request& request) {
        seen = request;
        return Answer{202, "application/activity+json", "{}", {{"Vary", "Accept"}}};
    });
    Wire wire(door.port());
    const std::string answer = wire.ask(
        "POST /ap/inbox?a=b HTTP/1.1\r\nHOST: hill.example\r\nSignature: x\r\n"
        "X-Forwarded-For: 192.0.2.1\r\nContent-Length: 4\r\n\r\nbody");
    EXPECT_EQ(status(answer), 202);
    EXPECT_TRUE(has(answer, "Content-Type: application/activity+json\r\n")) << answer;
    EXPECT_TRUE(has(answer, "Vary: Accept\r\n"));
    EXPECT_TRUE(answer.ends_with("\r\n\r\n{}"));
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.path, "/ap/inbox");
    EXPECT_EQ(seen.target, "/ap/inbox?a=b");
    EXPECT_EQ(seen.query.at("a"), "b");
    EXPECT_EQ(seen.header("host"), "hill.example");
    EXPECT_EQ(seen.header("signature"), "x");
    EXPECT_EQ(seen.header("date"), "");
    EXPECT_EQ(seen.body, "body");
    EXPECT_EQ(seen.from, "127.0.0.1") << "who asks may say that he is anybody";
}

TEST(HttpDoor, AConnectionHasManyRequests) {
    HttpDoor door(in_clear(), echo);
    Wire wire(door.port());
    for (int i = 0; i < 20; ++i) {
        const std::string body = std::to_string(i);
        EXPECT_TRUE(wire.ask(post(body)).ends_with("POST /ap/inbox " + body));
    }
    wire.say(get("/one") + post("two") + get("/three", "Connection: close\r\n"));
    EXPECT_TRUE(wire.hear().ends_with("GET /one "));
    EXPECT_TRUE(wire.hear().ends_with("POST /ap/inbox two"));
    EXPECT_TRUE(wire.hear().ends_with("GET /three "));
    EXPECT_TRUE(wire.closes());
    EXPECT_TRUE(Wire(door.port()).ask("GET /old HTTP/1.0\r\n\r\n").ends_with("GET /old "));
}

TEST(HttpDoor, HeadHasTheLengthAndNoBody) {
    HttpDoor door(in_clear(), [](const Request&) {
        return Answer{200, "text/plain", "twelve bytes", {}};
    });
    Wire wire(door.port());
    const std::string answer = wire.ask("HEAD /x HTTP/1.1\r\nHost: hill.example\r\n\r\n");
    EXPECT_TRUE(has(answer, "Content-Length: 12\r\n")) << answer;
    EXPECT_TRUE(wire.ask(get("/y")).ends_with("twelve bytes")) << "nothing was in between";
}

TEST(HttpDoor, WhatHasNoBodyIsSaidSo) {
    HttpDoor door(in_clear(), [](const Request& request) {
        return Answer{request.path == "/304" ? 304 : 404, "", "not sent", {}};
    });
    Wire wire(door.port());
    EXPECT_FALSE(has(wire.ask(get("/304")), "Content-Length"));
    EXPECT_TRUE(has(wire.ask(get("/404")), "Content-Length: 0\r\n"));
}

TEST(HttpDoor, TooLargeABodyIsRefusedBeforeItIsRead) {
    HttpDoorOptions options = in_clear();
    options.most_body = 1000;
    HttpDoor door(options, echo);
    Wire fits(door.port());
    EXPECT_EQ(status(fits.ask(post(std::string(1000, 'x')))), 200);
    const std::string head = "POST / HTTP/1.1\r\nHost: hill.example\r\nContent-Length: 1001\r\n";
    Wire patient(door.port());
    EXPECT_EQ(status(patient.ask(head + "\r\n")), 413) << "not a byte of it came";
    Wire asks(door.port());
    EXPECT_EQ(status(asks.ask(head + "Expect: 100-continue\r\n\r\n")), 413);
    Wire sends(door.port());
    sends.say("POST / HTTP/1.1\r\nHost: hill.example\r\nContent-Length: 3000000\r\n\r\n" +
              std::string(3'000'000, 'x'));
    const std::string answer = sends.hear();
    EXPECT_EQ(status(answer), 413);
    EXPECT_TRUE(has(answer, "Connection: Close")) << answer;
    EXPECT_TRUE(sends.closes());
}

TEST(HttpDoor, WhatIsNotClearIsRefusedAndTheConnectionWithIt) {
    HttpDoor door(in_clear(), echo);
    const std::string begin = "POST / HTTP/1.1\r\nHost: hill.example\r\n";
    const std::pair<std::string, int> all[] = {
        {begin + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n", 411},
        {begin + "\r\n", 411},
        {begin + "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", 400},
        {begin + "Content-Length: -1\r\n\r\nx", 400},
        {begin + "Content-Length : 1\r\n\r\nx", 400},
        {"POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx", 400},
        {"GET nowhere HTTP/1.1\r\nHost: hill.example\r\n\r\n", 400},
        {"GET /%zz HTTP/1.1\r\nHost: hill.example\r\n\r\n", 400},
        {"DELETE / HTTP/1.1\r\nHost: hill.example\r\n\r\n", 405},
        {"OPTIONS * HTTP/1.1\r\nHost: hill.example\r\n\r\n", 405},
    };
    for (const auto& [request, wanted] : all) {
        Wire wire(door.port());
        EXPECT_EQ(status(wire.ask(request)), wanted) << request;
        EXPECT_TRUE(wire.closes()) << request;
        EXPECT_FALSE(has(wire.hear(), "evil"));
    }
    // No answer, and in no case one to what stands behind it.
    for (const char* headers :
         {"Content-Length: one\r\n\r\nx", "X: y\nContent-Length: 7\n\r\n\r\n"}) {
        Wire wire(door.port());
        wire.say(begin + headers + "GET /evil HTTP/1.1\r\n\r\nGET /evil HTTP/1.1\r\n\r\n");
        EXPECT_TRUE(wire.closes());
        EXPECT_FALSE(has(wire.hear(), "evil"));
    }
    Wire rubbish(door.port());
    rubbish.say("\x16\x03\x01 this is no HTTP\r\n\r\n");
    EXPECT_TRUE(rubbish.closes());
    EXPECT_EQ(status(Wire(door.port()).ask(get("/"))), 200);
}

TEST(HttpDoor, SlowSendersHoldNoThread) {
    HttpDoorOptions options = in_clear();
    options.threads = 2;
    options.head_time = options.body_time = milliseconds(300);
    HttpDoor door(options, echo);
    std::vector<Wire> slow;
    for (int i = 0; i < 20; ++i) {
        slow.emplace_back(door.port());
        slow.back().say(i % 2 == 0 ? "GET / HT" : "POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\nx");
    }
    EXPECT_EQ(status(Wire(door.port()).ask(get("/"))), 200);
    for (Wire& each : slow) EXPECT_TRUE(each.closes());
}

TEST(HttpDoor, WhoIsSilentAfterHisRequestHoldsNoThreadEither) {
    HttpDoorOptions options = in_clear();
    options.threads = 2;
    HttpDoor door(options, echo);
    std::vector<Wire> kept;
    for (int i = 0; i < 10; ++i) {
        kept.emplace_back(door.port());
        EXPECT_EQ(status(kept.back().ask(get("/"))), 200);
    }
    for (Wire& each : kept) EXPECT_EQ(status(each.ask(get("/"))), 200);
}

TEST(HttpDoor, OnlyTheProxyIsBelieved) {
    HttpDoorOptions options = in_clear();
    options.proxy = "127.0.0.1";
    HttpDoor door(options, [](const Request& request) {
        return Answer{200, "text/plain", request.from, {}};
    });
    Wire wire(door.port());
    EXPECT_TRUE(
        wire.ask(get("/", "X-Forwarded-For: 10.0.0.1, 192.0.2.7\r\n")).ends_with("\r\n192.0.2.7"));
    EXPECT_TRUE(wire.ask(get("/", "X-Forwarded-For: 10.0.0.1\r\nX-Forwarded-For: 192.0.2.8\r\n"))
                    .ends_with("\r\n192.0.2.8"));
    EXPECT_TRUE(wire.ask(get("/", "X-Forwarded-For: nobody\r\n")).ends_with("\r\n127.0.0.1"));
    EXPECT_TRUE(wire.ask(get("/")).ends_with("\r\n127.0.0.1"));
    options.proxy = "192.0.2.1";
    HttpDoor other(options, [](const Request& request) {
        return Answer{200, "text/plain", request.from, {}};
    });
    EXPECT_TRUE(Wire(other.port())
                    .ask(get("/", "X-Forwarded-For: 192.0.2.7\r\n"))
                    .ends_with("\r\n127.0.0.1"));
}

TEST(HttpDoor, TooManyRequestsOfOneAddressAreToldToWait) {
    HttpDoorOptions options = in_clear();
    options.proxy = "127.0.0.1";
    options.per_minute = 3;
    HttpDoor door(options, echo);
    Wire wire(door.port());
    const std::string one = get("/", "X-Forwarded-For: 192.0.2.7\r\n");
    for (int i = 0; i < 3; ++i) EXPECT_EQ(status(wire.ask(one)), 200);
    const std::string answer = wire.ask(one);
    EXPECT_EQ(status(answer), 429);
    EXPECT_TRUE(has(answer, "Retry-After: "));
    EXPECT_EQ(status(wire.ask(get("/", "X-Forwarded-For: 192.0.2.8\r\n"))), 200);
}

TEST(HttpDoor, OneAddressDoesNotHaveAllThreads) {
    HttpDoorOptions options = in_clear();
    options.proxy = "127.0.0.1";
    options.threads = 3;
    options.at_once = 2;
    std::promise<void> go;
    const auto gate = go.get_future().share();
    std::atomic<int> waiting{0};
    HttpDoor door(options, [&](const Request& request) {
        if (request.path == "/slow") {
            ++waiting;
            gate.wait();
        }
        return echo(request);
    });
    const std::string his = "X-Forwarded-For: 192.0.2.7\r\n";
    Wire first(door.port()), second(door.port());
    first.say(get("/slow", his));
    second.say(get("/slow", his));
    while (waiting < 2) std::this_thread::yield();
    EXPECT_EQ(status(Wire(door.port()).ask(get("/", his))), 429);
    EXPECT_EQ(status(Wire(door.port()).ask(get("/", "X-Forwarded-For: 192.0.2.8\r\n"))), 200);
    go.set_value();
    EXPECT_EQ(status(first.hear()), 200);
    EXPECT_EQ(status(second.hear()), 200);
}

TEST(HttpDoor, WhatGoesWrongInsideIsToldToNobody) {
    HttpDoor door(in_clear(), [](const Request& request) -> Answer {
        if (request.path == "/poco") throw Poco::NotFoundException("secret");
        if (request.path == "/odd") throw 7;
        if (request.path == "/lines")
            return {200, "text/plain", "x", {{"Location", "a\r\nSet-Cookie: b"}}};
        throw std::runtime_error("secret");
    });
    Wire wire(door.port());
    for (const char* path : {"/std", "/poco", "/odd", "/lines"}) {
        const std::string answer = wire.ask(get(path));
        EXPECT_EQ(status(answer), 500) << path;
        EXPECT_FALSE(has(answer, "secret"));
        EXPECT_FALSE(has(answer, "Cookie"));
    }
}

TEST(HttpDoor, StopsWhenNobodyIsInsideAnyMore) {
    std::promise<void> inside, go;
    std::atomic<bool> left{false};
    HttpDoor door(in_clear(), [&](const Request& request) {
        inside.set_value();
        go.get_future().wait();
        left = true;
        return echo(request);
    });
    const int port = door.port();
    Wire wire(port);
    wire.say(get("/"));
    inside.get_future().wait();
    std::thread later([&] { go.set_value(); });
    door.stop();
    EXPECT_TRUE(left);
    later.join();
    EXPECT_EQ(door.port(), 0);
    EXPECT_THROW(Wire{port}, Poco::Exception);
    EXPECT_TRUE(wire.closes());
}

TEST(HttpDoor, WhatCannotBeOpenedIsSaid) {
    HttpDoor door(in_clear(), echo);
    HttpDoorOptions taken = in_clear();
    taken.listen = "127.0.0.1:" + std::to_string(door.port());
    const auto why = [](const HttpDoorOptions& options) -> std::string {
        try {
            HttpDoor other(options, echo);
        } catch (const std::runtime_error& e) {
            return e.what();
        }
        return {};
    };
    EXPECT_TRUE(why(taken).starts_with("[activitypub.home] listen: cannot listen on 127.0.0.1:"))
        << why(taken);
    HttpDoorOptions no_file = in_clear();
    no_file.tls_listen = "127.0.0.1:0";
    no_file.certificate = no_file.private_key = "/nowhere.pem";
    EXPECT_TRUE(has(why(no_file), "[activitypub.home] certificate: /nowhere.pem: cannot read"))
        << why(no_file);
    HttpDoorOptions no_proxy = in_clear();
    no_proxy.proxy = "nginx";
    EXPECT_TRUE(has(why(no_proxy), "[activitypub.home] proxy: nginx is no IP address"));
}

}  // namespace
}  // namespace waypost::activitypub

// SPDX-License-Identifier: Apache-2.0
// The inbox of hill.example, whose office says yes to all, and bob's server on loopback.
#pragma once

#include <memory>
#include <string>

#include "bridges/activitypub/inbox.h"
#include "gateway/message/text.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/fake_people.h"
#include "tests/unit/bridges/activitypub/social_server.h"

namespace waypost::activitypub {

struct InboxVillage {
    InboxVillage() {
        server.document("/users/bob", server.actor_json("bob", escaped(bobs_key.public_pem())));
        server.webfinger("bob", server.bob());
        people.add("ana");
        office.people_view = &people;
    }
    static std::string escaped(const std::string& pem) {
        std::string out;
        for (const char c : pem) out += c == '\n' ? std::string("\\n") : std::string(1, c);
        return out;
    }
    std::int64_t now() const { return to_ms(office.clock().wall()) / 1000; }
    // As bob's server posts it, signed by him.
    Request by_bob(const std::string& rest) const {
        return of(R"({"@context":"https://www.w3.org/ns/activitystreams","actor":")" +
                      server.bob() + "\"," + rest + "}",
                  server.key_of("bob"));
    }
    // ... and signed with his key, whatever it says and whosever key it calls it.
    Request of(const std::string& body, const std::string& key_id) const {
        Request request;
        request.method = "POST";
        request.path = request.target = "/ap/inbox";
        request.body = body;
        request.headers = {{"host", "hill.example"}, {"content-type", "application/activity+json"}};
        const SignedMessage message{request.method, request.target, "https", request.headers,
                                    request.body};
        for (const auto& [name, value] : bobs_key.sign(message, Flavour::Cavage, key_id, now()))
            request.headers.emplace(lower_ascii(name), value);
        return request;
    }
    int bob_posts(const std::string& rest) { return inbox.post(by_bob(rest)).status; }
    std::string note(const std::string& id, const std::string& text = "Hi") const {
        return R"({"type":"Note","id":")" + id + R"(","attributedTo":")" + server.bob() +
               R"(","content":"<p>)" + text + R"(</p>","to":["https://hill.example/ap/ana"]})";
    }
    int create(const std::string& id) {
        return bob_posts(R"("type":"Create","id":")" + id + R"(#create","object":)" + note(id));
    }
    int update(const std::string& id, const std::string& text = "Ho") {
        return bob_posts(R"("type":"Update","id":")" + id + R"(#u1","object":)" +
                         R"({"updated":"2026-11-27T10:00:00Z",)" + note(id, text).substr(1));
    }
    int erase(const std::string& id) {
        return bob_posts(R"("type":"Delete","id":")" + id + R"(#d","object":")" + id + '"');
    }
    int follow() {
        return bob_posts(R"("type":"Follow","id":")" + server.url("/f/1") +
                         R"(","object":"https://hill.example/ap/news")");
    }

    SocialServer server;
    SigningKey bobs_key = *SigningKey::make();
    FakeOffice office;
    FakePeople people;
    const TransportId transport = "activitypub.home";
    TransportState& state = office.state(transport);
    const Site site{"hill.example", "hill.example"};
    const Policy policy;
    Keys keys{state, office.clock(), std::chrono::hours(0)};
    FetchOptions fetch = [this] {
        FetchOptions options;
        options.ca_file = server.peer.ca_file();
        options.near = {"localhost"};
        return options;
    }();
    std::shared_ptr<const SigningKey> box_key = keys.of("hill.example");
    Remote remote{state, office.clock(), fetch, Signer{box_key.get(), site.box().key_id()}};
    Followers followers{state};
    Posts posts{state, office.clock()};
    SendQueue queue{state, office.clock(), 0, {}, {}};
    Gate gate{office, people, state,     site,  transport, policy,
              keys,   remote, followers, posts, queue};
    Follows follows{gate};
    Inbox inbox{gate, follows};
};

}  // namespace waypost::activitypub

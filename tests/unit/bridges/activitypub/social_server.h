// SPDX-License-Identifier: Apache-2.0
// A server of the fediverse on loopback with the documents that a test puts there, and a Remote
// that asks it.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "bridges/activitypub/remote/remote.h"
#include "tests/fakes/fake_clock.h"
#include "tests/fakes/memory_state.h"
#include "tests/fakes/web_peer.h"

namespace waypost::activitypub {

class SocialServer {
  public:
    SocialServer() : peer([this](const PeerRequest& request) { return answer(request); }) {}

    void put(const std::string& target, PeerAnswer answer) {
        const std::lock_guard lock(mutex_);
        answers_[target] = std::move(answer);
    }
    void document(const std::string& target, const std::string& json,
                  const std::string& type = "application/activity+json; charset=utf-8") {
        put(target, {200, type, json, {}});
    }
    // Decides before the documents do; nothing at status 0.
    void gate(WebPeer::Handler handler) {
        const std::lock_guard lock(mutex_);
        gate_ = std::move(handler);
    }

    std::string url(const std::string& path) const { return peer.url(path); }
    std::string bob() const { return url("/users/bob"); }
    std::string key_of(const std::string& user) const {
        return url("/users/" + user + "#main-key");
    }

    std::string actor_json(const std::string& user, const std::string& pem) const {
        return actor_json(user, pem, key_of(user));
    }
    std::string actor_json(const std::string& user, const std::string& pem,
                           const std::string& key_id) const {
        const std::string id = url("/users/" + user);
        return R"({"@context":"https://www.w3.org/ns/activitystreams","id":")" + id +
               R"(","type":"Person","preferredUsername":")" + user + R"(","name":"Some )" + user +
               R"(","inbox":")" + id + R"(/inbox","endpoints":{"sharedInbox":")" + url("/inbox") +
               R"("},"followers":")" + id + R"(/followers","publicKey":{"id":")" + key_id +
               R"(","owner":")" + id + R"(","publicKeyPem":")" + pem + R"("}})";
    }
    // acct:user@HOST leads to /users/user.
    void webfinger(const std::string& user, const std::string& actor,
                   const std::string& subject = {}) {
        const std::string acct = user + '@' + peer.host();
        document(
            "/.well-known/webfinger?resource=acct:" + acct,
            R"({"subject":"acct:)" + (subject.empty() ? acct : subject) +
                R"(","links":[{"rel":"http://webfinger.net/rel/profile-page","type":"text/html",)"
                R"("href":"https://x.test"},{"rel":"self","type":"application/activity+json",)"
                R"("href":")" +
                actor + R"("}]})",
            "application/jrd+json");
    }
    // How often it was asked for this.
    int asked(const std::string& target) const {
        int count = 0;
        for (const PeerRequest& each : peer.asked()) count += each.target == target ? 1 : 0;
        return count;
    }

  private:
    PeerAnswer answer(const PeerRequest& request) {
        WebPeer::Handler gate;
        {
            const std::lock_guard lock(mutex_);
            gate = gate_;
        }
        if (gate) {
            if (PeerAnswer first = gate(request); first.status != 0) return first;
        }
        const std::lock_guard lock(mutex_);
        const auto found = answers_.find(request.target);
        return found == answers_.end() ? PeerAnswer{404, "text/plain", "not here", {}}
                                       : found->second;
    }

    std::mutex mutex_;
    std::map<std::string, PeerAnswer> answers_;
    WebPeer::Handler gate_;

  public:
    WebPeer peer;  // ends first
};

// The Remote of a box called hill.example.
struct Box {
    explicit Box(const SocialServer& server) {
        options.ca_file = server.peer.ca_file();
        options.near = {"localhost"};
        options.whole = std::chrono::seconds(10);
        start();
    }
    void start() { remote.emplace(state, clock, options, Signer{&key(), key_id}); }
    static const SigningKey& key() {
        static const SigningKey made = *SigningKey::make();
        return made;
    }
    static SignedMessage message_of(const PeerRequest& request) {
        SignedMessage message{request.method, request.target, "https", request.headers,
                              request.body};
        return message;
    }
    // It is signed by the box, in this flavour.
    bool signed_by_us(const PeerRequest& request, const std::string& host, Flavour flavour) const {
        const auto claim = read_signature(message_of(request), {host, to_ms(clock.wall()) / 1000});
        return claim.ok() && claim->flavour == flavour && claim->key_id == key_id &&
               verify(*claim, key().public_pem());
    }

    static constexpr char key_id[] = "https://hill.example/ap/hill.example#main-key";
    FakeClock clock;
    MemoryState state;
    FetchOptions options;
    std::optional<Remote> remote;
};

}  // namespace waypost::activitypub

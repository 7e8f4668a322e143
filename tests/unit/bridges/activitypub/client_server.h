// SPDX-License-Identifier: Apache-2.0
// A server with Mastodon's API on loopback, with one account, "ana", and a box that uses it.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "bridges/activitypub/client/letters.h"
#include "tests/fakes/fake_office.h"
#include "tests/fakes/web_peer.h"

namespace waypost::activitypub::client {

class MastoServer {
  public:
    MastoServer() : peer([this](const PeerRequest& request) { return answer(request); }) {}
    ~MastoServer() {
        const std::lock_guard lock(mutex_);
        over_ = true;
        told_.notify_all();
    }

    std::string account(const std::string& id, const std::string& acct) const {
        return R"({"id":")" + id + R"(","acct":")" + acct + R"(","display_name":"Some )" + acct +
               R"(","url":"https://social.example/@)" + acct + R"("})";
    }
    // Of bob, who mentions ana; visible to her alone.
    std::string status(const std::string& id, const std::string& content,
                       const std::string& more = {}) const {
        return R"({"id":")" + id + R"(","uri":"https://far.example/notes/)" + id +
               R"(","created_at":"2026-11-27T14:05:00.123Z","visibility":"direct","content":")" +
               content + R"(","account":)" + account("7", "bob@far.example") + R"(,"mentions":[)" +
               account("1", "ana") + ']' + more + '}';
    }
    // The next notification: ids go down as texts where they go up as numbers.
    void mention(const std::string& id, const std::string& content, const std::string& more = {},
                 const std::string& type = "mention") {
        const std::lock_guard lock(mutex_);
        notes_.push_back({id, R"({"id":")" + id + R"(","type":")" + type + R"(","status":)" +
                                  status('s' + id, content, more) + '}'});
    }
    void own_status(const std::string& id, const std::string& content, const std::string& to,
                    const std::string& at = "2026-11-27T14:05:00Z") {
        own_post(id, content, "direct", account("7", to), at);
    }
    void own_post(const std::string& id, const std::string& content, const std::string& visibility,
                  const std::string& mentions = {},
                  const std::string& at = "2026-11-27T14:05:00Z") {
        const std::lock_guard lock(mutex_);
        own_.push_back(R"({"id":")" + id + R"(","uri":"https://social.example/s/)" + id +
                       R"(","created_at":")" + at + R"(","visibility":")" + visibility +
                       R"(","content":")" + content + R"(","account":)" + account("1", "ana") +
                       R"(,"mentions":[)" + mentions + "]}");
    }
    // What whoever holds a connection for news is told, at once or as soon as he comes; then it
    // ends.
    void tell_news(const std::string& events) {
        const std::lock_guard lock(mutex_);
        news_ = events;
        told_.notify_all();
    }
    int asked_for(const std::string& path) const {
        int count = 0;
        for (const PeerRequest& each : peer.asked())
            count += each.target.substr(0, each.target.find('?')) == path ? 1 : 0;
        return count;
    }
    int posts() const {
        int count = 0;
        for (const PeerRequest& each : peer.asked()) count += each.method == "POST" ? 1 : 0;
        return count;
    }

    std::optional<PeerAnswer> instead;      // of everything
    bool has_second_version = true;         // of the instance
    std::string finds = "bob@far.example";  // who is mentioned by what is posted; empty: nobody
    std::string token = "secret";
    // Profiles by address: of whom it knows, and of whom it would have to look for.
    std::map<std::string, std::string> known, far;
    bool may_search = true;
    bool takes_media = true;
    std::string streaming;  // empty: it offers none
    bool streams = true;    // and it is there

  private:
    static std::string query(const std::string& target, const std::string& name) {
        const std::size_t at = target.find(name + '=');
        if (at == std::string::npos) return {};
        const std::size_t begin = at + name.size() + 1;
        std::string value = target.substr(begin, target.find('&', begin) - begin);
        for (std::size_t i; (i = value.find("%40")) != std::string::npos;) value.replace(i, 3, "@");
        return value;
    }
    static PeerAnswer json(std::string body) {
        return {200, "application/json", std::move(body), {}};
    }

    PeerAnswer answer(const PeerRequest& request) {
        std::unique_lock lock(mutex_);
        if (instead) return *instead;
        if (request.target == "/api/v1/apps")
            return json(R"({"client_id":"box","client_secret":"c"})");
        if (request.target == "/oauth/token") return json(R"({"access_token":")" + token + "\"}");
        if (request.target == "/oauth/revoke") return revoke(request.body);
        if (request.header("authorization") != "Bearer " + token)
            return {401, "application/json", R"({"error":"The access token was revoked"})", {}};
        const std::string path = request.target.substr(0, request.target.find('?'));
        if (streams && path == "/api/v1/streaming/user/notification") {
            told_.wait(lock, [this] { return over_ || news_; });
            return {200, "text/event-stream", std::exchange(news_, std::nullopt).value_or(""), {}};
        }
        if (path == "/api/v1/accounts/verify_credentials") return json(account("1", "ana"));
        if (path == "/api/v2/instance" && has_second_version)
            return json(
                R"({"domain":"social.example","configuration":{"statuses":{"max_characters":60},)"
                R"("urls":{"streaming":")" +
                streaming + "\"}}}");
        if (path == "/api/v1/accounts/lookup") return lookup(request.target);
        if (path == "/api/v2/search") return search(request.target);
        if (path == "/api/v1/instance") return json(R"({"uri":"https://social.example"})");
        if (path == "/api/v1/notifications") return json(notifications(request.target));
        if (path == "/api/v1/accounts/1/statuses") return json(list(own_));
        if (path == "/api/v1/timelines/home") return json("[]");
        if (path == "/api/v1/statuses/old") return json(status("old", "before"));
        if (path == "/api/v2/media" && takes_media) return json(R"({"id":"m1","type":"image"})");
        if (path == "/api/v1/statuses" && request.method == "POST") {
            const std::string to = finds.empty() ? "" : account("7", finds);
            return json(R"({"id":"n1","uri":"https://social.example/s/n1","account":)" +
                        account("1", "ana") + R"(,"mentions":[)" + to + "]}");
        }
        return {404, "application/json", R"({"error":"Record not found"})", {}};
    }
    PeerAnswer revoke(const std::string& body) {
        if (body != "client_id=box&client_secret=c&token=" + token)
            return {403, "application/json", R"({"error":"unauthorized_client"})", {}};
        token = "another";
        return json("{}");
    }
    static std::string profile(const std::string& acct, const std::string& more) {
        return R"({"id":"7","acct":")" + acct + "\"," + more + '}';
    }
    PeerAnswer lookup(const std::string& target) const {
        const auto found = known.find(query(target, "acct"));
        if (found == known.end())
            return {404, "application/json", R"({"error":"Record not found"})", {}};
        return json(profile(found->first, found->second));
    }
    PeerAnswer search(const std::string& target) const {
        if (!may_search) return {403, "application/json", R"({"error":"outside the scopes"})", {}};
        std::vector<std::string> some = {profile("bobby@far.example", R"("note":"#nobridge")")};
        const auto found = far.find(query(target, "q"));
        if (found != far.end()) some.push_back(profile(found->first.substr(1), found->second));
        return json(R"({"accounts":)" + list(some) + '}');
    }
    // Two at once, as if that were its most.
    std::string notifications(const std::string& target) const {
        const std::string since = query(target, "since_id"), before = query(target, "max_id");
        std::vector<std::string> some;
        bool seen = before.empty();
        for (auto each = notes_.rbegin(); each != notes_.rend(); ++each) {
            if (each->id == since) break;
            if (seen && some.size() < 2) some.push_back(each->json);
            if (each->id == before) seen = true;
        }
        return list(some);
    }
    static std::string list(const std::vector<std::string>& all) {
        std::string out;
        for (const std::string& each : all) out += (out.empty() ? "" : ",") + each;
        return '[' + out + ']';
    }

    struct Note {
        std::string id, json;
    };
    mutable std::mutex mutex_;
    std::vector<Note> notes_;
    std::vector<std::string> own_;
    std::condition_variable told_;
    std::optional<std::string> news_;
    bool over_ = false;

  public:
    WebPeer peer;  // ends first
};

// Ana's box, with a token in a file.
struct ClientBox {
    explicit ClientBox(const MastoServer& server);
    ~ClientBox();
    void write_token(const std::string& token) const;
    SignedIn in() { return *session->sign_in(); }
    std::optional<Problem> look() { return mentions->look(in()); }
    void start();  // from what is on disk
    ClientGate gate();

    std::string token_file;
    FakeOffice office;
    FetchOptions fetch;
    std::string server;
    std::optional<Fetcher> fetcher;
    std::optional<MastodonApi> api;
    std::optional<IdMemory> came, went;
    std::optional<Session> session;
    std::optional<Mentions> mentions;
    std::optional<Letters> letters;
};

}  // namespace waypost::activitypub::client

// SPDX-License-Identifier: Apache-2.0
// A server with Mastodon's API on loopback, with one account, "ana", and a box that uses it.
#pragma once

#include <algorithm>
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
        const std::lock_guard lock(mutex_);
        own_.push_back(R"({"id":")" + id + R"(","uri":"https://social.example/s/)" + id +
                       R"(","created_at":")" + at + R"(","visibility":"direct","content":")" +
                       content + R"(","account":)" + account("1", "ana") + R"(,"mentions":[)" +
                       account("7", to) + "]}");
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

  private:
    static std::string query(const std::string& target, const std::string& name) {
        const std::size_t at = target.find(name + '=');
        if (at == std::string::npos) return {};
        const std::size_t begin = at + name.size() + 1;
        return target.substr(begin, target.find('&', begin) - begin);
    }
    static PeerAnswer json(std::string body) {
        return {200, "application/json", std::move(body), {}};
    }

    PeerAnswer answer(const PeerRequest& request) {
        const std::lock_guard lock(mutex_);
        if (instead) return *instead;
        if (request.header("authorization") != "Bearer " + token)
            return {401, "application/json", R"({"error":"The access token was revoked"})", {}};
        const std::string path = request.target.substr(0, request.target.find('?'));
        if (path == "/api/v1/accounts/verify_credentials") return json(account("1", "ana"));
        if (path == "/api/v2/instance" && has_second_version)
            return json(
                R"({"domain":"social.example","configuration":{"statuses":{"max_characters":60}}})");
        if (path == "/api/v1/instance") return json(R"({"uri":"https://social.example"})");
        if (path == "/api/v1/notifications") return json(notifications(request.target));
        if (path == "/api/v1/accounts/1/statuses") return json(list(own_));
        if (path == "/api/v1/timelines/home") return json("[]");
        if (path == "/api/v1/statuses/old") return json(status("old", "before"));
        if (path == "/api/v1/statuses" && request.method == "POST") {
            const std::string to = finds.empty() ? "" : account("7", finds);
            return json(R"({"id":"n1","uri":"https://social.example/s/n1","account":)" +
                        account("1", "ana") + R"(,"mentions":[)" + to + "]}");
        }
        return {404, "application/json", R"({"error":"Record not found"})", {}};
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

// SPDX-License-Identifier: Apache-2.0
// A server asked as a client program of one of its accounts asks it (docs.joinmastodon.org/client,
// OAuth: RFC 6749). Each call blocks; any thread.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "bridges/activitypub/client/mastodon_json.h"
#include "bridges/fetch/fetcher.h"

namespace waypost::activitypub::client {

struct Problem {
    enum class Kind {
        Later,    // not reached, busy, or too much was asked for: `retry_after` may say when
        NoToken,  // the token is not taken, or not any more
        NotThere,
        Refused,  // it says no, or what it says makes no sense
    };
    Kind kind = Kind::Later;
    int status = 0;    // 0: there was no answer
    std::string text;  // a sentence for people
    std::optional<std::chrono::seconds> retry_after;
};

template <class T>
class [[nodiscard]] Asked {
  public:
    Asked(T value) : value_(std::move(value)) {}              // NOLINT
    Asked(Problem problem) : problem_(std::move(problem)) {}  // NOLINT
    bool ok() const { return value_.has_value(); }
    const T& operator*() const { return value_.value(); }
    const T* operator->() const { return &value_.value(); }
    const Problem& problem() const { return problem_; }

  private:
    std::optional<T> value_;
    Problem problem_;
};

struct NewStatus {
    std::string text;
    bool to_all = false;         // else for those alone whom its text mentions
    std::string in_reply_to_id;  // may be empty
    std::string key;             // Idempotency-Key: a repeat with it makes no second status
    std::vector<std::string> media_ids{};  // of what was uploaded for it
};

struct NewMedia {
    std::string name, type;   // of the file
    std::string description;  // may be empty
    std::string bytes;
};

class MastodonApi {
  public:
    static constexpr int kPage = 20;  // notifications at once

    // `server`: "https://social.example", no slash at its end. The fetcher outlives it.
    MastodonApi(const Fetcher& fetcher, std::string server)
        : fetcher_(fetcher), server_(std::move(server)) {}
    const std::string& server() const { return server_; }
    bool over_tls() const { return server_.starts_with("https://"); }

    Asked<AppKeys> register_app() const;
    // Where somebody who is signed in there agrees, in any browser, and is shown a code. Both by
    // the verifier of `app`, where it has one.
    std::string authorise_url(const AppKeys& app) const;
    Asked<std::string> token_for(const AppKeys& app, const std::string& code) const;

    // The token is worth nothing from then on (RFC 7009).
    Asked<bool> revoke(const AppKeys& app, const std::string& token) const;

    Asked<Account> verify_credentials(const std::string& token) const;
    Asked<Instance> instance(const std::string& token) const;
    // Mentions, and what else the server gives all the same: newest first, at most kPage, newer
    // than `since` and older than `before`; either may be empty.
    Asked<std::vector<Notification>> notifications(const std::string& token,
                                                   const std::string& since,
                                                   const std::string& before) const;
    Asked<Status> status(const std::string& token, const std::string& id) const;
    // The newest of an account, and of what is shown to the token's own.
    Asked<std::vector<Status>> statuses_of(const std::string& token,
                                           const std::string& account_id) const;
    Asked<std::vector<Status>> home(const std::string& token) const;
    Asked<Status> post_status(const std::string& token, const NewStatus& status) const;
    // Its id there. What no status takes up the server throws away.
    Asked<std::string> upload(const std::string& token, const NewMedia& media) const;
    // `acct`: "bob@far.example". The first is of whom the server knows; the second asks his own.
    Asked<Profile> lookup(const std::string& token, const std::string& acct) const;
    Asked<std::vector<Profile>> search(const std::string& token, const std::string& acct) const;

  private:
    using Fields = std::vector<std::pair<std::string, std::string>>;
    Asked<std::string> ask(const std::string& path, const std::string& token,
                           const std::optional<std::string>& form, const std::string& key) const;
    Asked<std::string> answer_to(const AskRequest& request) const;
    Asked<std::string> get(const std::string& path, const std::string& token,
                           const Fields& query = {}) const;
    Asked<std::string> post(const std::string& path, const std::string& token, const Fields& form,
                            const std::string& key = {}) const;

    const Fetcher& fetcher_;
    const std::string server_;
};

}  // namespace waypost::activitypub::client

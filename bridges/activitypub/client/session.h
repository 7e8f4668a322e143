// SPDX-License-Identifier: Apache-2.0
// Whether the box may speak for the account just now: the token of its file, whose account it is,
// and how the server took what was asked last. Thread-safe.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>

#include "bridges/activitypub/client/mastodon_api.h"
#include "gateway/base/clock.h"

namespace waypost::activitypub::client {

struct SignedIn {
    std::string token;
    Account own;
    std::string domain;  // of accounts that the server names without a host
    std::size_t most_letters = 500;
    std::string streaming;  // as Instance has it

    // As an address is written: "bob@social.example".
    std::string whole(const std::string& acct) const {
        return acct.find('@') == std::string::npos ? acct + '@' + domain : acct;
    }
};

class Session {
  public:
    // `authorise`: what to type for a new token. The others outlive it.
    Session(const MastodonApi& api, const Clock& clock, std::string token_file,
            std::string authorise)
        : api_(api),
          clock_(clock),
          token_file_(std::move(token_file)),
          authorise_(std::move(authorise)) {}

    // Asks the server, where it is not signed in. A token that it refused is shown to it again
    // after an hour only; another in the file at once. Null: status says why.
    std::shared_ptr<const SignedIn> sign_in();
    std::shared_ptr<const SignedIn> current() const;
    // What came of a question.
    void went_well();
    void trouble(const Problem& problem);

    bool up() const;
    std::string why() const;             // empty: it works
    std::chrono::seconds pause() const;  // the server wants to be asked nothing for so long

  private:
    std::shared_ptr<const SignedIn> refused(const std::string& token, const Problem& problem);
    void say(const std::string& why);

    const MastodonApi& api_;
    const Clock& clock_;
    const std::string token_file_, authorise_;
    mutable std::mutex mutex_;  // of all below
    std::shared_ptr<const SignedIn> current_;
    std::string why_ = "signing in";
    std::string refused_token_;
    BoxTime refused_at_{}, quiet_until_{};
};

}  // namespace waypost::activitypub::client

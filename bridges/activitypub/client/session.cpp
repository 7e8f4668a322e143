// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/session.h"

#include <algorithm>

#include "bridges/activitypub/remote/webfinger.h"
#include "bridges/fetch/web_url.h"
#include "gateway/base/log.h"
#include "gateway/base/secret.h"

namespace waypost::activitypub::client {
namespace {

constexpr std::chrono::hours kAgainAfter{1};
constexpr std::chrono::seconds kLongestPause{3600};

bool is_plain(std::string_view token) {
    return !token.empty() &&
           std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::string host_of_server(const std::string& server) {
    const auto url = parse_web_url(server);
    return url.ok() ? url->host : server;
}

}  // namespace

std::shared_ptr<const SignedIn> Session::sign_in() {
    if (auto there = current()) return there;
    const auto secret = read_secret_file(token_file_);
    if (!secret.ok()) {
        const bool none = secret.error().code == Code::NotFound;
        say(none ? "not authorised yet: " + authorise_ : secret.error().text);
        return nullptr;
    }
    const std::string token(secret->reveal());
    if (!is_plain(token)) {
        say("the token file holds no token: " + authorise_);
        return nullptr;
    }
    {
        const std::lock_guard lock(mutex_);
        if (token == refused_token_ && clock_.box() < refused_at_ + kAgainAfter) return nullptr;
    }
    const auto own = api_.verify_credentials(token);
    if (!own.ok()) return refused(token, own.problem());
    const auto instance = api_.instance(token);
    if (!instance.ok() && instance.problem().kind == Problem::Kind::Later)
        return refused(token, instance.problem());
    auto in = std::make_shared<SignedIn>();
    in->token = token;
    in->own = *own;
    in->domain = host_of_server(api_.server());
    if (instance.ok()) {
        in->most_letters = instance->most_letters;
        in->streaming = instance->streaming;
        if (const auto name = parse_acct("x@" + instance->domain); name.ok())
            in->domain = name->host;
    }
    const std::lock_guard lock(mutex_);
    refused_token_.clear();
    current_ = in;
    return in;
}

std::shared_ptr<const SignedIn> Session::refused(const std::string& token, const Problem& problem) {
    trouble(problem);
    if (problem.kind == Problem::Kind::Later) return nullptr;
    if (problem.kind != Problem::Kind::NoToken) say(problem.text + ": " + authorise_);
    const std::lock_guard lock(mutex_);
    refused_token_ = token;
    refused_at_ = clock_.box();
    return nullptr;
}

std::shared_ptr<const SignedIn> Session::current() const {
    const std::lock_guard lock(mutex_);
    return current_;
}

void Session::say(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (why != why_)
        log(why.empty() ? Level::Info : Level::Warning, "fediverse-account",
            why.empty() ? "works" : "down", {{"server", api_.server()}, {"why", why}});
    why_ = why;
}

void Session::went_well() { say({}); }

void Session::trouble(const Problem& problem) {
    if (problem.kind == Problem::Kind::NoToken) {
        say("the server does not take the token any more: " + authorise_);
        const std::lock_guard lock(mutex_);
        if (current_) refused_token_ = current_->token;
        refused_at_ = clock_.box();
        current_.reset();
        return;
    }
    say(problem.text);
    if (!problem.retry_after) return;
    const std::lock_guard lock(mutex_);
    quiet_until_ = clock_.box() + std::min(*problem.retry_after, kLongestPause);
}

bool Session::up() const {
    const std::lock_guard lock(mutex_);
    return current_ != nullptr && why_.empty();
}

std::string Session::why() const {
    const std::lock_guard lock(mutex_);
    return why_;
}

std::chrono::seconds Session::pause() const {
    const std::lock_guard lock(mutex_);
    const auto left = std::chrono::ceil<std::chrono::seconds>(quiet_until_ - clock_.box());
    return std::max(left, std::chrono::seconds(0));
}

}  // namespace waypost::activitypub::client

// SPDX-License-Identifier: Apache-2.0
#include "bridges/activitypub/client/news_stream.h"

#include <algorithm>

#include "bridges/activitypub/client/event_names.h"
#include "bridges/fetch/fetcher.h"
#include "gateway/base/log.h"

namespace waypost::activitypub::client {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr char kPath[] = "/api/v1/streaming/user/notification";
constexpr char kNews[] = "notification";
constexpr seconds kFirstPause{5};
constexpr seconds kLongestPause{600};
constexpr seconds kNotOffered{6 * 3600};
constexpr seconds kHeldWell{60};

}  // namespace

seconds stream_pause(const StreamEnd& end, seconds last_pause) {
    const bool passing = end.status == 0 || end.status == 200 || is_passing_status(end.status);
    if (!passing) return kNotOffered;
    if (end.held >= kHeldWell) return kFirstPause;
    return std::clamp(2 * last_pause, kFirstPause, kLongestPause);
}

void NewsStream::start() {
    thread_ = std::thread([this] { run(); });
}

void NewsStream::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void NewsStream::signed_in() {
    {
        const std::lock_guard lock(mutex_);
        woken_ = true;
    }
    changed_.notify_all();
}

void NewsStream::run() {
    seconds pause{0};
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        woken_ = false;
        lock.unlock();
        const auto in = session_.current();
        const bool offered = in && !in->streaming.empty();
        pause = offered ? stream_pause(hold(*in), pause) : seconds(0);
        lock.lock();
        const auto go_on = [this] { return stopping_ || woken_; };
        if (offered)
            changed_.wait_for(lock, pause, go_on);
        else
            changed_.wait(lock, go_on);
    }
}

StreamEnd NewsStream::hold(const SignedIn& in) {
    EventNames names;
    ListenRequest request;
    request.url = in.streaming + kPath;
    request.header = {"Accept: text/event-stream", "Authorization: Bearer " + in.token};
    const auto began = steady_clock::now();
    const auto ended = fetcher_.listen(request, [&](std::string_view bytes) {
        open_ = true;
        const auto some = names.take(bytes);
        if (std::find(some.begin(), some.end(), kNews) != some.end()) news_();
        return session_.current() != nullptr;  // else its token is not taken any more
    });
    open_ = false;
    const auto held = std::chrono::duration_cast<seconds>(steady_clock::now() - began);
    log(Level::Debug, "fediverse-account", "stream-ended",
        {{"url", request.url},
         {"held_s", std::to_string(held.count())},
         {"why", ended.ok() ? std::to_string(*ended) : ended.error().text}});
    return {ended.ok() ? *ended : 0, held};
}

}  // namespace waypost::activitypub::client

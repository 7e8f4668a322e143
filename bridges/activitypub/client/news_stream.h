// SPDX-License-Identifier: Apache-2.0
// A connection that the account's server holds open to tell of news, where it offers one by
// server-sent events (docs.joinmastodon.org/methods/streaming). It says that there is something, no
// more: what it is the server is asked as ever, so nothing is lost with a connection and nothing
// comes twice. One thread.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "bridges/activitypub/client/session.h"

namespace waypost::activitypub::client {

// How long to wait before the next one, when the last was held for so long and ended thus. Pure.
struct StreamEnd {
    int status = 0;  // of the answer; 0: none
    std::chrono::seconds held{0};
};
std::chrono::seconds stream_pause(const StreamEnd& end, std::chrono::seconds last_pause);

class NewsStream {
  public:
    // `news` is called on its thread and does not block. All outlive it.
    NewsStream(const Fetcher& fetcher, const Session& session, std::function<void()> news)
        : fetcher_(fetcher), session_(session), news_(std::move(news)) {}
    ~NewsStream() { stop(); }
    NewsStream(const NewsStream&) = delete;
    NewsStream& operator=(const NewsStream&) = delete;

    void start();
    void stop();       // after Fetcher::cut(); its thread is gone
    void signed_in();  // it may try, at once
    bool is_open() const { return open_; }

  private:
    void run();
    StreamEnd hold(const SignedIn& in);

    const Fetcher& fetcher_;
    const Session& session_;
    const std::function<void()> news_;
    std::atomic<bool> open_{false};
    std::mutex mutex_;  // of the two below
    std::condition_variable changed_;
    bool stopping_ = false, woken_ = false;
    std::thread thread_;
};

}  // namespace waypost::activitypub::client

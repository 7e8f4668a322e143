// SPDX-License-Identifier: Apache-2.0
// Posts as they were sealed for their area, kept until their outcome is surely on record: one that
// a crash kept off it goes on as the same post, and who has had it knows it. Lies beside the queues
// of the spool, in waypost/posts/: NAME.SECONDS is a post, by what the delivery is called and when
// it was last used in box time. Any thread.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "bridges/nncp/packet/ids.h"
#include "bridges/nncp/sent_log.h"
#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {

class SentPosts {
  public:
    explicit SentPosts(const Spool& spool);

    // Durable when it returns. `now`: box time in seconds.
    Result<void> keep(const SentCopy& copy, const NewPacket& post, std::int64_t now);
    // Its bytes from the start, and it is young again: it is needed for as long as it is tried.
    // NotFound: no such post is kept.
    Result<Fd> open(const SentCopy& copy, std::int64_t now);
    bool has(const SentCopy& copy) const;
    void tidy(std::int64_t now);

  private:
    std::filesystem::path file(const Hash32& name, std::int64_t at) const;
    void renew(const Hash32& name, std::int64_t& at, std::int64_t now) const;

    const std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::map<Hash32, std::int64_t> kept_;  // last used; under mutex_
};

}  // namespace waypost::nncp

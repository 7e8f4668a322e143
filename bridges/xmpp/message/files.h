// SPDX-License-Identifier: Apache-2.0
// Messages that are a link to a file: it is fetched before they go on. Until then such a message is
// kept in the state of the transport, for the stream does not give it twice; a restart fetches
// again. What its sender says meanwhile waits behind it, so that his words keep their order: a
// minute at most, for that is how long a fetch may take. For somebody outside nothing is fetched
// before the one whom he writes to has said yes to him, and strangers have half of the place and
// leave a thread to the people here. Threads: a few of its own.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "bridges/fetch/fetcher.h"
#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/message/said.h"

namespace waypost::xmpp {

struct FilesOptions {
    FetchOptions fetch;  // most_bytes 0: links stay links
    int workers = 2;
    std::size_t most_waiting = 500;  // messages
    std::size_t most_of_sender = 50;
    std::size_t most_of_stranger = 5;
};

class Files {
  public:
    // `done` is to be called once the message is in custody or refused. `file` is null for what
    // only waited. On a thread of Files; of one sender one at a time, in order.
    using OnReady =
        std::function<void(Said said, const FetchedFile* file, std::function<void()> done)>;

    Files(const Gate& gate, FilesOptions options, OnReady on_ready);
    ~Files();  // stop()
    Files(const Files&) = delete;
    Files& operator=(const Files&) = delete;

    void start();  // what was left from before goes first
    void stop();   // cuts what is under way; it is fetched again after the next start

    bool wants(const Chat& chat) const;
    // Reads the disk, for strangers.
    bool may_fetch(const Said& said) const;
    // Something of this sender is here.
    bool holds(const Jid& sender) const;
    // False: too much waits here.
    bool take(Said said);
    std::size_t waiting() const;

  private:
    struct Waiting {
        std::string key;  // in the state
        Said said;
        bool fetches = false;  // wants() its link
    };
    struct Sender {
        std::deque<Waiting> waiting;
        bool at_work = false;
        bool stranger = false;  // as he was when he came
    };
    using Senders = std::map<std::string, Sender>;  // by bare JID
    Sender& sender_of(const Said& said);
    Senders::iterator next();
    void restore();
    void work();
    void pass(Waiting one);
    FetchedFile fetch(const std::string& link);

    const Gate& gate_;
    const FilesOptions options_;
    const OnReady on_ready_;
    Fetcher fetcher_;
    mutable std::mutex mutex_;  // of all below
    std::condition_variable changed_;
    Senders senders_;
    std::size_t count_ = 0, of_strangers_ = 0;  // messages
    int for_strangers_ = 0;                     // threads at work
    std::uint64_t last_key_ = 0;
    bool stopping_ = false;
    std::vector<std::thread> workers_;
};

}  // namespace waypost::xmpp

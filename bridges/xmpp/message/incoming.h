// SPDX-License-Identifier: Apache-2.0
// What people say by chat, into the office's custody; a refusal goes back as the error of the
// stanza. Messages of one sender keep their order. Stanzas come on the stream's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "bridges/xmpp/gate.h"
#include "bridges/xmpp/message/files.h"
#include "bridges/xmpp/message/said.h"
#include "bridges/xmpp/outlet.h"
#include "gateway/base/ask_limit.h"

namespace waypost::xmpp {

struct IncomingOptions {
    FilesOptions files;
    // Messages handed to the office and not yet answered: beyond that nothing is read.
    std::size_t most_open = 256;
};

struct IncomingCounters {
    std::uint64_t taken = 0;  // in custody
    std::uint64_t refused = 0;
    std::uint64_t encrypted = 0;  // that nobody here can read
    std::uint64_t strange = 0;    // no sender, or one at our own domain
    std::size_t open = 0;
    std::size_t files = 0;  // that wait for a file
};

class Incoming {
  public:
    // On any thread: true, nothing more is to be read for now; false, read again.
    using Busy = std::function<void(bool)>;

    Incoming(const Gate& gate, IncomingOptions options, Busy busy);
    ~Incoming();

    void start();  // throws std::runtime_error if the store cannot be read
    void stop();

    // A message to somebody of ours, that says something. Not to a room.
    void message(const Element& stanza, Chat chat, const Jid& from, const Jid& to);
    IncomingCounters counters() const;
    std::size_t open() const;  // that of the counters, without a lock

  private:
    struct Open;  // what callbacks of the office need; they may come when we are gone

    bool strange(const Jid& from, const Jid& to);
    void refuse(const Element& stanza, const StanzaError& error);
    // `letter`: the same in his language.
    void refuse(const Asker& asker, const Element& stanza, const StanzaError& error,
                const char* letter);
    void answer_encrypted(const Said& said, const Asker& asker);
    void answer_front(const Said& said, const Asker& asker);
    bool attach_first(Said& said, const Asker& asker);
    void attached(const std::string& account);
    void forget_old_answers();
    void to_custody(Said said, bool fetch);
    void hand(Said said, const FetchedFile* file, std::function<void()> done);

    const Gate& gate_;
    const IncomingOptions options_;
    const std::shared_ptr<Open> open_;
    Files files_;
    AskLimit explained_, sealed_;  // to an account; to a domain. On the stream's thread

    std::mutex mutex_;  // of what waits for an account to be attached
    std::map<std::string, std::vector<Said>> attaching_;  // by bare JID
};

}  // namespace waypost::xmpp

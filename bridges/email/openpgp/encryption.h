// SPDX-License-Identifier: Apache-2.0
// What a mail program does for its user with OpenPGP, done by the box for every address of its own,
// since a radio cannot: keys by Autocrypt, opening and sealing, and the inviter's side of
// SecureJoin. The mail is encrypted between the person outside and this box (Privacy::ToGateway),
// no further.
//
// What an invitation proves: that who writes under an address holds the key of the one who took the
// invitation under that address. That it is his address, nobody proves; whoever has the link might
// claim any that has not joined yet.
//
// Whom we seal to: who proved his key by an invitation, always; anybody else as his last mail came.
// Autocrypt's prefer-encrypt is not followed: Delta Chat says "mutual" in a clear chat too, and
// would show our encrypted answer in another one.
//
// Anybody can write a From. So where a server in front tells whose mail is his, what is known of
// somebody changes only by a mail that passed there or that his known key signed.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "bridges/email/mime/read_mail.h"
#include "bridges/email/openpgp/key_store.h"
#include "bridges/email/openpgp/sealed_message.h"
#include "bridges/email/openpgp/secure_join.h"

namespace waypost::email::openpgp {

struct Incoming {
    const ParsedMail& mail;  // as it came
    const std::vector<Address>& to;
    std::string_view head;                              // its bytes, at least the whole header
    std::function<std::optional<std::string>()> whole;  // all of it; nullopt: too large to open
    // What the server in front found out about From; nullopt: none is there that we believe.
    std::optional<bool> dmarc_passed;
};

struct Received {
    std::optional<std::string> opened;  // the mail that was inside, whole
    bool unreadable = false;            // encrypted, and not for a key of ours
    bool proven = false;                // signed by the key that the sender's invitation proved
    // A step of a handshake, nothing for anybody to read. With `reply` it is done once the office
    // has that; without, `verdict` says what came of it.
    bool handshake = false;
    std::optional<Message> reply;
    Verdict verdict;
};

// Thread-safe. `office` and the state of `transport` outlive it.
class Encryption {
  public:
    Encryption(Office& office, TransportId transport);

    Received receive(const Incoming& in);

    // Makes the sender's key if he has none yet. To be called before the attempt is put on record:
    // what is committed with that includes the key, so none leaves that a crash could lose.
    void prepare(const Address& from);

    // A mail of ours as it shall leave: with the sender's key, and sealed where the recipient is
    // one to whom we seal. Unchanged if it is not from an address of ours or encrypted already.
    Result<std::string> dress(std::string mail, const Address& from, const Address& to);

    // A new invitation to write to this address of ours. Good once the state is on disk.
    Result<std::string> invite(const Address& own, const std::string& name);

  private:
    struct Opened {
        OpenedMessage message;
        std::shared_ptr<const OwnKey> key;
        Address own;
        std::optional<Certificate> said;  // by the Autocrypt header inside
    };
    std::int64_t now() const;
    bool ours(const Address& address) const;
    std::optional<Opened> open(const Incoming& in);
    Received opened(const Incoming& in, const Opened& it);
    void learn(const Incoming& in, const SplitMail& fields, const Opened* opened);
    Received join(const Incoming& in, const Handshake& step, const SplitMail& fields,
                  const Opened* opened);
    Received asked_to_join(const Incoming& in, const Address& own, const Certificate& peer);
    Received joined(const Incoming& in, const Handshake& step, const SplitMail& fields,
                    const Opened& it);
    Received step_of_ours(const char* step, const Address& own, const OwnKey& key,
                          const Address& to, const Certificate& peer, bool known_to_owner);
    std::string boundary();

    Office& office_;
    TransportId transport_;
    std::mutex mutex_;
    OwnKeys own_;
    Peers peers_;
    Invitations invitations_;
};

}  // namespace waypost::email::openpgp

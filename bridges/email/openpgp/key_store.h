// SPDX-License-Identifier: Apache-2.0
// Keys that last: ours, one per address of this box, made when it is first needed; and those of
// people outside, at most kMostPeers. In the transport's durable state, thus in the box's store and
// in its backups: who reads a store or a backup can open what was encrypted to the villagers, as he
// can read the mails themselves there. Not thread-safe: Encryption holds the lock.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bridges/email/openpgp/keys.h"
#include "gateway/transport.h"

namespace waypost::email::openpgp {

constexpr std::size_t kMostOwnKeys = 2000;
constexpr std::size_t kMostPeers = 1000;

// "Ana+x@Hill.Example" -> "ana@hill.example": whose key it is, without a reply token.
std::string key_name(const Address& address);

class OwnKeys {
  public:
    explicit OwnKeys(TransportState& state);
    std::shared_ptr<const OwnKey> find(const Address& address);
    Result<std::shared_ptr<const OwnKey>> find_or_make(const Address& address);

  private:
    TransportState& state_;
    std::size_t count_ = 0;
    std::map<std::string, std::shared_ptr<const OwnKey>> loaded_;
};

struct Peer {
    Address address;
    Certificate certificate;
    std::int64_t said = 0;  // Unix seconds: of the mail that brought the key
    std::int64_t seen = 0;  // of the last mail
    bool encrypts = false;  // his last mail was encrypted, so ours are
    bool pinned = false;    // proven by an invitation: no header changes it, nothing goes in clear
    bool chat = false;      // writes with a chat program

    bool wants_encryption() const { return pinned || encrypts; }
};

class Peers {
  public:
    explicit Peers(TransportState& state);  // reads them all
    const Peer* find(const Address& address) const;
    // Full: in place of the one that is missed least, an unpinned, long silent one.
    void put(Peer peer);
    std::size_t size() const { return slots_.size(); }

  private:
    std::size_t least_missed() const;

    TransportState& state_;
    std::vector<Peer> slots_;
    std::map<std::string, std::size_t> by_name_;
};

// As one is kept: lines of "name value".
std::string encode_peer(const Peer& peer);
Result<Peer> parse_peer(const std::string& text);

}  // namespace waypost::email::openpgp

// SPDX-License-Identifier: Apache-2.0
// What enters the gateway: one Message, whatever network it came from. Values only, no I/O.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/message/address.h"

namespace waypost {

using MessageId = std::int64_t;   // numbers given by the store, from 1
using DeliveryId = std::int64_t;  // likewise

// Smaller goes first.
enum class Priority { Alarm = 0, Urgent = 1, Normal = 2, Bulk = 3 };

// How a message was protected on one hop: on its way here, or from here to the next machine. No
// more is claimed than is known, and nothing of the hops beyond. The store keeps the numbers.
enum class Privacy {
    EndToEnd = 0,     // sealed by its sender for its recipient: this box cannot read it
    ToGateway = 1,    // sealed to a key of this box, which reads it
    InClear = 2,      // whoever carries it can read it
    Channel = 3,      // under the key of a radio channel: in clear for all who hold it
    Tls = 4,          // TLS to whoever answered as the next server: its name was not verified
    TlsVerified = 5,  // TLS to the next server, whose name was verified, and which reads it
    ToRecipient = 6,  // sealed by this box to the recipient's own key: his radio, his mail program
    Here = 7          // it did not leave this box
};

const char* to_string(Privacy privacy);  // "in clear"

// Why nothing of it can be read here. Then `text` says so to its recipient.
enum class Unreadable { No, Encrypted, TooLarge };

struct Attachment {
    std::string name;  // cleaned: no path, no control characters
    std::string type;  // media type, "image/jpeg"
    std::uint64_t bytes = 0;
};

// The message as it came, byte for byte (RFC 5322 for mail). Small ones travel inline, large ones
// are a file of the store's, named here; exactly one of the two is set unless there is no original.
struct Body {
    std::string bytes;
    std::string file;
    std::uint64_t size = 0;
};

// What another server says became of a message of ours (of a mail: RFC 3464).
struct Fate {
    enum class Kind { Failed, Delayed, Delivered, Relayed, NotSaid };
    Kind kind = Kind::NotSaid;
    std::string wire_id;  // of ours, as it left; may be empty
    Address recipient;    // whose copy; empty: it does not say, or there is but one
    std::string code;     // "5.1.1"; may be empty
    std::string detail;   // in words for its sender; may be empty
};

// What the sender of a message from outside wants to hear of one recipient (of a mail: NOTIFY and
// ORCPT of RFC 3461).
struct Wish {
    bool delivered = false;  // that it arrived
    bool failed = true;
    bool late = true;
    std::string recipient{};  // as he named him, "rfc822;ana@hill.example"; empty: as it says here

    bool usual() const { return !delivered && failed && late && recipient.empty(); }
    bool silence() const { return !delivered && !failed && !late; }
};

// The mailing lists that a mail came through (RFC 2369, RFC 2919).
struct ListTrail {
    Address last;                     // the one that sent it here (List-Post); may be empty
    std::string id;                   // its List-Id, without <>; may be empty
    std::vector<std::string> passed;  // addresses, of which each list added its own (X-Loop)
};

struct Message {
    Address from;             // as the origin network knows the sender
    std::vector<Address> to;  // empty: said to the gateway itself (a DM to our radio)
    // Where its network wants reports about it (mail: MAIL FROM, RFC 5321 4.4); empty: nowhere.
    Address return_path;
    std::string network;       // origin network: "meshtastic", "email", "local"
    std::string transport;     // origin instance: "meshtastic.roof"
    std::string origin_id;     // id on the origin network, for duplicates; may be empty
    std::int64_t written = 0;  // Unix seconds at which its author says he wrote it; 0: not said
    std::string from_name;     // display name the network gives, cleaned; may be empty
    std::string subject;
    std::string text;  // UTF-8, cleaned of quotes and signatures: what a person wrote
    std::vector<Attachment> attachments;
    std::vector<std::string> references;  // wire ids this answers, nearest first
    Body body;
    std::optional<Fate> fate;  // it is a report about a message of ours
    // Of the recipients in `to`, in order; where there is none it is the usual. Kept by delivery.
    std::vector<Wish> wishes;
    std::string envelope_id;  // what the sender's machine calls it (ENVID); may be empty
    // Who handed it over: the IP address of the machine, or "nncp:dale" where a key proves it; not
    // kept.
    std::string peer;
    std::string brought_by;  // the neighbour whose quota it goes by, once it is judged; not kept
    // Its neighbour's own box gave it `origin_id`, once: whatever way it comes, it is one message.
    // Once it is judged; not kept.
    bool numbered = false;

    std::optional<ListTrail> lists;  // not kept in the store, nor is `program`
    bool program = false;            // automatic by itself, not only because a list passed it on

    bool automatic = false;        // RFC 3834: never answered, never sent to a radio unasked
    bool broadcast = false;        // heard on a channel, not said to us: only an alarm counts
    bool alert = false;            // came by the network's own alarm (Meshtastic port 11)
    bool reaction = false;         // a tapback: never a command
    bool cut = false;              // quoted text or a signature was cut from `text`
    bool verified_sender = false;  // the network vouches for `from` (DMARC pass, PKC)
    std::string sealed_under;      // the key that proves it, hex; empty: none, or not known
    bool trusted = false;          // handed over from where the operator lets people relay
    bool submitted = false;        // by a program of a villager's own, believed to be who it says
    Unreadable unreadable = Unreadable::No;  // not kept in the store
    Privacy privacy = Privacy::InClear;
    Priority priority = Priority::Normal;
    std::optional<std::chrono::seconds> expires_in;
};

}  // namespace waypost

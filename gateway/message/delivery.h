// SPDX-License-Identifier: Apache-2.0
// What leaves the gateway: a Delivery of a stored message to one recipient, tried in attempts.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/message/message.h"

namespace waypost {

using TransportId = std::string;  // "meshtastic.roof", "email"
using WireId = std::string;       // the id on the wire: Message-ID, packet id, stanza id

// held -> deferred -> queued -> ready -> sending -> sent -> delivered -> read, or an end.
enum class State {
    Held = 0,       // waits for consent or quota, or an operator holds it
    Deferred = 1,   // waits until a time
    Queued = 2,     // waits behind an earlier one of the same lane
    Ready = 3,      // the dispatcher may take it
    Sending = 4,    // an attempt is on record, its outcome is not
    Sent = 5,       // handed to the next machine; no more is known
    Delivered = 6,  // the recipient's machine has it
    Read = 7,
    Failed = 8,
    Expired = 9,
    Cancelled = 10,
    Unknown = 11,  // handed to another box that never said what became of it
};

const char* to_string(State state);
bool is_final(State state);  // Sent counts as final for the dispatcher: nothing more to send

// How well an event is known; nothing shown to a person claims more.
enum class ProofClass { Reported = 0, Observed = 1, Inferred = 2 };
const char* to_string(ProofClass proof);

struct AttemptId {
    DeliveryId delivery = 0;
    int number = 0;  // from 1
    friend bool operator==(const AttemptId&, const AttemptId&) = default;
};

// What a delivery says, beside its text, of a message that came from outside: that it is late,
// given up, there, or beyond where anybody says more (of a mail: RFC 3464).
struct Report {
    enum class Action { Delayed, Failed, Delivered, Relayed };
    Action action = Action::Failed;
    Address recipient;       // as its sender wrote it
    std::string status;      // enhanced status code (RFC 3463): "4.4.7"
    std::string diagnostic;  // one line; may be empty
    std::string original_id;
    std::string envelope_id;         // as its sender's machine called it; may be empty
    std::string original_recipient;  // with its type, as he named him; may be empty
    WallTime arrived{};
    std::optional<WallTime> retry_until;  // of a delayed one
    Body original;                        // of which the header goes back; may be gone
};

// What a mail to a member of a group says of it (RFC 2369, RFC 2919).
struct ListPost {
    Address address;                  // news@hill.example
    std::string title;                // may be empty
    std::vector<std::string> passed;  // addresses of the lists that it has passed before
    // From is in the list's name: its author is of another domain, whose mail servers would deny
    // that a list of ours may write for him (DMARC).
    bool in_its_name = false;
};

// One delivery as a transport gets it, ready to be put on its network.
struct Delivery {
    AttemptId attempt;
    // Set: it may have left under this id before, by an attempt that a restart cut off or one that
    // nobody answered. Used again, it lets the recipient know a repeat for what it is.
    std::optional<WireId> wire_id;
    MessageId message = 0;
    Address to;  // the endpoint on this transport's network
    std::string to_name;
    Address from;  // the sender as this network should name him, in our domain for mail
    std::string from_name;
    // The person of this box who wrote it, by his handle, as far as that is certain; empty:
    // somebody else, or the box itself.
    std::string author;
    // The operator has held it and let it go (asked by Limits::screens only).
    bool passed = false;
    Address reply_to;  // with its reply token; empty where answers need none
    // Where reports about it are to go (mail: MAIL FROM): an address of ours by which they find
    // this delivery, or the sender's own of what is forwarded; empty: none is wanted (RFC 3834 2).
    Address return_path;
    std::string subject;
    std::string text;  // for a radio: rendered, within Limits::message_bytes; else the whole text
    std::vector<std::string> references;  // wire ids on this network that it answers, nearest first
    std::string message_id;               // stable for the message: "<k3f9...@hill.example>"
    bool automatic = false;               // made by the gateway: mail carries Auto-Submitted
    bool alert = false;                   // use the network's alarm way if it has one
    Priority priority = Priority::Normal;
    Body body;  // original, if the message came from this network, or this one takes all of them
    std::string body_network;      // whose form it has, "email"; empty without a body
    WallTime written{};            // when the message was accepted
    std::optional<Report> report;  // it is one: `references` name what it is about
    // What the next machine is asked to tell `return_path`, if it can; nullopt: as it is used to.
    std::optional<Wish> wish;
    std::string envelope_id;
    std::optional<ListPost> list;  // it is a post of a group
    // Set: no message, but its author's wish that what left by this instance under that id is
    // deleted where it went. Sent, once nothing can stop that any more: Outcome::code is how many
    // servers are asked, in digits. Given only where Limits::takes_back.
    WireId takes_back;
};

// Code of NotTried where the device may send nothing but alarms for now, whatever it is:
// `retry_after` says until when.
inline constexpr char kNoAirtime[] = "airtime";

// Code of NotTried where the operator has to let it pass first: it is held for him. Its detail
// begins with the words of Why::Operator.
inline constexpr char kToScreen[] = "screening";

// How an attempt ended: exactly one per attempt.
struct Outcome {
    enum class Kind {
        Sent,       // the next machine took it
        Delivered,  // the recipient's machine took it
        Retry,      // not now; the office decides when, not before retry_after
        Failed,     // never; detail says why in words for the sender
        NotTried,   // no byte left the box (link down): costs no attempt
        Unknown,    // bytes left, no verdict came: a later proof may settle it
    };
    Kind kind = Kind::Unknown;
    ProofClass proof = ProofClass::Reported;
    std::string code;    // short, stable: "250", "550 5.1.1", "routing 5"
    std::string detail;  // one line for people; may be empty
    std::optional<std::chrono::seconds> retry_after;
    std::chrono::milliseconds airtime{0};  // spent by this attempt
    bool wish_taken = false;               // of Sent: the next machine sees to Delivery::wish
    // Of Sent and Delivered: how it was protected from here to the next machine. None: not known.
    std::optional<Privacy> privacy{};
};

Outcome outcome(Outcome::Kind kind, std::string code, std::string detail = {},
                ProofClass proof = ProofClass::Observed);

// What a network says about a wire id, now or weeks later.
struct Proof {
    enum class Kind { Relayed, Delivered, Read, Bounced };
    Kind kind = Kind::Relayed;
    ProofClass proof = ProofClass::Reported;
    std::string code;
    std::string detail;
    Address recipient;  // whose copy, where one wire id serves several; empty: it serves one
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// Rows of the store as values. Times: `*_ms` of wall time since 1970, unless named box time.
// An `owner` is who an item, a contact or a quota belongs to: a person's handle ("ana") or, for a
// stranger, his address ("meshtastic:!a1b2c3d4").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "gateway/message/delivery.h"
#include "gateway/message/message.h"

namespace waypost::store {

using Ms = std::int64_t;

// TakeBack: no text, but the wish that what its author wrote before (`answers`) is deleted.
enum class Kind { Letter = 0, Answer = 1, Receipt = 2, Alarm = 3, Notice = 4, TakeBack = 5 };

// What a message of the gateway's own reports of another's delivery (RFC 3464 Action).
enum class ReportOf { Nothing = 0, Delay = 1, Failure = 2, Arrival = 3, Relay = 4 };

struct MessageRow {
    MessageId id = 0;
    Kind kind = Kind::Letter;
    Message message;
    std::string owner;       // of the sender, if he is one of ours; else empty
    std::string message_id;  // stable RFC 5322 style id: "<1k.3f9a@hill.example>"
    MessageId answers = 0;   // the message of ours that this one answers; 0: none known
    ReportOf report = ReportOf::Nothing;
    DeliveryId about = 0;  // the delivery that it reports of
    Ms created_ms = 0;
};

struct DeliveryRow {
    DeliveryId id = 0;
    MessageId message = 0;
    std::string owner;      // whose quota it takes: a person of ours
    Address recipient;      // person:ana, mailto:bob@x.org, or one endpoint
    std::string network;    // "meshtastic", "email"
    std::int64_t lane = 0;  // 0: no order to keep; else a hash of sender and recipient
    State state = State::Ready;
    Priority priority = Priority::Normal;
    Ms due_box_ms = 0;
    Ms expires_ms = 0;
    Ms first_try_box_ms = 0;
    int attempts = 0;
    bool resume = false;    // the last attempt has no outcome: offer it again with its wire id
    std::string wire_id;    // of the last attempt
    TransportId transport;  // of the last attempt
    int item = 0;           // number under which the recipient knows it; 0: none
    std::string code;       // last outcome
    std::string detail;
    Ms created_ms = 0;
    Ms changed_ms = 0;
    // Whose turn it takes on a radio network: who wrote it, if he is one of ours, else its owner.
    std::string turn{};
};

// Who waits for the air, and since when (the oldest of his that can go).
struct TurnRow {
    std::string turn;
    Ms since_ms = 0;

    bool operator==(const TurnRow&) const = default;
};

// Letters that one person wrote to others here, and that wait for the air only.
struct Waits {
    int count = 0;
    Ms since_ms = 0;  // of the oldest
};

struct EventRow {
    MessageId message = 0;
    DeliveryId delivery = 0;  // 0: of the message as a whole
    Ms at_ms = 0;
    std::string kind;  // "accepted", "ready", "begun", "sent", "relayed", ...
    ProofClass proof = ProofClass::Observed;
    TransportId transport;
    std::string code;
    std::string detail;
    std::optional<Privacy> privacy{};  // of the hop that it speaks of; none: of none, or not known
};

struct ItemRow {
    std::string owner;
    int number = 0;
    MessageId message = 0;
    DeliveryId delivery = 0;
    bool incoming = false;
    bool done = false;
    Address peer;            // the other end
    std::int64_t shown = 0;  // bytes of the text that the owner's radio has shown
    Ms changed_ms = 0;
};

struct PersonRow {
    std::string handle;
    std::string name;
    std::string language;
    std::string role;  // "villager", "operator", "responder": comma between
    bool approved = true;
    bool paused = false;  // said `stop`: nothing but alarms goes to his radio
    Ms created_ms = 0;
    bool minor = false;   // a child: nothing from outside, nothing to outside, no public posts
    std::string quiet{};  // "22:00-06:30", "off", or empty: as the village has it
};

struct EndpointRow {
    Address address;
    std::string person;  // empty: a stranger's
    std::string name;
    std::string public_key;  // pinned, hex; empty: none seen
    std::string new_key;     // a different one was seen: hold what goes out
    Ms heard_ms = 0;
    TransportId transport;   // that heard it last
    bool suspended = false;  // lost: `person` stays its owner's, but it counts as a stranger's
    Ms bound_ms = 0;         // since when it is his; 0: from before this was on record
};

// A code of 8 digits by which another radio becomes this person's. Only its keyed hash is kept.
struct CodeRow {
    std::string handle;
    std::string hash;
    Ms until_box_ms = 0;
    MessageId message = 0;  // that showed it to her radio; its text goes with the code
};

// What somebody asks for and others decide. `message` is the line that asked, with its trace; the
// items of those who decide name it.
struct MatterRow {
    // A new name; a person's name for another radio; another key that his radio is heard under.
    enum class Kind { Approval = 0, Move = 1, Key = 2 };
    MessageId message = 0;
    Kind kind = Kind::Approval;
    std::string handle;
    Address radio;                     // that asks, or has the key
    Ms due_box_ms = 0;                 // a move is carried out then; 0: only by somebody's word
    std::vector<std::string> vouched;  // handles of villagers who vouch for it
    std::string new_key{};             // hex
};

// A person who wanted to be forgotten: no name, so that the record says nothing to who reads it,
// and an older backup can still be told that he is gone.
struct ForgottenRow {
    std::string hash;  // forgotten_hash(handle)
    Ms at_ms = 0;
    // Each neighbour that knew him was told, or none did (custody/met_neighbours.h).
    bool passed_on = false;
};

enum class ContactState { Known = 0, Pending = 1, Blocked = 2 };

struct ContactRow {
    std::string owner;
    Address address;
    std::string nick;
    ContactState state = ContactState::Known;
    Ms since_ms = 0;
};

struct Count {
    std::string network;
    State state = State::Ready;
    std::int64_t count = 0;
};

}  // namespace waypost::store

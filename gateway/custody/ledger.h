// SPDX-License-Identifier: Apache-2.0
// Every change of a message's fate goes through here, inside the writer's transaction: the row,
// its event and what follows from it (the lane moves on, the message has ended) are one step.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/custody/box.h"

namespace waypost {

// What has to be told to threads once the transaction is on disk.
// A delivery that is new, or in another state.
struct Moved {
    MessageId message = 0;
    DeliveryId delivery = 0;
    std::string network;
    State state = State::Ready;
    std::string owner, turn;  // as the delivery has them
};

struct Effects {
    std::set<std::string> networks;  // have something ready
    // Network and recipient: something waits until he is heard.
    std::set<std::pair<std::string, std::string>> waiting_recipients;
    std::vector<std::string> bodies_gone;  // files that no message names any more
    bool people_changed = false;           // or groups
    bool posts_passing = false;            // a post is not with all members of its group yet
    std::vector<Moved> moved;              // in order
};

class Ledger {
  public:
    // `effects` belongs to the job and outlives it; it is not cleared here.
    Ledger(store::Tables& tables, const Box& box, Effects& effects);

    store::Tables& tables() { return tables_; }
    const Box& box() const { return box_; }
    store::Ms now() const { return now_; }
    // A number whose item was done before then may be given anew.
    store::Ms reuse_before() const {
        return now_ - std::chrono::milliseconds(std::chrono::hours(72)).count();
    }
    Effects& effects() { return effects_; }

    // Stores the message with its first event. Fills in message_id and created.
    MessageId add_message(store::MessageRow& row);
    // Stores a delivery of it; fills in id and times, and where they are not said, expiry and turn:
    // it goes on its owner's account.
    DeliveryId add_delivery(store::DeliveryRow& row, const std::string& why = {});

    void event(const store::DeliveryRow& row, std::string kind, ProofClass proof,
               std::string code = {}, std::string detail = {}, std::optional<Privacy> privacy = {});
    // Of a message as a whole.
    void note(MessageId message, std::string kind, std::string detail);
    // Sets the state with its event and lets what waits behind it go on. `privacy`: how the hop was
    // protected that the event speaks of, if it is known.
    void move(store::DeliveryRow& row, State state, ProofClass proof, std::string code = {},
              std::string detail = {}, std::optional<Privacy> privacy = {});
    // Deferred until box time `due`; another of its lane may go if this one blocked it too long.
    void defer(store::DeliveryRow& row, store::Ms due_box_ms, std::string code, std::string detail);

    // A line of the gateway's own to one endpoint: answer, receipt, notice. `owner`: of the
    // endpoint, unless said. `about`: the message that it speaks of.
    MessageId say(const Address& endpoint, std::string text, store::Kind kind,
                  Priority priority = Priority::Urgent, const std::string& owner = {},
                  MessageId about = 0);

    // What waits to be said and was never tried says this instead: the delivery keeps its place,
    // and the message that it carried ends as "joined".
    MessageId say_instead(store::DeliveryRow& row, std::string text);

    std::int64_t lane_of(const std::string& network, const std::string& sender,
                         const std::string& recipient) const;

  private:
    void advance(std::int64_t lane);
    void settle(const store::DeliveryRow& row);
    store::Tables& tables_;
    const Box& box_;
    Effects& effects_;
    store::Ms now_;
};

// A lane is released after its head has blocked it this long (box time).
inline constexpr std::chrono::minutes kLaneBlock{10};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// The one seam. A Transport turns one network into Messages and Deliveries into that network; the
// Office is what the gateway offers it. There is no second way in and no second way out.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <istream>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "gateway/base/clock.h"
#include "gateway/base/random.h"
#include "gateway/base/result.h"
#include "gateway/message/delivery.h"
#include "gateway/message/message.h"
#include "gateway/people_view.h"

namespace waypost {

// The answer to one recipient of a message handed over.
struct Verdict {
    enum class Kind { Accepted, Duplicate, Refused, Later };
    enum class Reason {
        None,
        UnknownRecipient,  // SMTP 5.1.1
        NotAllowed,        // 5.7.1
        TooLarge,          // 5.3.4
        Loop,              // 5.4.6
        BadInput,          // 5.6.0
        QuotaFull,         // 4.2.2
        StorageFull,       // 4.3.1
        Busy,              // 4.3.2
    };
    Kind kind = Kind::Accepted;
    Reason reason = Reason::None;
    std::string text;  // one sentence for the sender
    MessageId message = 0;

    // The message is in custody: now, or it already was.
    bool kept() const { return kind == Kind::Accepted || kind == Kind::Duplicate; }
};
using OnVerdicts = std::function<void(std::vector<Verdict>)>;

// Who is at the other end of a connection, as far as the transport knows before a message.
struct Sender {
    Address address;       // envelope sender; empty for the null sender <>
    bool trusted = false;  // came from a network the operator trusts to relay
};

// A body larger than memory should hold, streamed into the store's own folder. Dropping the writer
// without finish() leaves nothing behind.
class BodyWriter {
  public:
    virtual ~BodyWriter() = default;
    virtual Result<void> write(std::string_view bytes) = 0;
    // What has been written so far, from its beginning.
    virtual std::unique_ptr<std::istream> written() = 0;
    virtual Result<Body> finish() = 0;  // file and folder are synced by the commit that accepts it
};

// Where a node says it is. It is kept for a day, and shown with an alarm only.
struct Place {
    double latitude = 0;   // degrees north
    double longitude = 0;  // degrees east
    int metres = 0;        // it lies within so many of there; 0: not said
    std::int64_t at = 0;   // Unix seconds of the measurement; 0: not said, thus now
};

// What a radio network tells about a node it hears.
struct Heard {
    // How its key is known: to the device from earlier, said by anybody just now, or proven by what
    // was heard being sealed under it.
    enum class Key { Remembered, Said, Proven };
    std::string name;  // cleaned display name; may be empty
    std::string short_name;
    std::string public_key;  // 32 bytes or empty
    Key key = Key::Said;
    int hops = -1;  // -1: not known
    float snr = 0;
    bool messageable = true;
    std::optional<Place> place;
};

// Durable key-value state of one transport instance. put and erase join the next group commit.
class TransportState {
  public:
    virtual ~TransportState() = default;
    virtual std::optional<std::string> get(const std::string& key) const = 0;
    // Throws std::runtime_error if the store cannot be read: for start().
    virtual std::map<std::string, std::string> with_prefix(const std::string& prefix) const = 0;
    virtual void put(const std::string& key, std::string value) = 0;
    virtual void erase(const std::string& key) = 0;
    // Once all that was put and erased before is on disk, or with false: the store failed, and it
    // is tried again with the next call. On the store's writer thread.
    virtual void when_durable(std::function<void(bool)> on_disk) = 0;
    // The same, waiting; whoever waits holds up what it reads. Never on the writer thread.
    bool wait_durable();
};

// Every method may be called from any thread of a transport. Callbacks run on the store's writer
// thread: they must be short and must not call back into a blocking method.
class Office {
  public:
    virtual ~Office() = default;

    // May this pass? Asked before the body travels (SMTP RCPT). A yes is no promise.
    virtual Verdict check(const Sender& sender, const Address& recipient, std::size_t bytes) = 0;

    // Hands over custody: one verdict per entry of message.to (one if it is empty), after the
    // transaction that holds the message is on disk. Before the callback nothing is promised.
    virtual void accept(Message message, OnVerdicts on_verdicts) = 0;
    // The same, waiting. Not for threads that read a line.
    std::vector<Verdict> accept_and_wait(Message message);

    virtual std::unique_ptr<BodyWriter> new_body() = 0;
    virtual Result<std::unique_ptr<std::istream>> open_body(const Body& body) = 0;

    // Puts the attempt and its wire id on record. The first byte may leave only after the callback
    // with true; false means the delivery was cancelled or expired meanwhile: drop it, no report.
    virtual void begin(AttemptId attempt, WireId wire_id,
                       std::function<void(bool)> on_committed) = 0;
    // The attempt's one final outcome. Never blocks.
    virtual void report(AttemptId attempt, Outcome outcome) = 0;
    // What the network says about something sent earlier. Unknown wire ids are ignored. `on_disk`
    // may be empty: true once it is on record, or there is nothing to record; false: the store
    // failed, and who has the proof still says it again later.
    virtual void proof(const TransportId& transport, const WireId& wire_id, Proof proof,
                       std::function<void(bool)> on_disk = {}) = 0;
    // Its author took this message back, which came by this transport: what waits of it goes
    // nowhere, its text is erased. `on_disk` as above.
    virtual void retract(const TransportId& transport, MessageId message,
                         std::function<void(bool)> on_disk) = 0;
    // A node was heard: endpoints waiting for it wake up, its key is compared with the pinned one.
    virtual void heard(const TransportId& transport, const Address& node, Heard heard) = 0;
    // The transport's link, window or budget changed: look again.
    virtual void wake(const TransportId& transport) = 0;

    virtual TransportState& state(const TransportId& transport) = 0;
    virtual const Clock& clock() const = 0;
    virtual Random& random() = 0;
    virtual std::string domain() const = 0;   // the box's mail domain, "hill.example"
    virtual std::string village() const = 0;  // the box's short name, "hill"
    // Lives as long as the office; null where there are no people (tools, tests of one transport).
    virtual PeopleView* people() { return nullptr; }
};

struct Limits {
    std::size_t message_bytes = 0;  // most UTF-8 bytes of text in one message; 0: as long as it is
    int window = 1;                 // deliveries in hand at once
    bool ordered = false;           // keep the order of one sender to one recipient
    bool originals = false;         // takes originals whole, of other networks too
    bool screens = false;           // asks Delivery::passed
    bool takes_back = false;        // does what Delivery::takes_back says
    bool typed = false;             // people type its addresses with their scheme: sms:+49170…
};

struct Status {
    bool up = false;
    std::string why;                            // why it is down, or what it is doing
    std::chrono::milliseconds airtime_used{0};  // in the sliding hour
    std::chrono::milliseconds airtime_left{0};  // 0 with airtime_limited false: no limit
    bool airtime_limited = false;
    std::map<std::string, std::string> details;  // node number, firmware, region, peers heard, ...
    // The same as numbers, where it knows them: "snr_db", "loss" (percent), "heard" (nodes heard),
    // "waiting" (parts of what is in hand). They are kept, and drawn as charts.
    std::map<std::string, double> metrics;
};

// Threads: start, stop and deliver are called by the gateway, one at a time; limits and status by
// any thread.
class Transport {
  public:
    virtual ~Transport() = default;
    virtual const TransportId& id() const = 0;       // stable: "meshtastic.roof"
    virtual const std::string& network() const = 0;  // "meshtastic"
    // Which addresses this network carries: "meshtastic", "mailto".
    virtual const std::string& scheme() const = 0;
    virtual void start(Office& office) = 0;       // may throw std::runtime_error: bad configuration
    virtual void deliver(Delivery delivery) = 0;  // does not block; takes it or reports NotTried
    virtual Limits limits() const = 0;
    virtual Status status() const = 0;
    // status().up, for who asks at each delivery.
    virtual bool up() const { return status().up; }
    // How well this instance reaches an address: higher is better, nullopt not at all. Whether it
    // is up just now is status()'s.
    virtual std::optional<int> reach(const Address& to) const = 0;
    // The same for what this person writes (handle, or address of a radio without a name; empty:
    // not known): an account of his own may be better, and one of somebody else is none at all.
    virtual std::optional<int> reach_from(const std::string& sender, const Address& to) const {
        (void)sender;
        return reach(to);
    }
    // A text, to be shown as a link or QR code, by which somebody outside becomes able to write to
    // this address of the box with his own program, by keys that he can trust. Any thread.
    virtual Result<std::string> invite(const Address& own, const std::string& name) {
        (void)own;
        (void)name;
        return Error{Code::NotFound, id() + " has no invitations", false};
    }
    // Something Ready waits that reach() says this instance carries, and it is down: said every few
    // seconds while that is so. The gateway's thread; does not block.
    virtual void wanted() {}
    virtual void stop() = 0;  // returns when no thread of it is left
    // After stop(), where the device went and the gateway runs on: all that is in hand, or comes
    // yet, is reported. At the gateway's own end it is not called: what has no outcome by then is
    // offered again under its wire id.
    virtual void give_back() {}
};

}  // namespace waypost

// SPDX-License-Identifier: Apache-2.0
// The host's side of one MeshCore companion radio, without I/O: bytes and time in, actions out.
// Handshake, contacts, one command at a time, the messages that wait in the radio, texts with their
// retries, adverts, airtime. One object per device, one thread at a time.
//
// The radio forgets a message as it hands it over, so until the office has it on disk it is here
// alone: the next one is fetched only after decided().
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "gateway/base/packet_tail.h"
#include "gateway/transport.h"
#include "radio/airtime/airtime.h"
#include "radio/airtime/ledger.h"
#include "radio/airtime/shared_band.h"
#include "radio/line_is_down.h"
#include "radio/meshcore/air_packet.h"
#include "radio/meshcore/companion.h"
#include "radio/meshcore/frames.h"

namespace waypost::meshcore {

// A room server that we are a member of.
struct RoomLogin {
    std::string prefix;    // 6 bytes of its key
    std::string password;  // at most 15 bytes; may be empty
};

struct SessionOptions {
    std::string region;      // whose law holds, as radio/airtime/bands.h has them
    int share_percent = 25;  // of what that law allows this radio in an hour
    milliseconds text_gap{1000};
    milliseconds reply_wait{5000};
    milliseconds advert_every{std::chrono::hours(24)};
    std::vector<RoomLogin> rooms;
    std::shared_ptr<SharedBand> band;  // null: it shares its band with no other radio
};

// A text to one radio or room.
struct Outgoing {
    AttemptId attempt;
    std::string wire_id;     // wire_id_of()
    std::uint32_t time = 0;  // on the wire; a repeat has the same
    std::string to;          // Address::value: address.h
    std::string text;
    int first_try = 0;  // the number that its first transmission has now
    bool alarm = false;
    bool dropped = false;  // was cancelled before it began: not to be sent
};

struct TextIn {
    std::string from;  // Address::value; of a channel by the name that was said
    std::string name;  // as the contact or the channel has it
    std::string room;  // Address::value of the room that it was posted in; empty: none
    std::string room_name;
    std::uint32_t time = 0;
    std::string text;
    bool direct = false;  // to us; else heard on a channel
    std::string key;      // the radio opened it by this contact's key; empty: nobody's is proven
};

struct Actions {
    std::string write;           // bytes for the line
    bool reopen = false;         // close the line and open it again after a pause
    bool changed = false;        // up, down: worth telling the dispatcher
    bool sends = false;          // a text is in `write`
    bool spent = false;          // the record of airtime is another: to remember before the write
    bool advertised = false;     // now: to remember
    std::optional<TextIn> text;  // decided() is awaited
    std::vector<PacketSeen> packets;  // as whoever looks on may see them; without time
    std::vector<std::pair<std::string, Heard>> heard;  // Address::value; public_key has its bytes
    std::vector<std::pair<AttemptId, Outcome>> outcomes;
    std::vector<std::pair<std::string, Proof>> proofs;  // by wire id
    std::vector<std::string> learned;  // keys of chat contacts, 32 bytes: to remember
};

class Session {
  public:
    Session(SessionOptions options, const Clock& clock);
    ~Session();
    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

    Actions opened(BoxTime now);
    Actions received(std::string_view bytes, BoxTime now);
    // What has not been written yet is given back as not tried; what is in the air has until its
    // time is over.
    Actions closed(BoxTime now);
    // The device will not be back.
    Actions give_back(BoxTime now);
    // Before send() of this text, and on record before it may be written: all that it may cost.
    void promise(const Outgoing& out);
    Actions send(Outgoing out, BoxTime now);
    // The office has the last text, or does not want it; else it is given again later.
    Actions decided(bool done, BoxTime now);
    Actions tick(BoxTime now);
    BoxTime next_tick() const { return next_tick_; }

    // From the transport's durable state, before opened().
    void remember_contact(const std::string& key) { remembered_.insert(key); }
    void last_advert(BoxTime at) { last_advert_ = at; }

    bool ready() const { return phase_ == Phase::Ready; }
    std::string why_down() const;
    const SelfInfo& self() const { return self_; }
    const DeviceInfo& device() const { return device_; }
    const std::string& band() const { return band_; }       // whose law is kept to
    std::string not_lawful() const { return not_lawful_; }  // what the band's table says against it
    std::size_t contacts() const { return contacts_.size(); }
    std::size_t heard_since(BoxTime since) const;
    std::size_t rooms_joined() const { return joined_.size(); }
    bool knows(const std::string& address) const;
    std::optional<BoxTime> heard_at(const std::string& address) const;
    AirtimeLedger& ledger() { return ledger_; }
    const AirtimeLedger& ledger() const { return ledger_; }
    std::string airtime_record(BoxTime now) const { return ledger_.save(now, promised()); }

  private:
    enum class Phase { Closed, Handshake, Ready };
    enum class What {
        DeviceQuery,
        AppStart,
        SetTime,
        Contacts,
        Channel,
        NextMessage,
        Stats,
        SendText,
        Advert,
        AddContact,
        RemoveContact,
        ResetPath,
        Login
    };
    struct Ask {
        What what = What::NextMessage;
        std::string payload;
        std::string about;  // a wire id, a key
        int repeats = 0;
    };
    struct Known {
        Contact contact;
        BoxTime heard{};  // by us: a text, an advert
        BoxTime used{};   // a text came from it or went there
        int hops = -1;
    };
    struct Flight {
        Outgoing out;
        std::string key;
        int tries = 0;         // that may have been on air
        int refusals = 0;      // of the device, which had no room
        bool asked = false;    // its command is with the device, or waits for it
        bool relayed = false;  // we heard somebody repeat it
        BoxTime deadline{};
        milliseconds airtime{0};
        std::set<std::uint32_t> acks;
    };

    // session.cpp: the line and what is asked
    void ask(What what, std::string payload, std::string about = {});
    void ask_first(What what, std::string payload, std::string about = {});
    bool is_asked(What what, const std::string& about = {}) const;
    void write_next(BoxTime now, Actions& actions);
    void give_up_ask(BoxTime now, Actions& actions);
    void take(const std::string& payload, BoxTime now, Actions& actions);
    void take_reply(const Reply& reply, BoxTime now, Actions& actions);
    void take_failure(What what, const Failed& failed, BoxTime now, Actions& actions);
    void take_waiting(BoxTime now, Actions& actions);
    static bool answers(What what, const Reply& reply);
    void look_alive(BoxTime now, Actions& actions);
    Actions done(Actions actions, BoxTime now);

    // session_setup.cpp: what the device is asked first
    void become_ready(BoxTime now, Actions& actions);
    void take_channel(const Channel& channel);
    void set_budget();
    void work_of_ready(BoxTime now, Actions& actions);
    void log_in(BoxTime now, Actions& actions);
    void take_stats(const RadioStats& stats, BoxTime now);

    // session_contacts.cpp
    void take_contact(const Contact& contact, BoxTime now, Actions& actions);
    void contacts_ended(const ContactsEnd& end, BoxTime now, Actions& actions);
    void take_push(const Reply& reply, BoxTime now, Actions& actions);
    void new_contact(const Contact& contact, BoxTime now, Actions& actions);
    void add(const Contact& contact);
    void table_is_full();
    void not_added(const Failed& failed);
    void make_room();
    void make_room_if_full();
    bool is_needed(const Known& known) const;
    const Contact* find(const std::string& address) const;
    std::vector<const Contact*> with_prefix(std::string_view prefix) const;
    std::optional<std::string> remembered(const std::string& address) const;
    void hear(const Contact& contact, Heard::Key how, std::optional<float> snr, int hops,
              BoxTime now, Actions& actions);

    // session_texts.cpp
    void take_text(const WaitingText& text, BoxTime now, Actions& actions);
    // `last`: it will not be known better later who wrote it.
    void take_direct(const WaitingText& text, bool last, BoxTime now, Actions& actions);
    void take_post(const WaitingText& text, const Contact& room, BoxTime now, Actions& actions);
    void take_channel_text(const WaitingText& text, Actions& actions);
    void hand_over(TextIn text, Actions& actions);
    bool seen(const TextIn& text);
    void take_received(const Received& received, Actions& actions);
    void note_relay(const AirPacket& packet, Actions& actions);
    void count_ack(const WaitingText& text, BoxTime now);

    // session_send.cpp
    void pump(BoxTime now, Actions& actions);
    void begin(Outgoing out, BoxTime now, Actions& actions);
    void transmit(const std::string& wire_id, BoxTime now, Actions& actions);
    void spend_try(Flight& flight, BoxTime now, Actions& actions);
    bool is_under_way_to(const std::string& address) const;
    // Empty: `why` says why not.
    std::string key_for(const Outgoing& out, Outcome& why) const;
    void put_in_table(const std::string& key);
    milliseconds needed(milliseconds once, bool alarm) const;
    void sent(const Sent& sent, BoxTime now, Actions& actions);
    void refused(const Failed& failed, BoxTime now, Actions& actions);
    void confirmed(const Delivered& delivered, BoxTime now, Actions& actions);
    void expire(BoxTime now, Actions& actions);
    void finish(const std::string& wire_id, Outcome outcome, Actions& actions);
    void end_without_verdict(const std::string& wire_id, Actions& actions);
    void not_tried(const Outgoing& out, Outcome outcome, Actions& actions);
    Outcome no_airtime(const Outgoing& out, BoxTime now) const;
    milliseconds cost(std::size_t text_bytes) const;
    milliseconds airtime_of_bytes(std::size_t bytes) const;
    milliseconds promised() const;

    SessionOptions options_;
    const Clock& clock_;
    Phase phase_ = Phase::Closed;
    FrameParser parser_{Direction::FromRadio};
    SelfInfo self_;
    DeviceInfo device_;
    std::map<int, std::string> channels_;    // names
    std::map<std::string, Known> contacts_;  // by key
    std::set<std::string> remembered_;       // keys of radios that the device may have forgotten
    std::set<std::string> advertised_;       // keys whose new advert is to be read
    std::set<std::string> joined_;           // keys of rooms
    std::deque<Ask> asks_;
    std::optional<Ask> asked_;
    BoxTime ask_deadline_{};
    int silent_ = 0;  // asks in a row without a reply
    std::uint32_t contacts_changed_ = 0;
    bool contacts_stale_ = false;
    bool fetch_ = false;                   // messages may wait in the device
    std::deque<WaitingText> waiting_;      // fetched, and not looked at yet
    std::optional<TextIn> undecided_;      // with the office
    std::optional<WaitingText> unsorted_;  // waits for the contact that wrote it
    BoxTime give_again_{};                 // undecided_; max: it is there
    std::set<std::string> seen_;
    std::deque<std::string> seen_order_;
    std::deque<Outgoing> pending_;
    std::map<std::string, Flight> flights_;         // by wire id
    std::map<std::string, milliseconds> promised_;  // likewise: what it may cost yet
    std::map<std::uint32_t, std::string> late_;     // acks of what has ended: wire ids
    std::deque<std::uint32_t> late_order_;
    AirtimeLedger ledger_;
    std::string band_, not_lawful_, why_not_;
    milliseconds text_budget_{0};
    std::optional<BoxTime> last_advert_;
    bool advert_wanted_ = false;  // somebody new is there
    BoxTime next_login_{};
    BoxTime forget_logins_{};
    BoxTime next_send_{};
    BoxTime next_clock_{};
    BoxTime next_stats_{};  // max: it has none
    std::deque<std::pair<BoxTime, std::uint32_t>>
        sent_seconds_;  // of the last hour, since it booted
    BoxTime last_reply_{};
    BoxTime last_bytes_{};
    BoxTime handshake_again_{};
    std::uint64_t skipped_ = 0;
    BoxTime next_tick_{};
};

}  // namespace waypost::meshcore

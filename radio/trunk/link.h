// SPDX-License-Identifier: Apache-2.0
// One pairing of two gateways over one frame radio, without I/O or clock: packets and time in,
// actions out. One object per pairing, one thread at a time. README.md has the picture.
//
// Custody: `delivered` names an object only after the other side's owner confirmed that it is
// durable there. Of whatever is not known it says nothing.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "radio/frame_radio.h"
#include "radio/trunk/frame_sizes.h"
#include "radio/trunk/handshake.h"
#include "radio/trunk/inbox.h"
#include "radio/trunk/link_health.h"
#include "radio/trunk/outbox.h"
#include "radio/trunk/state.h"

namespace waypost::trunk {

struct LinkSettings {
    Secret psk;  // kKey bytes (pairing.h)
    std::uint8_t link = 1;
    Form form = Form::Sealed;         // the same at both sides
    bool second = false;              // the side that typed the code
    milliseconds turn_round{50};      // what a modem needs from sending to listening
    milliseconds confirm_wait{1500};  // an answer waits so long for the owner's confirm()
    // What is whole there and not durable is asked for after four seconds, and later each time, but
    // never later than so.
    milliseconds last_put_off{4000};
    std::uint32_t features = 0;
    std::vector<std::uint32_t> speeds;  // presets that this side agrees to, beside the base 0
    std::string facts;  // told to the other in hello: at most kMostFacts bytes, the owner's own
};

// The modem and the law, as the link sees them.
class Air {
  public:
    virtual ~Air() = default;
    virtual FrameLimits limits() const = 0;
    virtual std::chrono::microseconds airtime(std::size_t bytes) const = 0;
    // `now` or before: a frame may go. Later: when to ask again.
    virtual BoxTime may_send(BoxTime now, std::chrono::microseconds airtime, bool urgent) const = 0;
};

struct LinkActions {
    // Durable before the packet of these or later actions is sent.
    std::vector<StateRow> keep;
    std::optional<FrameOut> send;  // one at a time: the next comes after fate() of this
    bool urgent = false;           // `send` was asked for as urgent (Air::may_send)
    std::vector<Received> received;
    std::vector<ObjectId> delivered;
    std::optional<std::uint32_t> speed;  // set the modem to this preset, 0: the base
    std::optional<Beacon> beacon;        // what the other told of itself
    std::optional<std::string> facts;    // the other's, with each new session
    bool ours = false;                   // heard(): the packet was of this link
};

class Link {
  public:
    // `state`: the rows that were kept. `air` and `random` outlive the link.
    Link(LinkSettings settings, const Air& air, Random& random, const StateMap& state);

    Result<void> offer(Object object, BoxTime now);
    // It waits, and nothing of it was ever sent: forgotten. False: some of it may be there.
    bool withdraw(ObjectId id) { return outbox_.withdraw(id); }
    void offer_again(Object object, BoxTime now) { outbox_.offer_again(std::move(object), now); }
    // Objects wait, whatever is due of them; answers go.
    void hold_objects(bool hold);
    // What was offered and cannot go with the modem that there is: after anything else was called.
    std::vector<ObjectId> take_refused() { return outbox_.take_refused(); }
    // After all that was offered before the restart was offered again. Objects that had come and
    // were not confirmed come up again.
    LinkActions start(BoxTime now);
    LinkActions heard(std::string_view packet, std::optional<float> snr_db, BoxTime now);
    LinkActions fate(const FrameReport& report, BoxTime now);
    // The object and its `keep` row are durable.
    LinkActions confirm(std::uint64_t number, BoxTime now);
    LinkActions tick(BoxTime now);
    BoxTime next_tick() const { return next_tick_; }

    // Somebody would send if it were up: until then it is asked for as if something waited.
    void expect(BoxTime until, BoxTime now);
    // The modem was set to another speed or its frames to another length: agree anew.
    void renew(BoxTime now);
    // The owner's facts are others from now on: a session begins with them.
    void set_facts(std::string facts, BoxTime now);
    // Likewise, of its features; before the first session there is time for that.
    void set_features(std::uint32_t features, BoxTime now);
    std::uint32_t their_features() const { return session_ ? session_->theirs.features : 0; }
    // Ask the other side for this preset; it is used once both have agreed.
    void propose_speed(std::uint32_t preset, BoxTime now);
    void send_beacon(const Beacon& beacon) { beacon_ = beacon; }
    void send_close() { closing_ = true; }

    bool up() const { return session_.has_value(); }
    // A modem of less carries neither reports nor our hello.
    std::size_t least_payload() const;
    std::size_t payload() const { return air_.limits().payload; }
    bool idle() const { return outbox_.empty() && !owe_; }
    // Where several links have one radio: until then the air is this link's, for it or the other
    // side is about to send (air_turns.h).
    BoxTime holds_air_until() const { return flight_ ? BoxTime::max() : exchange_until_; }
    // Others wait for the air: this link's turns are short, or end at once for what is urgent.
    void share_air(bool others_wait, bool urgent) {
        others_wait_ = others_wait;
        others_urgent_ = urgent;
    }
    bool urgent_waits() const { return outbox_.urgent_waits(); }
    // A frame of many: the other's modem takes it, and of its lengths it is the best one.
    std::size_t frame_payload() const { return outbox_.frame_payload(); }
    std::uint32_t speed() const { return speed_; }
    const LinkHealth& health() const { return health_; }

  private:
    static constexpr double kLossWeight = 1.0 / 32;
    static constexpr milliseconds kFirstPutOff{4000};
    static constexpr milliseconds kToAir{2000};  // a frame that is due is under way by then
    enum class Phase { Idle, Sending, Waiting };
    enum class Kind { Question, HelloAnswer, Piece, Answer, Poll, Notice };
    struct Flight {
        std::uint32_t id = 0;
        Kind kind{};
        std::optional<Piece> piece;
        int remaining = 0;
        bool asks = false;     // ends with the other's turn to answer
        bool patient = false;  // the other has frames to repeat: let it
        std::chrono::microseconds airtime{0};
    };
    struct Turn {
        int frames = 0;
        std::chrono::microseconds airtime{0};
    };

    // link.cpp: what goes next
    void pump(BoxTime now, LinkActions& actions);
    bool later(BoxTime when, BoxTime now);
    bool transmit(Flight flight, std::string packet, bool urgent, BoxTime now,
                  LinkActions& actions);
    void silence(BoxTime now, LinkActions& actions);
    milliseconds answer_wait() const;
    milliseconds hello_wait() const;
    void aired_piece(const Flight& flight, BoxTime now);
    void aired(const Flight& flight, BoxTime now);
    void not_aired(const Flight& flight, FrameFate fate, BoxTime now);

    // link_send.cpp: what it is
    int turn_left() const;
    void send_piece(BoxTime now, LinkActions& actions);
    void send_answer(BoxTime now, LinkActions& actions);
    void send_poll(BoxTime now, LinkActions& actions);
    bool send_notice(BoxTime now, LinkActions& actions);
    bool better_repeat(const Piece& piece) const;
    std::string seal(Frame frame, std::uint64_t number, std::string_view text) const;
    std::optional<std::string> report_packet(const Report& report, int remaining) const;
    Report make_report() const;

    // link_heard.cpp: what comes
    void heard_frame(const Frame& frame, std::size_t bytes, BoxTime now, LinkActions& actions);
    bool open_with(Session& session, const Frame& frame, std::size_t bytes, BoxTime now,
                   LinkActions& actions);
    bool open_data(Session& session, const Frame& frame, std::size_t bytes, BoxTime now,
                   LinkActions& actions);
    bool open_counted(Session& session, const Frame& frame, BoxTime now, LinkActions& actions);
    bool open_poll(Session& session, const Frame& frame, BoxTime now, LinkActions& actions);
    bool open_hold(Session& session, const Frame& frame, BoxTime now, LinkActions& actions);
    void promote(Session& session, BoxTime now, LinkActions& actions);
    void take_report(Report report, BoxTime now, LinkActions& actions);
    void take_tally(const Tally& tally, BoxTime now);
    void take_received(std::optional<Received> received, LinkActions& actions);
    void owe(int remaining, std::size_t bytes, BoxTime now);
    void end_pause();

    // link_hello.cpp: sessions and speeds
    Hello our_hello() const;
    void tell_anew(BoxTime now);
    const std::string& ask(const Hello& hello);
    void drop_old_question();
    bool gave_up_asking(BoxTime now) const;
    void ask_if_due(BoxTime now, LinkActions& actions);
    void heard_hello(const Frame& frame, BoxTime now, LinkActions& actions);
    void begin_session(BoxTime now, LinkActions& actions);
    void set_speed(std::uint32_t preset, BoxTime now, LinkActions& actions);
    void fall_back(BoxTime now, LinkActions& actions);

    LinkSettings settings_;
    const Air& air_;
    Random& random_;
    Handshake handshake_;
    Outbox outbox_;
    Inbox inbox_;
    FrameSizes sizes_;
    LinkHealth health_;
    std::vector<Received> restored_;

    std::optional<Session> session_;
    std::optional<Session> pending_;  // answered, and not proven yet
    Hello asked_;                     // of our question
    BoxTime expected_until_{};
    std::string hello_answer_;  // to be sent
    std::string last_answer_;   // to the question that was answered last
    BoxTime next_question_{};
    BoxTime next_new_answer_{};
    int questions_ = 0;
    std::uint32_t told_features_ = 0;  // in our last hello
    bool ask_again_ = false;           // only because nothing is heard: dropped once something is

    Phase phase_ = Phase::Idle;
    std::optional<Flight> flight_;
    std::uint32_t last_id_ = 0;
    Turn turn_;
    BoxTime free_at_{};         // not before: the other's deaf time, a pause
    BoxTime exchange_until_{};  // this side or the other is about to send
    bool others_wait_ = false, others_urgent_ = false;
    BoxTime wait_until_{};  // Waiting: for an answer
    bool put_off_ = false;  // Waiting: for the other's disk, and not for an answer
    milliseconds put_off_wait_ = kFirstPutOff;
    int silent_ = 0;          // answers that did not come, in a row
    bool ask_first_ = false;  // where things stand, before anything is sent
    bool owe_ = false;        // an answer, to what was heard
    BoxTime answer_at_{};
    BoxTime confirm_by_{};
    std::size_t largest_heard_ = 0;  // of this turn of the other's
    int stale_ = 0;                  // answers in a row to nothing new
    bool peer_waits_ = false;
    std::optional<int> snr_quarter_;
    int reports_ = 0;
    std::optional<Beacon> beacon_;
    bool closing_ = false;
    bool held_ = false;  // no object goes
    std::uint32_t speed_ = 0;
    std::uint32_t wanted_speed_ = 0;
    std::uint32_t answered_speed_ = 0;
    std::optional<std::uint32_t> speed_after_;  // once the answer is on air
    BoxTime next_tick_{};
    BoxTime trial_until_{};  // a new speed has to be heard from until then
};

}  // namespace waypost::trunk

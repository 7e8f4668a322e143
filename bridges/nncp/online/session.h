// SPDX-License-Identifier: Apache-2.0
// One online session with one node (doc/nncp.md, "Online"). No I/O and no clock: its driver hands
// it bytes and the time and takes bytes from it; packets go through a Shelf. Both ends are the same
// after the handshake, and both directions run at once. One thread.
//
// What a neighbour may do: nothing but send packets that are stored only when they are what their
// name says, and have deleted what he was offered in this session. What he may not do ends the
// session (bytes that are no message) or is passed over (a packet that was not asked for).
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

#include "bridges/nncp/online/pace.h"
#include "bridges/nncp/online/shelf.h"
#include "bridges/nncp/online/sp.h"

namespace waypost::nncp {

struct SessionTerms {
    Nice nice = 255;  // nothing less urgent, in both directions
    bool receive = true, transmit = true;
    Rates receive_rates, transmit_rates;
    std::chrono::seconds online_deadline{10};        // nothing but PING for so long: the end
    std::chrono::seconds max_online{0};              // 0: no limit
    std::chrono::milliseconds line_deadline{10000};  // for the handshake, and a line that stands
    std::size_t chunk = kSpFileData;                 // of a FILE, smaller on a slow line
    bool fill = true;                                // hide how much there is to send
    bool once = false;                               // the end as soon as nothing is left to do
};

struct SessionStats {
    std::uint64_t packets_in = 0, packets_out = 0;  // whole: kept here, kept there
    std::uint64_t bytes_in = 0, bytes_out = 0;      // of packets, sent in this session
    std::uint64_t wanted_in = 0, wanted_out = 0;    // bytes of packets that either side asked for
    std::uint64_t offered = 0;                      // packets
    std::uint64_t refused = 0;                      // packets that were not what they should be
};

struct SessionEvent {
    enum class What { Began, Received, Sent, Refused } what = What::Began;
    Mth packet{};
    std::uint64_t bytes = 0;
    std::string reason;
};

class Session {
  public:
    using Time = std::chrono::steady_clock::time_point;
    struct Peer {
        Shelf* shelf = nullptr;  // outlives the session
        SessionTerms terms;
    };
    // For the callee: who has this key? An Error closes.
    using Admit = std::function<Result<Peer>(const Hash32& noise_public)>;

    // The caller knows whom he calls.
    Session(NoiseKeys own, const Hash32& remote, Peer peer, Time now);
    // The callee. `before` holds until it is known who calls.
    Session(NoiseKeys own, Admit admit, SessionTerms before, Time now, bool noisy_line = false);

    void watch(std::function<void(const SessionEvent&)> watcher) { watcher_ = std::move(watcher); }

    // Where the driver receives into, then how much came.
    std::span<std::uint8_t> room() { return units_.room(); }
    void received(std::size_t bytes, Time now);
    // False: leave on the line what comes (rate limit).
    bool wants_input(Time now) const { return !over() && now >= receive_pace_.ready(); }
    // What the line should take now; then how much it took.
    std::span<const std::uint8_t> output(Time now);
    void sent(std::size_t bytes, Time now);
    void tick(Time now);
    // When to call tick() and output() at the latest, unless something comes.
    Time next(Time now) const;
    void hung_up(Error why);  // by the line

    bool established() const { return send_ != nullptr; }
    bool over() const { return over_; }
    // Why it ended. Code::Timeout with an established session is its ordinary end.
    const Error& why() const { return why_; }
    bool ended_well() const { return over_ && well_; }
    const SessionStats& stats() const { return stats_; }

  private:
    struct Wanted {
        std::uint64_t size = 0, at = 0;
        Nice nice = 255;
        bool resumed = false;
        enum class State { Asked, Checking, Refused } state = State::Asked;
    };
    struct Turn {  // what is being sent, the nicest first
        Nice nice = 255;
        std::uint64_t order = 0;
        Mth name{};
        bool operator<(const Turn& other) const {
            return nice != other.nice ? nice < other.nice : order < other.order;
        }
    };
    struct Offered {
        std::uint64_t bytes = 0, at = 0;
        Nice nice = 255;
        bool announced = false;
        std::optional<Turn> turn;  // in sending_
    };

    // session.cpp: the handshake, time and the end
    void finish(Error why, bool well = false);
    void open_unit(std::span<std::uint8_t> message, Time now);
    void meet_caller(std::span<std::uint8_t> message, Time now);
    void meet_callee(std::span<std::uint8_t> message, Time now);
    void begin_transport(Time now);
    void greet(Time now);
    void look_for_offers(Time now);
    void check_line(Time now);
    void check_end(Time now);
    bool idle() const;
    bool has_output() const;
    Time quiet_end() const;

    // session_receive.cpp
    void take(std::span<const std::uint8_t> payload, Time now);
    void take(const SpInfo& info);
    void take(const SpFreq& freq);
    void take(const SpFile& file);
    void take(const SpDone& done);
    void take(SpHalt);
    void take(SpPing) {}
    void ask(const Mth& name, Wanted& wanted);
    void refuse(const Mth& name, Wanted& wanted, const std::string& reason);
    void take_kept(Time now);

    // session_send.cpp
    void add_infos();
    void add_files();
    bool add_file();
    void end_turn(Offered& offered);
    void build(Time now);
    void tell(SessionEvent::What what, const Mth& packet, std::uint64_t bytes,
              const std::string& reason = {});

    const NoiseKeys own_;
    Admit admit_;
    Peer peer_;
    std::unique_ptr<NoiseHandshake> handshake_;
    std::unique_ptr<NoiseCipher> send_, receive_;
    const bool caller_;
    SpUnits units_;
    SpWriter writer_;
    std::string greeting_;  // our handshake message as a unit
    std::span<const std::uint8_t> pending_;
    Pace receive_pace_, send_pace_;

    std::map<Mth, Offered> offers_;
    std::deque<Mth> to_announce_;
    std::set<Turn> sending_;
    std::uint64_t turns_ = 0;
    std::map<Mth, Wanted> wanted_;
    std::uint64_t reserved_ = 0;  // bytes that were asked for and did not come yet
    std::uint64_t checking_ = 0;
    std::vector<SpFreq> freqs_;
    std::vector<SpDone> dones_;
    bool ping_ = false;

    Time began_, last_in_, last_out_, last_work_, last_look_, progress_;
    std::chrono::nanoseconds round_trip_{0};
    bool over_ = false, well_ = false;
    Error why_;
    SessionStats stats_;
    std::function<void(const SessionEvent&)> watcher_;
};

}  // namespace waypost::nncp

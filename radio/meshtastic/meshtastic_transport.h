// SPDX-License-Identifier: Apache-2.0
// One Meshtastic device as a transport. One thread opens the line, reads it and drives the
// session; it never waits for the store.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/base/live_feed.h"
#include "gateway/io/byte_line.h"
#include "gateway/signal_test.h"
#include "gateway/transport_kind.h"
#include "radio/meshtastic/session.h"

namespace waypost::meshtastic {

struct MeshtasticOptions {
    std::string port;  // "serial:/dev/ttyACM0", "tcp:host:4403"
    std::size_t text_bytes = 200;
    SessionOptions session;
};

class MeshtasticTransport final : public Transport, public TellsLive, public TestsSignal {
  public:
    MeshtasticTransport(TransportId id, MeshtasticOptions options);
    ~MeshtasticTransport() override;

    const TransportId& id() const override { return id_; }
    const std::string& network() const override;
    const std::string& scheme() const override { return network(); }
    void start(Office& office) override;
    void deliver(Delivery delivery) override;
    Limits limits() const override;
    Status status() const override;
    std::optional<int> reach(const Address& to) const override;
    void stop() override;
    void give_back() override;
    void tell_to(LiveFeed& feed) override { packets_ = &feed.packets(); }
    Result<void> test_signal(const Address& node) override;
    std::optional<SignalTest> signal_test() const override;

    // What the thread of start() does, piece by piece: for a simulation that steps on its own
    // thread and clock instead of calling start().
    void attach(Office& office);
    bool open(ByteLine& line);   // begins the handshake; false: the line is lost
    bool round(ByteLine& line);  // sends what waits, reads until next_round(), keeps the time
    BoxTime next_round() const;

  private:
    // What the office's callbacks reach; it outlives a transport whose device went. What was
    // dropped goes the same way, for its promised airtime.
    struct Inbox {
        bool put(Outgoing out);  // false: the device went, it is not taken
        std::deque<Outgoing> take();
        std::deque<Outgoing> shut();  // for good; what was in it

        std::mutex mutex;  // all but undecided
        std::deque<Outgoing> queue;
        ByteLine* line = nullptr;  // woken by what comes
        bool is_shut = false;
        std::atomic<int> undecided{0};  // texts with the office
    };
    void run();
    void serve(ByteLine& line);
    void wait_without_line(milliseconds pause);
    bool step(ByteLine& line, const std::function<Actions(Session&, BoxTime)>& call);
    bool act(ByteLine* line, Actions actions);
    void note_snr(const Actions& actions);
    void take_text(const TextIn& text);
    void tell(std::vector<PacketSeen> packets);
    void set_line(ByteLine* line);
    void save_airtime();

    TransportId id_;
    MeshtasticOptions options_;
    Office* office_ = nullptr;
    PacketTail* packets_ = nullptr;  // null: nobody is told
    mutable std::mutex mutex_;       // session_, problem_, snr_
    std::unique_ptr<Session> session_;
    std::string problem_;
    struct Snr {
        double db = 0;  // smoothed, of all packets that came by radio
        BoxTime at{};   // of the last
    };
    std::optional<Snr> snr_;
    std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// `bands`: that its devices may share with other radios.
TransportKind meshtastic_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>());

}  // namespace waypost::meshtastic

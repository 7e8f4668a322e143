// SPDX-License-Identifier: Apache-2.0
// One MeshCore companion radio as a transport. One thread opens the line, reads it and drives the
// session; it never waits for the store.
#pragma once

#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/base/live_feed.h"
#include "gateway/io/byte_line.h"
#include "gateway/transport_kind.h"
#include "radio/meshcore/session.h"

namespace waypost::meshcore {

// A room server whose posts are those of a group here, and the other way round.
struct RoomGroup {
    std::string prefix;  // 6 bytes of the room's key
    std::string group;   // "news"
};

struct MeshcoreOptions {
    std::string port;  // "serial:/dev/ttyACM0", "tcp:host:5000"
    std::size_t text_bytes = 150;
    SessionOptions session;
    std::vector<RoomGroup> rooms;
};

class MeshcoreTransport final : public Transport, public TellsLive {
  public:
    MeshcoreTransport(TransportId id, MeshcoreOptions options);
    ~MeshcoreTransport() override;

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

    // What the thread of start() does, piece by piece: for who steps on a thread and clock of his
    // own instead of calling start().
    void attach(Office& office);
    bool open(ByteLine& line);   // begins the handshake; false: the line is lost
    bool round(ByteLine& line);  // sends what waits, reads until next_round(), keeps the time
    void line_lost();
    BoxTime next_round() const;

  private:
    // What the office's callbacks reach; it outlives a transport whose device went.
    struct Inbox {
        bool put(Outgoing out);  // false: the device went, it is not taken
        void decide(bool done);  // the text that came last is on disk, or is given again
        std::deque<Outgoing> take();
        std::optional<bool> take_decision();
        std::deque<Outgoing> shut();  // for good; what was in it

        std::mutex mutex;
        std::deque<Outgoing> queue;
        std::optional<bool> decision;
        ByteLine* line = nullptr;  // woken by what comes
        bool is_shut = false;
    };
    void run();
    void wait_without_line(milliseconds pause);
    bool step(ByteLine* line, const std::function<Actions(Session&, BoxTime)>& call);
    bool take_inbox(ByteLine* line);
    bool act(ByteLine* line, Actions actions);
    void note_snr(const Actions& actions);
    static std::string text_for(const Delivery& delivery);
    void take_text(const TextIn& text);
    std::string group_of(const std::string& room) const;
    void join_groups();
    void tell(std::vector<PacketSeen> packets);
    void set_line(ByteLine* line);
    void save_airtime();
    void note_problem(const std::string& why);
    std::uint32_t new_time();

    TransportId id_;
    MeshcoreOptions options_;
    Office* office_ = nullptr;
    PacketTail* packets_ = nullptr;  // null: nobody is told
    mutable std::mutex mutex_;       // session_, problem_, snr_, last_time_
    std::unique_ptr<Session> session_;
    std::string problem_;
    struct Snr {
        double db = 0;  // smoothed, of all radios that were heard
        BoxTime at{};   // of the last
    };
    std::optional<Snr> snr_;
    std::uint32_t last_time_ = 0;  // that a text of ours had
    std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

// `bands`: that its devices may share with other radios.
TransportKind meshcore_kind(std::shared_ptr<SharedBands> bands = std::make_shared<SharedBands>());

}  // namespace waypost::meshcore

// SPDX-License-Identifier: Apache-2.0
// A device at the end of a line as a transport, where a session without I/O speaks for it: bytes
// and time in, actions out. One thread opens the line, reads it and drives the session; it never
// waits for the store. What deliveries, texts and addresses are is the network's own class's.
#pragma once

#include <algorithm>
#include <atomic>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "gateway/base/crash_point.h"
#include "gateway/base/live_feed.h"
#include "gateway/base/log.h"
#include "gateway/io/byte_line.h"
#include "gateway/transport.h"
#include "radio/line_is_down.h"

namespace waypost {

// What the office's callbacks reach; it outlives a transport whose device went. What was dropped
// goes the same way, for its promised airtime.
template <class Text>
class SessionInbox {
  public:
    using Outgoing = Text;

    bool put(Outgoing out) {  // false: the device went, it is not taken
        const std::lock_guard lock(mutex_);
        if (is_shut_) return false;
        queue_.push_back(std::move(out));
        crash_point(CrashPoint::TextQueued);
        wake_line();
        return true;
    }
    std::deque<Outgoing> take() {
        const std::lock_guard lock(mutex_);
        return std::exchange(queue_, {});
    }
    std::deque<Outgoing> shut() {  // for good; what was in it
        const std::lock_guard lock(mutex_);
        is_shut_ = true;
        return std::exchange(queue_, {});
    }
    void wakes(ByteLine* line) {  // what comes wakes it; null: none
        const std::lock_guard lock(mutex_);
        line_ = line;
    }
    void wake() {
        const std::lock_guard lock(mutex_);
        wake_line();
    }

  protected:
    void wake_line() {  // under mutex_
        if (line_ != nullptr) line_->wake();
    }

    std::mutex mutex_;

  private:
    std::deque<Outgoing> queue_;
    ByteLine* line_ = nullptr;
    bool is_shut_ = false;
};

// `Inbox`: a SessionInbox, or a class of its kind. The destructor of the network's class stops it.
template <class Session, class Inbox>
class SessionTransport : public Transport, public TellsLive {
  public:
    const TransportId& id() const override { return id_; }
    const std::string& scheme() const override { return network(); }
    void start(Office& office) override {
        attach(office);
        thread_ = std::thread([this] { run(); });
    }
    void stop() override {
        stopping_ = true;
        inbox_->wake();
        if (thread_.joinable()) thread_.join();
    }
    void give_back() override;
    void tell_to(LiveFeed& feed) override { packets_ = &feed.packets(); }

    // What the thread of start() does, piece by piece: for who steps on a thread and clock of his
    // own instead of calling start().
    virtual void attach(Office& office) = 0;
    bool open(ByteLine& line) {  // begins the handshake; false: the line is lost
        return step(&line, [](Session& s, BoxTime now) { return s.opened(now); });
    }
    bool round(ByteLine& line);  // sends what waits, reads until next_round(), keeps the time
    void line_lost() {
        step(nullptr, [](Session& s, BoxTime now) { return s.closed(now); });
    }
    BoxTime next_round() const {
        const std::lock_guard lock(mutex_);
        return session_->next_tick();
    }

  protected:
    using Outgoing = typename Inbox::Outgoing;
    using Actions = decltype(std::declval<Session&>().tick(BoxTime{}));
    static constexpr std::chrono::hours kLately{1};

    // `port` as open_line() has it.
    SessionTransport(TransportId id, std::string port)
        : id_(std::move(id)), port_(std::move(port)) {}

    // False: the line has to be opened again. `line` is null where there is none.
    virtual bool act(ByteLine* line, Actions actions) = 0;
    // What else came for the session, before what is to be sent. False as above.
    virtual bool take_more(ByteLine* line) {
        (void)line;
        return true;
    }
    // False: the line is left alone for a moment, the device keeps what it can.
    virtual bool may_read() const { return true; }

    // For attach(): the session, and its airtime as it is on record.
    void take_session(Office& office, std::unique_ptr<Session> session,
                      const std::shared_ptr<SharedBand>& band);
    bool step(ByteLine* line, const std::function<Actions(Session&, BoxTime)>& call);
    // What it may cost is on record before it can leave: jobs commit in the order of submission,
    // thus the airtime with the attempt or before it.
    void hand_over(Outgoing out, const std::string& wire_id);
    void save_airtime();

    // Parts of act().
    bool stays(const Actions& actions) const;    // false, and logged: the line is opened again
    void note_snr(const Actions& actions);       // of all that was heard
    void tell(std::vector<PacketSeen> packets);  // whoever looks on
    // Under mutex_, with a session: whether it is up, and the airtime.
    Status line_status() const;
    void add_snr(Status& status) const;  // under mutex_

    Office* office_ = nullptr;
    mutable std::mutex mutex_;  // session_, problem_, snr_
    std::unique_ptr<Session> session_;
    const std::shared_ptr<Inbox> inbox_ = std::make_shared<Inbox>();

  private:
    static constexpr milliseconds kFirstPause{500};
    static constexpr milliseconds kLongestPause{60'000};
    static constexpr double kSnrWeight = 1.0 / 8;  // of one packet in what is shown

    void run();
    void note_problem(const std::string& why);
    void wait_without_line(milliseconds pause);
    bool take_inbox(ByteLine* line);

    TransportId id_;
    std::string port_;
    PacketTail* packets_ = nullptr;  // null: nobody is told
    std::string problem_;
    struct Snr {
        double db = 0;  // smoothed, of all packets that came by radio
        BoxTime at{};   // of the last
    };
    std::optional<Snr> snr_;
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::take_session(Office& office,
                                                    std::unique_ptr<Session> session,
                                                    const std::shared_ptr<SharedBand>& band) {
    office_ = &office;
    session_ = std::move(session);
    session_->ledger().load(office.state(id_).get("airtime").value_or(""), office.clock().box());
    session_->ledger().share_band(band, id_);
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::give_back() {
    if (session_ == nullptr) return;
    std::deque<Outgoing> never_written = inbox_->shut();
    Actions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = session_->give_back(office_->clock().box());
    }
    for (const Outgoing& out : never_written) {
        if (!out.dropped) actions.outcomes.emplace_back(out.attempt, line_is_down());
    }
    act(nullptr, std::move(actions));
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::hand_over(Outgoing out, const std::string& wire_id) {
    {
        const std::lock_guard lock(mutex_);
        session_->promise(out);
    }
    save_airtime();
    const AttemptId attempt = out.attempt;
    office_->begin(attempt, wire_id,
                   [inbox = inbox_, office = office_, out = std::move(out)](bool go) mutable {
                       const AttemptId begun = out.attempt;
                       out.dropped = !go;
                       if (!inbox->put(std::move(out)) && go) office->report(begun, line_is_down());
                   });
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::note_problem(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (!why.empty() && problem_ != why)
        log(Level::Warning, network(), "no-line", {{"id", id_}, {"why", why}});
    problem_ = why;
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::run() {
    milliseconds pause = kFirstPause;
    while (!stopping_) {
        auto line = open_line(port_);
        note_problem(line.ok() ? std::string() : line.error().text);
        bool was_ready = false;
        if (line.ok()) {
            inbox_->wakes(line->get());
            bool good = open(**line);
            while (good && !stopping_) good = round(**line);
            inbox_->wakes(nullptr);
            const std::lock_guard lock(mutex_);
            was_ready = session_->ready();
        }
        if (was_ready) pause = kFirstPause;
        line_lost();
        wait_without_line(pause);
        pause = std::min(pause * 2, kLongestPause) + milliseconds(office_->random().below(200));
    }
}

// What is handed over in the last moment is given back, and what is in the air falls due.
template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::wait_without_line(milliseconds pause) {
    for (milliseconds slept{0}; slept < pause && !stopping_; slept += milliseconds(50)) {
        std::this_thread::sleep_for(milliseconds(50));
        take_inbox(nullptr);
        if (office_->clock().box() >= next_round())
            step(nullptr, [](Session& s, BoxTime now) { return s.tick(now); });
    }
}

template <class Session, class Inbox>
bool SessionTransport<Session, Inbox>::step(ByteLine* line,
                                            const std::function<Actions(Session&, BoxTime)>& call) {
    Actions actions;
    {
        const std::lock_guard lock(mutex_);
        actions = call(*session_, office_->clock().box());
    }
    return act(line, std::move(actions));
}

// All of it, even where the line is lost meanwhile: each has an outcome to come.
template <class Session, class Inbox>
bool SessionTransport<Session, Inbox>::take_inbox(ByteLine* line) {
    bool good = take_more(line);
    for (Outgoing& out : inbox_->take()) {
        const auto send = [&](Session& s, BoxTime now) { return s.send(std::move(out), now); };
        good = step(line, send) && good;
    }
    return good;
}

template <class Session, class Inbox>
bool SessionTransport<Session, Inbox>::round(ByteLine& line) {
    const auto now = [this] { return office_->clock().box(); };
    if (!take_inbox(&line)) return false;
    const BoxTime next = next_round();
    const auto wait = std::clamp(next - now(), milliseconds(0), milliseconds(60'000));
    if (!may_read()) {
        std::this_thread::sleep_for(milliseconds(20));
        return true;
    }
    const auto bytes = line.read(wait);
    if (!bytes.ok()) {
        log(Level::Info, network(), "line-lost", {{"id", id_}, {"why", bytes.error().text}});
        return false;
    }
    const auto receive = [&](Session& s, BoxTime at) { return s.received(*bytes, at); };
    if (!bytes->empty() && !step(&line, receive)) return false;
    return now() < next || step(&line, [](Session& s, BoxTime at) { return s.tick(at); });
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::save_airtime() {
    const std::lock_guard lock(mutex_);
    office_->state(id_).put("airtime", session_->airtime_record(office_->clock().box()));
}

template <class Session, class Inbox>
bool SessionTransport<Session, Inbox>::stays(const Actions& actions) const {
    if (!actions.reopen) return true;
    log(Level::Warning, network(), "silent",
        {{"id", id_}, {"why", "the device does not answer: its line is opened again"}});
    return false;
}

// 0 is where nobody said it.
template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::note_snr(const Actions& actions) {
    const std::lock_guard lock(mutex_);
    const BoxTime now = office_->clock().box();
    for (const auto& [who, heard] : actions.heard) {
        if (heard.snr == 0) continue;
        const bool fresh = snr_ && now - snr_->at < kLately;
        snr_ = {fresh ? snr_->db + (heard.snr - snr_->db) * kSnrWeight : heard.snr, now};
    }
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::tell(std::vector<PacketSeen> packets) {
    if (packets_ != nullptr)
        packets_->note(std::move(packets), id_, to_ms(office_->clock().wall()));
}

template <class Session, class Inbox>
Status SessionTransport<Session, Inbox>::line_status() const {
    Status status;
    status.why = problem_.empty() ? session_->why_down() : problem_;
    status.up = session_->ready() && status.why.empty();
    const BoxTime now = office_->clock().box();
    status.airtime_limited = true;
    status.airtime_used = session_->ledger().used(now);
    status.airtime_left = session_->ledger().left(now, false);
    status.metrics["airtime_total_ms"] = static_cast<double>(session_->ledger().total().count());
    return status;
}

template <class Session, class Inbox>
void SessionTransport<Session, Inbox>::add_snr(Status& status) const {
    if (snr_ && office_->clock().box() - snr_->at < kLately) status.metrics["snr_db"] = snr_->db;
}

}  // namespace waypost

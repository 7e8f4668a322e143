// SPDX-License-Identifier: Apache-2.0
#include "bridges/xmpp/component/component_stream.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>
#include <vector>

#include "bridges/xmpp/component/wire.h"

namespace waypost::xmpp {
namespace {

constexpr std::size_t kReadBytes = 64u << 10;
constexpr milliseconds kLastWords{1'000};
// What is put on record in one transaction comes to be written one by one, within less than this:
// as one segment it is less work for the server, and for us.
constexpr std::chrono::microseconds kGather{200};

}  // namespace

class ComponentStream::Loop final : private SessionEvents {
  public:
    Loop(ComponentOptions options, ComponentOwner& owner, const Clock& clock, Random& random)
        : options_(std::move(options)),
          owner_(owner),
          clock_(clock),
          random_(random),
          queue_(options_.queue_bytes),
          reconnect_(options_.reconnect, random),
          read_(kReadBytes, '\0') {}

    void start() {
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    }
    void stop() {
        stopping_ = true;
        bell_.ring();
        if (thread_.joinable()) thread_.join();
    }

    Sent send(std::string_view xml) {
        bool first = false;
        const Sent sent = queue_.send(xml, first);
        if (sent == Sent::Queued) ++stanzas_out_;
        wake(first);
        return sent;
    }
    Sent barrier(BarrierDone done) {
        bool first = false;
        const Sent sent = queue_.barrier(std::move(done), first);
        wake(first);
        return sent;
    }
    void pause(bool paused) {
        if (paused_.exchange(paused) && !paused) bell_.ring();
    }
    bool up() const { return queue_.open(); }
    ComponentCounters counters() const {
        return {stanzas_in_, stanzas_out_, bytes_in_,         bytes_out_,    passed_over_,
                attempts_,   connects_,    queue_.barriers(), queue_.bytes()};
    }

  private:
    // The thread itself looks at the queue before it sleeps.
    void wake(bool first) {
        if (first && std::this_thread::get_id() != thread_id_.load()) bell_.ring();
    }

    void run() {
        thread_id_ = std::this_thread::get_id();
        while (!stopping_) {
            attempt();
            const milliseconds again = reconnect_.down(down_.kind, clock_.box());
            owner_.component_down(down_, stopping_ ? milliseconds(0) : again);
            const BoxTime until = clock_.box() + again;
            for (BoxTime now = clock_.box(); !stopping_ && now < until; now = clock_.box())
                bell_.wait(until - now);
        }
    }

    void attempt() {
        ++attempts_;
        down_ = {DownKind::Stopped, "stopped"};
        auto wire = Wire::connect(options_.host, options_.port, options_.connect_timeout, bell_);
        if (!wire.ok()) {
            if (!stopping_) down_ = {DownKind::Network, wire.error().text};
            return;
        }
        out_.clear();
        written_ = pinged_ = 0;
        moved_ = clock_.box();
        ComponentSession session(options_.session, *this, random_, clock_.box());
        session_ = &session;
        while (!session.over() && !stopping_) step(*wire, session);
        last_words(*wire, session);
        session_ = nullptr;
        for (BarrierDone& done : queue_.end()) done(false);
    }

    // Writes what goes, waits, reads once.
    void step(Wire& wire, ComponentSession& session) {
        write(wire, session);
        if (queue_.has_room()) {
            owner_.component_room();
            return;  // perhaps there is more to write now
        }
        if (session.over()) return;
        const bool listening = !paused_ || !session.up();
        const bool pending = written_ < out_.size();
        const BoxTime until = pending
                                  ? std::min(session.next_tick(), moved_ + options_.write_timeout)
                                  : session.next_tick();
        const Wire::Woken woken = wire.wait(listening, pending, until - clock_.box(), bell_);
        const BoxTime now = clock_.box();
        if (!listening) session.not_listening(now);
        if (woken.input) {
            read(wire, session, now);
        } else if (woken.rung && !pending && !stopping_) {
            std::this_thread::sleep_for(kGather);
        }
        if (pending && now >= moved_ + options_.write_timeout)
            session.end({DownKind::Silent, "the XMPP server takes nothing; is it too busy?"});
        session.tick(now);
    }

    void read(Wire& wire, ComponentSession& session, BoxTime now) {
        const auto size = wire.read(read_.data(), read_.size());
        if (!size.ok()) return session.end({DownKind::Network, size.error().text});
        if (*size == 0) return;
        bytes_in_ += *size;
        session.feed(std::string_view(read_).substr(0, *size), now);
        auto taken = queue_.answered(session.answered());
        if (!taken.empty()) reconnect_.got_on();
        for (BarrierDone& done : taken) done(true);
    }

    void write(Wire& wire, ComponentSession& session) {
        while (fill(session)) {
            const auto size = wire.write(std::string_view(out_).substr(written_));
            if (!size.ok()) return session.end({DownKind::Network, size.error().text});
            if (*size == 0) return;
            moved_ = clock_.box();
            written_ += *size;
            bytes_out_ += *size;
            queue_.written(*size);
        }
    }

    // True: there is something to write. All that waits goes at once.
    bool fill(ComponentSession& session) {
        if (written_ < out_.size()) return true;
        out_.clear();
        written_ = 0;
        const std::uint64_t ping = queue_.take(out_);
        if (ping > std::exchange(pinged_, ping)) session.pinged(ping, clock_.box());
        out_ += session.output();  // a ping of its own; nothing asks for an order here
        session.output().clear();
        if (out_.empty()) return false;
        moved_ = clock_.box();
        return true;
    }

    // The stream's end tag, and before it what was queued if the stop is ours.
    void last_words(Wire& wire, ComponentSession& session) {
        if (!session.over()) session.end({DownKind::Stopped, "stopped"});
        const BoxTime until = clock_.box() + kLastWords;
        while (down_.kind != DownKind::Network && fill(session) && clock_.box() < until) {
            const auto size = wire.write(std::string_view(out_).substr(written_));
            if (!size.ok()) return;
            written_ += *size;
            if (*size > 0) continue;
            if (down_.kind != DownKind::Stopped) return;
            wire.wait(false, true, until - clock_.box(), bell_);
        }
    }

    void session_up() override {
        ++connects_;
        reconnect_.up(clock_.box());
        queue_.begin(session_->pings());
        owner_.component_up();
    }
    void session_stanza(Element stanza) override {
        ++stanzas_in_;
        owner_.component_stanza(std::move(stanza));
    }
    void session_passed_over(StanzaHead head) override {
        ++passed_over_;
        owner_.component_passed_over(std::move(head));
    }
    void session_down(const Down& why) override { down_ = why; }

    const ComponentOptions options_;
    ComponentOwner& owner_;
    const Clock& clock_;
    Random& random_;
    Bell bell_;
    std::thread thread_;
    std::atomic<std::thread::id> thread_id_{};
    std::atomic<bool> stopping_{false};
    std::atomic<bool> paused_{false};
    WriteQueue queue_;

    // Of the thread.
    Reconnect reconnect_;
    ComponentSession* session_ = nullptr;
    Down down_;
    std::string read_;
    std::string out_;          // being written
    std::size_t written_ = 0;  // of it
    BoxTime moved_{};          // when the socket last took something
    std::uint64_t pinged_ = 0;

    std::atomic<std::uint64_t> stanzas_in_{0}, stanzas_out_{0}, bytes_in_{0}, bytes_out_{0};
    std::atomic<std::uint64_t> passed_over_{0}, attempts_{0}, connects_{0};
};

ComponentStream::ComponentStream(ComponentOptions options, ComponentOwner& owner,
                                 const Clock& clock, Random& random)
    : loop_(std::make_unique<Loop>(std::move(options), owner, clock, random)) {}

ComponentStream::~ComponentStream() { loop_->stop(); }

void ComponentStream::start() { loop_->start(); }
void ComponentStream::stop() { loop_->stop(); }

Sent ComponentStream::send(const Element& stanza) {
    thread_local std::string xml;
    xml.clear();
    write_xml(xml, stanza, kComponentSpace);
    return loop_->send(xml);
}

Sent ComponentStream::barrier(BarrierDone done) { return loop_->barrier(std::move(done)); }
void ComponentStream::pause(bool paused) { loop_->pause(paused); }
bool ComponentStream::up() const { return loop_->up(); }
ComponentCounters ComponentStream::counters() const { return loop_->counters(); }

}  // namespace waypost::xmpp

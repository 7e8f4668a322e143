// SPDX-License-Identifier: Apache-2.0
// AccountStream by libstrophe 0.12. It connects, verifies, signs in, binds and resumes. What it
// does of XEP-0198 is used for what comes in: it counts a stanza when our handler has returned, and
// answers <r/> after ours has. For what goes out it is not: its queue forgets what was not yet on
// the wire when the line is cut, and counts wrongly once a session was resumed. So the list is
// ours (SentList), by the server's own count; what libstrophe would repeat is taken out of its
// queue before a byte of it leaves.
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "bridges/xmpp/account/account_stream.h"
#include "bridges/xmpp/account/sign_in.h"
#include "bridges/xmpp/account/strophe.h"
#include "bridges/xmpp/component/wire.h"
#include "bridges/xmpp/message/spaces.h"
#include "gateway/base/log.h"

namespace waypost::xmpp {
namespace {

constexpr milliseconds kNegotiating{50};
constexpr milliseconds kLastWords{1'000};
constexpr milliseconds kAskAgain{3'000};
constexpr int kAhead = 16;   // stanzas in libstrophe's queue
constexpr int kRecords = 5;  // reads of 4 KiB: one TLS record, which the socket no longer shows
constexpr std::size_t kMarkBytes = 8;
// Prosody (0.12.3) goes on with the parser of the cut connection when a session is resumed: had it
// read half a stanza, nothing behind that is understood. It reads 8 KiB at once, so a stanza is
// not halved while less than that is on its way.
constexpr std::size_t kOnTheWay = 4096;

// As its element is called (RFC 6120 4.9.3).
std::string condition_of(xmpp_stanza_t* error) {
    xmpp_stanza_t* const first = error == nullptr ? nullptr : xmpp_stanza_get_children(error);
    const char* const name = first == nullptr ? nullptr : xmpp_stanza_get_name(first);
    return name == nullptr ? "undefined-condition" : name;
}

class StropheStream final : public AccountStream, private StropheStanzas::Reader {
  public:
    StropheStream(AccountOptions options, AccountOwner& owner, const Clock& clock, Random& random)
        : options_(std::move(options)),
          owner_(owner),
          clock_(clock),
          random_(random),
          list_(options_.queue_bytes),
          reconnect_(options_.reconnect, random),
          mark_("wp-" + random.hex(kMarkBytes) + '-') {
        if (!context_) throw std::bad_alloc();
    }
    ~StropheStream() override { StropheStream::stop(); }

    void start() override {
        if (!thread_.joinable()) thread_ = std::thread([this] { run(); });
    }
    void stop() override {
        stopping_ = true;
        bell_.ring();
        if (thread_.joinable()) thread_.join();
    }

    Sent send(const Element& stanza) override {
        std::string xml = to_xml(stanza, kClientSpace);
        Sent sent = Sent::Down;
        {
            const std::lock_guard lock(mutex_);
            sent = list_.add(std::move(xml));
        }
        if (sent == Sent::Queued) {
            ++stanzas_out_;
            bell_.ring();
        }
        return sent;
    }
    // A ping makes sure that an answer comes, also from a server without XEP-0198.
    Sent barrier(BarrierDone done) override {
        {
            const std::lock_guard lock(mutex_);
            if (!list_.open()) return Sent::Down;
            add_ping();
            list_.barrier(std::move(done));
        }
        bell_.ring();
        return Sent::Queued;
    }
    AccountCounters counters() const override {
        return {sessions_, resumed_, stanzas_in_, stanzas_out_, repeated_, passed_over_};
    }

  private:
    // libstrophe hands its user data to some callbacks and not to others; all of them come on the
    // thread of the stream that they are of.
    static thread_local StropheStream* current_;

    void run() {
        current_ = this;
        while (!stopping_) {
            attempt();
            const milliseconds again = reconnect_.down(down_.kind, clock_.box());
            if (stopping_) down_ = {DownKind::Stopped, "stopped"};
            owner_.account_down(down_, stopping_ ? milliseconds(0) : again);
            const BoxTime until = clock_.box() + again;
            for (BoxTime now = clock_.box(); !stopping_ && now < until; now = clock_.box())
                bell_.wait(until - now);
        }
        lose();
        session_.reset();
    }

    void attempt() {
        // The server drops what a resumption says that we have.
        if (session_ && !owner_.account_settle()) return;
        sign_in_ = {};
        up_ = probing_ = ended_ = false;
        connection_.reset(xmpp_conn_new(context_.get()));
        if (!connection_) throw std::bad_alloc();
        set_up();
        sign_in_.begun =
            xmpp_connect_client(connection_.get(),
                                options_.host.empty() ? nullptr : options_.host.c_str(),
                                static_cast<unsigned short>(options_.port),
                                &StropheStream::on_event, this) == XMPP_EOK;
        while (sign_in_.begun && !ended_ && !stopping_) step();
        const std::string& server =
            options_.host.empty() ? options_.account.domain() : options_.host;
        down_ = sign_in_.why(server, options_.account);
        hang_up();
    }

    void set_up() {
        xmpp_conn_t* const c = connection_.get();
        xmpp_conn_set_flags(
            c, XMPP_CONN_FLAG_MANDATORY_TLS | (options_.unverified ? XMPP_CONN_FLAG_TRUST_TLS : 0));
        // A resumed session keeps the name that it has, so a new one is known by its own.
        std::string jid = options_.account.bare_text() + '/' + options_.resource;
        if (session_) jid += '.' + std::to_string(++names_);
        xmpp_conn_set_jid(c, jid.c_str());
        xmpp_conn_set_pass(c, std::string(options_.password.reveal()).c_str());
        if (!options_.ca_file.empty()) xmpp_conn_set_cafile(c, options_.ca_file.c_str());
        xmpp_conn_set_certfail_handler(c, [](const xmpp_tlscert_t*, const char* const why) {
            current_->sign_in_.bad_certificate = why == nullptr ? "not valid" : why;
            return 0;
        });
        xmpp_conn_set_sockopt_callback(c, [](xmpp_conn_t* connection, void* socket) {
            current_->fd_ = *static_cast<int*>(socket);
            return xmpp_sockopt_cb_keepalive(connection, socket);
        });
        xmpp_handler_add(c, &StropheStream::on_stanza, nullptr, nullptr, nullptr, this);
        xmpp_handler_add(c, &StropheStream::on_asked, kSessions, "r", nullptr, this);
        xmpp_handler_add(c, &StropheStream::on_answer, kSessions, "a", nullptr, this);
        if (session_) xmpp_conn_set_sm_state(c, session_.release());
    }

    // In good order, unless the server would be told of what is not in custody.
    void hang_up() {
        const BoxTime until = clock_.box() + kLastWords;
        if (up_ && !ended_ && !unsettled_) {
            xmpp_disconnect(connection_.get());
            while (!ended_ && clock_.box() < until) run_once(kNegotiating);
        }
        if (!ended_ && fd_ >= 0) ::shutdown(fd_, SHUT_RDWR);
        if (ended_ && sessions_ > 0) session_.reset(xmpp_conn_get_sm_state(connection_.get()));
        ended_ = true;
        connection_.reset();
        fd_ = -1;
        up_ = false;
    }

    void run_once(milliseconds time) {
        xmpp_run_once(context_.get(), static_cast<unsigned long>(time.count()));
    }

    void step() {
        if (!up_) return run_once(kNegotiating);
        move();
        run_once(milliseconds(0));
        if (ended_ || stopping_) return;
        bool room = false;
        bool more = false;
        {
            const std::lock_guard lock(mutex_);
            room = list_.has_room();
            more = !probing_ && next() != nullptr;
        }
        if (room) return owner_.account_room();
        const bool writing = xmpp_conn_send_queue_len(connection_.get()) > 0;
        if (more && !writing) return;
        const BoxTime now = clock_.box();
        const bool open = unanswered();
        milliseconds time = std::max(next_tick() - now, milliseconds(0));
        if (open) time = std::min(time, kAskAgain);
        const bool input = wait(writing, time);
        for (int i = 0; input && i < kRecords && !ended_; ++i) run_once(milliseconds(0));
        if (ended_) return;
        if (open) ask_again();
        tick();
    }

    bool unanswered() {
        const std::lock_guard lock(mutex_);
        return sign_in_.acknowledges && list_.on_the_way() > 0;
    }

    // libstrophe asks behind what it writes, but not while it believes that an answer is to come.
    void ask_again() {
        const BoxTime now = clock_.box();
        if (now < answered_ + kAskAgain) return;
        answered_ = now;
        send_ask();
    }
    void send_ask() {
        const std::string ask = std::string("<r xmlns='") + kSessions + "'/>";
        xmpp_send_raw(connection_.get(), ask.data(), ask.size());
    }

    // With the mutex. A server that acknowledges stanzas by itself gets no more than fits.
    const std::string* next() const {
        return sign_in_.acknowledges && list_.on_the_way() >= kOnTheWay ? nullptr : list_.next();
    }

    // Into libstrophe's queue, and not much of it: what is there cannot be taken back.
    void move() {
        const std::lock_guard lock(mutex_);
        while (!probing_ && xmpp_conn_send_queue_len(connection_.get()) < kAhead) {
            const std::string* const xml = next();
            if (xml == nullptr) return;
            xmpp_send_raw(connection_.get(), xml->data(), xml->size());
            list_.wrote();
        }
    }

    bool wait(bool writing, milliseconds time) {
        pollfd watched[2] = {{bell_.fd(), POLLIN, 0}, {fd_, POLLIN, 0}};
        if (writing) watched[1].events |= POLLOUT;
        (void)::poll(watched, 2, static_cast<int>(std::min<std::int64_t>(time.count(), 60'000)));
        if ((watched[0].revents & POLLIN) != 0) bell_.silence();
        return (watched[1].revents & ~POLLOUT) != 0;
    }

    BoxTime next_tick() const {
        return heard_ + options_.silence + (asked_ ? options_.answer : milliseconds(0));
    }

    void tick() {
        if (clock_.box() < next_tick()) return;
        if (asked_) {
            sign_in_.gave_up = true;
            ::shutdown(fd_, SHUT_RDWR);  // libstrophe sees the end of it
            heard_ = clock_.box();
            return;
        }
        asked_ = true;
        const std::lock_guard lock(mutex_);
        add_ping();
    }

    // With the mutex. The account's server answers for itself, in the order of what it was sent.
    void add_ping() {
        list_.add(to_xml(Element("iq")
                             .set("type", "get")
                             .set("to", options_.account.domain())
                             .set("id", mark_ + std::to_string(list_.last() + 1))
                             .add(Element("ping", space::kPing)),
                         kClientSpace),
                  true);
    }

    // What an answer to the ping of that number says: all before it was handled.
    bool is_pong(const Element& iq) {
        const std::string_view id = iq.get("id");
        if (iq.name() != "iq" || !id.starts_with(mark_)) return false;
        const std::string number(id.substr(mark_.size()));
        acknowledged(std::strtoull(number.c_str(), nullptr, 10));
        return true;
    }

    void acknowledged(std::uint64_t count) {
        std::vector<BarrierDone> done;
        {
            const std::lock_guard lock(mutex_);
            done = list_.acknowledged(count);
        }
        for (BarrierDone& each : done) each(true);
    }

    void lose() {
        std::vector<BarrierDone> done;
        bool had = false;
        {
            const std::lock_guard lock(mutex_);
            had = list_.open();
            done = list_.end();
        }
        for (BarrierDone& each : done) each(false);
        if (had) owner_.account_lost();
    }

    void came_up() {
        xmpp_conn_t* const c = connection_.get();
        // What libstrophe would repeat by its own count.
        while (char* const text = xmpp_conn_send_queue_drop_element(c, XMPP_QUEUE_OLDEST))
            xmpp_free(context_.get(), text);
        const char* const bound = xmpp_conn_get_bound_jid(c);
        const auto own = parse_jid(bound == nullptr ? "" : bound);
        up_ = true;
        heard_ = answered_ = clock_.box();
        asked_ = false;
        reconnect_.up(clock_.box());
        if (own.ok() && *own == own_) {
            // From the answer on, for it says what the server has.
            probing_ = true;
            return send_ask();
        }
        lose();
        own_ = own.ok() ? *own : options_.account;
        ++sessions_;
        {
            const std::lock_guard lock(mutex_);
            list_.begin();
        }
        owner_.account_up(false, own_);
    }

    void probed() {
        probing_ = false;
        ++resumed_;
        {
            const std::lock_guard lock(mutex_);
            repeated_ += list_.write_again();
        }
        owner_.account_up(true, own_);
    }

    static int on_stanza(xmpp_conn_t*, xmpp_stanza_t* stanza, void* self) {
        static_cast<StropheStream*>(self)->take(stanza);
        return 1;
    }
    void take(xmpp_stanza_t* stanza) {
        const std::string_view name = xmpp_stanza_get_name(stanza);
        if (name != "message" && name != "presence" && name != "iq") return;
        heard_ = clock_.box();
        asked_ = false;
        if (stopping_) unsettled_ = true;  // it comes again
        if (!unsettled_) stanzas_.read(stanza);
    }
    void stanza(Element stanza) override {
        if (is_pong(stanza)) return;
        ++stanzas_in_;
        owner_.account_stanza(std::move(stanza));
    }
    void passed_over(StanzaHead head) override {
        ++passed_over_;
        owner_.account_passed_over(std::move(head));
    }

    // libstrophe's own answer follows when this returns.
    static int on_asked(xmpp_conn_t*, xmpp_stanza_t*, void* self) {
        auto& stream = *static_cast<StropheStream*>(self);
        stream.heard_ = stream.clock_.box();
        stream.asked_ = false;
        if (!stream.unsettled_ && !stream.owner_.account_settle()) stream.unsettled_ = true;
        if (stream.unsettled_) ::shutdown(stream.fd_, SHUT_RDWR);  // so that it goes nowhere
        return 1;
    }
    static int on_answer(xmpp_conn_t*, xmpp_stanza_t* stanza, void* self) {
        auto& stream = *static_cast<StropheStream*>(self);
        stream.heard_ = stream.clock_.box();
        stream.asked_ = false;
        stream.answered_ = stream.heard_;
        const char* const count = xmpp_stanza_get_attribute(stanza, "h");
        if (count != nullptr) stream.acknowledged(std::strtoull(count, nullptr, 10));
        if (stream.probing_) stream.probed();
        return 1;
    }

    static void on_event(xmpp_conn_t*, xmpp_conn_event_t event, int, xmpp_stream_error_t* error,
                         void* self) {
        auto& stream = *static_cast<StropheStream*>(self);
        if (event == XMPP_CONN_CONNECT) return stream.came_up();
        if (stream.ended_) return;
        stream.ended_ = true;
        if (error != nullptr) stream.sign_in_.stream_error = condition_of(error->stanza);
    }

    void hear(xmpp_log_level_t level, std::string_view line) {
        if (level == XMPP_LEVEL_WARN || level == XMPP_LEVEL_ERROR)
            log(Level::Debug, "xmpp", "strophe", {{"says", std::string(line.substr(0, 200))}});
        if (!up_) sign_in_.hear(line);
    }

    const AccountOptions options_;
    AccountOwner& owner_;
    const Clock& clock_;
    Random& random_;
    Bell bell_;
    std::thread thread_;
    std::atomic<bool> stopping_{false};

    std::mutex mutex_;  // of the list
    SentList list_;

    // Of the thread.
    Reconnect reconnect_;
    const std::string mark_;  // of our pings
    xmpp_log_t log_{[](void* self, xmpp_log_level_t level, const char*, const char* text) {
                        static_cast<StropheStream*>(self)->hear(level, text);
                    },
                    this};
    StropheContext context_{xmpp_ctx_new(nullptr, &log_)};
    StropheStanzas stanzas_{context_.get(), *this, options_.limits};
    StropheConnection connection_;
    StropheSession session_;  // between two connections
    Jid own_;                 // of the session
    std::uint64_t names_ = 0;
    int fd_ = -1;
    bool up_ = false;         // signed in, and bound or resumed
    bool probing_ = false;    // resumed, and not yet told how much the server has
    bool ended_ = false;      // the connection is no more
    bool unsettled_ = false;  // the server is told nothing any more
    bool asked_ = false;      // whether it lives
    BoxTime heard_{};
    BoxTime answered_{};  // when the server last said how much it has, or was last asked
    Down down_;
    SignIn sign_in_;  // of this connection, or the last

    std::atomic<std::uint64_t> sessions_{0}, resumed_{0}, stanzas_in_{0}, stanzas_out_{0};
    std::atomic<std::uint64_t> repeated_{0}, passed_over_{0};
};

thread_local StropheStream* StropheStream::current_ = nullptr;

}  // namespace

std::unique_ptr<AccountStream> new_account_stream(AccountOptions options, AccountOwner& owner,
                                                  const Clock& clock, Random& random) {
    static std::once_flag once;
    std::call_once(once, xmpp_initialize);
    return std::make_unique<StropheStream>(std::move(options), owner, clock, random);
}

bool has_account_streams() { return true; }

}  // namespace waypost::xmpp

// SPDX-License-Identifier: Apache-2.0
#include "bridges/email/relay.h"

#include <algorithm>
#include <future>

#include "bridges/email/ascii_domain.h"
#include "bridges/email/mime/delivery_mail.h"
#include "bridges/email/openpgp/pgp_mime.h"
#include "gateway/base/log.h"

namespace waypost::email {
namespace {

using std::chrono::seconds;

constexpr seconds kKeepOpen{60};
constexpr seconds kFirstPause{30};
constexpr seconds kLongestPause{15 * 60};
constexpr seconds kBusyWait{60};

Outcome not_tried(std::string code, std::string detail, seconds retry_after) {
    Outcome result = outcome(Outcome::Kind::NotTried, std::move(code), std::move(detail));
    result.retry_after = retry_after;
    return result;
}

// Why a domain can never be sent to, as an enhanced status code (RFC 3463, RFC 7505 4.2).
const char* status_of(const Error& error) {
    if (error.code == Code::NotFound) return "5.1.2";
    return error.code == Code::Conflict ? "5.4.6" : "5.1.10";
}

}  // namespace

Relay::Relay(std::string name, int connections, RelayPause pause)
    : name_(std::move(name)), connections_(connections), pause_(std::move(pause)) {}
Relay::~Relay() { stop(); }

void Relay::start(Office& office, std::unique_ptr<Opener> opener,
                  std::shared_ptr<const Dress> dress) {
    office_ = &office;
    opener_ = std::move(opener);
    dress_ = std::move(dress);
    idle_since_ = office.clock().box();
    for (int i = 0; i < connections_; ++i) workers_.emplace_back([this] { work(); });
}

void Relay::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
        for (SmtpClient* client : talking_) client->cut();
    }
    arrived_.notify_all();
    for (std::thread& worker : workers_) worker.join();
    workers_.clear();
}

void Relay::deliver(Delivery delivery) {
    const AttemptId attempt = delivery.attempt;
    if (const auto no = take(std::move(delivery))) office_->report(attempt, *no);
}

std::optional<Outcome> Relay::take(Delivery delivery) {
    const std::lock_guard lock(mutex_);
    const seconds pause = paused_for();
    const bool full = queue_.size() >= static_cast<std::size_t>(window(connections_));
    if (pause == seconds(0) && !full) {
        turned_away_ = 0;
        queue_.push_back(std::move(delivery));
        arrived_.notify_one();
        return std::nullopt;
    }
    // The longer the row, the later the next one comes to ask: asking costs the store a write.
    const seconds busy = std::min(kBusyWait + seconds(full ? ++turned_away_ : 0), kLongestPause);
    return pause > seconds(0) ? not_tried("connection", pause_.problem, pause)
                              : not_tried("relay-busy", name() + " is slow", busy);
}

void Relay::work() {
    Client client;
    for (;;) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, kKeepOpen, [this] { return stopping_ || !queue_.empty(); });
        if (stopping_) break;
        if (queue_.empty()) {
            lock.unlock();
            if (client) client->quit();
            client.reset();
            continue;
        }
        const Delivery delivery = std::move(queue_.front());
        queue_.pop_front();
        ++at_work_;
        lock.unlock();
        carry(delivery, client);
        lock.lock();
        --at_work_;
        idle_since_ = office_->clock().box();
    }
    if (client) client->quit();
}

void Relay::carry(const Delivery& delivery, Client& client) {
    if (const auto ready = make_ready(client); !ready.ok()) {
        const std::string& why = ready.error().text;
        if (!ready.error().retry) {
            if (begin_and_wait(delivery))
                finish(delivery, outcome(Outcome::Kind::Failed, status_of(ready.error()), why));
            return;
        }
        return office_->report(delivery.attempt, not_tried("connection", why, pause_after(why)));
    }
    dress_->prepare(delivery);
    if (begin_and_wait(delivery)) finish(delivery, send(delivery, client));
}

// On record before the first byte. The writer keeps the order of what it is given, so the outcome
// of this connection's mail before is on disk then too: a kill leaves at most one per connection
// of which nobody knows whether the relay took it.
bool Relay::begin_and_wait(const Delivery& delivery) {
    std::promise<bool> promise;
    auto begun = promise.get_future();
    office_->begin(delivery.attempt, delivery.message_id,
                   [&promise](bool go) { promise.set_value(go); });
    return begun.get();
}

Result<MailToSend> Relay::mail_of(const Delivery& delivery) {
    auto bytes = mail_bytes_of(delivery, *office_);
    if (!bytes.ok()) return bytes.error();
    MailToSend mail{delivery.return_path.value, ascii_mailbox(delivery.to), std::move(*bytes),
                    delivery.wish, delivery.envelope_id};
    const bool came_sealed = openpgp::is_sealed(mail.bytes);
    const auto dressed = dress_->put_on(mail, delivery, office_->clock().wall());
    if (!dressed.ok()) return dressed.error();
    if (openpgp::is_sealed(mail.bytes))
        mail.privacy = came_sealed ? Privacy::EndToEnd : Privacy::ToRecipient;
    return mail;
}

Outcome Relay::send(const Delivery& delivery, Client& client) {
    const auto made = mail_of(delivery);
    if (!made.ok()) {
        const auto kind = made.error().retry ? Outcome::Kind::Retry : Outcome::Kind::Failed;
        return outcome(kind, "unwritable", made.error().text);
    }
    Outcome result = send_twice(*made, client);
    if (result.kind == Outcome::Kind::Sent) dress_->sent(*made);
    return result;
}

Outcome Relay::send_twice(const MailToSend& mail, Client& client) {
    Outcome result = send_cuttable(*client, mail);
    if (result.kind != Outcome::Kind::NotTried) return result;
    // A connection kept open may have died quietly before it took anything: one fresh one at once.
    const auto ready = make_ready(client);
    if (!ready.ok()) return not_tried("connection", ready.error().text, pause_after(result.detail));
    result = send_cuttable(*client, mail);
    // Lost twice over the same mail: the mail's own back-off, the others need not wait for it.
    if (result.kind == Outcome::Kind::NotTried) result.kind = Outcome::Kind::Retry;
    return result;
}

Outcome Relay::send_cuttable(SmtpClient& client, const MailToSend& mail) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return outcome(Outcome::Kind::NotTried, "stopping", {});
        talking_.insert(&client);
    }
    Outcome result = client.send(mail);
    const std::lock_guard lock(mutex_);
    talking_.erase(&client);
    return result;
}

// A connection that can take a mail, or why there is none.
Result<void> Relay::make_ready(Client& client) {
    if (client && client->healthy()) return {};
    client.reset();
    auto opened = opener_->open([this](SmtpClient& fresh) { return open_cuttable(fresh); });
    if (!opened.ok()) return opened.error();
    client = std::move(*opened);
    return {};
}

Result<void> Relay::open_cuttable(SmtpClient& client) {
    {
        const std::lock_guard lock(mutex_);
        if (stopping_) return Error{Code::Network, "stopping", true};
        talking_.insert(&client);
    }
    auto opened = client.open();
    const std::lock_guard lock(mutex_);
    talking_.erase(&client);
    return opened;
}

void Relay::finish(const Delivery& delivery, const Outcome& result) {
    const bool sent = result.kind == Outcome::Kind::Sent || result.kind == Outcome::Kind::Delivered;
    {
        const std::lock_guard lock(mutex_);
        if (stopping_ && !sent) return;  // we cut it: it goes again under its own wire id
        if (result.kind != Outcome::Kind::NotTried) pause_.length = seconds(0);
        if (sent) {
            ++sent_;
        } else if (pause_.problem != result.detail) {
            log(Level::Warning, "email", "not-sent",
                {{"relay", name()}, {"code", result.code}, {"why", result.detail}});
        }
        pause_.problem = sent ? std::string() : result.detail;
    }
    office_->report(delivery.attempt, result);
}

// A relay that cannot be reached is left alone for a while, each time twice as long: every mail
// that asked in vain would cost its time-out and a line in the trace.
seconds Relay::pause_after(const std::string& why) {
    const std::lock_guard lock(mutex_);
    if (pause_.problem != why) {
        log(Level::Warning, "email", "no-relay", {{"relay", name()}, {"why", why}});
    }
    pause_.problem = why;
    if (const seconds left = paused_for(); left > seconds(0)) return left;  // said so already
    pause_.length = std::clamp(pause_.length * 2, kFirstPause, kLongestPause);
    pause_.until = office_->clock().box() + pause_.length;
    return pause_.length;
}

seconds Relay::paused_for() const {
    const auto left = pause_.until - office_->clock().box();
    return left > milliseconds(0) ? std::chrono::ceil<seconds>(left) : seconds(0);
}

std::string Relay::problem() const {
    const std::lock_guard lock(mutex_);
    return pause_.problem;
}

RelayPause Relay::pause() const {
    const std::lock_guard lock(mutex_);
    return pause_;
}

std::optional<BoxTime> Relay::idle_since() const {
    const std::lock_guard lock(mutex_);
    if (at_work_ > 0 || !queue_.empty()) return std::nullopt;
    return idle_since_;
}

std::size_t Relay::sent() const {
    const std::lock_guard lock(mutex_);
    return sent_;
}

std::size_t Relay::queued() const {
    const std::lock_guard lock(mutex_);
    return queue_.size();
}

}  // namespace waypost::email
